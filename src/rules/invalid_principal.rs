//! `invalid-principal`

use super::{PolicyCx, Rule};
use crate::catalog;
use crate::finding::Problem;
use crate::policy::{Arn, BaseOperator, Condition, Principal, has_placeholder, is_stand_in};

pub(super) struct InvalidPrincipal;

impl Rule for InvalidPrincipal {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for statement in cx.statements() {
            let principals = statement.principal.iter().flat_map(|element| element.list.known());
            for (principal, at) in principals {
                if let Some((message, help)) = judge(principal) {
                    out.push(Problem::new(at, message).help(help));
                }
            }
            for condition in &statement.conditions {
                for (value, at) in condition.values.known().filter(|(value, _)| !is_service_value(condition, value)) {
                    out.push(
                        Problem::new(at, format!("`{value}` is no service as `{}` has them", condition.key.value))
                            .help(match condition.is_on("kms:ViaService") {
                                true => "write the service with its region, as `ec2.eu-central-1.amazonaws.com`",
                                false => "write the whole name of the service, as `ec2.amazonaws.com`",
                            }),
                    );
                }
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
            Some((
                format!("`{arn}` is no principal: `{wrong}` is no number of an account"),
                "write the twelve digits of the account",
            ))
        }
        Principal::OtherAws(text)
            if text.is_empty() || text.contains("${") || has_placeholder(text) || is_unique_id(text) =>
        {
            None
        }
        Principal::OtherAws(text) if wild(text) => {
            Some((format!("`{text}` has a wildcard, which principals do not take"), WILDCARD))
        }
        Principal::OtherAws(text) => Some((
            format!("`{text}` is no principal"),
            "write the number of an account, or the ARN of a user, a role or a session",
        )),
        Principal::Service(name)
            if &**name != "*" && !name.contains("${") && !has_placeholder(name) && !is_service(name) =>
        {
            Some((format!("`{name}` is no service principal"), "write the whole name, as `ec2.amazonaws.com`"))
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

fn is_service(name: &str) -> bool {
    let suffix = catalog::partitions().find_map(|partition| name.strip_suffix(partition.suffix())?.strip_suffix('.'));
    let plain = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte))
    };
    // Alexa calls functions under a domain of its own.
    let alexa = name.starts_with("alexa-") && name.ends_with(".amazon.com");
    suffix.is_some_and(plain) || alexa || name.ends_with(".internal")
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

/// False for a value that stands where a service is named, and names none.
fn is_service_value(condition: &Condition, value: &str) -> bool {
    if value.contains("${") || has_placeholder(value) || value.contains(['*', '?']) {
        return true;
    }
    if condition.operator.value.base == Some(BaseOperator::Null) {
        return true;
    }
    if condition.is_on("kms:ViaService") {
        return is_service(value) && value.split('.').nth(1).is_some_and(catalog::looks_like_region);
    }
    let named = condition.is_on("aws:PrincipalServiceName") || condition.is_on("iam:PassedToService");
    !named || is_service(value)
}
