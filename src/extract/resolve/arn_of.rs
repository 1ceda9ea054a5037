//! The shape of the ARNs of resources that a template or a module makes.

use crate::policy::{Piece, pieces};
use std::sync::Arc;

/// What `Ref` gives for a resource.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ref {
    Name,
    Arn,
}

/// The ARN of a resource of this type, with `{a}` for the account, `{r}` for the region and `{n}` for the name that AWS or
/// the template chooses; and what `Ref` gives. None for a type that is not listed.
///
/// Source: the return values of each type in the CloudFormation template reference, and the ARN formats of the service
/// authorization reference.
pub(super) fn arn_of(kind: &str) -> Option<(&'static str, Ref)> {
    Some(match kind {
        "AWS::S3::Bucket" => ("arn:aws:s3:::{n}", Ref::Name),
        "AWS::IAM::Role" => ("arn:aws:iam::{a}:role/{n}", Ref::Name),
        "AWS::IAM::User" => ("arn:aws:iam::{a}:user/{n}", Ref::Name),
        "AWS::IAM::Group" => ("arn:aws:iam::{a}:group/{n}", Ref::Name),
        "AWS::IAM::ManagedPolicy" => ("arn:aws:iam::{a}:policy/{n}", Ref::Arn),
        "AWS::Lambda::Function" | "AWS::Serverless::Function" => ("arn:aws:lambda:{r}:{a}:function:{n}", Ref::Name),
        "AWS::DynamoDB::Table" | "AWS::DynamoDB::GlobalTable" | "AWS::Serverless::SimpleTable" => {
            ("arn:aws:dynamodb:{r}:{a}:table/{n}", Ref::Name)
        }
        // `Ref` gives the URL, which no policy takes.
        "AWS::SQS::Queue" => ("arn:aws:sqs:{r}:{a}:{n}", Ref::Name),
        "AWS::SNS::Topic" => ("arn:aws:sns:{r}:{a}:{n}", Ref::Arn),
        "AWS::KMS::Key" => ("arn:aws:kms:{r}:{a}:key/{n}", Ref::Name),
        "AWS::Logs::LogGroup" => ("arn:aws:logs:{r}:{a}:log-group:{n}:*", Ref::Name),
        "AWS::SecretsManager::Secret" => ("arn:aws:secretsmanager:{r}:{a}:secret:{n}", Ref::Arn),
        "AWS::Kinesis::Stream" => ("arn:aws:kinesis:{r}:{a}:stream/{n}", Ref::Name),
        "AWS::KinesisFirehose::DeliveryStream" => ("arn:aws:firehose:{r}:{a}:deliverystream/{n}", Ref::Name),
        "AWS::StepFunctions::StateMachine" | "AWS::Serverless::StateMachine" => {
            ("arn:aws:states:{r}:{a}:stateMachine:{n}", Ref::Arn)
        }
        "AWS::ECR::Repository" => ("arn:aws:ecr:{r}:{a}:repository/{n}", Ref::Name),
        "AWS::CodeBuild::Project" => ("arn:aws:codebuild:{r}:{a}:project/{n}", Ref::Name),
        "AWS::CodeCommit::Repository" => ("arn:aws:codecommit:{r}:{a}:{n}", Ref::Name),
        "AWS::Events::EventBus" => ("arn:aws:events:{r}:{a}:event-bus/{n}", Ref::Name),
        "AWS::EFS::FileSystem" => ("arn:aws:elasticfilesystem:{r}:{a}:file-system/{n}", Ref::Name),
        _ => return None,
    })
}

/// The ARN of a resource of the AWS provider of Terraform.
pub(super) fn arn_of_terraform(kind: &str) -> Option<&'static str> {
    let of = match kind {
        "aws_s3_bucket" => "AWS::S3::Bucket",
        "aws_iam_role" => "AWS::IAM::Role",
        "aws_iam_user" => "AWS::IAM::User",
        "aws_iam_group" => "AWS::IAM::Group",
        "aws_iam_policy" => "AWS::IAM::ManagedPolicy",
        "aws_lambda_function" => "AWS::Lambda::Function",
        "aws_dynamodb_table" => "AWS::DynamoDB::Table",
        "aws_sqs_queue" => "AWS::SQS::Queue",
        "aws_sns_topic" => "AWS::SNS::Topic",
        "aws_kms_key" => "AWS::KMS::Key",
        // Without the `:*` that CloudFormation's attribute has.
        "aws_cloudwatch_log_group" => return Some("arn:aws:logs:{r}:{a}:log-group:{n}"),
        "aws_secretsmanager_secret" => "AWS::SecretsManager::Secret",
        "aws_kinesis_stream" => "AWS::Kinesis::Stream",
        "aws_kinesis_firehose_delivery_stream" => "AWS::KinesisFirehose::DeliveryStream",
        "aws_sfn_state_machine" => "AWS::StepFunctions::StateMachine",
        "aws_ecr_repository" => "AWS::ECR::Repository",
        "aws_codebuild_project" => "AWS::CodeBuild::Project",
        "aws_codecommit_repository" => "AWS::CodeCommit::Repository",
        "aws_cloudwatch_event_bus" => "AWS::Events::EventBus",
        "aws_efs_file_system" => "AWS::EFS::FileSystem",
        _ => return None,
    };
    arn_of(of).map(|(shape, _)| shape)
}

/// The pieces of an ARN's shape.
pub(super) fn arn(shape: &str, resource: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut rest = shape;
    while let Some((before, after)) = rest.split_once('{') {
        let (part, behind) = after.split_once('}').unwrap_or((after, ""));
        let name = match part {
            "a" => "AWS::AccountId",
            "r" => "AWS::Region",
            _ => resource,
        };
        out.extend(pieces(before));
        out.push(Piece::Assigned(Arc::from(name)));
        rest = behind;
    }
    out.extend(pieces(rest));
    out
}
