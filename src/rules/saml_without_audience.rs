//! `saml-without-audience`

use super::{PolicyCx, Rule};
use crate::access::Truth;
use crate::access::actions::statement_matches;
use crate::access::demand::{demanded, says_something};
use crate::finding::Problem;
use crate::policy::{Principal, Spanned, Value};

pub(super) struct SamlWithoutAudience;

impl Rule for SamlWithoutAudience {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for statement in cx.lets_in("sts:AssumeRoleWithSAML") {
            let audience = |key: &str, value: &str| key.eq_ignore_ascii_case("SAML:aud") && says_something(value);
            let asked = demanded(&cx.site.policy, statement, audience);
            // A principal that is not known before deployment is a provider where nobody else can use the action.
            let only = !statement_matches(statement, "sts:AssumeRole").possible();
            let provider = |item: &&Spanned<Value<Principal>>| match item.value.known() {
                Some(Principal::Federated(name)) => name.contains(":saml-provider/"),
                Some(_) => false,
                None => only,
            };
            let Some(item) = statement.principals().iter().find(provider).filter(|_| asked != Truth::Yes) else {
                continue;
            };
            out.push(
                Problem::new(
                    &item.origin,
                    "any SAML response of this provider takes the role, whomever it was made for",
                )
                .note("no condition asks for the audience")
                .help(
                    "add `\"StringEquals\": {\"SAML:aud\": \"https://signin.aws.amazon.com/saml\"}`, or the sign-in \
                         endpoint of your region or partition",
                )
                .certain_if(statement.allows() && item.value.known().is_some())
                .pedantic_if(asked == Truth::Maybe),
            );
        }
    }
}
