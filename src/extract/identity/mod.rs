//! Roles, users and groups that templates, modules and the output of the AWS CLI tell of: what they are called, whom they trust,
//! and where the policies stand that say what they may do.

pub(super) mod output;
pub(super) mod planned;
mod presence;
pub(super) mod provider;
mod serverless;
pub(super) mod template;

pub use presence::Presence;
pub(super) use template::is_custom;

use crate::catalog::{self, ManagedPolicy};
use crate::document::NodeRef;
use crate::policy::lower::{self, Resolve};
use crate::policy::{HolderKind, Piece, Value, joined, pieces};
use crate::source::Origin;
use std::sync::Arc;

/// A role, a user or a group that a file makes or tells of.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Which of the three.
    pub kind: HolderKind,
    /// What references in the file call it, as `Deploy` or `aws_iam_role.deploy`; else its name.
    pub label: Box<str>,
    /// Its name.
    pub name: Box<[Piece]>,
    /// What stands behind `role/` in the ARN of a role: path and name.
    pub in_arn: Box<[Piece]>,
    /// Its account, where the file says so.
    pub account: Option<Box<str>>,
    /// Where it is named.
    pub at: Origin,
    /// Where its trust policy stands ([`PolicySite::path`](super::PolicySite)); none where it is not known.
    pub trust: Option<Box<str>>,
    /// The documents that say what it may do.
    pub documents: Vec<HeldDocument>,
    /// The policies of AWS that it has.
    pub managed: Vec<AwsPolicy>,
    /// True if it may have policies that are not seen.
    pub open: bool,
    /// True if it has a permissions boundary.
    pub bounded: bool,
    /// True if it stands for several, of which each may have other policies.
    pub several: bool,
    /// The functions that run with it.
    pub functions: Vec<Function>,
    /// The labels of the groups that a user is in.
    pub groups: Vec<Box<str>>,
}

/// A function of Lambda that has a role.
#[derive(Clone, Debug)]
pub struct Function {
    /// What references in the file call it.
    pub label: Box<str>,
    /// Its name.
    pub name: Box<[Piece]>,
}

/// A document that says what an identity may do.
#[derive(Clone, Debug)]
pub struct HeldDocument {
    /// Where it stands ([`PolicySite::path`](super::PolicySite)).
    pub path: Box<str>,
    /// True if only this identity has it.
    pub own: bool,
    /// Whether deployment gives it to the identity, once there is one.
    pub presence: Presence,
}

/// A policy of AWS that an identity has.
#[derive(Clone, Debug)]
pub struct AwsPolicy {
    /// Which.
    pub policy: ManagedPolicy,
    /// Where it is attached.
    pub at: Origin,
    /// Whether deployment gives it to the identity, once there is one.
    pub presence: Presence,
}

/// Where the documents of a policy stand that the same files make, by what references call it, or by path and name.
pub(super) type Local<'l> = &'l dyn Fn(Named<'_>) -> Vec<HeldDocument>;

/// How a managed policy is named.
#[derive(Clone, Copy)]
pub(super) enum Named<'n> {
    /// By what references in the file call it.
    Label(&'n str),
    /// By what stands behind `policy/` in its ARN: path and name.
    InArn(&'n str),
}

impl Identity {
    pub(super) fn new(kind: HolderKind, label: &str, at: Origin) -> Self {
        let name: Box<[Piece]> = Box::new([Piece::Assigned(Arc::from(label))]);
        Identity {
            kind,
            label: label.into(),
            in_arn: name.clone(),
            name,
            account: None,
            at,
            trust: None,
            documents: Vec::new(),
            managed: Vec::new(),
            open: false,
            bounded: false,
            several: false,
            functions: Vec::new(),
            groups: Vec::new(),
        }
    }

    /// Takes path and name, where they are given.
    pub(super) fn named(&mut self, path: Option<NodeRef<'_>>, name: Option<NodeRef<'_>>, resolve: &dyn Resolve) {
        let Some(name) = name else { return };
        let of = |node| text(node, resolve);
        let mut whole = path.map(of).unwrap_or_default();
        if let Some(Piece::Lit(first)) = whole.first_mut() {
            *first = first.trim_start_matches('/').into();
        }
        self.name = of(name).into();
        whole.extend_from_slice(&self.name);
        self.in_arn = joined(whole).into();
    }

    /// Takes the managed policies that a list, or one node, attaches: `always`, or if deployment chooses to.
    pub(super) fn attach(&mut self, node: NodeRef<'_>, presence: Presence, resolve: &dyn Resolve, local: Local<'_>) {
        let presence = if is_chosen(node) { Presence::Perhaps } else { presence };
        let (list, _) = lower::texts(node, "", |text| -> Box<str> { text.into() }, resolve);
        self.open |= list.open;
        for item in list.items {
            let presence = if item.origin.replaceable { Presence::Perhaps } else { presence.clone() };
            let written = node.tree().text().get(item.origin.at.span.range()).unwrap_or("");
            match &item.value {
                Value::Known(arn) => match catalog::managed_policy(arn).filter(|_| is_of_aws(arn)) {
                    // A default, which deployment replaces, does not say what is attached.
                    Some(managed) if written.contains(managed.name()) => {
                        self.managed.push(AwsPolicy { policy: managed, at: item.origin, presence });
                    }
                    Some(_) => self.open = true,
                    None => self.hold(in_arn(arn).map(Named::InArn), &presence, local),
                },
                Value::Partly(pieces) => {
                    let named = pieces.last().and_then(|last| match last {
                        Piece::Assigned(label) => Some(Named::Label(label)),
                        Piece::Lit(text) => in_arn(text).map(Named::InArn),
                        _ => None,
                    });
                    self.hold(named, &presence, local);
                }
                _ => self.open = true,
            }
        }
    }

    /// Takes the documents of a managed policy; without one it has what is not seen.
    fn hold(&mut self, named: Option<Named<'_>>, presence: &Presence, local: Local<'_>) {
        let documents = named.map(local).unwrap_or_default();
        self.open |= documents.is_empty();
        let held = documents.into_iter();
        self.documents.extend(held.map(|of| HeldDocument { presence: of.presence.and(presence.clone()), ..of }));
    }

    /// Takes it that the identity itself is there.
    pub(super) fn settle(&mut self, own: &Presence) {
        self.documents.iter_mut().for_each(|document| document.presence.beside(own));
        self.managed.iter_mut().for_each(|managed| managed.presence.beside(own));
    }

    /// True if a text that stands for an identity of its kind names this one.
    fn is(&self, named: &[Piece]) -> bool {
        match named {
            [Piece::Assigned(name) | Piece::Hole(name)] => refers(name, &self.label),
            _ => *self.name == *named,
        }
    }
}

/// Gives a function of this label to the role that it names, if that is one of these.
pub(super) fn give_function(
    identities: &mut [Identity],
    label: &str,
    name: Option<NodeRef<'_>>,
    role: NodeRef<'_>,
    resolve: &dyn Resolve,
) {
    let arn = joined(text(role, resolve));
    let Some(Piece::Lit(last)) = arn.iter().rfind(|piece| matches!(piece, Piece::Lit(_))) else { return };
    let named = match arn.last() {
        Some(Piece::Lit(_)) => vec![Piece::Lit(last.split_once(":role/").map_or("", |(_, name)| name).into())],
        Some(piece) if last.ends_with(":role/") => vec![piece.clone()],
        _ => return,
    };
    let name = name.map_or_else(|| vec![Piece::Assigned(Arc::from(label))], |name| text(name, resolve));
    let roles = identities.iter_mut().filter(|identity| identity.kind == HolderKind::Role);
    for role in roles.filter(|role| role.is(&named) || *role.in_arn == *named) {
        role.functions.push(Function { label: label.into(), name: name.clone().into() });
    }
}

/// The pieces of the text that a node stands for.
fn text(node: NodeRef<'_>, resolve: &dyn Resolve) -> Vec<Piece> {
    match lower::text(node, "", resolve).value {
        Value::Known(text) => pieces(&text),
        Value::Partly(pieces) => pieces.into_vec(),
        _ => vec![Piece::Hole(Arc::from(node.raw()))],
    }
}

/// True if deployment chooses what stands in a node.
fn is_chosen(node: NodeRef<'_>) -> bool {
    lower::chooses(node) || node.get("Fn::If").is_some() || node.items().any(is_chosen)
}

/// True if a reference, as `aws_iam_role.deploy[0].name`, is to the resource of a label.
pub fn refers(reference: &str, label: &str) -> bool {
    let Some(rest) = reference.strip_prefix(label) else { return false };
    let rest = rest.strip_prefix('[').map_or(rest, |index| index.split_once(']').map_or("", |(_, behind)| behind));
    rest.is_empty() || matches!(rest, ".name" | ".id" | ".function_name")
}

/// True for the ARN of a policy of AWS, and for a name alone, which SAM takes for one.
fn is_of_aws(arn: &str) -> bool {
    arn.contains(":aws:policy/") || !arn.contains(':')
}

/// Path and name, as an ARN has them behind what it is of.
pub(super) fn path_and_name(path: Option<&str>, name: &str) -> String {
    format!("{}{name}", path.unwrap_or("").trim_start_matches('/'))
}

/// What stands behind `policy/` in an ARN, or in the end of one.
fn in_arn(text: &str) -> Option<&str> {
    text.rsplit_once(":policy/").map(|(_, name)| name)
}

/// Calls `give` with each identity of a kind that a list of names, or one, is for. Where one of the names is not known, all may be
/// meant: they may have policies that are not seen.
pub(super) fn each_named(
    identities: &mut [Identity],
    kind: HolderKind,
    node: NodeRef<'_>,
    resolve: &dyn Resolve,
    give: &mut dyn FnMut(&mut Identity),
) {
    let (list, _) = lower::texts(node, "", |text| -> Box<str> { text.into() }, resolve);
    let mut known = !list.open;
    for item in list.items {
        let named = match item.value {
            Value::Known(name) if item.origin.editable => pieces(&name),
            Value::Partly(pieces) => pieces.into_vec(),
            // What another module makes is none of these.
            Value::Unknown(name) if name.starts_with("module.") || name.starts_with("data.") => continue,
            Value::Unknown(name) => vec![Piece::Hole(name)],
            _ => {
                known = false;
                continue;
            }
        };
        let mut found = false;
        for identity in identities.iter_mut().filter(|identity| identity.kind == kind && identity.is(&named)) {
            found = true;
            give(identity);
        }
        known &= found || named.iter().all(|piece| matches!(piece, Piece::Lit(_) | Piece::Assigned(_)));
    }
    if !known {
        identities.iter_mut().filter(|identity| identity.kind == kind).for_each(|identity| identity.open = true);
    }
}
