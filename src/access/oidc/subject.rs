//! What a pattern of subjects leaves open, in the grammar of the provider that writes them.

use super::Provider;

/// How many of a provider's users a condition lets in, the fewest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Breadth {
    /// One branch, environment, step or account.
    Exact,
    /// All branches, jobs or pull requests of one project; all accounts of one namespace.
    Project,
    /// Many projects of one customer.
    Tenant,
    /// Customers whose name matches a pattern.
    Tenants,
    /// Everyone.
    Everyone,
}

/// The claims at the head of a subject of GitHub of which a stranger chooses the value: the owner of a repository says
/// which claims its subjects consist of.
/// Source: <https://docs.github.com/en/actions/reference/security/oidc#customizing-the-token-claims>.
const CHOSEN: [&str; 6] = ["workflow", "environment", "ref", "context", "head_ref", "base_ref"];

/// The claims of which no stranger chooses the value. A colon in a value is written `%3A`, so that none can be faked.
const GIVEN: [&str; 8] = [
    "repo",
    "repository",
    "repository_id",
    "repository_owner",
    "repository_owner_id",
    "job_workflow_ref",
    "enterprise",
    "enterprise_id",
];

impl Provider {
    /// What a value of the claim lets in. `wild` is false under an operator for which `*` is a letter like others.
    pub(super) fn breadth(&self, value: &str, wild: bool) -> Breadth {
        if self.is_github() && is_chosen_by_anyone(value) {
            return Breadth::Everyone;
        }
        let star = value.find(['*', '?']).filter(|_| wild);
        let Some(star) = star else {
            let pull_request = value.starts_with("repo:") && value.ends_with(":pull_request");
            return if pull_request { Breadth::Project } else { Breadth::Exact };
        };
        if is_anything(value) {
            return Breadth::Everyone;
        }
        let path = value.strip_prefix("repo:").or_else(|| value.strip_prefix("project_path:"));
        match path {
            Some(path) => of_path(path, star - (value.len() - path.len())),
            None if value.starts_with("organization:") || value.starts_with("account:") => of_pairs(value, star),
            None if value.starts_with("org/") => of_parts(value, star, '/', "vcs-ref"),
            None if value.starts_with("system:") => of_service_account(value, star),
            None if value.starts_with('{') => match value.find('}').is_some_and(|end| end < star) {
                true => Breadth::Project,
                false => Breadth::Tenant,
            },
            None if star == 0 => Breadth::Tenants,
            None => Breadth::Project,
        }
    }
}

/// True for a subject of GitHub in which nothing is said but what whoever has a repository can say.
fn is_chosen_by_anyone(value: &str) -> bool {
    let parts = || value.split(':');
    let given = |part: &str| GIVEN.contains(&part);
    // A value may look like a key: `environment:repo`.
    let keys = parts().enumerate().filter(|(at, _)| at % 2 == 0).map(|(_, part)| part);
    parts().next().is_some_and(|head| CHOSEN.contains(&head)) && value.contains(':') && !keys.into_iter().any(given)
}

/// True for a pattern that leaves everything open: `*`, `repo:*`, `repo:*/*:*`, `organization:*`, `system:serviceaccount:*`.
fn is_anything(value: &str) -> bool {
    const HEADS: [&str; 7] =
        ["", "repo:", "project_path:", "organization:", "account:", "org/", "system:serviceaccount:"];
    let open = |text: &str| {
        text.contains('*') && text.bytes().all(|byte| matches!(byte, b'*' | b'?' | b'/' | b':' | b'{' | b'}'))
    };
    // The name of a claim, or of a region before the id of an identity pool; not the repository that Bitbucket writes first.
    let name = |head: &str| !head.is_empty() && !head.contains(['{', '*', '?']);
    let claim = value.split_once(':').filter(|(head, _)| name(head));
    claim.is_some_and(|(_, rest)| open(rest)) || HEADS.iter().any(|head| value.strip_prefix(head).is_some_and(open))
}

/// `OWNER/NAME:...`, with groups between them in GitLab.
fn of_path(path: &str, star: usize) -> Breadth {
    match (path.find('/'), path.find(':')) {
        (Some(slash), Some(colon)) if slash < colon && colon < star => Breadth::Project,
        (Some(slash), _) if slash < star => Breadth::Tenant,
        _ => Breadth::Tenants,
    }
}

/// `organization:ORG:pipeline:NAME:ref:REF:...`, `organization:ORG:project:P:workspace:NAME:run_phase:...`,
/// `account:ID:pipeline:ID:...`.
fn of_pairs(value: &str, star: usize) -> Breadth {
    let parts: Vec<&str> = value.split(':').collect();
    // The names of workspaces are unique in an organization, whatever the project.
    let workspace = parts.windows(2).any(|pair| pair[0] == "workspace" && !pair[1].contains(['*', '?']));
    match of_parts(value, star, ':', "ref") {
        Breadth::Tenant if workspace => Breadth::Project,
        breadth => breadth,
    }
}

/// A customer, a project and more, each after its key; `exact` is the key of the branch.
fn of_parts(value: &str, star: usize, separator: char, exact: &str) -> Breadth {
    let parts: Vec<&str> = value.split(separator).collect();
    let fixed = |at: usize| !parts.get(at).is_none_or(|part| part.contains(['*', '?']));
    let branch = value.split_once(&format!("{separator}{exact}{separator}")).map(|(_, rest)| rest);
    let branch = branch.and_then(|rest| rest.split(':').next()).is_some_and(|name| !name.contains(['*', '?']));
    match value[..star].matches(separator).count() {
        0 | 1 => Breadth::Tenants,
        2 | 3 => Breadth::Tenant,
        _ if branch && fixed(1) && fixed(3) => Breadth::Exact,
        _ => Breadth::Project,
    }
}

/// `system:serviceaccount:NAMESPACE:NAME`.
fn of_service_account(value: &str, star: usize) -> Breadth {
    match value[..star].matches(':').count() {
        0 | 1 => Breadth::Everyone,
        2 => Breadth::Tenant,
        _ => Breadth::Project,
    }
}

#[cfg(test)]
mod tests {
    use super::Breadth::*;
    use super::*;

    #[test]
    fn patterns_of_subjects_are_told_apart() {
        for (provider, rows) in [
            (
                "token.actions.githubusercontent.com",
                &[
                    (Everyone, "*"),
                    (Everyone, "repo:*"),
                    (Everyone, "repo:*/*"),
                    (Everyone, "repo:*/*:*"),
                    (Tenants, "repo:acme*"),
                    (Tenants, "repo:acme*/x:*"),
                    (Tenants, "repo:*/x:ref:refs/heads/main"),
                    (Tenants, "repo:acme:*"),
                    (Tenants, "*:ref:refs/heads/main"),
                    (Tenant, "repo:acme/*"),
                    (Tenant, "repo:acme/*:ref:refs/heads/main"),
                    (Tenant, "repo:acme/x*"),
                    (Project, "repo:acme/x:*"),
                    (Project, "repo:acme/x:ref:refs/heads/*"),
                    (Project, "repo:acme/x:pull_request"),
                    (Exact, "repo:acme/x:ref:refs/heads/main"),
                    (Exact, "repo:acme/x:environment:production"),
                    (Everyone, "environment:production"),
                    (Everyone, "ref:refs/heads/main:workflow:*"),
                    (Everyone, "environment:repo:ref:x"),
                    (Exact, "environment:production:repository_owner:acme"),
                    (Project, "workflow:*:repo:acme/x"),
                    (Exact, "repository_owner_id:12345"),
                ][..],
            ),
            (
                "gitlab.com",
                &[
                    (Everyone, "*"),
                    (Everyone, "project_path:*"),
                    (Everyone, "project_path:*:*"),
                    (Tenants, "project_path:*:ref_type:branch:ref:main"),
                    (Tenants, "project_path:acme*"),
                    (Tenant, "project_path:acme/*"),
                    (Tenant, "project_path:acme/team/*:ref_type:branch:ref:main"),
                    (Project, "project_path:acme/x:*"),
                    (Project, "project_path:acme/team/x:ref_type:branch:ref:*"),
                    (Exact, "project_path:acme/x:ref_type:branch:ref:main"),
                ][..],
            ),
            (
                "agent.buildkite.com",
                &[
                    (Everyone, "organization:*"),
                    (Tenants, "organization:acme*"),
                    (Tenant, "organization:acme:*"),
                    (Tenant, "organization:acme:pipeline:deploy-*"),
                    (Project, "organization:acme:pipeline:deploy:*"),
                    (Exact, "organization:acme:pipeline:deploy:ref:refs/heads/main:commit:*:step:*"),
                ][..],
            ),
            (
                "app.terraform.io",
                &[
                    (Everyone, "organization:*:*"),
                    (Tenants, "organization:*:project:*:workspace:prod:run_phase:*"),
                    (Tenant, "organization:acme:project:*:workspace:*:run_phase:*"),
                    (Project, "organization:acme:project:*:workspace:prod:run_phase:*"),
                    (Project, "organization:acme:project:p:workspace:*:run_phase:*"),
                    (Exact, "organization:acme:project:p:workspace:w:run_phase:apply"),
                ][..],
            ),
            (
                "oidc.circleci.com/org/o",
                &[
                    (Everyone, "org/*"),
                    (Tenant, "org/o/*"),
                    (Tenant, "org/o/project/*/user/u"),
                    (Project, "org/o/project/p/user/*"),
                    (Exact, "org/o/project/p/user/*/vcs-origin/x/vcs-ref/refs/heads/main"),
                ][..],
            ),
            (
                "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc",
                &[
                    (Everyone, "*"),
                    (Everyone, "{*}:*"),
                    (Tenant, "{11111111-*}:*"),
                    (Project, "{11111111-2222-3333-4444-555555555555}:*"),
                    (Project, "{11111111-2222-3333-4444-555555555555}*"),
                ][..],
            ),
            (
                "oidc.eks.eu-west-1.amazonaws.com/id/E",
                &[
                    (Everyone, "*"),
                    (Everyone, "system:*"),
                    (Everyone, "system:serviceaccount:*"),
                    (Everyone, "system:serviceaccount:*:*"),
                    (Tenant, "system:serviceaccount:*:aws-node"),
                    (Tenant, "system:serviceaccount:team-*:app"),
                    (Project, "system:serviceaccount:team:*"),
                    (Exact, "system:serviceaccount:team:app"),
                ][..],
            ),
            ("cognito-identity.amazonaws.com", &[(Everyone, "eu-west-1:*"), (Exact, "eu-west-1:pool")][..]),
            ("example.okta.com", &[(Project, "ann*"), (Exact, "0oa1example")][..]),
        ] {
            let provider = Provider { name: provider.into() };
            for (expected, value) in rows {
                assert_eq!(provider.breadth(value, true), *expected, "{provider:?} {value}");
            }
        }
        let github = Provider { name: "token.actions.githubusercontent.com".into() };
        assert_eq!(github.breadth("repo:acme/*", false), Exact, "no repository has this name");
    }
}
