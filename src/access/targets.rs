//! What the resources of a statement leave of its actions: `logs:PutResourcePolicy` is on no log group.

use super::Truth;
use super::fit::Wanted;
use crate::catalog::{Action, ResourceType};
use crate::policy::{Piece, ResourcePattern, Statement, Value, globs_meet, render_with};
use std::borrow::Cow;

/// The resources of a statement, for being asked which actions can be on one of them.
#[derive(Debug)]
pub struct Targets<'a> {
    patterns: Vec<Cow<'a, ResourcePattern>>,
    /// True if one of them is known to be one thing, and no more than that.
    some: bool,
    /// True if there may be any.
    all: bool,
    /// True if that is so because not all of them are known.
    open: bool,
}

impl<'a> Targets<'a> {
    /// Those of a statement.
    pub fn of(statement: &'a Statement) -> Self {
        let mut targets = Targets { patterns: Vec::new(), some: false, all: false, open: false };
        match &statement.resource {
            Some(element) if !element.negated => {
                element.list.items.iter().for_each(|item| targets.add(&item.value));
                targets.open = element.list.open && !targets.some && !targets.all;
                targets.all |= targets.open;
            }
            _ => targets.all = true,
        }
        targets
    }

    fn add(&mut self, value: &'a Value<ResourcePattern>) {
        match value {
            Value::Known(resource) if resource.matches_everything() => self.all = true,
            Value::Known(resource) => self.patterns.push(Cow::Borrowed(resource)),
            Value::Either(arms) => arms.iter().for_each(|arm| self.add(arm)),
            Value::Unknown(_) => self.some = true,
            Value::Partly(pieces) if matches!(pieces.first(), Some(Piece::Hole(_) | Piece::Assigned(_))) => {
                self.some = true;
            }
            Value::Partly(pieces) => {
                let widest = render_with(pieces, |_| "*".to_owned());
                self.patterns.push(Cow::Owned(ResourcePattern::new(&widest)));
            }
        }
    }

    /// True if an action can be on one of them, as far as the catalogue tells.
    pub fn has(&self, action: &Action) -> bool {
        self.all || !action.takes_only_wildcard() && self.may_have(action)
    }

    /// True if an action can be on one of them that one of some other patterns names too.
    pub fn has_among(&self, action: &Action, others: &[ResourcePattern]) -> bool {
        let suits = |one: &ResourcePattern| {
            one.matches_everything() || !action.takes_only_wildcard() && Wanted::of(one).suits(action)
        };
        // A variable may be anything.
        let meets = |one: &str, other: &str| one.contains("${") || other.contains("${") || globs_meet(one, other);
        let own: Vec<&str> = self.patterns.iter().filter(|own| suits(own)).map(|own| own.as_str()).collect();
        let any = self.all || self.some && !action.takes_only_wildcard();
        others.iter().any(|other| suits(other) && (any || own.iter().any(|own| meets(own, other.as_str()))))
    }

    /// The same as [`Targets::has`], but of an action for which the catalogue has no resources nothing is known: for some AWS asks for an ARN.
    pub fn may_have(&self, action: &Action) -> bool {
        self.all || self.some || self.patterns.iter().any(|pattern| Wanted::of(pattern).suits(action))
    }

    /// Whether there may be one of a type: `Maybe` where only a reference, or what is not seen, may be to one.
    pub fn have_of(&self, kind: ResourceType) -> Truth {
        let named = || self.patterns.iter().any(|pattern| Wanted::of(pattern).is_of_type(kind));
        match (self.all && !self.open) || named() {
            true => Truth::Yes,
            false if self.some || self.open => Truth::Maybe,
            false => Truth::No,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;
    use crate::document::json::parse;
    use crate::extract::resolve::Template;
    use crate::policy::lower;
    use crate::source::FileId;

    #[test]
    fn actions_are_on_what_they_take() {
        for (resource, action, expected) in [
            (r#""Resource": "*""#, "logs:PutResourcePolicy", true),
            (r#""Resource": "arn:aws:logs:*:*:log-group:a:*""#, "logs:PutResourcePolicy", false),
            (r#""Resource": "arn:aws:logs:*:*:log-group:a:*""#, "logs:DeleteLogGroup", true),
            (r#""Resource": "arn:aws:s3:::x/*""#, "iam:AttachRolePolicy", false),
            (r#""Resource": ["arn:aws:s3:::x/*", "*"]"#, "iam:AttachRolePolicy", true),
            (r#""NotResource": "arn:aws:s3:::x/*""#, "iam:AttachRolePolicy", true),
            (r#""Resource": {"Ref": "X"}"#, "iam:AttachRolePolicy", true),
            (r#""Resource": {"Ref": "X"}"#, "logs:PutResourcePolicy", false),
            (r#""Resource": {"Fn::Sub": "${X}/*"}"#, "s3:GetObject", true),
            (r#""Resource": {"Fn::Sub": "arn:aws:s3:::${X}/*"}"#, "s3:GetObject", true),
            (r#""Resource": {"Fn::Sub": "arn:aws:s3:::${X}/*"}"#, "s3:ListBucket", false),
            (r#""Resource": {"Fn::Sub": "arn:aws:s3:::${X}"}"#, "s3:ListBucket", true),
        ] {
            let text = format!(r#"{{"Statement": {{"Effect": "Allow", "Action": "*", {resource}}}}}"#);
            let (tree, errors) = parse(FileId(0), Cow::Borrowed(&text), None);
            assert!(errors.is_empty(), "{text}: {errors:?}");
            let policy = tree.roots().next().map(|root| lower::policy(root, &Template::default()).0);
            let answer =
                policy.and_then(|policy| Some(Targets::of(&policy.statements[0]).has(&catalog::action(action)?)));
            assert_eq!(answer, Some(expected), "{resource} {action}");
        }
    }
}
