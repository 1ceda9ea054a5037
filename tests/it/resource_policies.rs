//! Policies of resources are known by the resource, service by service, and told if they are open.

use crate::buckets::of;
use crate::lint::{is_of_everyone, lint_pedantic, told};
use whit::extract::{Fact, facts, terraform};
use whit::policy::PolicyKind;
use whit::source::{FileId, RelPath, SourceFile};

/// A resource of Terraform with its argument, one of CloudFormation with its property, the service whose policy it has, and an
/// action of it. Empty where there is none.
const RESOURCES: [(&str, &str, &str, &str, &str, &str); 44] = [
    ("aws_s3_bucket_policy", "policy", "AWS::S3::BucketPolicy", "PolicyDocument", "s3", "s3:GetObject"),
    ("aws_s3_access_point", "policy", "AWS::S3::AccessPoint", "Policy", "s3", "s3:GetObject"),
    (
        "aws_s3control_access_point_policy",
        "policy",
        "AWS::S3::MultiRegionAccessPointPolicy",
        "Policy",
        "s3",
        "s3:GetObject",
    ),
    (
        "aws_s3control_object_lambda_access_point_policy",
        "policy",
        "AWS::S3ObjectLambda::AccessPointPolicy",
        "PolicyDocument",
        "s3-object-lambda",
        "s3-object-lambda:GetObject",
    ),
    (
        "aws_s3tables_table_bucket_policy",
        "resource_policy",
        "AWS::S3Tables::TableBucketPolicy",
        "ResourcePolicy",
        "s3tables",
        "s3tables:GetTableData",
    ),
    ("aws_sqs_queue", "policy", "", "", "sqs", "sqs:SendMessage"),
    ("aws_sqs_queue_policy", "policy", "AWS::SQS::QueuePolicy", "PolicyDocument", "sqs", "sqs:SendMessage"),
    ("aws_sns_topic", "policy", "", "", "sns", "sns:Publish"),
    ("aws_sns_topic_policy", "policy", "AWS::SNS::TopicPolicy", "PolicyDocument", "sns", "sns:Publish"),
    ("aws_kms_key", "policy", "AWS::KMS::Key", "KeyPolicy", "kms", "kms:Decrypt"),
    ("aws_kms_key_policy", "policy", "AWS::KMS::ReplicaKey", "KeyPolicy", "kms", "kms:Decrypt"),
    ("aws_ecr_repository_policy", "policy", "AWS::ECR::Repository", "RepositoryPolicyText", "ecr", "ecr:BatchGetImage"),
    ("aws_ecr_registry_policy", "policy", "AWS::ECR::RegistryPolicy", "PolicyText", "ecr", "ecr:CreateRepository"),
    (
        "aws_ecrpublic_repository_policy",
        "policy",
        "AWS::ECR::PublicRepository",
        "RepositoryPolicyText",
        "ecr-public",
        "ecr-public:PutImage",
    ),
    (
        "aws_secretsmanager_secret_policy",
        "policy",
        "AWS::SecretsManager::ResourcePolicy",
        "ResourcePolicy",
        "secretsmanager",
        "secretsmanager:GetSecretValue",
    ),
    ("aws_cloudwatch_event_bus_policy", "policy", "AWS::Events::EventBus", "Policy", "events", "events:PutEvents"),
    (
        "aws_elasticsearch_domain",
        "access_policies",
        "AWS::Elasticsearch::Domain",
        "AccessPolicies",
        "es",
        "es:ESHttpGet",
    ),
    ("aws_elasticsearch_domain_policy", "access_policies", "", "", "es", "es:ESHttpGet"),
    (
        "aws_opensearch_domain",
        "access_policies",
        "AWS::OpenSearchService::Domain",
        "AccessPolicies",
        "es",
        "es:ESHttpGet",
    ),
    ("aws_opensearch_domain_policy", "access_policies", "", "", "es", "es:ESHttpGet"),
    (
        "aws_efs_file_system_policy",
        "policy",
        "AWS::EFS::FileSystem",
        "FileSystemPolicy",
        "elasticfilesystem",
        "elasticfilesystem:ClientMount",
    ),
    ("aws_glacier_vault", "access_policy", "", "", "glacier", "glacier:InitiateJob"),
    ("aws_glacier_vault_lock", "policy", "", "", "glacier", "glacier:InitiateJob"),
    (
        "aws_backup_vault_policy",
        "policy",
        "AWS::Backup::BackupVault",
        "AccessPolicy",
        "backup",
        "backup:CopyIntoBackupVault",
    ),
    ("aws_api_gateway_rest_api", "policy", "AWS::ApiGateway::RestApi", "Policy", "execute-api", "execute-api:Invoke"),
    ("aws_api_gateway_rest_api_policy", "policy", "", "", "execute-api", "execute-api:Invoke"),
    (
        "aws_codeartifact_domain_permissions_policy",
        "policy_document",
        "AWS::CodeArtifact::Domain",
        "PermissionsPolicyDocument",
        "codeartifact",
        "codeartifact:CreateRepository",
    ),
    (
        "aws_codeartifact_repository_permissions_policy",
        "policy_document",
        "AWS::CodeArtifact::Repository",
        "PermissionsPolicyDocument",
        "codeartifact",
        "codeartifact:ReadFromRepository",
    ),
    ("aws_codebuild_resource_policy", "policy", "", "", "codebuild", "codebuild:BatchGetProjects"),
    ("aws_glue_resource_policy", "policy", "", "", "glue", "glue:GetTable"),
    (
        "aws_cloudwatch_log_resource_policy",
        "policy_document",
        "AWS::Logs::ResourcePolicy",
        "PolicyDocument",
        "logs",
        "logs:PutLogEvents",
    ),
    (
        "aws_cloudwatch_log_destination_policy",
        "access_policy",
        "AWS::Logs::Destination",
        "DestinationPolicy",
        "logs",
        "logs:PutSubscriptionFilter",
    ),
    ("aws_ses_identity_policy", "policy", "", "", "ses", "ses:SendEmail"),
    ("aws_sesv2_email_identity_policy", "policy", "", "", "ses", "ses:SendEmail"),
    (
        "aws_media_store_container_policy",
        "policy",
        "AWS::MediaStore::Container",
        "Policy",
        "mediastore",
        "mediastore:GetObject",
    ),
    ("aws_msk_cluster_policy", "policy", "AWS::MSK::ClusterPolicy", "Policy", "kafka", "kafka:CreateVpcConnection"),
    (
        "aws_dynamodb_resource_policy",
        "policy",
        "AWS::DynamoDB::Table",
        "ResourcePolicy",
        "dynamodb",
        "dynamodb:GetItem",
    ),
    (
        "aws_kinesis_resource_policy",
        "policy",
        "AWS::Kinesis::ResourcePolicy",
        "ResourcePolicy",
        "kinesis",
        "kinesis:PutRecord",
    ),
    (
        "aws_networkfirewall_resource_policy",
        "policy",
        "AWS::NetworkFirewall::ResourcePolicy",
        "PolicyDocument",
        "network-firewall",
        "network-firewall:CreateFirewall",
    ),
    ("aws_acmpca_policy", "policy", "AWS::ACMPCA::ResourcePolicy", "Policy", "acm-pca", "acm-pca:IssueCertificate"),
    (
        "aws_vpclattice_auth_policy",
        "policy",
        "AWS::VpcLattice::AuthPolicy",
        "Policy",
        "vpc-lattice",
        "vpc-lattice-svcs:Invoke",
    ),
    ("aws_redshift_resource_policy", "policy", "", "", "redshift", "redshift:AuthorizeInboundIntegration"),
    ("", "", "AWS::SSM::ResourcePolicy", "Policy", "ssm", "ssm:GetParameter"),
    ("", "", "AWS::Serverless::Api", "ResourcePolicy", "execute-api", "execute-api:Invoke"),
];

/// The kinds of the policies of a file.
fn kinds(path: &str, text: &str) -> Vec<PolicyKind> {
    let path = RelPath::new(path);
    let file = SourceFile::new(FileId(0), path, text.as_bytes().into());
    let extraction = match file.path.extension() {
        "tf" => terraform::extract(&[file], 1).remove(0),
        _ => facts(&file),
    };
    let policies = extraction.facts.into_iter().filter_map(|fact| match fact {
        Fact::Policy(site) => Some(site.uses.into_iter().map(|used| used.kind)),
        _ => None,
    });
    policies.flatten().collect()
}

#[test]
fn a_policy_is_known_by_the_resource_that_has_it_and_told_if_it_is_open() {
    let mut wrong = Vec::new();
    for (terraform, argument, template, property, service, action) in RESOURCES {
        let statement = |principal: &str| {
            format!(
                r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Principal": {principal}, "Action": "{action}", "Resource": "*"}}]}}"#
            )
        };
        let host = |document: &str| {
            let quoted = document.replace('"', "\\\"");
            let mut hosts = Vec::new();
            if !terraform.is_empty() {
                let body = format!("resource \"{terraform}\" \"r\" {{\n  {argument} = ");
                hosts.push(("main.tf", format!("{body}jsonencode({document})\n}}\n")));
                hosts.push(("main.tf", format!("{body}<<EOT\n{document}\nEOT\n}}\n")));
            }
            if !template.is_empty() {
                let resource = format!(r#""Resources": {{"R": {{"Type": "{template}", "Properties": {{"{property}": "#);
                hosts.push(("template.json", format!("{{{resource}{document}}}}}}}}}")));
                hosts.push(("template.json", format!("{{{resource}\"{quoted}\"}}}}}}}}")));
                hosts.push((
                    "template.yaml",
                    format!("Resources:\n  R:\n    Type: {template}\n    Properties:\n      {property}: {document}\n"),
                ));
            }
            hosts
        };
        for (path, text) in host(&statement(r#""*""#)) {
            let kind = PolicyKind::Resource(Some(service.into()));
            let found = lint_pedantic(path, &text);
            let public = found.iter().filter(|finding| is_of_everyone(finding)).count();
            if kinds(path, &text) != [kind.clone()] || public != 1 {
                wrong.push(format!("{public} findings, {:?} and not {kind:?}: {text}", kinds(path, &text)));
            }
        }
        for (path, text) in host(&statement(r#"{"AWS": "arn:aws:iam::111122223333:role/r"}"#)) {
            let found = lint_pedantic(path, &text);
            if found.iter().any(is_of_everyone) {
                wrong.push(format!("{found:?}: {text}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn policies_of_log_groups_and_of_destinations_are_told_apart() {
    for (action, noun) in [
        (r#""logs:PutLogEvents""#, "log group"),
        (r#"["logs:CreateLogStream", "logs:PutSubscriptionFilter"]"#, "log group"),
        (r#""logs:PutSubscriptionFilter""#, "log destination"),
    ] {
        let text = format!(
            "resource \"aws_cloudwatch_log_resource_policy\" \"r\" {{\n  policy_document = jsonencode({{Version = \"2012-10-17\", Statement = \
             [{{Effect = \"Allow\", Principal = \"*\", Action = {action}, Resource = \"*\"}}]}})\n}}\n"
        );
        let found = lint_pedantic("main.tf", &text);
        let public = found.iter().find(|finding| is_of_everyone(finding));
        assert!(public.is_some_and(|finding| finding.message.ends_with(&format!("on this {noun}"))), "{found:?}");
    }
}

#[test]
fn other_policies_are_known_by_their_resource_too() {
    let document =
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}"#;
    for (resource, argument, kind) in [
        ("aws_iot_policy", "policy", PolicyKind::Identity),
        ("aws_transfer_user", "policy", PolicyKind::Session),
        ("aws_vpc_endpoint", "policy", PolicyKind::Endpoint),
        ("aws_organizations_policy", "content", PolicyKind::ServiceControl),
        ("aws_organizations_resource_policy", "content", PolicyKind::Resource(Some("organizations".into()))),
    ] {
        let text = format!("resource \"{resource}\" \"r\" {{\n  {argument} = jsonencode({document})\n}}\n");
        assert_eq!(kinds("main.tf", &text), [kind], "{text}");
    }
}

#[test]
fn the_serverless_framework_has_the_policy_of_its_api_beside_the_functions() {
    let text = "provider:\n  name: aws\n  apiGateway:\n    resourcePolicy:\n      - Effect: Allow\n        Principal: '*'\n        Action: execute-api:Invoke\n        Resource: execute-api:/*/*/*\n";
    assert_eq!(kinds("serverless.yml", text), [PolicyKind::Resource(Some("execute-api".into()))]);
    assert_eq!(told(&lint_pedantic("serverless.yml", text), text)[0], ("possibly-public-resource", "'*'"));
    let narrowed = text.replace(
        "execute-api:/*/*/*",
        "execute-api:/*/*/*\n        Condition: {IpAddress: {'aws:SourceIp': ['198.51.100.0/24']}}",
    );
    assert_eq!(told(&lint_pedantic("serverless.yml", &narrowed), &narrowed), []);
}

#[test]
fn policies_of_things_are_judged_as_those_of_people() {
    for (action, resource, told) in [
        ("iot:*", "*", "service-wildcard"),
        ("iot:Publish", "*", "unscoped-action"),
        ("iot:Publish", "arn:aws:iot:eu-west-1:111122223333:topic/orders", ""),
    ] {
        let document = format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "{action}", "Resource": "{resource}"}}]}}"#
        );
        for (path, text) in [
            ("main.tf", format!("resource \"aws_iot_policy\" \"p\" {{\n  policy = jsonencode({document})\n}}\n")),
            (
                "template.yaml",
                format!(
                    "Resources:\n  P:\n    Type: AWS::IoT::Policy\n    Properties:\n      PolicyDocument: {document}\n"
                ),
            ),
        ] {
            for rule in ["service-wildcard", "unscoped-action"] {
                assert_eq!(of(rule, path, &text).len(), usize::from(rule == told), "{rule}: {text}");
            }
        }
    }
}
