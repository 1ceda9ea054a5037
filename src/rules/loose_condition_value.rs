//! `loose-condition-value`

use super::{PolicyCx, Rule};
use crate::finding::Problem;
use crate::policy::{BaseOperator, Condition, has_placeholder, variables};

pub(super) struct LooseConditionValue;

/// Keys that say who calls or whence: an account, an organization, a network, a unique id.
const SENSITIVE: [&str; 13] = [
    "aws:principalaccount",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    "kms:calleraccount",
    "s3:dataaccesspointaccount",
    "sts:externalid",
];

/// So many characters must stand before a wildcard or a variable.
const FIXED: usize = 6;

impl Rule for LooseConditionValue {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for statement in cx.statements().iter().filter(|statement| statement.may_allow()) {
            for condition in statement.conditions.iter().filter(|condition| is_sensitive(condition)) {
                for (value, at) in condition.values.known() {
                    let Some(open) = value.find(['*', '?']).into_iter().chain(chosen_variable(value)).min() else {
                        continue;
                    };
                    let head = value.get(..open).unwrap_or("");
                    // What another program puts there may be as long as it likes.
                    if has_placeholder(head) {
                        continue;
                    }
                    // `AROA...:*` is a role's unique id with whatever name its sessions have.
                    let user_id = condition.is_on("aws:userid");
                    let fixed =
                        if user_id { head.contains(':') && head.len() > 16 } else { head.chars().count() >= FIXED };
                    if fixed {
                        continue;
                    }
                    out.push(
                        Problem::new(at, format!("`{value}` leaves too much of `{}` open", condition.key.value))
                            .note(match head {
                                _ if user_id => "what stands before the colon says who it is".to_owned(),
                                "" => "nothing of it is fixed".to_owned(),
                                head => format!("nothing but `{head}` is fixed"),
                            })
                            .label(&condition.operator.origin, "wildcards count under this operator")
                            .help("write the whole value"),
                    );
                }
            }
        }
    }
}

/// Where a variable begins whose value the caller has a say in: tags, names of sessions and users. Those that AWS sets
/// (`${aws:ResourceAccount}`) are as good as a fixed value.
fn chosen_variable(value: &str) -> Option<usize> {
    const FIXED: [&str; 6] =
        ["aws:resource", "aws:principalaccount", "aws:principalorg", "aws:sourceaccount", "aws:sourceorg", "aws:vpce"];
    let chosen = variables(value).find(|variable| {
        let name = variable.text.trim_start_matches("${").to_ascii_lowercase();
        let fixed = FIXED.iter().any(|prefix| name.starts_with(prefix)) && !name.starts_with("aws:resourcetag/");
        // `${*}` is a letter like others.
        name.contains(':') && !fixed
    })?;
    value.find(chosen.text)
}

fn is_sensitive(condition: &Condition) -> bool {
    let like = matches!(condition.operator.value.base, Some(BaseOperator::StringLike | BaseOperator::StringEquals));
    let wild = condition.operator.value.base == Some(BaseOperator::StringLike)
        || condition.values.known().any(|(value, _)| chosen_variable(value).is_some());
    like && wild && SENSITIVE.contains(&&*condition.key.value.to_ascii_lowercase())
}
