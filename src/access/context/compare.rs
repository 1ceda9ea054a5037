//! One value of a policy against one value of a request, for each operator.

use super::number::{Decimal, moment};
use super::pattern::Text;
use super::{Context, Truth, address};
use crate::policy::BaseOperator;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Whether a policy's value matches a request's, negation set aside: `StringNotEquals` is asked as `StringEquals`.
pub(super) fn matches(base: BaseOperator, policy: &str, request: &str, context: &Context) -> Truth {
    use BaseOperator::*;
    match base {
        StringEquals | StringNotEquals => exact(policy, context, |text| text == request),
        StringEqualsIgnoreCase | StringNotEqualsIgnoreCase => {
            exact(policy, context, |text| text.to_lowercase() == request.to_lowercase())
        }
        StringLike | StringNotLike => Text::parse(policy, context).glob(request),
        ArnEquals | ArnNotEquals | ArnLike | ArnNotLike => Text::parse(policy, context).arn_glob(request),
        Bool => match Text::parse(policy, context).literal() {
            Ok(Some(text)) => boolean(&text).map_or(Truth::Maybe, |asked| (boolean(request) == Some(asked)).into()),
            Ok(None) => Truth::No,
            Err(_) => Truth::Maybe,
        },
        BinaryEquals => binary(policy, request),
        IpAddress | NotIpAddress => address::contains(policy, request),
        NumericEquals | NumericNotEquals => number(policy, request, |request, policy| request == policy),
        NumericLessThan => number(policy, request, |request, policy| request < policy),
        NumericLessThanEquals => number(policy, request, |request, policy| request <= policy),
        NumericGreaterThan => number(policy, request, |request, policy| request > policy),
        NumericGreaterThanEquals => number(policy, request, |request, policy| request >= policy),
        DateEquals | DateNotEquals => date(policy, request, |request, policy| request == policy),
        DateLessThan => date(policy, request, |request, policy| request < policy),
        DateLessThanEquals => date(policy, request, |request, policy| request <= policy),
        DateGreaterThan => date(policy, request, |request, policy| request > policy),
        DateGreaterThanEquals => date(policy, request, |request, policy| request >= policy),
        // Asks whether the key is there, and so never for a value.
        Null => Truth::Maybe,
    }
}

/// `true` and `false` in any letter case.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    ["false", "true"].iter().position(|word| text.eq_ignore_ascii_case(word)).map(|at| at == 1)
}

/// Compares the text with its variables replaced; wildcards stand for themselves.
fn exact(policy: &str, context: &Context, test: impl Fn(&str) -> bool) -> Truth {
    match Text::parse(policy, context).literal() {
        Ok(text) => text.is_some_and(|text| test(&text)).into(),
        Err(_) => Truth::Maybe,
    }
}

fn number(policy: &str, request: &str, test: fn(Decimal<'_>, Decimal<'_>) -> bool) -> Truth {
    let Some(policy) = Decimal::parse(policy) else { return Truth::Maybe };
    Decimal::parse(request).is_some_and(|request| test(request, policy)).into()
}

fn date(policy: &str, request: &str, test: fn(jiff::Timestamp, jiff::Timestamp) -> bool) -> Truth {
    let Some(policy) = moment(policy) else { return Truth::Maybe };
    moment(request).is_some_and(|request| test(request, policy)).into()
}

fn binary(policy: &str, request: &str) -> Truth {
    let Ok(policy) = STANDARD.decode(policy) else { return Truth::Maybe };
    STANDARD.decode(request).is_ok_and(|request| request == policy).into()
}
