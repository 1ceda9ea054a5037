//! `user-principal`

use super::{PolicyCx, Rule};
use crate::finding::Problem;
use crate::policy::{IamEntity, Principal};

pub(super) struct UserPrincipal;

impl Rule for UserPrincipal {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for statement in cx.lets_in("sts:AssumeRole") {
            let users = statement.principals().iter().filter_map(|item| match item.value.known()? {
                Principal::Iam { arn, entity: IamEntity::User } => Some((arn, &item.origin)),
                _ => None,
            });
            let mut users = users.peekable();
            let Some((arn, at)) = users.next() else { continue };
            out.push(
                Problem::new(at, format!("trust in the user `{}`", arn.rsplit('/').next().unwrap_or(arn)))
                    .note("a user has a password or access keys that do not expire")
                    .label_all(users.map(|(_, at)| (at, "and this one".to_owned())))
                    .help(
                        "let a role in, which people take through a single sign-on and programs through where they run",
                    )
                    .certain_if(statement.allows())
                    // With MFA, or for a third party that works so, it is as good as it gets.
                    .pedantic_if(true),
            );
        }
    }
}
