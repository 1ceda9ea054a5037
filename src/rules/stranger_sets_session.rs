//! `stranger-sets-session`

use super::{Ownership, PolicyCx, Rule};
use crate::access::Truth;
use crate::access::narrowing::of_everyone;
use crate::access::session::{Setting, freely_sets};
use crate::finding::Problem;
use crate::policy::{Principal, Statement};
use crate::source::Origin;

pub(super) struct StrangerSetsSession;

impl Rule for StrangerSetsSession {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.is_trust() {
            return;
        }
        for statement in cx.statements().iter().filter(|statement| statement.may_allow()) {
            let free = |setting: &Setting| freely_sets(&cx.site.policy, statement, *setting) == Truth::Yes;
            let set: Vec<Setting> = Setting::ALL.into_iter().filter(free).collect();
            let (Some(first), Some((stranger, whose))) = (set.first(), stranger(cx, statement)) else { continue };
            let entry = statement.actions().iter().find(|item| item.value.known_any(|of| of.matches(first.action())));
            let Some(at) = entry.map(|item| &item.origin) else { continue };
            let what: Vec<&str> = set.iter().map(|setting| setting.noun()).collect();
            out.push(
                Problem::new(at, format!("strangers choose {} of their own", what.join(" and ")))
                    .note("no condition says which")
                    .label(stranger, "who may be of another account")
                    .help(
                        "take the action out, or ask for fixed values: `aws:RequestTag/NAME` and `aws:TagKeys` for \
                         tags, `sts:SourceIdentity` for the identity",
                    )
                    .certain_if(statement.allows() && whose == Ownership::Foreign)
                    .pedantic_if(whose != Ownership::Foreign),
            );
        }
    }
}

/// A principal of another account, or of one that is not known. Services and identity providers vouch for what they set.
fn stranger<'a>(cx: &PolicyCx<'_>, statement: &'a Statement) -> Option<(&'a Origin, Ownership)> {
    let whose = |who: &Principal| match who {
        // Where nothing keeps everyone out, that is what is wrong.
        Principal::Anyone => (of_everyone(&cx.site.policy, statement) != Truth::No).then_some(Ownership::Unknown),
        Principal::Account { .. } | Principal::Iam { .. } => {
            Some(who.account().map_or(Ownership::Unknown, |account| cx.ownership(account)))
        }
        _ => None,
    };
    let known = statement.principals().iter().filter_map(|item| Some((&item.origin, whose(item.value.known()?)?)));
    let strangers = known.filter(|(_, whose)| *whose != Ownership::Own);
    strangers.min_by_key(|(_, whose)| *whose != Ownership::Foreign)
}
