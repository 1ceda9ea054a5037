//! What policies say of the root user: conditions that single it out, and sessions of `sts:AssumeRoot`.

use super::arn::is_account_id;
use super::condition::{BaseOperator, Condition};
use super::resource::ResourcePattern;
use super::value::{Spanned, Value, glob_matches};
use super::{ActionPattern, Statement};

/// The policies of which one goes with every `sts:AssumeRoot`:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html>.
const TASKS: [&str; 5] = [
    "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials",
    "arn:aws:iam::aws:policy/root-task/IAMCreateRootUserPassword",
    "arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials",
    "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy",
    "arn:aws:iam::aws:policy/root-task/SQSUnlockQueuePolicy",
];

impl Condition {
    /// The values that single out the root user: `arn:*:iam::ID:root` of `aws:PrincipalArn`, `Account` of
    /// `aws:PrincipalType`. None under an operator that holds for everybody else.
    pub fn root_user_values(&self) -> impl Iterator<Item = &Spanned<Value<Box<str>>>> {
        self.values.items.iter().filter(|value| value.value.known_any(|text| self.names_root_user(text)))
    }

    fn names_root_user(&self, text: &str) -> bool {
        use BaseOperator::*;
        let Some(base) = self.operator.value.base else { return false };
        let exact = matches!(base, StringEquals | StringEqualsIgnoreCase);
        if !exact && !matches!(base, StringLike | ArnEquals | ArnLike) {
            return false;
        }
        if self.is_on("aws:PrincipalType") {
            return text == "Account" || (base == StringEqualsIgnoreCase && text.eq_ignore_ascii_case("Account"));
        }
        let Some((partition, account)) = text
            .strip_prefix("arn:")
            .and_then(|rest| rest.strip_suffix(":root"))
            .and_then(|rest| rest.split_once(":iam::"))
        else {
            return false;
        };
        // Under an exact operator a wildcard is a character that no ARN has: the condition never holds.
        let wildcard = |part: &str| part.contains(['*', '?']) && !exact;
        self.is_on("aws:PrincipalArn")
            && (partition.starts_with("aws") || wildcard(partition))
            && (is_account_id(account) || account.starts_with("${") || wildcard(account))
    }

    /// True if the condition is on the task of an `sts:AssumeRoot` and leaves one out at least.
    fn limits_root_task(&self) -> bool {
        use BaseOperator::*;
        if !self.is_on("sts:TaskPolicyArn") {
            return false;
        }
        let wildcards = matches!(self.operator.value.base, Some(StringLike | ArnLike | ArnEquals));
        let all = |pattern: &str| TASKS.iter().all(|task| glob_matches(pattern, task));
        self.operator.value.base != Some(Null)
            && !(wildcards && self.values.items.iter().any(|value| value.value.known_any(|text| all(text))))
    }
}

impl Statement {
    /// True if a condition leaves only some of the tasks of `sts:AssumeRoot`.
    pub fn limits_root_task(&self) -> bool {
        self.conditions.iter().any(Condition::limits_root_task)
    }

    /// True if the statement certainly denies every `sts:AssumeRoot`, or all but some tasks.
    pub fn denies_assume_root(&self) -> bool {
        let denies_it = |action: &ActionPattern| action.matches("sts:AssumeRoot");
        self.denies()
            && self.actions().iter().any(|action| action.value.must(denies_it))
            && self.resources().iter().any(|resource| resource.value.must(ResourcePattern::matches_everything))
            && (self.unconditional()
                || (self.conditions.len() == 1 && !self.conditions_open && self.limits_root_task()))
    }

    /// True if the statement's resources may hold the root user of an account, which `sts:AssumeRoot` is granted on.
    pub fn may_reach_root_user(&self) -> bool {
        let Some(resource) = &self.resource else { return false };
        let reached = |pattern: &ResourcePattern| pattern.may_match_root_user();
        if resource.negated {
            !resource.list.items.iter().any(|item| item.value.may(reached))
        } else {
            resource.list.open || resource.list.items.iter().any(|item| item.value.may(reached))
        }
    }
}

impl ResourcePattern {
    /// True if the pattern matches `arn:PARTITION:iam::ID:root` for some account.
    pub fn may_match_root_user(&self) -> bool {
        let segments = self.arn().is_some_and(|arn| {
            glob_matches(arn.service, "iam")
                && glob_matches(arn.region, "")
                && !arn.account.is_empty()
                && glob_matches(arn.resource, "root")
        });
        segments || glob_matches(self.as_str(), "arn:aws:iam::111122223333:root")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{List, Operator};
    use crate::source::{FileId, Loc, Origin, Span};

    fn here<T>(value: T) -> Spanned<T> {
        Spanned { value, origin: Origin::here(Loc { file: FileId(0), span: Span::new(0, 0) }) }
    }

    fn condition(operator: &str, key: &str, value: &str) -> Condition {
        let values = List { items: vec![here(Value::Known(value.into()))], open: false };
        let origin = here(()).origin;
        Condition { origin, operator: here(Operator::parse(operator)), key: here(key.into()), values }
    }

    #[test]
    fn only_positive_operators_single_out_the_root_user() {
        let arn = "arn:aws:iam::111122223333:root";
        for (operator, key, value, expected) in [
            ("StringEquals", "aws:PrincipalArn", arn, true),
            ("arnlike", "AWS:principalarn", "arn:*:iam::*:root", true),
            ("StringLikeIfExists", "aws:PrincipalArn", "arn:aws:iam::*:root", true),
            ("StringEquals", "aws:PrincipalArn", "arn:aws:iam::${aws:PrincipalAccount}:root", true),
            ("StringEquals", "aws:PrincipalType", "Account", true),
            ("StringEqualsIgnoreCase", "aws:PrincipalType", "account", true),
            ("StringEquals", "aws:PrincipalArn", "arn:aws:iam::*:root", false),
            ("StringNotLike", "aws:PrincipalArn", "arn:aws:iam::*:root", false),
            ("ArnNotEquals", "aws:PrincipalArn", arn, false),
            ("StringEquals", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/root", false),
            ("StringEquals", "aws:SourceArn", arn, false),
            ("StringEquals", "aws:PrincipalType", "User", false),
            ("StringEquals", "aws:PrincipalType", "account", false),
            ("Null", "aws:PrincipalArn", "true", false),
        ] {
            let condition = condition(operator, key, value);
            assert_eq!(condition.root_user_values().count() == 1, expected, "{operator} {key} {value}");
        }
    }

    #[test]
    fn a_condition_that_admits_every_task_limits_none() {
        for (operator, key, value, expected) in [
            ("StringEquals", "sts:TaskPolicyArn", TASKS[0], true),
            ("ArnLike", "sts:TaskPolicyArn", "arn:aws:iam::aws:policy/root-task/S3*", true),
            ("StringNotEquals", "sts:TaskPolicyArn", TASKS[1], true),
            ("ArnLike", "sts:TaskPolicyArn", "arn:aws:iam::aws:policy/root-task/*", false),
            ("StringLike", "sts:TaskPolicyArn", "*", false),
            ("Null", "sts:TaskPolicyArn", "false", false),
            ("StringEquals", "aws:SourceIp", "203.0.113.7", false),
        ] {
            assert_eq!(condition(operator, key, value).limits_root_task(), expected, "{operator} {key} {value}");
        }
    }

    #[test]
    fn the_root_user_is_a_resource() {
        let may = |text: &str| ResourcePattern::new(text).may_match_root_user();
        for text in ["*", "arn:aws:iam::*:root", "arn:aws-cn:iam::444455556666:root", "arn:*:iam::*:*", "arn:aws:iam:*"]
        {
            assert!(may(text), "{text}");
        }
        for text in ["arn:aws:iam::*:role/*", "arn:aws:sts::*:*", "arn:aws:iam::111122223333:user/root", "x"] {
            assert!(!may(text), "{text}");
        }
    }
}
