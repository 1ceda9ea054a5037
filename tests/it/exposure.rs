//! What opens a resource to others: policies of every service, and permissions that are no documents.

use crate::lint::{lint, lint_pedantic, told, underlined};
use whit::extract::{Fact, facts, terraform};
use whit::policy::PolicyKind;
use whit::source::{FileId, RelPath, SourceFile};

type Told = &'static [(&'static str, &'static str)];

/// What stands in `aws_lambda_permission`, in a permission of CloudFormation, and the rules that speak of both, with the text
/// that they underline in the first.
const PERMISSIONS: [(&str, &str, Told); 14] = [
    (r#"principal = "*""#, "Principal: '*'", &[("public-resource", r#""*""#)]),
    (
        "principal = \"*\"\nfunction_url_auth_type = \"NONE\"",
        "Principal: '*', FunctionUrlAuthType: NONE",
        &[("public-resource", r#""*""#)],
    ),
    ("principal = \"*\"\nprincipal_org_id = \"o-a1b2c3d4e5\"", "Principal: '*', PrincipalOrgID: o-a1b2c3d4e5", &[]),
    (
        r#"principal = "s3.amazonaws.com""#,
        "Principal: s3.amazonaws.com",
        &[("confused-deputy", r#""s3.amazonaws.com""#)],
    ),
    (
        "principal = \"apigateway.amazonaws.com\"\nsource_arn = null",
        "Principal: apigateway.amazonaws.com",
        &[("confused-deputy", r#""apigateway.amazonaws.com""#)],
    ),
    (
        "principal = \"s3.amazonaws.com\"\nsource_arn = \"arn:aws:s3:::b\"",
        "Principal: s3.amazonaws.com, SourceArn: 'arn:aws:s3:::b'",
        &[],
    ),
    (
        "principal = \"s3.amazonaws.com\"\nsource_account = \"111122223333\"",
        "Principal: s3.amazonaws.com, SourceAccount: !Ref AWS::AccountId",
        &[],
    ),
    (
        "principal = \"events.amazonaws.com\"\nsource_arn = var.rule_arn",
        "Principal: events.amazonaws.com, SourceArn: !Ref RuleArn",
        &[],
    ),
    (
        "principal = \"alexa-appkit.amazon.com\"\nevent_source_token = \"amzn1.ask.skill.1\"",
        "Principal: alexa-appkit.amazon.com, EventSourceToken: amzn1.ask.skill.1",
        &[],
    ),
    (r#"principal = var.principal"#, "Principal: !Ref Who", &[]),
    (
        r#"principal = "444455556666""#,
        "Principal: '444455556666'",
        &[("foreign-account-resource", r#""444455556666""#)],
    ),
    (
        r#"principal = "arn:aws:iam::444455556666:root""#,
        "Principal: 'arn:aws:iam::444455556666:root'",
        &[("foreign-account-resource", r#""arn:aws:iam::444455556666:root""#)],
    ),
    (r#"principal = "arn:aws:iam::444455556666:role/r""#, "Principal: 'arn:aws:iam::444455556666:role/r'", &[]),
    (r#"principal = data.aws_caller_identity.me.account_id"#, "Principal: !Ref AWS::AccountId", &[]),
];

const FUNCTION: &str = "arn:aws:lambda:eu-west-1:111122223333:function:f";

#[test]
fn a_permission_of_a_function_is_a_policy() {
    for (hcl, yaml, expected) in PERMISSIONS {
        let action = match hcl.contains("function_url") {
            true => "lambda:InvokeFunctionUrl",
            false => "lambda:InvokeFunction",
        };
        let module = format!(
            "resource \"aws_lambda_permission\" \"p\" {{\n  action = \"{action}\"\n  function_name = \"{FUNCTION}\"\n  {hcl}\n}}\n"
        );
        assert_eq!(told(&lint("main.tf", &module), &module), expected, "{hcl}");
        let properties = format!("{{Action: '{action}', FunctionName: '{FUNCTION}', {yaml}}}");
        let template = format!("Resources:\n  P:\n    Type: AWS::Lambda::Permission\n    Properties: {properties}\n");
        let rules: Vec<&str> = lint("template.yaml", &template).iter().map(|finding| finding.rule.0).collect();
        assert_eq!(rules, expected.iter().map(|(rule, _)| *rule).collect::<Vec<_>>(), "{yaml}");
    }
    let json = format!(
        r#"{{"Resources": {{"P": {{"Type": "AWS::Lambda::Permission", "Properties": {{"Action": "lambda:InvokeFunction", "FunctionName": {{"Ref": "F"}}, "Principal": "*"}}}}}}}}"#
    );
    assert_eq!(told(&lint("template.json", &json), &json), [("public-resource", r#""*""#)]);
    let plan = r#"{"format_version": "1.2", "planned_values": {"root_module": {"resources": [{"type": "aws_lambda_permission", "values": {"action": "lambda:InvokeFunction", "function_name": "f", "principal": "sns.amazonaws.com", "source_arn": null}}]}}}"#;
    assert_eq!(told(&lint("plan.json", plan), plan), [("confused-deputy", r#""sns.amazonaws.com""#)]);
}

#[test]
fn a_permission_with_a_wildcard_gives_more_than_a_call() {
    let found = |action: &str| {
        let text = format!(
            "resource \"aws_lambda_permission\" \"p\" {{\n  action = \"{action}\"\n  function_name = \"f\"\n  \
             principal = \"sns.amazonaws.com\"\n  source_arn = aws_sns_topic.t.arn\n}}\n"
        );
        let findings = lint_pedantic("main.tf", &text);
        findings.iter().map(|finding| (finding.rule.0, underlined(finding, &text).to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(found("lambda:*"), [("service-wildcard", "\"lambda:*\"".to_owned())]);
    assert_eq!(found("*"), [("wildcard-action", "\"*\"".to_owned())]);
    assert_eq!(found("lambda:InvokeFunction"), []);
}

#[test]
fn the_url_of_a_function_is_open_if_it_asks_for_no_signature() {
    let found = |kind: &str| {
        let text = format!(
            "resource \"aws_lambda_function_url\" \"u\" {{\n  function_name = \"f\"\n  authorization_type = {kind}\n}}\n"
        );
        let findings = lint_pedantic("main.tf", &text);
        findings.iter().map(|finding| (finding.rule.0, underlined(finding, &text).to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(found("\"NONE\""), [("public-resource", "\"NONE\"".to_owned())]);
    assert_eq!(found("\"AWS_IAM\""), []);
    assert_eq!(found("var.kind"), []);
}

#[test]
fn layers_and_event_buses_have_permissions_too() {
    for (kind, body, expected) in [
        ("aws_lambda_layer_version_permission", "principal = \"*\"\naction = \"lambda:GetLayerVersion\"", 1),
        (
            "aws_lambda_layer_version_permission",
            "principal = \"*\"\naction = \"lambda:GetLayerVersion\"\norganization_id = \"o-a1b2c3d4e5\"",
            0,
        ),
        ("aws_cloudwatch_event_permission", "principal = \"*\"\nstatement_id = \"s\"", 1),
        (
            "aws_cloudwatch_event_permission",
            "principal = \"*\"\nstatement_id = \"s\"\ncondition {\nkey = \"aws:PrincipalOrgID\"\ntype = \"StringEquals\"\nvalue = \"o-a1b2c3d4e5\"\n}",
            0,
        ),
        ("aws_cloudwatch_event_permission", "principal = \"444455556666\"\nstatement_id = \"s\"", 0),
    ] {
        let text = format!("resource \"{kind}\" \"p\" {{\n{body}\n}}\n");
        let found = lint("main.tf", &text);
        let public = found.iter().filter(|finding| finding.rule.0 == "public-resource").count();
        assert_eq!((public, found.len()), (expected, expected), "{text}");
    }
    for (condition, expected) in [
        ("", 1),
        (", Condition: {Type: StringEquals, Key: 'aws:PrincipalOrgID', Value: o-a1b2c3d4e5}", 0),
        (", Condition: {Type: StringEqualsIfExists, Key: 'aws:PrincipalOrgID', Value: o-a1b2c3d4e5}", 1),
    ] {
        let text = format!(
            "Resources:\n  P:\n    Type: AWS::Events::EventBusPolicy\n    Properties: {{Action: 'events:PutEvents', Principal: '*', StatementId: s{condition}}}\n"
        );
        let public = lint("template.yaml", &text).iter().filter(|finding| finding.rule.0 == "public-resource").count();
        assert_eq!(public, expected, "{text}");
    }
}

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
        "",
        "",
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
            let public = found.iter().filter(|finding| finding.rule.0 == "public-resource").count();
            if kinds(path, &text) != [kind.clone()] || public != 1 {
                wrong.push(format!("{public} findings, {:?} and not {kind:?}: {text}", kinds(path, &text)));
            }
        }
        for (path, text) in host(&statement(r#"{"AWS": "arn:aws:iam::111122223333:role/r"}"#)) {
            let found = lint_pedantic(path, &text);
            if found.iter().any(|finding| finding.rule.0 == "public-resource") {
                wrong.push(format!("{found:?}: {text}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
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
    assert_eq!(told(&lint_pedantic("serverless.yml", text), text)[0], ("public-resource", "'*'"));
    let narrowed = text.replace(
        "execute-api:/*/*/*",
        "execute-api:/*/*/*\n        Condition: {IpAddress: {'aws:SourceIp': ['198.51.100.0/24']}}",
    );
    assert_eq!(told(&lint_pedantic("serverless.yml", &narrowed), &narrowed), []);
}
