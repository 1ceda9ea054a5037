//! `unscoped-action`

use super::{PolicyCx, Rule};
use crate::access::actions::is_change;
use crate::access::breadth::narrowing;
use crate::access::everywhere::everywhere;
use crate::finding::Problem;

pub(super) struct UnscopedAction;

impl Rule for UnscopedAction {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.grants() || !cx.is_identity() || cx.is_administrator() {
            return;
        }
        for (number, statement) in cx.statements().iter().enumerate() {
            if !statement.may_allow() || narrowing(statement).is_some() {
                continue;
            }
            let named = cx.named_actions_of(number);
            let mut scoped = named.iter().filter_map(|named| {
                let action = named.action.filter(|action| is_change(action) && action.targets().next().is_some())?;
                Some((action, named.at, everywhere(statement, action.full_name)?))
            });
            let Some((first, at, everything)) = scoped.next() else { continue };
            let formats: Vec<String> = first
                .targets()
                .flat_map(|target| target.resource.arns())
                .take(2)
                .map(|arn| format!("`{arn}`"))
                .collect();
            out.push(
                Problem::new(at, format!("`{}` is allowed on every resource", first.full_name))
                    .note("can be limited to some")
                    .label(everything.resource, "every resource")
                    .label_all(scoped.map(|(_, at, _)| (at, "and this one".to_owned())))
                    .help(format!("name the resources: {}", formats.join(" or ")))
                    .certain_if(everything.certain),
            );
        }
    }
}
