//! What a resource-based policy is attached to, and what it allows, in words.

use super::demand::is_demanding;
use crate::policy::{ActionPattern, Principal, ResourcePattern, Statement};

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
        "logs" => "log group",
        "kafka" => "cluster",
        "mediastore" => "container",
        _ => "resource",
    }
}

/// The same for the thing that a statement is about: what CloudWatch Logs takes in from other accounts is a destination, and all other
/// policies there are about log groups.
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html>.
pub fn noun_of(service: Option<&str>, statement: &Statement) -> &'static str {
    let actions = statement.actions();
    let subscribes = |action: &ActionPattern| action.as_str().eq_ignore_ascii_case("logs:PutSubscriptionFilter");
    let of_destination = !actions.is_empty() && actions.iter().all(|action| action.value.must(subscribes));
    if service == Some("logs") && of_destination { "log destination" } else { noun(service) }
}

/// True for a service whose actions a policy of another may have. Terraform and the command line write the policies of directory
/// buckets, and of access points on Outposts, as those of other buckets and access points.
pub fn shares_policies(service: &str, other: &str) -> bool {
    service == "s3" && ["s3express", "s3-outposts"].iter().any(|known| other.eq_ignore_ascii_case(known))
}

/// The default policy of a VPC endpoint, and `RCPFullAWSAccess`, allow everyone everything: both are ceilings. No bucket, queue
/// or key takes such a statement.
pub fn may_be_endpoint(service: Option<&str>, statement: &Statement) -> bool {
    let everyone = statement.wildcard_principals().any(|(principal, _)| *principal == Principal::Anyone);
    service.is_none()
        && everyone
        && statement.actions().iter().any(|action| action.value.must(ActionPattern::is_everything))
        && statement.resources().iter().any(|resource| resource.value.must(ResourcePattern::matches_everything))
}

/// True for a statement that leaves its decision to access points of accounts that pass: all that comes through one of them is
/// allowed, and the policy of each says to whom. An account that is not known passes.
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html>.
pub fn leaves_to_access_points(statement: &Statement, passes: impl Fn(&str) -> bool) -> bool {
    let mut conditions = statement.conditions.iter().filter(|condition| {
        condition.is_on("s3:DataAccessPointAccount")
            && is_demanding(statement, condition)
            && !condition.values.items.is_empty()
    });
    conditions.any(|condition| condition.values.known().all(|(account, _)| passes(account)))
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
