//! `resource-mismatch`

use super::{PolicyCx, Rule};
use crate::access::fit::names_resources;
use crate::access::resources::Resources;
use crate::catalog;
use crate::finding::Problem;
use crate::policy::{ResourcePattern, Statement};

pub(super) struct ResourceMismatch;

/// The one action that AWS asks for on all resources of its service: `arn:aws:s3:::*`, which no bucket's ARN matches.
const EVERY_BUCKET: &str = "s3:ListAllMyBuckets";

/// Actions that are marked beside the first.
const SHOWN: usize = 8;

impl Rule for ResourceMismatch {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if cx.is_trust() || cx.is_resource() {
            return;
        }
        for (number, statement) in cx.statements().iter().enumerate() {
            let Some(element) = &statement.resource else { continue };
            if element.list.items.iter().any(|item| item.value.known_any(ResourcePattern::matches_everything)) {
                continue;
            }
            let Some(resources) = known_resources(statement) else { continue };
            let named = Resources::of(resources.iter().copied());
            let fits = |action: &catalog::Action| match action.takes_only_wildcard() {
                true if action.full_name == EVERY_BUCKET => resources.iter().any(|it| it.matches_whole_service()),
                // AWS asks for many on an ARN of their service all the same.
                true => action.is_permission_only() || named.may_be_of_service(action),
                false => named.may_suit(action),
            };
            let mut misfits = Vec::new();
            let actions = cx.named_actions_of(number);
            for (action, at) in actions.iter().filter_map(|named| Some((named.action?, named.at))) {
                if !fits(&action) {
                    misfits.push((action, at));
                }
            }
            // Where something fits, the rest was listed with it for shortness.
            let some_fit = misfits.len() < statement.actions().len();
            let (only_wildcard, misfits): (Vec<_>, Vec<_>) =
                misfits.into_iter().partition(|(action, _)| action.takes_only_wildcard());
            let these = || element.list.items.iter().map(|item| (&item.origin, "this one".to_owned()));
            for (action, at) in only_wildcard {
                let name = action.full_name;
                let message = format!("the service authorization reference lists no resource for `{name}`");
                out.push(
                    Problem::new(at, message)
                        .note("may take none but `*`")
                        .label_all(these())
                        .help("give it a statement of its own with `\"Resource\": \"*\"`")
                        .certain_if(false)
                        .pedantic_if(true),
                );
            }
            // One mistake, however many actions it is made with.
            let Some(((action, at), others)) = misfits.split_first() else { continue };
            let name = action.full_name;
            let message = match others.len() {
                0 => format!("`{name}` does nothing on these resources"),
                1 => format!("`{name}` and 1 more action do nothing on these resources"),
                more => format!("`{name}` and {more} more actions do nothing on these resources"),
            };
            out.push(
                Problem::new(at, message)
                    .note("none of the resources here is of a type that it takes")
                    .label_all(others.iter().take(SHOWN).map(|(_, at)| (*at, "nor does this one".to_owned())))
                    .label_all(these())
                    .help(format!("name a resource that it takes: {}", types(action)))
                    .pedantic_if(some_fit),
            );
        }
    }
}

/// The resources of a statement, where all of them are known. What is no ARN is another rule's.
fn known_resources(statement: &Statement) -> Option<Vec<&ResourcePattern>> {
    let element = statement.resource.as_ref().filter(|element| !element.negated && !element.list.open)?;
    let known: Option<Vec<_>> = element.list.items.iter().map(|item| item.value.known()).collect();
    known.filter(|known| {
        !known.is_empty()
            && known.iter().all(|resource| names_resources(resource))
            && !known.iter().any(|resource| resource.has_placeholder() || resource.as_str().starts_with("${"))
    })
}

/// The ARNs that an action takes, three at the most.
fn types(action: &catalog::Action) -> String {
    let arns: Vec<String> =
        action.targets().flat_map(|target| target.resource.arns()).take(3).map(|arn| format!("`{arn}`")).collect();
    arns.join(", ")
}
