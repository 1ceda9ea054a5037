//! Actions that let others reach a resource: they write its policy, its grants, or whom it is shared with.

use super::grants::{Granted, Grants};
use super::watchlist::Watchlist;
use std::sync::LazyLock;

/// Those that can be limited to some resources. Kept by hand; source: the service authorization reference, and what the operations
/// do. (By their level alone there would be `ec2:CreateNetworkInterfacePermission` and `quicksight:DescribeTopicPermissions`.)
const OPEN: [&str; 29] = [
    "acm-pca:PutPolicy",
    "backup:PutBackupVaultAccessPolicy",
    "codeartifact:PutDomainPermissionsPolicy",
    "codeartifact:PutRepositoryPermissionsPolicy",
    "dynamodb:PutResourcePolicy",
    "ec2:ModifyImageAttribute",
    "ec2:ModifySnapshotAttribute",
    "ecr:SetRepositoryPolicy",
    "elasticfilesystem:PutFileSystemPolicy",
    "glacier:SetVaultAccessPolicy",
    "glue:PutResourcePolicy",
    "kafka:PutClusterPolicy",
    "kinesis:PutResourcePolicy",
    "kms:PutKeyPolicy",
    "lambda:AddLayerVersionPermission",
    "lambda:AddPermission",
    "logs:PutDestinationPolicy",
    "mediastore:PutContainerPolicy",
    "rds:ModifyDBClusterSnapshotAttribute",
    "rds:ModifyDBSnapshotAttribute",
    "s3:PutAccessPointPolicy",
    "s3:PutBucketAcl",
    "s3:PutBucketPolicy",
    "s3:PutObjectAcl",
    "s3:PutObjectVersionAcl",
    "secretsmanager:PutResourcePolicy",
    "sns:AddPermission",
    "sqs:AddPermission",
    "ssm:ModifyDocumentPermission",
];

/// What a policy may open to others wherever it is, with what grants that.
pub fn opened_everywhere<'a>(grants: &Grants<'a>) -> Vec<(&'static str, Granted<'a>)> {
    static ACTIONS: LazyLock<Watchlist> = LazyLock::new(|| Watchlist::of(OPEN));
    ACTIONS.granted_everywhere(grants)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;

    #[test]
    fn each_is_an_action_that_can_be_limited() {
        for action in OPEN {
            let known = catalog::action(action);
            assert!(known.is_some_and(|known| known.targets().next().is_some()), "{action}");
        }
        assert!(OPEN.is_sorted());
    }
}
