//! Managed policies and those who have them: what is attached, and what that says of the policies of the file.

use super::Walk;
use crate::catalog;
use crate::document::{NodeKind, NodeRef};
use crate::extract::place::{Path, Place};
use crate::extract::{Attachment, Audience, Fact, sam};
use crate::policy::lower::{Resolve, Stands};
use crate::policy::{HolderKind, PolicyKind, Spanned, Use};
use crate::source::Origin;

impl Walk<'_, '_> {
    pub(super) fn attachment(&mut self, arn: NodeRef<'_>, path: &Path<'_>, place: &Place<'_>) {
        self.attached(arn, path, place, false);
    }

    /// `chosen`: deployment may attach something else instead.
    fn attached(&mut self, arn: NodeRef<'_>, path: &Path<'_>, place: &Place<'_>, chosen: bool) {
        let (parts, chosen) = match self.template.stands(arn) {
            Stands::OneOf(parts) => (parts, true),
            Stands::AllOf(parts) | Stands::Filled(parts) => (parts, chosen),
            _ if arn.kind() == NodeKind::Seq => (arn.items().collect(), chosen),
            _ => return self.attached_one(arn, path, place, chosen || self.template.is_replaceable(arn)),
        };
        parts.into_iter().for_each(|part| self.attached(part, path, place, chosen));
    }

    fn attached_one(&mut self, arn: NodeRef<'_>, path: &Path<'_>, place: &Place<'_>, replaceable: bool) {
        let Some(text) = self.template.text(arn) else { return };
        // SAM and Ansible take the names of AWS's policies too; what else stands there is no policy of AWS.
        let text = match text.contains(':') {
            false => catalog::managed_policy(&text).map_or(text, |policy| policy.arn().into()),
            true => text,
        };
        if !text.starts_with("arn:") {
            return;
        }
        let policy_arn = Spanned { value: text.clone(), origin: Origin { replaceable, ..arn.origin() } };
        let holder = place.holder();
        self.attachments.push((text, holder.clone()));
        self.out.facts.push(Fact::Attachment(Attachment { holder, policy_arn, path: path.to_string().into() }));
    }

    /// The policies that SAM makes by its templates.
    pub(super) fn sam_templates(&mut self, entry: NodeRef<'_>, path: &Path<'_>, place: &Place<'_>) {
        if !place.for_roles {
            return;
        }
        match self.template.stands(entry) {
            Stands::OneOf(parts) | Stands::AllOf(parts) | Stands::Filled(parts) => {
                parts.into_iter().for_each(|part| self.sam_templates(part, path, place));
            }
            _ => {
                let made = sam::sites(entry, self.template, path);
                self.out.facts.extend(made.into_iter().map(|site| Fact::Policy(Box::new(site))));
            }
        }
    }

    /// A policy of the template that is used as a permissions boundary, and attached to nobody, is one.
    fn bound(&mut self) {
        let is_attached = |name: &str| self.attached_refs.iter().any(|(attached, _)| **attached == *name);
        for name in self.boundary_refs.iter().filter(|name| !is_attached(name)) {
            let begin = format!("Resources/{name}/");
            for fact in &mut self.out.facts {
                if let Fact::Policy(site) = fact
                    && site.path.starts_with(&begin)
                {
                    site.uses = vec![Use { kind: PolicyKind::Boundary, holder: None }];
                }
            }
        }
    }

    /// A policy of the template that is attached to roles, and to nobody else, is for roles.
    fn reserve(&mut self) {
        let of_role = |kind: &Option<HolderKind>| *kind == Some(HolderKind::Role);
        for (name, _) in &self.attached_refs {
            if !self.attached_refs.iter().filter(|(other, _)| other == name).all(|(_, kind)| of_role(kind)) {
                continue;
            }
            let begin = format!("Resources/{name}/");
            for fact in &mut self.out.facts {
                if let Fact::Policy(site) = fact
                    && site.path.starts_with(&begin)
                    && site
                        .uses
                        .iter()
                        .all(|used| used.holder.as_ref().is_none_or(|holder| of_role(&Some(holder.kind))))
                {
                    site.audience = Audience::Roles;
                }
            }
        }
    }

    /// Adds to the managed policies of the file who uses them.
    pub(super) fn attach(&mut self) {
        self.bound();
        let printed = self.printed.drain(..).map(|role| role.equipped(&self.managed, &self.out.facts));
        let roles: Vec<_> = printed.collect();
        self.out.identities.extend(roles);
        self.reserve();
        for (arn, fact) in &self.managed {
            let Some(Fact::Policy(site)) = self.out.facts.get_mut(*fact) else { continue };
            let identity = |holder| Use { kind: PolicyKind::Identity, holder };
            let mut uses: Vec<Use> = self
                .attachments
                .iter()
                .filter(|(attached, holder)| attached == arn && holder.is_some())
                .map(|(_, holder)| identity(holder.clone()))
                .collect();
            if self.boundaries.contains(arn) {
                uses.push(Use { kind: PolicyKind::Boundary, holder: None });
            }
            if !uses.is_empty() {
                site.uses = uses;
            }
        }
    }
}

/// The resource that `Ref` names.
pub(super) fn referred(node: NodeRef<'_>) -> Option<Box<str>> {
    Some(node.get("Ref")?.as_str()?.into())
}
