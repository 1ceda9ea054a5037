//! The principals of a unit that have several policies, and the policies that consist of several documents: they may give together
//! what none of them gives by itself.

use crate::access::escalation::{Document, Joint, Member};
use crate::access::role::{Role, Standing};
use crate::catalog;
use crate::extract::{Attachment, Extraction, Fact, Identity, MergedPolicy, PolicySite, Presence};
use crate::policy::{Holder, HolderKind, Piece, Policy, PolicyKind};
use crate::source::RelPath;
use std::collections::{HashMap, HashSet};

/// A user or a group: what it is called, and its account where the file says so.
type Person<'f> = (HolderKind, &'f str, Option<&'f str>);

/// The principals of a unit with several policies that give something together, and the policies nobody is known to hold with several
/// documents that do. Each file comes with what it tells.
pub(crate) fn joints<'f>(files: &[(&'f RelPath, &'f Extraction)], roles: &'f [Role<'f>]) -> Vec<Joint<'f>> {
    let mut files = files.to_vec();
    // Which of the files get findings does not matter.
    files.sort_by_key(|(path, _)| *path);
    let mut joints = of_roles(&files, roles);
    joints.extend(of_people(&files));
    joints.extend(of_policies(&files));
    joints
}

/// All policies of a unit with their files.
fn sites<'f>(files: &[(&'f RelPath, &'f Extraction)]) -> impl Iterator<Item = (&'f RelPath, &'f PolicySite)> {
    files.iter().flat_map(|(file, extraction)| {
        extraction.facts.iter().filter_map(|fact| match fact {
            // Prose shows now one policy, now another.
            Fact::Policy(site) if site.in_force && !site.quoted => Some((*file, &**site)),
            _ => None,
        })
    })
}

fn of_roles<'f>(files: &[(&'f RelPath, &'f Extraction)], roles: &'f [Role<'f>]) -> Vec<Joint<'f>> {
    let several = |role: &&'f Role<'f>| {
        role.held().len() + role.managed().len() > 1 && !role.held().is_empty() && !role.is_several()
    };
    if !roles.iter().any(|role| several(&role)) {
        return Vec::new();
    }
    let places: HashMap<*const Policy, _> =
        sites(files).map(|(file, site)| (std::ptr::from_ref(&site.policy), (file, site))).collect();
    let of_role = |role: &'f Role<'f>| {
        let mut members: Vec<Member<'f>> = Vec::new();
        for held in role.held() {
            let Some((file, site)) = places.get(&std::ptr::from_ref(held.policy)) else { continue };
            match members.iter_mut().find(|member| member.is(site)) {
                Some(member) if held.presence.is_certain() => member.presence = held.presence,
                Some(_) => {}
                None => members.push(Member { document: Document::Site(site), file, presence: held.presence }),
            }
        }
        members.extend(role.managed().iter().map(|attached| Member {
            document: Document::Aws(attached.policy, &attached.at),
            file: role.file(),
            presence: &attached.presence,
        }));
        let own = role.held().iter().find(|held| held.own).or(role.held().first())?;
        let joint = Joint::new(|| format!("the policies of role `{}`", role.label()), own.policy, members)?;
        // Whoever may do everything needs nothing else.
        (!matches!(role.standing(), Standing::Administrator(_))).then_some(joint)
    };
    roles.iter().filter(several).filter_map(of_role).collect()
}

/// Users, with the policies of their groups, and groups.
fn of_people<'f>(files: &[(&'f RelPath, &'f Extraction)]) -> Vec<Joint<'f>> {
    let mut people = People::default();
    people.told(files);
    for (file, site) in sites(files) {
        let identity = site.uses.iter().filter(|used| used.kind == PolicyKind::Identity);
        for holder in identity.filter_map(|used| used.holder.as_ref()).filter(|holder| is_one_person(holder)) {
            let member = Member { document: Document::Site(site), file, presence: &Presence::Always };
            people.give((holder.kind, &holder.name, site.account.as_deref()), member);
        }
    }
    let mut by_name: HashMap<(HolderKind, &str), Vec<Person<'f>>> = HashMap::new();
    for (person, _) in &people.all {
        by_name.entry((person.0, person.1)).or_default().push(*person);
    }
    for (file, attachment) in attachments(files) {
        let known = attachment.holder.as_ref().zip(catalog::managed_policy(&attachment.policy_arn.value));
        let Some((holder, managed)) = known.filter(|(holder, _)| is_one_person(holder)) else { continue };
        let document = Document::Aws(managed, &attachment.policy_arn.origin);
        // To somebody who has others, if only one is called so.
        if let Some(&[one]) = by_name.get(&(holder.kind, &*holder.name)).map(Vec::as_slice) {
            people.give(one, Member { document, file, presence: &Presence::Always });
        }
    }
    people.join(files);
    let several = people.all.into_iter().filter(|(_, members)| members.len() > 1);
    let joints = several.filter_map(|((kind, name, _), members)| {
        let kind = if kind == HolderKind::User { "user" } else { "group" };
        let first = members.iter().find_map(Member::site)?;
        Joint::new(|| format!("the policies of {kind} `{name}`"), &first.policy, members)
    });
    joints.collect()
}

/// Policies of several documents that nobody is known to hold: the holders have more.
fn of_policies<'f>(files: &[(&'f RelPath, &'f Extraction)]) -> Vec<Joint<'f>> {
    let merged: Vec<&MergedPolicy> = files.iter().flat_map(|(_, extraction)| &extraction.merged).collect();
    if merged.is_empty() {
        return Vec::new();
    }
    let identities = files.iter().flat_map(|(_, extraction)| &extraction.identities).filter(|it| !it.several);
    let held: HashSet<&str> = identities.flat_map(|it| &it.documents).map(|held| &*held.path).collect();
    let places = by_path(files);
    let of_policy = |policy: &MergedPolicy| {
        let sites = policy.documents.iter().filter_map(|path| places.get(&**path)).flatten();
        let members: Vec<Member<'f>> = sites
            .map(|(file, site)| Member { document: Document::Site(site), file, presence: &Presence::Always })
            .collect();
        let first = members.first().and_then(Member::site)?;
        Joint::new(|| format!("the documents of policy `{}`", policy.label), &first.policy, members)
    };
    let unheld = merged.into_iter().filter(|policy| !policy.documents.iter().all(|path| held.contains(&**path)));
    unheld.filter_map(of_policy).collect()
}

/// All policies of a unit with their files, by where they stand in these.
fn by_path<'f>(files: &[(&'f RelPath, &'f Extraction)]) -> HashMap<&'f str, Vec<(&'f RelPath, &'f PolicySite)>> {
    let mut places: HashMap<&str, Vec<_>> = HashMap::new();
    for (file, site) in sites(files) {
        places.entry(&site.path).or_default().push((file, site));
    }
    places
}

/// Users and groups with their policies, in the order of the files.
#[derive(Default)]
struct People<'f> {
    all: Vec<(Person<'f>, Vec<Member<'f>>)>,
    known: HashMap<Person<'f>, usize>,
}

impl<'f> People<'f> {
    /// Gives a policy to somebody.
    fn give(&mut self, person: Person<'f>, member: Member<'f>) {
        let at = *self.known.entry(person).or_insert_with(|| {
            self.all.push((person, Vec::new()));
            self.all.len() - 1
        });
        let Some((_, members)) = self.all.get_mut(at) else { return };
        if !members.iter().any(|other| other.document.is(&member.document)) {
            members.push(member);
        }
    }

    /// Takes the users and groups of templates and modules, with what these give them.
    fn told(&mut self, files: &[(&'f RelPath, &'f Extraction)]) {
        let identities = || files.iter().flat_map(|(file, it)| it.identities.iter().map(move |it| (*file, it)));
        if !identities().any(|(_, identity)| identity.kind != HolderKind::Role) {
            return;
        }
        let places = by_path(files);
        for (file, identity) in identities().filter(|(_, it)| it.kind != HolderKind::Role && !it.several) {
            let person = person(identity);
            for document in &identity.documents {
                for (file, site) in places.get(&*document.path).into_iter().flatten() {
                    let member = Member { document: Document::Site(site), file, presence: &document.presence };
                    self.give(person, member);
                }
            }
            for attached in &identity.managed {
                let document = Document::Aws(attached.policy, &attached.at);
                self.give(person, Member { document, file, presence: &attached.presence });
            }
        }
    }

    /// Gives users what their groups have.
    fn join(&mut self, files: &[(&'f RelPath, &'f Extraction)]) {
        let groups: Vec<(Person<'f>, Vec<Member<'f>>)> =
            self.all.iter().filter(|((kind, ..), _)| *kind == HolderKind::Group).cloned().collect();
        for (user, group) in files.iter().flat_map(|(_, extraction)| &extraction.memberships) {
            for ((_, _, account), members) in groups.iter().filter(|((_, name, _), _)| *name == &**group) {
                members.iter().for_each(|member| self.give((HolderKind::User, user, *account), member.clone()));
            }
        }
        let identities = || files.iter().flat_map(|(_, extraction)| &extraction.identities);
        for user in identities().filter(|identity| !identity.groups.is_empty() && !identity.several) {
            let joined =
                identities().filter(|group| group.kind == HolderKind::Group && user.groups.contains(&group.label));
            for group in joined.map(person) {
                let members = groups.iter().filter(|(of, _)| *of == group).flat_map(|(_, members)| members);
                members.for_each(|member| self.give(person(user), member.clone()));
            }
        }
    }
}

/// An identity by its name, or as the file calls it: so its policies name who holds them.
fn person(identity: &Identity) -> Person<'_> {
    let name = match &*identity.name {
        [Piece::Lit(name)] => name,
        _ => &identity.label,
    };
    (identity.kind, name, identity.account.as_deref())
}

/// The managed policies that the files attach.
fn attachments<'f>(files: &[(&'f RelPath, &'f Extraction)]) -> impl Iterator<Item = (&'f RelPath, &'f Attachment)> {
    files.iter().flat_map(|(file, extraction)| {
        extraction.facts.iter().filter_map(|fact| match fact {
            Fact::Attachment(attachment) => Some((*file, attachment)),
            _ => None,
        })
    })
}

/// False for roles, which are known better, for what has no name, and for a name that is another one for each resource.
fn is_one_person(holder: &Holder) -> bool {
    let each = ["each.", "count."].iter().any(|each| holder.name.contains(each));
    holder.kind != HolderKind::Role && !holder.name.is_empty() && !each
}
