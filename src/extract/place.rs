//! Where a policy stands: the keys that lead to it, and what the maps round it say of it.

use super::identity::is_custom;
use crate::document::NodeRef;
use crate::policy::{Arn, Holder, HolderKind, PolicyKind};
use std::fmt;

/// A step on the way from the top of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step<'t> {
    Key(&'t str),
    Index(usize),
}

/// The way from the top of a document, as a list that lives on the stack of the walk.
pub(crate) struct Path<'p> {
    parent: Option<&'p Path<'p>>,
    step: Option<Step<'p>>,
}

impl<'p> Path<'p> {
    pub(crate) fn root() -> Self {
        Path { parent: None, step: None }
    }

    pub(crate) fn then<'n>(&'n self, step: Step<'n>) -> Path<'n>
    where
        'p: 'n,
    {
        Path { parent: Some(self), step: Some(step) }
    }

    /// The last key; none for an item of a list.
    pub(crate) fn key(&self) -> Option<&'p str> {
        match self.step {
            Some(Step::Key(key)) => Some(key),
            _ => None,
        }
    }

    /// True below a call of CloudFormation's `Fn::Sub`.
    pub(crate) fn is_substituted(&self) -> bool {
        self.key().or_else(|| self.list_key()) == Some("Fn::Sub")
    }

    /// True if one of the functions that lead here stands under such a key.
    pub(crate) fn is_inside(&self, test: impl Fn(&str) -> bool) -> bool {
        let mut path = Some(self);
        while let Some(at) = path.filter(|path| path.key().is_none_or(|key| key.starts_with("Fn::"))) {
            path = at.parent;
        }
        path.and_then(Path::key).is_some_and(test)
    }

    /// True for the statements of the role that the Serverless Framework makes.
    pub(crate) fn is_of_serverless_role(&self) -> bool {
        let above = self.parent.and_then(Path::key);
        self.key() == Some("iamRoleStatements") || self.key() == Some("statements") && above == Some("role")
    }

    /// True for text that explains something.
    pub(crate) fn is_of_prose(&self) -> bool {
        const PROSE: [&str; 6] = ["comment", "description", "documentation", "help", "summary", "title"];
        self.key().is_some_and(|key| PROSE.iter().any(|prose| prose.eq_ignore_ascii_case(key)))
    }

    /// The key of the list that this is an item of.
    pub(crate) fn list_key(&self) -> Option<&'p str> {
        match self.step {
            Some(Step::Index(_)) => self.parent?.key(),
            _ => None,
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent.filter(|parent| parent.step.is_some()) {
            write!(f, "{parent}/")?;
        }
        match self.step {
            Some(Step::Key(key)) => f.write_str(key),
            Some(Step::Index(index)) => write!(f, "{index}"),
            None => Ok(()),
        }
    }
}

/// What the surroundings of a place say, in the words of the AWS CLI's output and of CloudFormation.
#[derive(Clone, Copy, Default)]
pub(crate) struct Place<'t> {
    holder: Option<(HolderKind, &'t str)>,
    /// The account's number, from an `Arn` beside or above.
    pub(crate) account: Option<&'t str>,
    /// The ARN of the managed policy whose versions these are.
    pub(crate) policy_arn: Option<&'t str>,
    /// True below a managed policy of AWS.
    pub(crate) aws_managed: bool,
    /// True below a role that AWS itself made.
    pub(crate) service_linked: bool,
    /// `IsDefaultVersion`, where there are several versions.
    pub(crate) default_version: Option<bool>,
    several: bool,
    /// The permissions boundary that this map names.
    pub(crate) boundary: Option<&'t str>,
    /// The service of the resource that the policy belongs to, as in `AWS::S3::BucketPolicy`.
    pub(crate) resource: Option<&'t str>,
    /// True below a resource that a function of the template's author makes: of what it does with a document nothing is known.
    pub(crate) custom: bool,
    /// True below a resource of SAM that has a role made for its policies.
    pub(crate) for_roles: bool,
    /// The properties of the search domain that the policy belongs to, where they say who reaches it.
    pub(crate) domain: Option<NodeRef<'t>>,
    organizations: Option<&'t str>,
    /// The type of the resource in a plan or the state of Terraform, as `aws_iam_role`.
    terraform: Option<&'t str>,
}

impl<'t> Place<'t> {
    /// The place inside a map.
    pub(crate) fn inside(self, node: NodeRef<'t>, path: &Path<'t>) -> Place<'t> {
        let mut place = Place { boundary: None, ..self };
        for (key, value) in node.entries() {
            let text = value.as_str();
            match (key.as_str().unwrap_or(""), text) {
                ("UserName", Some(name)) => place.holder = Some((HolderKind::User, name)),
                ("GroupName", Some(name)) => place.holder = Some((HolderKind::Group, name)),
                ("RoleName", Some(name)) => place.holder = Some((HolderKind::Role, name)),
                ("Arn", Some(arn)) => place.arn(arn),
                ("Path", Some(path))
                    if path.starts_with("/aws-service-role/") || path.starts_with("/aws-reserved/") =>
                {
                    place.service_linked = true;
                }
                ("IsDefaultVersion", None) if place.several => place.default_version = Some(value.raw() == "true"),
                ("PermissionsBoundary", None) => {
                    place.boundary = value.get("PermissionsBoundaryArn").and_then(NodeRef::as_str);
                }
                ("PolicySummary", None) => place.organizations = value.get("Type").and_then(NodeRef::as_str),
                ("Type", Some(kind @ ("SERVICE_CONTROL_POLICY" | "RESOURCE_CONTROL_POLICY"))) => {
                    place.organizations = Some(kind);
                }
                ("Type", Some(kind)) => place.resource_type(kind, path.key()),
                ("type", Some(kind)) if kind.starts_with("aws_") => place.terraform = Some(kind),
                ("VPCOptions" | "vpc_options" | "AdvancedSecurityOptions" | "advanced_security_options", _) => {
                    place.domain = Some(node)
                }
                ("Users", None) => place.first_of(HolderKind::User, value),
                ("Groups", None) => place.first_of(HolderKind::Group, value),
                ("Roles", None) => place.first_of(HolderKind::Role, value),
                _ => {}
            }
        }
        place
    }

    /// The place of the value of a key. What is said of the versions of a list holds for that list only.
    pub(crate) fn under(self, key: &str) -> Place<'t> {
        Place { several: key == "PolicyVersionList" || key == "Versions", ..self }
    }

    /// The place of an item of a list.
    pub(crate) fn one_of(self, many: bool) -> Place<'t> {
        Place { several: self.several && many, ..self }
    }

    fn arn(&mut self, text: &'t str) {
        let Some(arn) = Arn::parse(text).filter(|arn| arn.service == "iam") else { return };
        if arn.resource.starts_with("policy/") {
            self.policy_arn = Some(text);
            self.aws_managed = arn.account == "aws";
        }
        if arn.account.len() == 12 {
            self.account = Some(arn.account);
        }
    }

    fn resource_type(&mut self, kind: &'t str, logical_id: Option<&'t str>) {
        // Others than resources have a type, too.
        self.custom = if kind.contains("::") { is_custom(kind) } else { self.custom };
        let mut parts = kind.split("::");
        let (Some("AWS"), Some(service), Some(resource)) = (parts.next(), parts.next(), parts.next()) else { return };
        let holder = match (service, resource) {
            ("IAM", "User") => Some(HolderKind::User),
            ("IAM", "Group") => Some(HolderKind::Group),
            ("IAM", "Role") => Some(HolderKind::Role),
            _ => None,
        };
        self.holder = holder.map(|kind| (kind, logical_id.unwrap_or("")));
        self.domain = None;
        self.for_roles = matches!((service, resource), ("Serverless", "Function" | "StateMachine"));
        self.resource = match (service, resource) {
            ("EC2", "VPCEndpoint") => Some("endpoint"),
            ("IAM" | "SSO", _) => None,
            ("ECR", "PublicRepository") => Some("ecr-public"),
            _ => Some(prefix(service)),
        };
    }

    fn first_of(&mut self, kind: HolderKind, list: NodeRef<'t>) {
        // A policy that several hold is judged for the one that most is asked of: users first.
        if let (None | Some((HolderKind::Role, _)), Some(first)) = (self.holder, list.items().next()) {
            // A resource of the template goes by its logical id.
            let name = first.as_str().or_else(|| first.get("Ref")?.as_str());
            self.holder = Some((kind, name.unwrap_or(first.raw())));
        }
    }

    /// True for a resource in a plan or the state of Terraform.
    pub(crate) fn is_planned(&self) -> bool {
        self.terraform.is_some()
    }

    /// True for the arguments of an `aws_iam_policy_document` in a plan or the state: the document that they make stands beside them.
    pub(crate) fn is_of_document(&self) -> bool {
        self.terraform == Some("aws_iam_policy_document")
    }

    /// Who holds what stands here.
    pub(crate) fn holder(&self) -> Option<Holder> {
        self.holder.map(|(kind, name)| Holder { kind, name: name.into() })
    }

    /// The kind of a policy that stands here, where the place alone says it.
    pub(crate) fn kind(&self, path: &Path<'t>) -> Option<PolicyKind> {
        let key = path.key().unwrap_or("");
        let is_trust = |key: &str| {
            ["AssumeRolePolicyDocument", "AssumeRolePolicy", "assume_role_policy", "assumeRolePolicyDocument"]
                .contains(&key)
                || key == "assume_role_policy_document"
        };
        match self.organizations {
            Some("SERVICE_CONTROL_POLICY") => return Some(PolicyKind::ServiceControl),
            Some("RESOURCE_CONTROL_POLICY") => return Some(PolicyKind::ResourceControl),
            _ => {}
        }
        if let Some(kind) = self.terraform.and_then(|resource| super::terraform::kind_of(resource, key)) {
            return Some(kind);
        }
        match key {
            _ if is_trust(key) || path.is_inside(is_trust) => Some(PolicyKind::Trust),
            // The input of the action `aws-actions/configure-aws-credentials`.
            "inline-session-policy" => Some(PolicyKind::Session),
            "KeyPolicy" => Some(PolicyKind::Resource(Some("kms".into()))),
            // The Serverless Framework has it beside the functions.
            "resourcePolicy" => Some(PolicyKind::Resource(Some("execute-api".into()))),
            _ if self.resource == Some("endpoint") => Some(PolicyKind::Endpoint),
            _ if self.resource.is_none() && (self.holder.is_some() || self.policy_arn.is_some()) => {
                Some(PolicyKind::Identity)
            }
            _ => None,
        }
    }
}

/// The prefix of a service's actions, by its name in CloudFormation; the name itself where they differ in letter case only.
fn prefix(service: &str) -> &str {
    match service {
        "ACMPCA" => "acm-pca",
        "ApiGateway" | "Serverless" => "execute-api",
        "EFS" => "elasticfilesystem",
        "Elasticsearch" | "OpenSearchService" => "es",
        "EventSchemas" => "schemas",
        "MSK" => "kafka",
        "NetworkFirewall" => "network-firewall",
        "RedshiftServerless" => "redshift-serverless",
        "S3ObjectLambda" => "s3-object-lambda",
        "S3Outposts" => "s3-outposts",
        "VpcLattice" => "vpc-lattice",
        _ => service,
    }
}
