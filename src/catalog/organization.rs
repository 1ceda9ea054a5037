//! The control policies that AWS manages: one of each kind, attached to every organization from the start, with room for
//! everything.
//!
//! Sources: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html>,
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>.

/// A control policy of AWS.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OrganizationPolicy {
    /// Its name, as `FullAWSAccess`.
    pub name: &'static str,
    /// Its ARN, which ends in its id.
    pub arn: &'static str,
    /// Its document, as minified JSON.
    pub document: &'static str,
    /// What it limits.
    pub limits: Limited,
}

/// What a control policy limits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Limited {
    /// The principals of an account: a service control policy.
    Principals,
    /// The resources of an account: a resource control policy.
    Resources,
}

impl Limited {
    /// The kind of policy.
    pub fn policy(self) -> &'static str {
        match self {
            Limited::Principals => "service control policy",
            Limited::Resources => "resource control policy",
        }
    }
}

static ALL: [OrganizationPolicy; 2] = [
    OrganizationPolicy {
        name: "FullAWSAccess",
        arn: "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess",
        document: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
        limits: Limited::Principals,
    },
    OrganizationPolicy {
        name: "RCPFullAWSAccess",
        arn: "arn:aws:organizations::aws:policy/resource_control_policy/p-RCPFullAWSAccess",
        document: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}"#,
        limits: Limited::Resources,
    },
];

/// All of them.
pub fn organization_policies() -> impl Iterator<Item = &'static OrganizationPolicy> {
    ALL.iter()
}

/// The one of this name, id (`p-FullAWSAccess`) or ARN.
pub fn organization_policy(word: &str) -> Option<&'static OrganizationPolicy> {
    organization_policies().find(|policy| {
        word == policy.name || word == policy.arn || word.strip_prefix("p-").is_some_and(|name| name == policy.name)
    })
}
