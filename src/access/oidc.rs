//! Trust in OIDC identity providers: which of their users a statement lets in.

use super::actions::statement_matches;
use crate::policy::{BaseOperator, Condition, Principal, Statement};
use crate::source::Origin;

/// Whom a statement asks for of a provider's users.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// Nobody in particular.
    None {
        /// True if the audience is asked for, at least.
        audience: bool,
    },
    /// A condition that matches everyone.
    Anyone(&'a Condition),
    /// A condition that says who.
    Some(&'a Condition),
}

/// The OIDC providers that a statement lets call `sts:AssumeRoleWithWebIdentity`, by their names without the scheme.
pub fn providers(statement: &Statement) -> Vec<(Box<str>, &Origin)> {
    if !statement_matches(statement, "sts:AssumeRoleWithWebIdentity").possible() {
        return Vec::new();
    }
    let named = statement.principals().iter().filter_map(|item| match item.value.known()? {
        Principal::Federated(text) => Some((provider(text)?.into(), &item.origin)),
        _ => None,
    });
    named.collect()
}

fn provider(text: &str) -> Option<&str> {
    let name = match text.split_once(":oidc-provider/") {
        Some((_, name)) => name,
        // The few that need no provider in the account.
        None if text.contains('.') && !text.contains([':', '/']) => text,
        None => return None,
    };
    (!name.is_empty() && !name.contains(['$', '*', '{', '<'])).then_some(name)
}

/// The claim that tells the users of a provider apart.
pub fn claim(provider: &str) -> &'static str {
    match provider {
        "cognito-identity.amazonaws.com" => "aud",
        "www.amazon.com" | "graph.facebook.com" => "app_id",
        _ => "sub",
    }
}

/// The claims of GitHub's tokens that name a repository, its owner or a workflow.
const GITHUB: [&str; 7] = [
    "sub",
    "repository",
    "repository_id",
    "repository_owner",
    "repository_owner_id",
    "job_workflow_ref",
    "environment",
];

/// Whom a statement asks for of a provider's users.
pub fn subject<'a>(statement: &'a Statement, provider: &str) -> Subject<'a> {
    let claim_of = |condition: &'a Condition| {
        let (head, claim) = condition.key.value.rsplit_once(':')?;
        head.eq_ignore_ascii_case(provider).then(|| claim.to_ascii_lowercase())
    };
    let says_who = |name: &str| match provider {
        "cognito-identity.amazonaws.com" | "www.amazon.com" | "graph.facebook.com" | "accounts.google.com" => true,
        "token.actions.githubusercontent.com" => GITHUB.contains(&name),
        _ => !["aud", "iss", "azp", "amr"].contains(&name),
    };
    let demanding = |condition: &&'a Condition| {
        condition.operator.value.needs_key() && condition.operator.value.base != Some(BaseOperator::Null)
    };
    let claims = || statement.conditions.iter().filter_map(|condition| Some((claim_of(condition)?, condition)));
    let mut who =
        claims().filter(|(name, condition)| says_who(name) && demanding(condition)).map(|(_, condition)| condition);
    let mut open = None;
    if let Some(found) = who.find(|condition| {
        let anyone = condition.values.known().any(|(value, _)| is_anyone(value));
        open = open.or(anyone.then_some(*condition));
        !anyone
    }) {
        return Subject::Some(found);
    }
    match open {
        Some(condition) => Subject::Anyone(condition),
        None => Subject::None { audience: claims().any(|(name, condition)| name == "aud" && demanding(&condition)) },
    }
}

/// True for a pattern that leaves everything open: `*`, `repo:*`, `project_path:*`.
fn is_anyone(value: &str) -> bool {
    let rest = value.split_once(':').map_or(value, |(_, rest)| rest);
    let stars = |text: &str| !text.is_empty() && text.bytes().all(|byte| matches!(byte, b'*' | b'?' | b'/' | b':'));
    value.contains('*') && (stars(value) || stars(rest))
}

/// True for a pattern of GitHub's subjects that leaves the owner open: a wildcard stands before the slash behind it.
pub fn opens_owner(value: &str) -> bool {
    let Some(rest) = value.strip_prefix("repo:") else { return false };
    let Some(wild) = rest.find(['*', '?']) else { return false };
    !is_anyone(value) && rest.find('/').is_none_or(|slash| wild < slash)
}

/// True for a pattern of GitHub's subjects that names the repository in full.
pub fn names_repository(value: &str) -> bool {
    let Some((_, name)) = value.strip_prefix("repo:").and_then(|rest| rest.split_once('/')) else { return false };
    let end = name.find(':').unwrap_or(name.len());
    end < name.len() && !name[..end].contains(['*', '?'])
}

/// True for a provider that gives tokens to everyone who asks.
pub fn serves_everyone(provider: &str) -> bool {
    const PUBLIC: [&str; 9] = [
        "token.actions.githubusercontent.com",
        "gitlab.com",
        "api.bitbucket.org",
        "agent.buildkite.com",
        "app.terraform.io",
        "oidc.circleci.com",
        "accounts.google.com",
        "www.amazon.com",
        "graph.facebook.com",
    ];
    PUBLIC
        .iter()
        .any(|public| provider == *public || provider.strip_prefix(public).is_some_and(|rest| rest.starts_with('/')))
}

/// True for the provider of an EKS cluster, where every pod can get a token.
pub fn is_cluster(provider: &str) -> bool {
    provider.starts_with("oidc.eks.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_subjects_are_told_apart() {
        for (value, anyone, owner, repository) in [
            ("*", true, false, false),
            ("repo:*", true, false, false),
            ("repo:*/*", true, false, false),
            ("repo:acme*", false, true, false),
            ("repo:acme*/x:*", false, true, true),
            ("repo:acme/*", false, false, false),
            ("repo:acme/x:*", false, false, true),
            ("repo:acme/x*", false, false, false),
            ("system:serviceaccount:*", false, false, false),
        ] {
            assert_eq!(
                (is_anyone(value), opens_owner(value), names_repository(value)),
                (anyone, owner, repository),
                "{value}"
            );
        }
    }
}
