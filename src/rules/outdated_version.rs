//! `outdated-version`

use super::{PolicyCx, Rule};
use crate::finding::{Edit, Fix, Problem};
use crate::policy::{Statement, Value, Version};

pub(super) struct OutdatedVersion;

impl Rule for OutdatedVersion {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        let policy = &cx.site.policy;
        let title = "write `2012-10-17`";
        let (problem, fix) = match &policy.version {
            None if policy.open => return,
            None => {
                let (object, key, value) = (policy.origin.clone(), "Version".to_owned(), "2012-10-17".to_owned());
                let problem = Problem::new(&policy.origin, "policy has no `Version`: it is read as `2008-10-17`");
                (
                    problem,
                    Fix { title: title.to_owned(), safe: false, edits: vec![Edit::FirstKey { object, key, value }] },
                )
            }
            Some(version) if version.value == Value::Known(Version::V2008) => {
                let problem = Problem::new(&version.origin, "`2008-10-17` is the old version of the policy language");
                (problem, Fix::replace(title, &version.origin, "2012-10-17"))
            }
            Some(_) => return,
        };
        // What was text becomes a variable.
        let fix = fix.safe_if(!cx.statements().iter().any(mentions_variable));
        out.push(
            problem.help("write `2012-10-17`: only there `${aws:username}` and its like are variables").fix(Some(fix)),
        );
    }
}

/// True if there is something in a statement that only the new version replaces, or that is not known.
fn mentions_variable(statement: &Statement) -> bool {
    let resources = statement.resource.iter().flat_map(|element| &element.list.items);
    let values = statement.conditions.iter().flat_map(|condition| &condition.values.items);
    resources.into_iter().any(|item| item.value.may(|resource| resource.as_str().contains("${")))
        || values.into_iter().any(|item| item.value.may(|value| value.contains("${")))
}
