//! A shell that was signed in as the root user.

use super::Rule;
use crate::extract::Fact;
use crate::finding::Problem;
use crate::settings::Settings;

pub(super) struct RootCallerIdentity;

impl Rule for RootCallerIdentity {
    fn fact(&self, fact: &Fact, _: &Settings, out: &mut Vec<Problem>) {
        let Fact::CallerIdentity(caller) = fact else { return };
        let message = "`aws sts get-caller-identity` answered as the root user";
        out.push(
            Problem::new(&caller.origin, message)
                .note("these credentials are the root user's, not those of a user or role")
                .help(
                    "sign in as a user of IAM Identity Center or with a role, and delete the root user's access keys",
                ),
        );
    }
}
