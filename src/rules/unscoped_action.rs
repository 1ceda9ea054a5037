//! `unscoped-action`

use super::{PolicyCx, Rule};
use crate::access::actions::is_change;
use crate::access::breadth::Extent;
use crate::access::opening::opens;
use crate::access::scope::narrowing;
use crate::finding::Problem;
use crate::source::Origin;

pub(super) struct UnscopedAction;

/// Actions on everything that rules of their own tell of.
const TOLD: [&str; 4] = ["iam:CreateServiceLinkedRole", "iam:PassRole", "kms:CreateGrant", "sts:AssumeRole"];

impl Rule for UnscopedAction {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.grants() || !cx.is_identity() || cx.is_administrator() {
            return;
        }
        for (number, statement) in cx.statements().iter().enumerate() {
            let extent = Extent::of(statement);
            if !statement.may_allow() || !extent.may_be_wide() || narrowing(statement).is_some() {
                continue;
            }
            let named = cx.named_actions_of(number);
            // What is part of a way to more rights, or opens something to others, is told with that.
            let on_the_way = |at: &Origin| {
                let ways = cx.escalations().iter().filter(|path| !path.narrow);
                ways.flat_map(|path| &path.steps).any(|step| step.entry == at)
            };
            let told = |name: &str, at: &Origin| TOLD.contains(&name) || opens(name) || on_the_way(at);
            let mut scoped = named.iter().filter_map(|named| {
                let action = named.action.filter(|action| is_change(action) && action.targets().next().is_some())?;
                let everything = extent.everything(named.pattern)?;
                (!told(action.full_name, named.at)).then_some((action, named.at, everything))
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
