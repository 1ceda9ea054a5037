//! A profile or a script that signs in as the root user.

use super::Rule;
use crate::extract::Fact;
use crate::finding::Problem;
use crate::settings::Settings;

pub(super) struct RootMfaSerial;

impl Rule for RootMfaSerial {
    fn fact(&self, fact: &Fact, _: &Settings, out: &mut Vec<Problem>) {
        let Fact::RootMfaSerial(serial) = fact else { return };
        out.push(
            Problem::new(&serial.origin, "the root user's MFA device is set up for use from a program")
                .note("only the root user's own access keys go with this device")
                .help("name the MFA device of an IAM user or use a role, and delete the root user's access keys"),
        );
    }
}
