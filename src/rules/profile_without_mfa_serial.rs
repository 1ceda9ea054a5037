//! `profile-without-mfa-serial`

use super::Rule;
use crate::extract::Fact;
use crate::finding::Problem;
use crate::settings::Settings;

/// A profile that takes a role which asks for MFA, and names no device.
pub(super) struct ProfileWithoutMfaSerial;

impl Rule for ProfileWithoutMfaSerial {
    fn fact(&self, fact: &Fact, _: &Settings, out: &mut Vec<Problem>) {
        let Fact::CliProfile(profile) = fact else { return };
        if profile.mfa_serial || profile.without_people {
            return;
        }
        let mut problem = Problem::new(&profile.role_arn.origin, format!("profile takes `{}` without an MFA device", profile.role))
            .note("the role's trust policy asks for MFA")
            .help("add `mfa_serial` with the ARN of your MFA device, so that the CLI asks for a code; or sign in with `sso_session`");
        problem.if_role_asks_for_mfa = Some(profile.role.clone());
        out.push(problem);
    }
}
