//! `unscoped-action`

use super::{PolicyCx, Rule};
use crate::access::actions::is_change;
use crate::access::breadth::narrowing;
use crate::access::everywhere::every_resource;
use crate::finding::Problem;
use crate::source::Origin;

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
            // Neighbours are mostly of one service.
            let mut last: Option<(&str, Option<&Origin>)> = None;
            let mut scoped = named.iter().filter_map(|named| {
                let action = named.action.filter(|action| is_change(action) && action.targets().next().is_some())?;
                let service = action.service();
                let (_, everything) = match last {
                    Some(known) if known.0 == service => known,
                    _ => *last.insert((service, every_resource(statement, service))),
                };
                Some((action, named.at, everything?))
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
                    .label(everything, "every resource")
                    .label_all(scoped.map(|(_, at, _)| (at, "and this one".to_owned())))
                    .help(format!("name the resources: {}", formats.join(" or ")))
                    .certain_if(statement.allows()),
            );
        }
    }
}
