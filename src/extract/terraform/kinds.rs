//! What the policies of a resource are, by its type.

use crate::document::NodeRef;
use crate::policy::{HolderKind, PolicyKind};

/// The kind of the policy that an argument of a resource takes; none where the type does not say it.
///
/// Source: the resource pages of the AWS provider's documentation.
pub(in crate::extract) fn kind_of(resource: &str, argument: &str) -> Option<PolicyKind> {
    let of = |service: &str| Some(PolicyKind::Resource(Some(service.into())));
    match (resource, argument) {
        (_, "assume_role_policy") => Some(PolicyKind::Trust),
        ("aws_organizations_policy", _) => Some(PolicyKind::ServiceControl),
        ("aws_vpc_endpoint" | "aws_vpc_endpoint_policy", _) => Some(PolicyKind::Endpoint),
        (
            "aws_iam_policy"
            | "aws_iam_role"
            | "aws_iam_role_policy"
            | "aws_iam_user_policy"
            | "aws_iam_group_policy"
            | "aws_iot_policy"
            | "aws_ssoadmin_permission_set_inline_policy",
            _,
        ) => Some(PolicyKind::Identity),
        ("aws_transfer_access" | "aws_transfer_user", "policy") => Some(PolicyKind::Session),
        ("aws_organizations_resource_policy", _) => of("organizations"),
        _ => {
            let name = resource.strip_prefix("aws_").filter(|_| argument.contains("polic"))?;
            let services = [
                ("s3", "s3"),
                ("s3control_object_lambda", "s3-object-lambda"),
                // Source: the provider's page of `aws_s3control_bucket_policy`, "for managing S3 on Outposts".
                ("s3control_bucket", "s3-outposts"),
                ("s3control", "s3"),
                ("s3outposts", "s3-outposts"),
                ("s3tables", "s3tables"),
                ("sqs", "sqs"),
                ("sns", "sns"),
                ("kms", "kms"),
                ("ecrpublic", "ecr-public"),
                ("ecr", "ecr"),
                ("secretsmanager", "secretsmanager"),
                ("glacier", "glacier"),
                ("efs", "elasticfilesystem"),
                ("backup", "backup"),
                ("api_gateway", "execute-api"),
                ("cloudwatch_event_bus", "events"),
                ("cloudwatch_log", "logs"),
                ("elasticsearch", "es"),
                ("opensearch", "es"),
                ("dynamodb", "dynamodb"),
                ("kinesis", "kinesis"),
                ("lambda", "lambda"),
                ("glue", "glue"),
                ("ses", "ses"),
                ("codeartifact", "codeartifact"),
                ("acmpca", "acm-pca"),
                ("cloudsearch", "cloudsearch"),
                ("codebuild", "codebuild"),
                ("media_store", "mediastore"),
                ("msk", "kafka"),
                ("networkfirewall", "network-firewall"),
                ("redshift", "redshift"),
                ("redshiftserverless", "redshift-serverless"),
                ("schemas", "schemas"),
                ("vpclattice", "vpc-lattice"),
                ("xray", "xray"),
            ];
            let service = services.iter().find(|(prefix, _)| {
                name.strip_prefix(prefix)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('_') || *prefix == "ses")
            });
            service.and_then(|(_, service)| of(service))
        }
    }
}

/// True for a use of a module that makes endpoints of a VPC, as `terraform-aws-modules/vpc/aws//modules/vpc-endpoints`.
pub(super) fn is_module_of_endpoints(body: NodeRef<'_>) -> bool {
    let source = body.get("source").and_then(NodeRef::as_str).unwrap_or("");
    let path = source.split('?').next().unwrap_or(source).trim_end_matches('/');
    ["vpc-endpoints", "vpc-endpoint", "vpc_endpoints", "vpc_endpoint"].iter().any(|name| path.ends_with(name))
}

/// The argument that names who holds the policies of a resource.
pub(super) fn holder_of(resource: &str) -> Option<(HolderKind, &'static str)> {
    Some(match resource {
        "aws_iam_user_policy" | "aws_iam_user_policy_attachment" => (HolderKind::User, "user"),
        "aws_iam_group_policy" | "aws_iam_group_policy_attachment" => (HolderKind::Group, "group"),
        "aws_iam_role_policy" | "aws_iam_role_policy_attachment" => (HolderKind::Role, "role"),
        "aws_iam_role" => (HolderKind::Role, "name"),
        _ => return None,
    })
}
