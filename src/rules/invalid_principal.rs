//! `invalid-principal`

use super::{PolicyCx, Rule};
use crate::access::service_name;
use crate::catalog::looks_like_service;
use crate::finding::Problem;
use crate::policy::{Arn, Principal, has_placeholder, is_stand_in};

pub(super) struct InvalidPrincipal;

impl Rule for InvalidPrincipal {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        let elements = cx.statements().iter().filter_map(|statement| statement.principal.as_ref());
        for (principal, at) in elements.flat_map(|element| element.list.known()) {
            if let Some((message, help)) = judge(principal) {
                let help = match principal {
                    Principal::Service(name) => service_name::instead_of(name),
                    _ => help.to_owned(),
                };
                out.push(Problem::new(at, message).help(help));
            }
        }
    }
}

const WILDCARD: &str =
    "write `*` alone and narrow it in `Condition` (`aws:PrincipalArn` under `ArnLike`), or name each principal";

/// What is wrong with a principal, and what to do.
fn judge(principal: &Principal) -> Option<(String, &'static str)> {
    let wild = |text: &str| text.contains(['*', '?']);
    match principal {
        Principal::Iam { arn, .. } if wild(arn) && !has_placeholder(arn) => {
            Some((format!("`{arn}` has a wildcard, which principals do not take"), WILDCARD))
        }
        Principal::Iam { arn, .. } => {
            let wrong = Arn::parse(arn).map(|arn| arn.account).filter(|account| !may_be_account(account))?;
            Some(no_account(arn, wrong))
        }
        Principal::OtherAws(text)
            if text.is_empty() || text.contains("${") || has_placeholder(text) || is_unique_id(text) =>
        {
            None
        }
        Principal::OtherAws(text) if wild(text) => {
            Some((format!("`{text}` has a wildcard, which principals do not take"), WILDCARD))
        }
        Principal::OtherAws(text) => Some(match Arn::parse(text).map_or(&**text, |arn| arn.account) {
            wrong if wrong.bytes().all(|byte| byte.is_ascii_digit()) && wrong.len() != 12 => no_account(text, wrong),
            _ => (
                format!("`{text}` is no principal"),
                "write the number of an account, or the ARN of a user, a role or a session",
            ),
        }),
        Principal::Service(name)
            if &**name != "*" && !name.contains("${") && !has_placeholder(name) && !looks_like_service(name) =>
        {
            // What to write depends on the name.
            Some((format!("`{name}` is no service principal"), ""))
        }
        Principal::Federated(text)
            if &**text != "*" && !text.contains("${") && !has_placeholder(text) && !is_provider(text) =>
        {
            Some((
                format!("`{text}` is no identity provider"),
                "write the ARN of the provider in your account (`.../saml-provider/NAME`, `.../oidc-provider/DOMAIN`)",
            ))
        }
        _ => None,
    }
}

/// What is said of a principal whose account is none.
fn no_account(principal: &str, wrong: &str) -> (String, &'static str) {
    let why = match wrong {
        "" => "it names no account".to_owned(),
        bare if bare == principal => format!("the number of an account has twelve digits, not {}", bare.len()),
        wrong => format!("`{wrong}` is no number of an account"),
    };
    (format!("`{principal}` is no principal: {why}"), "write the twelve digits of the account")
}

/// True for what can be the number of an account, or stands for one.
fn may_be_account(text: &str) -> bool {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.len() == 12 && digits || text.contains('$') || has_placeholder(text) || is_stand_in(text)
}

/// True for the unique id of an IAM entity, and for the canonical id of an account.
fn is_unique_id(text: &str) -> bool {
    let entity = text.len() >= 16 && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    entity || text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The domains that stand for a provider by themselves. Source: the reference of the `Principal` element.
const DOMAINS: [&str; 4] =
    ["accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com", "www.amazon.com"];

fn is_provider(text: &str) -> bool {
    DOMAINS.contains(&text)
        || Arn::parse(text).is_some_and(|arn| {
            let kind = ["saml-provider/", "oidc-provider/"].iter().find_map(|kind| arn.resource.strip_prefix(kind));
            arn.service == "iam" && kind.is_some_and(|name| !name.is_empty() && !name.contains(['*', '?']))
        })
}
