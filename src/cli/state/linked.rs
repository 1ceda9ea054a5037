//! What principals hold that stands elsewhere: attached policies of the repository, groups, permissions boundaries; and what of
//! that cannot be seen.

use super::{Site, State, managed};
use crate::access::compare::Kind;
use crate::access::evaluate::Document;
use crate::extract::{Extraction, Link, Owner, Target};
use crate::policy::{Holder, HolderKind};
use crate::source::{Origin, RelPath, SourceFile, Span};
use std::collections::HashMap;
use std::rc::Rc;

type Files = Rc<Vec<SourceFile<'static>>>;

/// A principal: its kind and name, and where the name means something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::cli) struct Principal {
    pub(in crate::cli) holder: Holder,
    pub(in crate::cli) scope: Box<str>,
}

impl Principal {
    /// True for a policy that the principal holds.
    pub(in crate::cli) fn holds(&self, site: &Site) -> bool {
        site.kind == Kind::Identity && site.scope == self.scope && site.holder.as_ref() == Some(&self.holder)
    }
}

impl Site {
    /// The same policy, held by somebody.
    fn held_by(&self, of: &Principal) -> Site {
        Site { holder: Some(of.holder.clone()), scope: of.scope.clone(), ..self.clone() }
    }
}

/// Something that cannot be seen before deployment.
#[derive(Clone)]
pub(in crate::cli) struct Open {
    /// The principal that has it, where it is one.
    pub(in crate::cli) of: Option<Principal>,
    /// Who has it, in words, and the file or the folder in which they mean something.
    who: Box<str>,
    scope: Box<str>,
    /// The words that stand for it.
    text: Box<str>,
    /// The file.
    pub(in crate::cli) path: Box<str>,
    /// Why that is not decided: a phrase.
    pub(in crate::cli) why: String,
    at: Origin,
    files: Files,
}

impl Open {
    /// True if the other one is the same: the same has what stands behind the same words. `scoped` is for names that mean
    /// something in their file only.
    pub(in crate::cli) fn is_same(&self, other: &Open, scoped: bool) -> bool {
        self.who == other.who && self.text == other.text && (!scoped || self.scope == other.scope)
    }

    /// The file in which it stands, and the bytes.
    pub(in crate::cli) fn place(&self) -> Option<(&SourceFile<'static>, Span)> {
        let file = self.files.iter().find(|file| file.id == self.at.at.file)?;
        Some((file, self.at.at.span))
    }
}

/// The permissions boundary of a principal.
pub(in crate::cli) struct Bound {
    pub(in crate::cli) of: Principal,
    /// The words that name it.
    pub(in crate::cli) text: Box<str>,
    /// Its documents; none if they cannot be seen.
    pub(in crate::cli) documents: Option<Vec<Document>>,
}

/// What the files of a unit call their principals.
pub(super) struct Names {
    names: HashMap<Box<str>, Box<str>>,
    scope: Box<str>,
}

impl Names {
    /// Those of a unit, with the file or folder in which they mean something.
    pub(super) fn of(extractions: &[Extraction], files: &Files, module: bool) -> (Self, Box<str>) {
        let first = files.first().map(|file| &file.path);
        let scope: Box<str> = first.map_or("", |path| if module { path.folder() } else { path.as_str() }).into();
        let names = extractions.iter().flat_map(|extraction| extraction.names.iter().cloned()).collect();
        (Names { names, scope: scope.clone() }, scope)
    }

    /// Gives a policy the name of its holder that all others have for it, too.
    pub(super) fn settle(&self, site: &mut Site) {
        let made = || role_of_sam(site).map(|name| Holder { kind: HolderKind::Role, name: name.into() });
        let holder = site.holder.clone().or_else(made);
        site.holder = None;
        if let Some(holder) = holder
            && let Some(Principal { holder, scope }) = self.principal(holder, &site.path)
        {
            site.holder = Some(holder);
            site.scope = scope;
        }
    }

    /// The principal of a name, and of a path where that is the principal's own. None for a name that says nothing.
    fn principal(&self, holder: Holder, path: &str) -> Option<Principal> {
        let Holder { kind, name } = holder;
        let mut steps = path.strip_prefix("resources/").unwrap_or(path).split('/');
        let label = match (steps.next(), steps.next(), steps.next()) {
            _ if name.starts_with("aws_iam_") => {
                let mut parts = name.split('.').map(|part| part.split('[').next().unwrap_or(part));
                Some(format!("{}.{}", parts.next().unwrap_or(""), parts.next().unwrap_or("")))
            }
            _ if name.starts_with("Resources/") => Some(name.to_string()),
            (Some("Resources"), Some(own), _) if *own == *name => Some(format!("Resources/{own}")),
            (Some("resource"), Some(of), Some(own)) if name.is_empty() => Some(format!("{of}.{own}")),
            _ => None,
        };
        let known = |name: &str| Holder { kind, name: name.into() };
        Some(match label {
            Some(label) => match self.names.get(&*label) {
                Some(name) => Principal { holder: known(name), scope: "".into() },
                None => Principal {
                    holder: known(label.strip_prefix("Resources/").unwrap_or(&label)),
                    scope: self.scope.clone(),
                },
            },
            None if name.is_empty() => return None,
            // An expression means something in its module only.
            None if name.contains(['.', '(', '[', '$', '{']) => {
                Principal { holder: known(&name), scope: self.scope.clone() }
            }
            None => Principal { holder: known(&name), scope: "".into() },
        })
    }
}

/// Links of a unit, and those that lead out of it.
#[derive(Default)]
pub(super) struct Linked {
    /// Those of the unit at hand, with the number of the file.
    pub(super) links: Vec<(usize, Link)>,
    /// Who has what a group or a file has.
    groups: Vec<(Principal, Principal, Open)>,
    files: Vec<(Option<Principal>, RelPath, Open)>,
}

impl Linked {
    /// Follows the links of a unit, and adds its policies to the state.
    pub(super) fn unit(&mut self, state: &mut State, mut sites: Vec<Site>, names: &Names, scope: &str, files: &Files) {
        let mut held = Vec::new();
        for (index, link) in std::mem::take(&mut self.links) {
            let Some(file) = files.get(index) else { continue };
            let open = |of: Option<Principal>, who: &str, has: &str| Open {
                of,
                who: who.into(),
                scope: scope.into(),
                text: link.text.clone(),
                path: file.path.as_str().into(),
                why: format!("`{who}` has {has} `{}`, which cannot be seen before deployment", shown(&link.text)),
                at: link.at.clone(),
                files: Rc::clone(files),
            };
            match &link.owner {
                Owner::Place(who) => match &link.target {
                    Target::Policies(_, paths) => {
                        let folder = RelPath::new(file.path.folder());
                        let paths = paths.iter().filter_map(|path| folder.joined(path));
                        self.files.extend(paths.map(|path| (None, path, open(None, who, "the document"))));
                    }
                    _ => state.open.push(open(None, who, "the document")),
                },
                Owner::Holder(holder) => {
                    let Some(of) = names.principal(holder.clone(), "") else { continue };
                    let open = || open(Some(of.clone()), &of.holder.name, "the policy");
                    match &link.target {
                        Target::Managed(arn) => {
                            let site = managed(arn, None, link.at.clone(), "", file.path.as_str(), files);
                            held.extend(site.map(|site| site.held_by(&of)));
                        }
                        Target::Policies(places, paths) => {
                            let mut seen = Vec::new();
                            for site in sites.iter_mut().filter(|site| is_at(site, places)) {
                                if !in_template(site) && of.holds(site) || seen.contains(&site.path) {
                                    continue;
                                }
                                seen.push(site.path.clone());
                                if in_template(site) || site.holder.is_none() {
                                    // A template may name several, and the policy itself knows one.
                                    (site.holder, site.held, site.scope) = (None, true, "".into());
                                }
                                held.push(Site { held: false, ..site.held_by(&of) });
                            }
                            let found = sites.iter().any(|site| is_at(site, places));
                            let folder = RelPath::new(file.path.folder());
                            let paths = paths.iter().filter_map(|path| folder.joined(path));
                            let before_files = self.files.len();
                            self.files.extend(paths.map(|path| (Some(of.clone()), path, open())));
                            if !found && self.files.len() == before_files {
                                state.open.push(open());
                            }
                        }
                        Target::Group(name) => {
                            let group = Holder { kind: HolderKind::Group, name: name.clone() };
                            if let Some(group) = names.principal(group, "") {
                                self.groups.push((of.clone(), group, open()));
                            }
                        }
                        Target::Unknown => state.open.push(open()),
                    }
                }
                Owner::Bounded(holder) => {
                    let Some(of) = names.principal(holder.clone(), "") else { continue };
                    let documents = match &link.target {
                        Target::Managed(arn) => {
                            let site = managed(arn, None, link.at.clone(), "", file.path.as_str(), files);
                            site.map(|site| vec![site.document])
                        }
                        Target::Policies(places, _) => {
                            let there = sites.iter().filter(|site| is_at(site, places));
                            Some(there.map(|site| site.document.clone()).collect())
                        }
                        _ => None,
                    };
                    let documents = documents.filter(|documents: &Vec<Document>| !documents.is_empty());
                    state.bounds.push(Bound { of, text: link.text.clone(), documents });
                }
            }
        }
        for site in held {
            let is_it = |other: &Site| {
                other.attached.is_some()
                    && other.attached == site.attached
                    && other.holder == site.holder
                    && other.document.file == site.document.file
            };
            if !sites.iter().any(is_it) {
                sites.push(site);
            }
        }
        state.sites.append(&mut sites);
    }

    /// Follows the links that lead out of their units.
    pub(super) fn finish(self, state: &mut State) {
        for (of, path, open) in self.files {
            let there: Vec<usize> = (0..state.sites.len())
                .filter(|at| state.sites.get(*at).is_some_and(|site| *site.document.file == *path.as_str()))
                .collect();
            if there.is_empty() {
                state.open.push(open);
            }
            for at in there {
                if let (Some(of), Some(site)) = (&of, state.sites.get_mut(at)) {
                    site.held = true;
                    let site = Site { held: false, ..site.held_by(of) };
                    state.sites.push(site);
                }
            }
        }
        for (user, group, open) in self.groups {
            let held: Vec<Site> = state.sites.iter().filter(|site| group.holds(site)).cloned().collect();
            let unseen: Vec<Open> = state.open.iter().filter(|it| it.of.as_ref() == Some(&group)).cloned().collect();
            if held.is_empty() && unseen.is_empty() && group.scope.is_empty() {
                state.open.push(open);
            }
            state.sites.extend(held.iter().map(|site| site.held_by(&user)));
            let own = |it: Open| Open { of: Some(user.clone()), who: user.holder.name.clone(), ..it };
            state.open.extend(unseen.into_iter().map(own));
        }
    }
}

/// The resource of a template whose role SAM makes, for a policy of it: of others that have policies of their own, the holder is told.
fn role_of_sam(site: &Site) -> Option<&str> {
    let (name, inside) =
        site.path.strip_prefix("resources/").unwrap_or(&site.path).strip_prefix("Resources/")?.split_once('/')?;
    let own = site.kind == Kind::Identity && inside.split('/').take(2).eq(["Properties", "Policies"]);
    own.then_some(name)
}

/// True for a policy at one of some places of its unit.
fn is_at(site: &Site, places: &[Box<str>]) -> bool {
    let path = site.path.strip_prefix("resources/").unwrap_or(&site.path);
    site.kind == Kind::Identity
        && places
            .iter()
            .any(|place| path.strip_prefix(&**place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// True for a policy of a template of CloudFormation.
fn in_template(site: &Site) -> bool {
    site.path.strip_prefix("resources/").unwrap_or(&site.path).starts_with("Resources/")
}

/// The words, if they are few.
fn shown(text: &str) -> String {
    const MOST: usize = 80;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or("")),
        None => text.to_owned(),
    }
}
