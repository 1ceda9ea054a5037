//! OIDC identity providers: who gets tokens from one, and which claim tells them apart.

/// A provider, by its issuer's URL without the scheme.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Provider {
    /// The name, as condition keys begin with it.
    pub name: Box<str>,
}

/// Who gets tokens from a provider.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tenancy {
    /// Everyone: one issuer serves all customers.
    Shared,
    /// All jobs, projects or pods of this: it has an issuer of its own.
    Whole(&'static str),
    /// Not known; mostly the users of one company.
    Private,
}

/// The issuers that serve everyone, with the claim that tells their customers apart.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html>, and for those
/// that need no provider in the account
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif>.
const SHARED: [(&str, &str); 19] = [
    ("token.actions.githubusercontent.com", "sub"),
    ("vstoken.actions.githubusercontent.com", "sub"),
    ("oidc-configuration.audit-log.githubusercontent.com", "sub"),
    ("gitlab.com", "sub"),
    ("agent.buildkite.com", "sub"),
    ("app.terraform.io", "sub"),
    ("oidc.codefresh.io", "sub"),
    ("scalr.io", "sub"),
    ("studio.datachain.ai/api", "sub"),
    ("proidc.upbound.io", "sub"),
    ("tokens.cloud.shisho.dev", "sub"),
    ("oidc.vercel.com", "aud"),
    ("api.pulumi.com/oidc", "aud"),
    ("sandboxes.cloud", "aud"),
    (COGNITO, "aud"),
    ("accounts.google.com", "aud"),
    ("www.amazon.com", "app_id"),
    ("graph.facebook.com", "app_id"),
    ("appleid.apple.com", "aud"),
];

const COGNITO: &str = "cognito-identity.amazonaws.com";
const GITHUB: &str = "token.actions.githubusercontent.com";

/// The claims of GitHub's tokens of which no stranger can choose the value: they name the owner or the repository.
/// Whoever has a repository chooses its `ref`, `environment` and `workflow` freely, and `actor` is whoever comments there.
const OF_GITHUB: [&str; 8] = [
    "sub",
    "repository",
    "repository_id",
    "repository_owner",
    "repository_owner_id",
    "job_workflow_ref",
    "enterprise",
    "enterprise_id",
];

impl Provider {
    /// Reads what stands under `Federated`: the ARN of a provider, or the domain of one that AWS knows.
    pub(super) fn read(text: &str) -> Option<Self> {
        let name = match text.split_once(":oidc-provider/") {
            Some((_, name)) => name,
            None if text.contains('.') && !text.contains([':', '/']) => text,
            None => return None,
        };
        // The URL of an issuer may have a slash at its end; the condition keys of some have it too.
        (!name.is_empty() && !name.contains(['$', '*', '{', '<'])).then(|| Provider { name: name.into() })
    }

    /// The provider that a condition key speaks of, as `gitlab.com:sub`.
    pub(super) fn of_key(key: &str) -> Option<Self> {
        let (name, claim) = key.rsplit_once(':')?;
        let known = ["aud", "sub", "amr", "azp", "oaud", "app_id"].contains(&&*claim.to_ascii_lowercase());
        (known && name.contains('.')).then(|| Self::read(&format!(":oidc-provider/{name}")))?
    }

    /// The claim of a condition key of this provider, in lower case. A prefix that is filled in later may be this provider.
    pub(super) fn claim_of(&self, key: &str) -> Option<String> {
        let (prefix, claim) = key.rsplit_once(':')?;
        let same = prefix.trim_end_matches('/').eq_ignore_ascii_case(self.name.trim_end_matches('/'));
        let filled_in = prefix.contains(['$', '{']) && prefix.ends_with('}');
        (same || filled_in).then(|| claim.to_ascii_lowercase())
    }

    /// Who gets tokens.
    pub fn tenancy(&self) -> Tenancy {
        let name = self.name.trim_end_matches('/');
        let host = name.split('/').next().unwrap_or(name);
        if SHARED.iter().any(|(shared, _)| name.eq_ignore_ascii_case(shared)) {
            Tenancy::Shared
        } else if host.starts_with("oidc.eks.") || host.starts_with("oidc-eks.") {
            Tenancy::Whole("cluster")
        } else if host == "oidc.circleci.com" || name.starts_with(GITHUB) || host.ends_with(".ghe.com") {
            Tenancy::Whole("organization")
        } else if host == "api.bitbucket.org" || name.starts_with("gitlab.com/") {
            Tenancy::Whole("workspace")
        } else if name.ends_with("/_services/token") {
            Tenancy::Whole("GitHub server")
        } else if host.split('.').any(|label| label == "gitlab") {
            Tenancy::Whole("GitLab server")
        } else {
            Tenancy::Private
        }
    }

    /// The claim that tells users apart.
    pub fn claim(&self) -> &'static str {
        let name = self.name.trim_end_matches('/');
        SHARED.iter().find(|(shared, _)| name.eq_ignore_ascii_case(shared)).map_or("sub", |(_, claim)| claim)
    }

    /// What a good condition compares the claim with.
    pub fn example(&self) -> &'static str {
        let host = self.name.split('/').next().unwrap_or("");
        match host {
            GITHUB => "repo:OWNER/REPOSITORY:environment:NAME",
            "agent.buildkite.com" => "organization:ORGANIZATION:pipeline:PIPELINE:ref:refs/heads/main:commit:*:step:*",
            "app.terraform.io" => "organization:ORGANIZATION:project:PROJECT:workspace:WORKSPACE:run_phase:apply",
            "oidc.circleci.com" => "org/ORGANIZATION/project/PROJECT/user/*",
            "api.bitbucket.org" => "{REPOSITORY}:{ENVIRONMENT}:*",
            COGNITO => "REGION:IDENTITY-POOL",
            _ if self.tenancy() == Tenancy::Whole("cluster") => "system:serviceaccount:NAMESPACE:NAME",
            _ if host.split('.').any(|label| label == "gitlab") => {
                "project_path:GROUP/PROJECT:ref_type:branch:ref:main"
            }
            _ => "...",
        }
    }

    /// True for Cognito's identity pools.
    pub fn is_cognito(&self) -> bool {
        &*self.name == COGNITO
    }

    /// True for the tokens of GitHub Actions, whose subject the owner of a repository can put together anew.
    pub(super) fn is_github(&self) -> bool {
        self.name.starts_with(GITHUB)
    }

    /// True for a claim that the provider is known to have beside those of all.
    pub(super) fn names_somebody_by(&self, claim: &str) -> bool {
        self.is_github() && OF_GITHUB.contains(&claim) || claim == self.claim()
    }

    /// True if a claim says who, and not only for whom the token is, or what the user chose.
    pub(super) fn names_somebody(&self, claim: &str) -> bool {
        match () {
            () if self.is_github() => OF_GITHUB.contains(&claim),
            () if self.claim() != "sub" => claim != "amr",
            () => !["aud", "iss", "azp", "amr"].contains(&claim),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_have_their_tenancy_and_their_claim() {
        for (name, tenancy, claim) in [
            ("token.actions.githubusercontent.com", Tenancy::Shared, "sub"),
            // An enterprise can have its name in the issuer.
            ("token.actions.githubusercontent.com/octo-enterprise", Tenancy::Whole("organization"), "sub"),
            ("ghe.example.com/_services/token", Tenancy::Whole("GitHub server"), "sub"),
            ("gitlab.com", Tenancy::Shared, "sub"),
            ("gitlab.example.com", Tenancy::Whole("GitLab server"), "sub"),
            ("notgitlab.com", Tenancy::Private, "sub"),
            ("oidc.circleci.com/org/11111111-2222-3333-4444-555555555555", Tenancy::Whole("organization"), "sub"),
            (
                "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc",
                Tenancy::Whole("workspace"),
                "sub",
            ),
            ("oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE", Tenancy::Whole("cluster"), "sub"),
            ("cognito-identity.amazonaws.com", Tenancy::Shared, "aud"),
            ("www.amazon.com", Tenancy::Shared, "app_id"),
            ("oidc.vercel.com", Tenancy::Shared, "aud"),
            ("oidc.vercel.com/acme", Tenancy::Private, "sub"),
            ("example.okta.com", Tenancy::Private, "sub"),
        ] {
            let provider = Provider { name: name.into() };
            assert_eq!((provider.tenancy(), provider.claim()), (tenancy, claim), "{name}");
        }
    }

    #[test]
    fn providers_are_read_from_arns_domains_and_keys() {
        let name = |provider: Option<Provider>| provider.map(|provider| provider.name.to_string());
        let read = |text| name(Provider::read(text));
        assert_eq!(read("arn:aws:iam::111122223333:oidc-provider/gitlab.com").as_deref(), Some("gitlab.com"));
        assert_eq!(read("graph.facebook.com").as_deref(), Some("graph.facebook.com"));
        assert_eq!(read("arn:aws:iam::111122223333:saml-provider/idp"), None);
        assert_eq!(read("arn:aws:iam::111122223333:oidc-provider/${issuer}"), None);
        assert_eq!(name(Provider::of_key("gitlab.com:sub")).as_deref(), Some("gitlab.com"));
        assert_eq!(name(Provider::of_key("aws:SourceArn")), None);
        assert_eq!(name(Provider::of_key("${issuer}:sub")), None);
        let eks = Provider { name: "oidc.eks.eu-west-1.amazonaws.com/id/E".into() };
        assert_eq!(eks.claim_of("OIDC.eks.eu-west-1.amazonaws.com/id/E:SUB").as_deref(), Some("sub"));
        assert_eq!(eks.claim_of("${replace(url, \"https://\", \"\")}:sub").as_deref(), Some("sub"));
        assert_eq!(eks.claim_of("gitlab.com:sub"), None);
    }
}
