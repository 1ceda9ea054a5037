//! `self-trust`

use super::{Ownership, PolicyCx, Rule};
use crate::finding::Problem;
use crate::policy::{HolderKind, IamEntity, Principal};

pub(super) struct SelfTrust;

impl Rule for SelfTrust {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        let holders = cx.site.uses.iter().filter_map(|used| used.holder.as_ref());
        let names: Vec<&str> =
            holders.filter(|holder| holder.kind == HolderKind::Role).map(|holder| &*holder.name).collect();
        if names.is_empty() {
            return;
        }
        let itself = |who: &Principal| {
            let own = who.account().is_none_or(|account| cx.ownership(account) != Ownership::Foreign);
            let Principal::Iam { arn, entity: IamEntity::Role } = who else { return false };
            own && arn.rsplit('/').next().is_some_and(|name| names.contains(&name))
        };
        for statement in cx.lets_in("sts:AssumeRole") {
            let Some((_, at)) = statement
                .principals()
                .iter()
                .filter_map(|item| Some((item.value.known()?, &item.origin)))
                .find(|(who, _)| itself(who))
            else {
                continue;
            };
            out.push(
                Problem::new(at, "the role may take itself")
                    .note("whoever has a session of it can prolong it without end")
                    .help("delete the entry; code that has the role already need not take it again")
                    .certain_if(statement.allows())
                    .pedantic_if(true),
            );
        }
    }
}
