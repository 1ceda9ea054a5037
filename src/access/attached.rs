//! What a resource-based policy is attached to, and what it allows, in words.

use crate::policy::Statement;

/// The thing that has the policy: `bucket`, `queue`; `resource` where the service is not known. Takes the service's prefix,
/// or its name in CloudFormation in lower case.
pub fn noun(service: Option<&str>) -> &'static str {
    match service.unwrap_or("") {
        "s3" => "bucket",
        "sqs" => "queue",
        "sns" => "topic",
        "kms" => "key",
        "lambda" => "function",
        "secretsmanager" => "secret",
        "ecr" | "ecr-public" => "repository",
        "es" | "elasticsearch" | "opensearchservice" => "search domain",
        "glacier" | "backup" | "backup-storage" => "vault",
        "elasticfilesystem" | "efs" => "file system",
        "events" => "event bus",
        "execute-api" | "apigateway" | "serverless" => "API",
        "dynamodb" => "table",
        "kinesis" => "stream",
        "glue" => "data catalog",
        "ses" => "identity",
        "logs" => "log destination",
        _ => "resource",
    }
}

/// The actions of a statement as a phrase: "`s3:GetObject` and 2 more actions".
pub fn quoted_actions(statement: &Statement) -> String {
    let negated = statement.action.as_ref().is_some_and(|element| element.negated);
    let mut known = statement.actions().iter().filter_map(|action| action.value.known());
    match (known.next(), statement.actions().len()) {
        _ if negated => "all but some actions".to_owned(),
        (Some(action), 1) => format!("`{}`", action.as_str()),
        (Some(action), 2) => format!("`{}` and 1 more action", action.as_str()),
        (Some(action), count) => format!("`{}` and {} more actions", action.as_str(), count - 1),
        (None, _) => "actions that are not known here".to_owned(),
    }
}
