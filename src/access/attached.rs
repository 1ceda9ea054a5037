//! What a resource-based policy is attached to, and what it allows, in words.

use crate::policy::Statement;

/// The thing that has the policy: `bucket`, `queue`; `resource` where the service is not known. Takes the service's prefix.
pub fn noun(service: Option<&str>) -> &'static str {
    match service.unwrap_or("") {
        "s3" => "bucket",
        "sqs" => "queue",
        "sns" => "topic",
        "kms" => "key",
        "lambda" => "function",
        "secretsmanager" => "secret",
        "ecr" | "ecr-public" => "repository",
        "es" => "search domain",
        "glacier" | "backup" | "backup-storage" => "vault",
        "elasticfilesystem" => "file system",
        "events" => "event bus",
        "execute-api" => "API",
        "dynamodb" => "table",
        "kinesis" => "stream",
        "glue" => "data catalog",
        "ses" => "identity",
        "logs" => "log destination",
        "kafka" => "cluster",
        "mediastore" => "container",
        _ => "resource",
    }
}

/// The actions of a statement as a phrase: "`s3:GetObject` and 2 more actions", "all but `s3:GetObject`".
pub fn quoted_actions(statement: &Statement) -> String {
    let Some(element) = &statement.action else { return "nothing".to_owned() };
    let count = element.list.items.len();
    let Some((first, _)) = element.list.known().next() else { return "actions that are not known here".to_owned() };
    let all_but = if element.negated { "all but " } else { "" };
    match count {
        1 => format!("{all_but}`{}`", first.as_str()),
        2 => format!("{all_but}`{}` and 1 more action", first.as_str()),
        _ => format!("{all_but}`{}` and {} more actions", first.as_str(), count - 1),
    }
}
