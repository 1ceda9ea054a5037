//! Whether a statement that lets a service in says on whose behalf it may call.

use super::demand::is_demanding;
use crate::policy::{Condition, Piece, Statement, Value, is_account_id};

/// The keys that say on whose behalf a service calls.
const SOURCES: [&str; 7] = [
    "aws:sourcearn",
    "aws:sourceaccount",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourceowner",
    "kms:viaservice",
    "lambda:eventsourcetoken",
];

/// What services put into the encryption context of a key: their resource's ARN or their customer's account, as
/// `kms:EncryptionContext:aws:logs:arn`.
const CONTEXT: &str = "kms:encryptioncontext:";

/// SES tells the account in the header, as its older guide has it:
/// <https://docs.aws.amazon.com/ses/latest/dg/receiving-email-permissions.html>.
const SES: &str = "ses.amazonaws.com";

/// Whether a statement that lets services in says on whose behalf. `trust` is for the policies of roles, which
/// may ask for an external id.
pub fn says_on_whose(statement: &Statement, trust: bool) -> bool {
    let says = |condition: &Condition| {
        let key = condition.key.value.to_ascii_lowercase();
        SOURCES.contains(&&*key)
            || trust && key == "sts:externalid"
            || key.starts_with(CONTEXT) && demands_account(statement, condition)
    };
    statement.conditions_open || statement.conditions.iter().any(says)
}

/// The condition on the header in which SES tells the account, where a statement lets in nobody else.
pub fn account_in_header<'a>(statement: &'a Statement, services: &[&str]) -> Option<&'a Condition> {
    let of_ses = !services.is_empty() && services.iter().all(|service| *service == SES);
    let tells = |condition: &&Condition| condition.is_on("aws:Referer") && demands_account(statement, condition);
    statement.conditions.iter().find(tells).filter(|_| of_ses)
}

fn demands_account(statement: &Statement, condition: &Condition) -> bool {
    is_demanding(statement, condition)
        && !condition.values.items.is_empty()
        && condition.values.items.iter().all(|item| names_account(&item.value))
}

/// True for the number of an account, and for an ARN with one; or if it may be so.
fn names_account(value: &Value<Box<str>>) -> bool {
    match value {
        Value::Known(text) => text.split(':').any(is_account_id) || text.contains("${"),
        Value::Partly(pieces) => pieces.iter().any(|piece| match piece {
            Piece::Lit(text) => text.split(':').any(is_account_id),
            Piece::Hole(_) | Piece::Assigned(_) => true,
            Piece::Star | Piece::Any | Piece::PolicyVar(_) => false,
        }),
        Value::Either(arms) => arms.iter().all(names_account),
        Value::Unknown(_) => true,
    }
}
