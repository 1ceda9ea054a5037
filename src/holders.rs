//! Who holds which policies of a file: a Deny in one policy of a user binds what another allows.

use crate::extract::{Extraction, Fact, PolicySite};
use crate::policy::{Holder, HolderKind, PolicyKind, Statement};
use std::collections::HashMap;

/// The policies in force of each user and group of a file.
pub(crate) struct Holders<'f> {
    held: HashMap<&'f Holder, Vec<&'f PolicySite>>,
    /// The groups of each user.
    groups: HashMap<&'f str, Vec<Holder>>,
}

impl<'f> Holders<'f> {
    /// Sorts the policies of a file by who holds them.
    pub(crate) fn of(extraction: &'f Extraction) -> Self {
        let mut holders = Holders { held: HashMap::new(), groups: HashMap::new() };
        for fact in &extraction.facts {
            let Fact::Policy(site) = fact else { continue };
            let identity = site.uses.iter().filter(|used| site.in_force && used.kind == PolicyKind::Identity);
            for holder in identity.filter_map(|used| used.holder.as_ref()) {
                holders.held.entry(holder).or_default().push(site);
            }
        }
        for (user, group) in &extraction.memberships {
            let group = Holder { kind: HolderKind::Group, name: group.clone() };
            holders.groups.entry(user).or_default().push(group);
        }
        holders
    }

    /// The Deny statements of other policies that bind everyone who holds a policy. None where it may be held by somebody
    /// whose policies are not known.
    pub(crate) fn denies(&self, site: &'f PolicySite) -> Vec<Statement> {
        let mut of_each = site.uses.iter().map(|used| match &used.holder {
            Some(holder) if used.kind == PolicyKind::Identity => self.binding(holder),
            _ => Vec::new(),
        });
        let Some(mut common) = of_each.next().filter(|denies| !denies.is_empty()) else { return Vec::new() };
        for denies in of_each {
            common.retain(|deny| denies.iter().any(|other| std::ptr::eq(*other, *deny)));
        }
        let own = &site.policy.statements;
        common.retain(|deny| !own.iter().any(|statement| std::ptr::eq(statement, *deny)));
        common.into_iter().cloned().collect()
    }

    /// The Deny statements that bind a holder; none for one that is not known.
    pub(crate) fn denies_of(&self, holder: Option<&Holder>) -> Vec<Statement> {
        holder.map(|holder| self.binding(holder)).unwrap_or_default().into_iter().cloned().collect()
    }

    /// The Deny statements that bind a holder: its own, and for a user those of its groups.
    fn binding(&self, holder: &Holder) -> Vec<&'f Statement> {
        let groups = self.groups.get(&*holder.name).filter(|_| holder.kind == HolderKind::User);
        let holders = std::iter::once(holder).chain(groups.into_iter().flatten());
        let sites = holders.filter_map(|holder| self.held.get(holder)).flatten();
        sites.flat_map(|site| &site.policy.statements).filter(|statement| statement.denies()).collect()
    }
}
