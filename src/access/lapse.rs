//! Statements that hold up to a time, and that time has passed.

use super::context::moment;
use crate::policy::{BaseOperator, Condition, Statement};
use jiff::Timestamp;

/// True if a condition of the statement asks for a time before `now`, whichever of its values counts.
pub fn has_lapsed(statement: &Statement, now: Timestamp) -> bool {
    statement.conditions.iter().any(|condition| is_over(condition, now))
}

fn is_over(condition: &Condition, now: Timestamp) -> bool {
    use BaseOperator::{DateEquals, DateLessThan, DateLessThanEquals};
    let operator = &condition.operator.value;
    let until = matches!(operator.base, Some(DateLessThan | DateLessThanEquals | DateEquals)) && operator.set.is_none();
    // Both keys are in every request.
    let of_request = condition.is_on("aws:CurrentTime") || condition.is_on("aws:EpochTime");
    let values = &condition.values;
    until
        && of_request
        && !values.items.is_empty()
        && !values.open
        && values.items.iter().all(|item| item.value.must(|text| moment(text).is_some_and(|until| until < now)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::json::parse;
    use crate::extract::resolve::Template;
    use crate::policy::lower;
    use crate::source::FileId;
    use std::borrow::Cow;

    #[test]
    fn a_statement_lapses_when_its_last_time_has_passed() {
        let now = moment("2026-06-01").unwrap_or_default();
        for (expected, condition) in [
            (true, r#""DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}"#),
            (true, r#""DateLessThanEqualsIfExists": {"AWS:currenttime": "2026-05-31"}"#),
            (true, r#""DateLessThan": {"aws:EpochTime": "1577836800"}"#),
            (true, r#""DateLessThan": {"aws:CurrentTime": "2020-01-01"}, "Bool": {"aws:SecureTransport": "true"}"#),
            (false, r#""DateLessThan": {"aws:CurrentTime": ["2020-01-01", "2027-01-01"]}"#),
            (false, r#""DateLessThan": {"aws:CurrentTime": "2026-06-01"}"#),
            (false, r#""DateLessThan": {"aws:CurrentTime": {"Ref": "Until"}}"#),
            (false, r#""DateLessThan": {"aws:CurrentTime": []}"#),
            (false, r#""DateGreaterThan": {"aws:CurrentTime": "2020-01-01"}"#),
            // When the session was made, not when it asks.
            (false, r#""DateLessThan": {"aws:TokenIssueTime": "2020-01-01"}"#),
            (false, ""),
        ] {
            let text =
                format!(r#"{{"Statement": [{{"Effect": "Allow", "Action": "*", "Condition": {{{condition}}}}}]}}"#);
            let (tree, errors) = parse(FileId(0), Cow::Borrowed(&text), None);
            assert!(errors.is_empty(), "{text}: {errors:?}");
            let policy = tree.roots().next().map(|root| lower::policy(root, &Template::default()).0);
            let answer = policy.map(|policy| has_lapsed(&policy.statements[0], now));
            assert_eq!(answer, Some(expected), "{text}");
        }
    }
}
