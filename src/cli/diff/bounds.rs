//! Permissions boundaries that go, or are others: what they kept out, their principals may do now.

use super::{Findings, New, Unknown};
use crate::access::compare::{Kind, NewAccess, new_access, new_access_under};
use crate::access::evaluate::Document;
use crate::cli::state::{Bound, Site, State};

/// The permissions boundary of a principal.
pub(super) struct Boundary {
    /// Its documents; none if there is none, or if they cannot be seen.
    pub(super) documents: Option<Vec<Document>>,
    /// False if another one may keep something out, or leave more room.
    pub(super) certain: bool,
}

/// The boundary of whoever holds some policies.
pub(super) fn over(held: &[&Site], state: &State) -> Boundary {
    let of = |bound: &&Bound| held.iter().any(|site| bound.of.holds(site));
    let bounds: Vec<&Bound> = state.bounds.iter().filter(of).collect();
    let documents: Option<Vec<Vec<Document>>> = bounds.iter().map(|bound| bound.documents.clone()).collect();
    // What cannot be seen of it may leave more room.
    let seen = |documents: &Vec<Document>| !documents.is_empty() && !documents.iter().any(|it| it.policy.open);
    let documents = documents.map(|documents| documents.concat()).filter(seen);
    Boundary { certain: bounds.is_empty() || bounds.len() == 1 && documents.is_some(), documents }
}

/// Adds what principals may do that a boundary kept out.
pub(super) fn compare<'s>(base: &State, head: &'s State, found: &mut Findings<'s>) {
    for bound in &base.bounds {
        let now: Vec<&Bound> = head.bounds.iter().filter(|other| other.of == bound.of).collect();
        if now.iter().any(|other| other.text == bound.text) {
            continue;
        }
        let held: Vec<&Site> = head.sites.iter().filter(|site| bound.of.holds(site)).collect();
        let unseen = head.open.iter().find(|open| open.of.as_ref() == Some(&bound.of));
        if let Some(open) = unseen {
            let why = format!("the permissions boundary of `{}` is not what it was", bound.of.holder.name);
            found.unknown.push(Unknown { file: &open.path, why, at: open.place() });
        }
        let Some(documents) = &bound.documents else {
            let why =
                format!("the permissions boundary of `{}`, which could not be seen, is gone", bound.of.holder.name);
            found.unknown.extend(held.first().map(|site| Unknown::of(site, 0, &why)));
            continue;
        };
        let own: Vec<Document> = held.iter().map(|site| site.document.clone()).collect();
        let boundary = over(&held, head);
        let compared = match &boundary.documents {
            Some(now) => new_access_under(documents, &own, now),
            None => new_access(documents, &own, Kind::Identity),
        };
        for access in compared.new {
            let Some(site) = held.get(access.document).copied() else { continue };
            let is_it = |new: &New<'_>| {
                std::ptr::eq(new.site, site)
                    && new.access.statement == access.statement
                    && new.access.witness.action == access.witness.action
            };
            if !found.new.iter().any(is_it) {
                let certain = access.certain && boundary.certain;
                found.new.push(New { site, lifted: false, access: NewAccess { certain, ..access } });
            }
        }
        let at = |document: usize| held.get(document).copied();
        found
            .unknown
            .extend(compared.unknown.iter().filter_map(|it| Some(Unknown::of(at(it.document)?, it.statement, it.why))));
    }
}
