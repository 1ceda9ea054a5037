//! The shape of the ARNs of resources that a template makes.

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
