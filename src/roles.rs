//! The roles that the files of a unit make, each with the policies that say whom it trusts and what it may do.

use crate::access::role::{Held, Role};
use crate::extract::{Extraction, Fact, HeldDocument, PolicySite};
use crate::policy::{HolderKind, PolicyKind};
use crate::source::RelPath;
use std::collections::HashMap;

/// The roles of a unit. Each file comes with what it tells.
pub(crate) fn roles<'f>(files: &[(&'f RelPath, &'f Extraction)]) -> Vec<Role<'f>> {
    let told = |extraction: &'f Extraction| extraction.identities.iter().filter(|it| it.kind == HolderKind::Role);
    if files.iter().all(|(_, extraction)| told(extraction).next().is_none()) {
        return Vec::new();
    }
    let mut sites: HashMap<&str, Vec<&'f PolicySite>> = HashMap::new();
    for fact in files.iter().flat_map(|(_, extraction)| &extraction.facts) {
        if let Fact::Policy(site) = fact {
            sites.entry(&site.path).or_default().push(site);
        }
    }
    let at = |path: &str, kind: &PolicyKind| -> &[&'f PolicySite] {
        let found = sites.get(path).map_or(&[][..], |sites| sites);
        let is_read = |site: &&PolicySite| site.in_force && site.uses.iter().any(|used| used.kind == *kind);
        if found.iter().all(is_read) { found } else { &[] }
    };
    let all = files.iter().flat_map(|(path, extraction)| told(extraction).map(move |role| (*path, role)));
    let linked = all.map(|(path, role)| {
        let trust = role.trust.as_deref().map_or(&[][..], |trust| at(trust, &PolicyKind::Trust));
        let mut held = Vec::new();
        let mut open = role.open;
        for (index, document) in role.documents.iter().enumerate() {
            let same = |other: &&HeldDocument| other.path == document.path;
            // Blocks of one name have one way that leads to them.
            let nth = role.documents.iter().take(index).filter(same).count();
            match at(&document.path, &PolicyKind::Identity).get(nth) {
                Some(site) => held.push(Held {
                    policy: &site.policy,
                    own: document.own && site.uses.len() == 1,
                    presence: &document.presence,
                    flawed: !site.flaws.is_empty(),
                }),
                None => open = true,
            }
        }
        let trust = match trust {
            [site] if site.flaws.is_empty() => Some(&site.policy),
            _ => None,
        };
        Role::new(role, path, trust, held, open)
    });
    let mut linked: Vec<Role<'_>> = linked.collect();
    // Which of the files get findings does not matter.
    linked.sort_by_key(|role| (role.file(), role.at().at.span));
    linked
}
