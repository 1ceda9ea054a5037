//! The trust policies that the modules of the community for IAM make of their arguments.
//!
//! Source: the submodules of `terraform-aws-modules/iam/aws`, versions 4 to 6.

use crate::document::{NodeKind, NodeRef};
use crate::extract::resolve::Module;
use crate::policy::lower;
use crate::policy::{
    ActionPattern, Condition, Effect, Element, List, Operator, Piece, Policy, Principal, Spanned, Statement, Value,
    Version, pieces,
};
use crate::source::Origin;
use std::sync::Arc;

/// What the source of such a module contains.
pub(super) const NEEDLE: &str = "modules/iam/aws";

/// The provider of GitHub Actions.
const GITHUB: &str = "token.actions.githubusercontent.com";

/// The arguments of a module whose values stand in its trust policy.
struct Arguments<'m, 't> {
    body: NodeRef<'t>,
    module: &'m Module<'m>,
}

/// The trust policy that a module makes, as far as its arguments say it.
pub(super) fn policy(body: NodeRef<'_>, module: &Module<'_>) -> Option<Policy> {
    let source = body.get("source").and_then(NodeRef::as_str)?;
    let (of, submodule) = source.split_once("//modules/")?;
    if !of.ends_with("terraform-aws-modules/iam/aws") {
        return None;
    }
    let arguments = Arguments { body, module };
    let statement = match submodule.split('?').next().unwrap_or(submodule) {
        "iam-github-oidc-role" => arguments.github(&[("StringEquals", ""), ("StringLike", "subjects")]),
        "iam-role" if arguments.is_true("enable_github_oidc") => {
            arguments.github(&[("StringEquals", "oidc_subjects"), ("StringLike", "oidc_wildcard_subjects")])
        }
        "iam-role" if arguments.is_true("enable_oidc") => arguments.oidc(
            "oidc_provider_urls",
            &[("StringEquals", "oidc_subjects"), ("StringLike", "oidc_wildcard_subjects")],
            "oidc_audiences",
        ),
        "iam-assumable-role-with-oidc" => arguments.oidc(
            "provider_url",
            &[("StringEquals", "oidc_fully_qualified_subjects"), ("StringLike", "oidc_subjects_with_wildcards")],
            "oidc_fully_qualified_audiences",
        ),
        "iam-assumable-role" => arguments.assumable(),
        _ => None,
    }?;
    Some(Policy {
        origin: body.origin(),
        version: Some(Spanned { value: Value::Known(Version::V2012), origin: body.origin() }),
        id: None,
        statements: vec![statement],
        open: false,
        unseen: Vec::new(),
        unknown: Vec::new(),
        size: 0,
        digest: 0,
    })
}

impl Arguments<'_, '_> {
    fn given(&self, name: &str) -> Option<NodeRef<'_>> {
        let value = self.body.get(name).filter(|value| value.kind() != NodeKind::Null)?;
        let empty = value.kind() == NodeKind::Seq && value.items().next().is_none();
        (!empty).then_some(value)
    }

    fn is_true(&self, name: &str) -> bool {
        self.body.get(name).is_some_and(|value| value.raw() == "true")
    }

    /// The argument, or what names the module.
    fn at(&self, name: &str) -> Origin {
        let node = self.body.get(name).or_else(|| self.body.get("source")).unwrap_or(self.body);
        Origin { editable: false, ..node.origin() }
    }

    /// Who comes from repositories of GitHub. Where no subject is named, nobody is known to.
    fn github(&self, subjects: &[(&str, &str)]) -> Option<Statement> {
        if subjects.iter().all(|(_, argument)| self.given(argument).is_none()) {
            return None;
        }
        let written = |text: &str| -> Box<str> { text.into() };
        let named = ["github_provider", "provider_url"].into_iter().find_map(|name| self.given(name));
        let url = match named {
            Some(named) => self.module.text(named)?,
            None => GITHUB.into(),
        };
        let mut statement = self.federated(&url, subjects, &|subject| match subject.strip_prefix("repo:") {
            Some(_) => written(&subject),
            None => format!("repo:{subject}").into(),
        });
        let audience = match ["oidc_audiences", "audience"].into_iter().find_map(|name| self.given(name)) {
            Some(given) => lower::texts(given, "values", written, self.module).0,
            None => self.list("source", "sts.amazonaws.com".into()),
        };
        statement.conditions.push(self.condition("source", "StringEquals", format!("{url}:aud"), audience));
        Some(statement)
    }

    /// Who comes from another provider, where it is named.
    fn oidc(&self, provider: &str, subjects: &[(&str, &str)], audience: &str) -> Option<Statement> {
        let url = self.module.text(self.given(provider)?)?;
        let url = url.strip_prefix("https://").unwrap_or(&url).to_owned();
        let mut statement = self.federated(&url, subjects, &|subject| subject);
        if let Some(given) = self.given(audience) {
            let values = lower::texts(given, "values", |text| -> Box<str> { text.into() }, self.module).0;
            statement.conditions.push(self.condition(audience, "StringEquals", format!("{url}:aud"), values));
        }
        Some(statement)
    }

    fn federated(&self, url: &str, subjects: &[(&str, &str)], written: &dyn Fn(Box<str>) -> Box<str>) -> Statement {
        let mut arn = pieces("arn:aws:iam::");
        arn.push(Piece::Assigned(Arc::from("AWS::AccountId")));
        arn.extend(pieces(&format!(":oidc-provider/{url}")));
        let principal = lower::principal("Federated", Value::from(arn));
        let mut statement = self.statement("sts:AssumeRoleWithWebIdentity", vec![(principal, self.at("source"))]);
        for (operator, argument) in subjects {
            let Some(given) = self.given(argument) else { continue };
            let (mut values, _) = lower::texts(given, "values", |text| -> Box<str> { text.into() }, self.module);
            for item in &mut values.items {
                let value = std::mem::replace(&mut item.value, Value::Known("".into()));
                item.value = value.map(&mut |text| written(text));
                item.origin.editable = false;
            }
            statement.conditions.push(self.condition(argument, operator, format!("{url}:sub"), values));
        }
        statement.conditions_open = self.given("trust_policy_conditions").is_some();
        statement
    }

    /// Whom a role admits by their ARNs; with MFA, where nobody says otherwise.
    fn assumable(&self) -> Option<Statement> {
        if self.given("custom_role_trust_policy").is_some() {
            return None;
        }
        let mut principals = Vec::new();
        for (kind, argument) in [("AWS", "trusted_role_arns"), ("Service", "trusted_role_services")] {
            let Some(given) = self.given(argument) else { continue };
            let (list, _) = lower::texts(given, "identifiers", |text| -> Box<str> { text.into() }, self.module);
            let origin = |origin: Origin| Origin { editable: false, ..origin };
            principals
                .extend(list.items.into_iter().map(|item| (lower::principal(kind, item.value), origin(item.origin))));
        }
        if principals.is_empty() {
            return None;
        }
        let mut statement = self.statement("sts:AssumeRole", principals);
        let mfa = self.body.get("role_requires_mfa").map(NodeRef::raw);
        if mfa.is_none_or(|value| value == "true") {
            let values = self.list("role_requires_mfa", "true".into());
            let key = "aws:MultiFactorAuthPresent".to_owned();
            statement.conditions.push(self.condition("role_requires_mfa", "Bool", key, values));
        }
        if let Some(given) = self.given("role_sts_externalid") {
            let (values, _) = lower::texts(given, "values", |text| -> Box<str> { text.into() }, self.module);
            let key = "sts:ExternalId".to_owned();
            statement.conditions.push(self.condition("role_sts_externalid", "StringEquals", key, values));
        }
        statement.conditions_open = mfa.is_some_and(|value| !["true", "false"].contains(&value));
        Some(statement)
    }

    fn list(&self, argument: &str, text: Box<str>) -> List<Box<str>> {
        List { items: vec![Spanned { value: Value::Known(text), origin: self.at(argument) }], open: false }
    }

    fn condition(&self, argument: &str, operator: &str, key: String, values: List<Box<str>>) -> Condition {
        let at = || self.at(argument);
        Condition {
            origin: at(),
            operator: Spanned { value: Operator::parse(operator), origin: at() },
            key: Spanned { value: key.into(), origin: at() },
            values,
        }
    }

    fn statement(&self, action: &str, principals: Vec<(Value<Principal>, Origin)>) -> Statement {
        let at = || self.at("source");
        let open = principals.iter().any(|(principal, _)| matches!(principal, Value::Unknown(_)));
        let action = Spanned { value: Value::Known(ActionPattern::new(action)), origin: at() };
        let items = principals.into_iter().map(|(value, origin)| Spanned { value, origin }).collect();
        Statement {
            effect: Some(Spanned { value: Value::Known(Effect::Allow), origin: at() }),
            principal: Some(Element { key: at(), negated: false, list: List { items, open } }),
            action: Some(Element { key: at(), negated: false, list: List { items: vec![action], open: false } }),
            ..Statement::empty(self.body.origin())
        }
    }
}
