//! Every service whose resources have policies, by one table: what lets everybody in is told, in each language that a policy can
//! be written in; a condition that says who comes silences it, one that does not say so leaves it; other accounts are told apart.

use crate::lint::lint_with;
use whit::settings::Settings;

/// The name of a file that holds the policy alone, what is told of an open one (`-` if nothing), a resource of CloudFormation with
/// its property, one of Terraform with its argument, an action, and the resource; `-` where there is none. A property ends in `$`
/// where it takes the document as a string, and in `!` where it takes statements.
const TABLE: &str = "\
s3-bucket-policy | public-resource | AWS::S3::BucketPolicy PolicyDocument | aws_s3_bucket_policy policy | s3:GetObject | arn:aws:s3:::orders/*
s3-bucket | public-resource | - | aws_s3_bucket policy | s3:GetObject | arn:aws:s3:::orders/*
s3-access-point-policy | public-resource | AWS::S3::AccessPoint Policy | aws_s3_access_point policy | s3:GetObject | arn:aws:s3:eu-west-1:111122223333:accesspoint/orders/object/*
s3-control-access-point-policy | public-resource | - | aws_s3control_access_point_policy policy | s3:GetObject | arn:aws:s3:eu-west-1:111122223333:accesspoint/orders/object/*
s3-multi-region-access-point-policy | public-resource | AWS::S3::MultiRegionAccessPointPolicy Policy | aws_s3control_multi_region_access_point_policy details.policy | s3:GetObject | arn:aws:s3::111122223333:accesspoint/abcdef0123456.mrap/object/*
s3-object-lambda-access-point-policy | public-resource | AWS::S3ObjectLambda::AccessPointPolicy PolicyDocument | aws_s3control_object_lambda_access_point_policy policy | s3-object-lambda:GetObject | arn:aws:s3-object-lambda:eu-west-1:111122223333:accesspoint/orders
s3-outposts-bucket-policy | public-resource | AWS::S3Outposts::BucketPolicy PolicyDocument | aws_s3control_bucket_policy policy | s3-outposts:GetObject | arn:aws:s3-outposts:eu-west-1:111122223333:outpost/op-01ac5d28a6a232904/bucket/orders/object/*
s3-outposts-access-point-policy | public-resource | AWS::S3Outposts::AccessPoint Policy | aws_s3_access_point policy | s3-outposts:GetObject | arn:aws:s3-outposts:eu-west-1:111122223333:outpost/op-01ac5d28a6a232904/accesspoint/orders/object/*
directory-bucket-policy | public-resource | AWS::S3Express::BucketPolicy PolicyDocument | aws_s3_bucket_policy policy | s3express:CreateSession | arn:aws:s3express:eu-west-1:111122223333:bucket/orders--euw1-az1--x-s3
directory-bucket-access-point-policy | public-resource | AWS::S3Express::AccessPoint Policy | - | s3express:CreateSession | arn:aws:s3express:eu-west-1:111122223333:accesspoint/orders--euw1-az1--xa-s3
table-bucket-policy | public-resource | AWS::S3Tables::TableBucketPolicy ResourcePolicy | aws_s3tables_table_bucket_policy resource_policy | s3tables:GetTableData | arn:aws:s3tables:eu-west-1:111122223333:bucket/orders/table/*
s3-table-policy | public-resource | AWS::S3Tables::TablePolicy ResourcePolicy | aws_s3tables_table_policy resource_policy | s3tables:GetTableData | arn:aws:s3tables:eu-west-1:111122223333:bucket/orders/table/0a1b2c3d-1111-2222-3333-0a1b2c3d4e5f
vector-bucket-policy | public-resource | AWS::S3Vectors::VectorBucketPolicy Policy | aws_s3vectors_vector_bucket_policy policy | s3vectors:GetVectors | arn:aws:s3vectors:eu-west-1:111122223333:bucket/orders/index/*
queue-policy | public-resource | AWS::SQS::QueuePolicy PolicyDocument | aws_sqs_queue_policy policy | sqs:ReceiveMessage | arn:aws:sqs:eu-west-1:111122223333:orders
queue | public-resource | AWS::SQS::QueueInlinePolicy PolicyDocument | aws_sqs_queue policy | sqs:ReceiveMessage | arn:aws:sqs:eu-west-1:111122223333:orders
topic-policy | public-resource | AWS::SNS::TopicPolicy PolicyDocument | aws_sns_topic_policy policy | sns:Publish | arn:aws:sns:eu-west-1:111122223333:orders
topic | public-resource | AWS::SNS::TopicInlinePolicy PolicyDocument | aws_sns_topic policy | sns:Publish | arn:aws:sns:eu-west-1:111122223333:orders
kms-key-policy | public-resource | AWS::KMS::Key KeyPolicy | aws_kms_key policy | kms:Decrypt | *
kms-replica-policy | public-resource | AWS::KMS::ReplicaKey KeyPolicy | aws_kms_replica_key policy | kms:Decrypt | *
kms-policy | public-resource | - | aws_kms_key_policy policy | kms:Decrypt | *
kms-external-key-policy | public-resource | - | aws_kms_external_key policy | kms:Decrypt | *
kms-external-replica-policy | public-resource | - | aws_kms_replica_external_key policy | kms:Decrypt | *
ecr-repository-policy | public-resource | AWS::ECR::Repository RepositoryPolicyText | aws_ecr_repository_policy policy | ecr:BatchGetImage | -
ecr-registry-policy | public-resource | AWS::ECR::RegistryPolicy PolicyText | aws_ecr_registry_policy policy | ecr:ReplicateImage | arn:aws:ecr:eu-west-1:111122223333:repository/*
ecr-public-repository-policy | public-resource | AWS::ECR::PublicRepository RepositoryPolicyText | aws_ecrpublic_repository_policy policy | ecr-public:PutImage | -
ecr-template-policy | public-resource | AWS::ECR::RepositoryCreationTemplate RepositoryPolicy | aws_ecr_repository_creation_template repository_policy | ecr:BatchGetImage | -
secret-policy | public-resource | AWS::SecretsManager::ResourcePolicy ResourcePolicy | aws_secretsmanager_secret_policy policy | secretsmanager:GetSecretValue | *
secret | public-resource | - | aws_secretsmanager_secret policy | secretsmanager:GetSecretValue | *
event-bus-policy | public-resource | AWS::Events::EventBus Policy | aws_cloudwatch_event_bus_policy policy | events:PutEvents | arn:aws:events:eu-west-1:111122223333:event-bus/orders
event-bus-statement | public-resource | AWS::Events::EventBusPolicy Statement! | - | events:PutEvents | arn:aws:events:eu-west-1:111122223333:event-bus/orders
schema-registry-policy | public-resource | AWS::EventSchemas::RegistryPolicy Policy | aws_schemas_registry_policy policy | schemas:DescribeSchema | arn:aws:schemas:eu-west-1:111122223333:schema/orders/*
opensearch-domain-policy | public-resource | AWS::OpenSearchService::Domain AccessPolicies | aws_opensearch_domain access_policies | es:ESHttpGet | arn:aws:es:eu-west-1:111122223333:domain/orders/*
opensearch-policy | public-resource | - | aws_opensearch_domain_policy access_policies | es:ESHttpGet | arn:aws:es:eu-west-1:111122223333:domain/orders/*
elasticsearch-domain-policy | public-resource | AWS::Elasticsearch::Domain AccessPolicies | aws_elasticsearch_domain access_policies | es:ESHttpGet | arn:aws:es:eu-west-1:111122223333:domain/orders/*
elasticsearch-policy | public-resource | - | aws_elasticsearch_domain_policy access_policies | es:ESHttpGet | arn:aws:es:eu-west-1:111122223333:domain/orders/*
file-system-policy | possibly-public-resource | AWS::EFS::FileSystem FileSystemPolicy | aws_efs_file_system_policy policy | elasticfilesystem:ClientMount | arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0a1b2c3d4e5f60718
glacier-vault-policy | public-resource | - | aws_glacier_vault access_policy | glacier:GetJobOutput | arn:aws:glacier:eu-west-1:111122223333:vaults/orders
glacier-vault-lock | public-resource | - | aws_glacier_vault_lock policy | glacier:GetJobOutput | arn:aws:glacier:eu-west-1:111122223333:vaults/orders
backup-vault-policy | public-resource | AWS::Backup::BackupVault AccessPolicy | aws_backup_vault_policy policy | backup:CopyIntoBackupVault | *
backup-air-gapped | public-resource | AWS::Backup::LogicallyAirGappedBackupVault AccessPolicy | - | backup:CopyIntoBackupVault | *
rest-api-policy | possibly-public-resource | AWS::ApiGateway::RestApi Policy | aws_api_gateway_rest_api policy | execute-api:Invoke | arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5/*
rest-api-resource-policy | possibly-public-resource | - | aws_api_gateway_rest_api_policy policy | execute-api:Invoke | arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5/*
domain-name-policy | possibly-public-resource | AWS::ApiGateway::DomainNameV2 Policy | aws_api_gateway_domain_name policy | execute-api:Invoke | arn:aws:execute-api:eu-west-1:111122223333:/domainnames/orders.example.com+abcd1234
sam-api | possibly-public-resource | AWS::Serverless::Api Auth.ResourcePolicy.CustomStatements! | - | execute-api:Invoke | arn:aws:execute-api:eu-west-1:111122223333:a1b2c3d4e5/*
codeartifact-domain-policy | public-resource | AWS::CodeArtifact::Domain PermissionsPolicyDocument | aws_codeartifact_domain_permissions_policy policy_document | codeartifact:GetAuthorizationToken | *
codeartifact-repository-policy | public-resource | AWS::CodeArtifact::Repository PermissionsPolicyDocument | aws_codeartifact_repository_permissions_policy policy_document | codeartifact:ReadFromRepository | *
glue-catalog-policy | public-resource | - | aws_glue_resource_policy policy | glue:GetTable | arn:aws:glue:eu-west-1:111122223333:*
kinesis-stream-policy | public-resource | AWS::Kinesis::ResourcePolicy ResourcePolicy | aws_kinesis_resource_policy policy | kinesis:GetRecords | arn:aws:kinesis:eu-west-1:111122223333:stream/orders
dynamodb-table-policy | public-resource | AWS::DynamoDB::Table ResourcePolicy.PolicyDocument | aws_dynamodb_resource_policy policy | dynamodb:GetItem | arn:aws:dynamodb:eu-west-1:111122223333:table/orders
dynamodb-stream-policy | public-resource | AWS::DynamoDB::Table StreamSpecification.ResourcePolicy.PolicyDocument | - | dynamodb:GetRecords | arn:aws:dynamodb:eu-west-1:111122223333:table/orders/stream/*
dynamodb-global-table | public-resource | AWS::DynamoDB::GlobalTable Replicas[].ResourcePolicy.PolicyDocument | - | dynamodb:GetItem | arn:aws:dynamodb:eu-west-1:111122223333:table/orders
dynamodb-global-stream | public-resource | AWS::DynamoDB::GlobalTable Replicas[].ReplicaStreamSpecification.ResourcePolicy.PolicyDocument | - | dynamodb:GetRecords | arn:aws:dynamodb:eu-west-1:111122223333:table/orders/stream/*
logs-resource-policy | public-resource | AWS::Logs::ResourcePolicy PolicyDocument$ | aws_cloudwatch_log_resource_policy policy_document | logs:PutLogEvents | arn:aws:logs:eu-west-1:111122223333:log-group:orders:*
logs-destination-policy | public-resource | AWS::Logs::Destination DestinationPolicy$ | aws_cloudwatch_log_destination_policy access_policy | logs:PutSubscriptionFilter | arn:aws:logs:eu-west-1:111122223333:destination:orders
logs-delivery-destination-policy | public-resource | AWS::Logs::DeliveryDestination DeliveryDestinationPolicy.DeliveryDestinationPolicy | aws_cloudwatch_log_delivery_destination_policy delivery_destination_policy | logs:CreateDelivery | arn:aws:logs:eu-west-1:111122223333:delivery-destination:orders
log-group | public-resource | AWS::Logs::LogGroup ResourcePolicyDocument | - | logs:PutLogEvents | arn:aws:logs:eu-west-1:111122223333:log-group:orders:*
ses-identity-policy | public-resource | - | aws_ses_identity_policy policy | ses:SendEmail | arn:aws:ses:eu-west-1:111122223333:identity/example.com
ses-v2-identity-policy | public-resource | - | aws_sesv2_email_identity_policy policy | ses:SendEmail | arn:aws:ses:eu-west-1:111122223333:identity/example.com
mediastore-container-policy | public-resource | AWS::MediaStore::Container Policy$ | aws_media_store_container_policy policy | mediastore:GetObject | arn:aws:mediastore:eu-west-1:111122223333:container/orders/*
acm-pca-policy | public-resource | - | aws_acmpca_policy policy | acm-pca:IssueCertificate | arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/0a1b2c3d-1111-2222-3333-0a1b2c3d4e5f
redshift-serverless-policy | public-resource | - | aws_redshiftserverless_resource_policy policy | redshift-serverless:RestoreFromSnapshot | *
redshift-policy | public-resource | AWS::Redshift::Cluster NamespaceResourcePolicy | aws_redshift_resource_policy policy | redshift:AuthorizeInboundIntegration | arn:aws:redshift:eu-west-1:111122223333:namespace:0a1b2c3d-1111-2222-3333-0a1b2c3d4e5f
redshift-namespace-policy | public-resource | AWS::RedshiftServerless::Namespace NamespaceResourcePolicy | - | redshift:CreateInboundIntegration | *
ssm-parameter-policy | public-resource | AWS::SSM::ResourcePolicy Policy | - | ssm:GetParameter | arn:aws:ssm:eu-west-1:111122223333:parameter/orders
xray-policy | public-resource | AWS::XRay::ResourcePolicy PolicyDocument$ | aws_xray_resource_policy policy_document | xray:PutTraceSegments | *
lattice-auth-policy | public-resource | AWS::VpcLattice::AuthPolicy Policy | aws_vpclattice_auth_policy policy | vpc-lattice-svcs:Invoke | *
lattice-resource-policy | public-resource | AWS::VpcLattice::ResourcePolicy Policy | aws_vpclattice_resource_policy policy | vpc-lattice:CreateServiceNetworkVpcAssociation | arn:aws:vpc-lattice:eu-west-1:111122223333:servicenetwork/sn-0a1b2c3d4e5f60718
lex-bot-policy | public-resource | AWS::Lex::ResourcePolicy Policy | - | lex:RecognizeText | arn:aws:lex:eu-west-1:111122223333:bot-alias/ABCDEFGHIJ/KLMNOPQRST
cloudtrail-channel-policy | public-resource | AWS::CloudTrail::ResourcePolicy ResourcePolicy | - | cloudtrail-data:PutAuditEvents | arn:aws:cloudtrail:eu-west-1:111122223333:channel/0a1b2c3d-1111-2222-3333-0a1b2c3d4e5f
organizations-policy | public-resource | AWS::Organizations::ResourcePolicy Content | aws_organizations_resource_policy content | organizations:DescribeOrganization | *
network-firewall-policy | public-resource | - | aws_networkfirewall_resource_policy policy | network-firewall:ListRuleGroups | arn:aws:network-firewall:eu-west-1:111122223333:stateful-rulegroup/orders
model-package-group-policy | public-resource | AWS::SageMaker::ModelPackageGroup ModelPackageGroupPolicy | aws_sagemaker_model_package_group_policy resource_policy | sagemaker:DescribeModelPackageGroup | arn:aws:sagemaker:eu-west-1:111122223333:model-package-group/orders
comprehend-model-policy | public-resource | AWS::Comprehend::DocumentClassifier ModelPolicy$ | - | comprehend:ImportModel | *
msk-cluster-policy | public-resource | AWS::MSK::ClusterPolicy Policy | aws_msk_cluster_policy policy | kafka:CreateVpcConnection | arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0a1b2c3d-1111-2222-3333-0a1b2c3d4e5f-1
codebuild-policy | public-resource | - | aws_codebuild_resource_policy policy | codebuild:BatchGetProjects | arn:aws:codebuild:eu-west-1:111122223333:project/orders
mediapackage-channel-policy | public-resource | AWS::MediaPackageV2::ChannelPolicy Policy | - | mediapackagev2:PutObject | arn:aws:mediapackagev2:eu-west-1:111122223333:channelGroup/g/channel/orders
mediapackage-origin-policy | public-resource | AWS::MediaPackageV2::OriginEndpointPolicy Policy | - | mediapackagev2:GetObject | arn:aws:mediapackagev2:eu-west-1:111122223333:channelGroup/g/channel/c/originEndpoint/orders
oam-sink-policy | public-resource | AWS::Oam::Sink Policy | aws_oam_sink_policy policy | oam:CreateLink | *
dsql-cluster-policy | public-resource | AWS::DSQL::Cluster PolicyDocument$ | - | dsql:DbConnect | *
vpc-endpoint-policy | - | AWS::EC2::VPCEndpoint PolicyDocument | aws_vpc_endpoint policy | s3:GetObject | arn:aws:s3:::orders/*
vpce-policy | - | - | aws_vpc_endpoint_policy policy | s3:GetObject | arn:aws:s3:::orders/*
role-trust | public-trust | AWS::IAM::Role AssumeRolePolicyDocument | aws_iam_role assume_role_policy | sts:AssumeRole | -";

/// Conditions that say who comes.
const NARROWING: [&str; 5] = [
    r#"{"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}"#,
    r#"{"StringEquals": {"aws:PrincipalAccount": "111122223333"}}"#,
    r#"{"StringEquals": {"aws:SourceAccount": "111122223333"}}"#,
    r#"{"ArnLike": {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:*"}}"#,
    r#"{"StringEquals": {"aws:SourceVpce": "vpce-0a1b2c3d4e5f60718"}}"#,
];

/// Conditions that do not.
const LOOSE: [&str; 4] = [
    r#"{"Bool": {"aws:SecureTransport": "true"}}"#,
    r#"{"StringLike": {"aws:PrincipalOrgID": "*"}}"#,
    r#"{"StringEqualsIfExists": {"aws:SourceAccount": "111122223333"}}"#,
    r#"{"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}"#,
];

/// What is told of everybody, and of another account.
const OPEN: [&str; 3] = ["possibly-public-resource", "public-resource", "public-trust"];
const FOREIGN: [&str; 4] =
    ["foreign-account-key", "foreign-account-resource", "foreign-account-trust", "root-principal"];

struct Row {
    name: &'static str,
    open: &'static str,
    template: Option<(&'static str, &'static str)>,
    terraform: Option<(&'static str, &'static str)>,
    action: &'static str,
    resource: &'static str,
}

fn rows() -> impl Iterator<Item = Row> {
    TABLE.lines().map(|line| {
        let columns: Vec<&str> = line.split(" | ").collect();
        let [name, open, template, terraform, action, resource] = columns[..] else { panic!("not a row: {line}") };
        Row { name, open, template: template.split_once(' '), terraform: terraform.split_once(' '), action, resource }
    })
}

impl Row {
    /// The policy in each language: the path of the file, and its text.
    fn forms(&self, principal: &str, condition: Option<&str>) -> Vec<(String, String)> {
        let mut statement = format!(r#"{{"Effect": "Allow", "Principal": {principal}, "Action": "{}""#, self.action);
        if self.resource != "-" {
            statement += &format!(r#", "Resource": "{}""#, self.resource);
        }
        if let Some(condition) = condition {
            statement += &format!(r#", "Condition": {condition}"#);
        }
        statement.push('}');
        let document = format!(r#"{{"Version": "2012-10-17", "Statement": [{statement}]}}"#);

        let mut forms = vec![(format!("{}.json", self.name), document.clone())];
        if let Some((resource, property)) = self.template {
            let value = match property.chars().last() {
                Some('$') => format!("'{document}'"),
                Some('!') => format!("[{statement}]"),
                _ => document.clone(),
            };
            let nested = property.trim_end_matches(['$', '!']).rsplit('.').fold(value, |inner, key| {
                match key.strip_suffix("[]") {
                    Some(list) => format!("{{{list}: [{inner}]}}"),
                    None => format!("{{{key}: {inner}}}"),
                }
            });
            let text = format!("Resources:\n  R:\n    Type: {resource}\n    Properties: {nested}\n");
            forms.push(("template.yaml".to_owned(), text));
        }
        if let Some((resource, argument)) = self.terraform {
            let mut arguments = argument.rsplit('.');
            let value = format!("{} = jsonencode({document})", arguments.next().unwrap_or_default());
            let body = arguments.fold(value, |inner, block| format!("{block} {{\n{inner}\n}}"));
            forms.push(("main.tf".to_owned(), format!("resource \"{resource}\" \"r\" {{\n{body}\n}}\n")));
        }
        forms
    }

    /// What differs from what is expected, of these rules, for a principal under a condition.
    fn wrong(&self, principal: &str, condition: Option<&str>, rules: &[&str], expected: &str) -> Vec<String> {
        let settings = Settings { pedantic: true, accounts: ["111122223333".into()].into(), ..Settings::default() };
        let expected: Vec<&str> = (expected != "-").then_some(expected).into_iter().collect();
        let told = |(path, text): (String, String)| {
            let found = lint_with(&path, text.as_bytes(), &settings);
            let told: Vec<&str> =
                found.iter().map(|finding| finding.rule.0).filter(|rule| rules.contains(rule)).collect();
            (told != expected).then(|| format!("{}: {told:?} and not {expected:?}: {path}: {text}", self.name))
        };
        self.forms(principal, condition).into_iter().filter_map(told).collect()
    }
}

#[test]
fn what_lets_everybody_in_is_told_whatever_the_service_and_the_language() {
    let wrong: Vec<String> = rows().flat_map(|row| row.wrong(r#""*""#, None, &OPEN, row.open)).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_condition_that_says_who_comes_silences_it() {
    let under = |condition| rows().flat_map(move |row| row.wrong(r#""*""#, Some(condition), &OPEN, "-"));
    let wrong: Vec<String> = NARROWING.into_iter().flat_map(under).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_condition_that_does_not_say_who_comes_does_not() {
    let under = |condition| rows().flat_map(move |row| row.wrong(r#""*""#, Some(condition), &OPEN, row.open));
    let wrong: Vec<String> = LOOSE.into_iter().flat_map(under).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn another_account_is_told_as_a_whole_and_not_by_its_role() {
    let wrong: Vec<String> = rows()
        .flat_map(|row| {
            let whole = match row.name {
                _ if row.open == "-" => "-",
                name if name.starts_with("kms-") => "foreign-account-key",
                "role-trust" => "foreign-account-trust",
                _ => "foreign-account-resource",
            };
            let mut wrong = row.wrong(r#"{"AWS": "arn:aws:iam::444455556666:root"}"#, None, &FOREIGN, whole);
            wrong.extend(row.wrong(r#"{"AWS": "444455556666"}"#, None, &FOREIGN, whole));
            wrong.extend(row.wrong(r#"{"AWS": "arn:aws:iam::444455556666:role/reader"}"#, None, &FOREIGN, "-"));
            wrong
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn an_action_of_the_service_itself_is_in_its_place() {
    let wrong: Vec<String> = rows()
        .flat_map(|row| {
            row.wrong(r#"{"AWS": "arn:aws:iam::111122223333:role/reader"}"#, None, &["wrong-resource-policy"], "-")
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
