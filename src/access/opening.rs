//! Actions that let others reach a resource: they write its policy, its grants, or whom it is shared with.

use super::grants::{Granted, Grants};
use super::watchlist::Watchlist;
use std::sync::LazyLock;

/// Those that can be limited to some resources. Kept by hand; source: the service authorization reference, and what the operations
/// do. (By their level alone there would be `ec2:CreateNetworkInterfacePermission` and `quicksight:DescribeTopicPermissions`.)
/// `lambda:CreateFunctionUrlConfig` opens nothing without `lambda:AddPermission`; `ram:CreateResourceShare` and
/// `s3:PutAccountPublicAccessBlock` take no resource. Beside each
/// the first of what somebody of the same account wins by it; an ACL names accounts, and what is shared with others wins nothing at home.
const OPEN: [(&str, Option<&str>); 30] = [
    ("acm-pca:PutPolicy", Some("acm-pca:IssueCertificate")),
    ("backup:PutBackupVaultAccessPolicy", None),
    ("codeartifact:PutDomainPermissionsPolicy", Some("codeartifact:GetAuthorizationToken")),
    ("codeartifact:PutRepositoryPermissionsPolicy", Some("codeartifact:ReadFromRepository")),
    ("dynamodb:PutResourcePolicy", Some("dynamodb:GetItem")),
    ("ec2:ModifyImageAttribute", None),
    ("ec2:ModifySnapshotAttribute", None),
    ("ecr:SetRepositoryPolicy", Some("ecr:BatchGetImage")),
    ("elasticfilesystem:PutFileSystemPolicy", Some("elasticfilesystem:ClientMount")),
    ("glacier:SetVaultAccessPolicy", Some("glacier:InitiateJob")),
    ("glue:PutResourcePolicy", Some("glue:GetTable")),
    ("kafka:PutClusterPolicy", None),
    ("kinesis:PutResourcePolicy", Some("kinesis:GetRecords")),
    ("kms:PutKeyPolicy", Some("kms:Decrypt")),
    ("lambda:AddLayerVersionPermission", Some("lambda:GetLayerVersion")),
    ("lambda:AddPermission", Some("lambda:InvokeFunction")),
    ("logs:PutDestinationPolicy", None),
    ("mediastore:PutContainerPolicy", Some("mediastore:GetObject")),
    ("rds:ModifyDBClusterSnapshotAttribute", None),
    ("rds:ModifyDBSnapshotAttribute", None),
    ("s3:PutAccessPointPolicy", Some("s3:GetObject")),
    ("s3:PutBucketAcl", None),
    ("s3:PutBucketPolicy", Some("s3:GetObject")),
    ("s3:PutBucketPublicAccessBlock", None),
    ("s3:PutObjectAcl", None),
    ("s3:PutObjectVersionAcl", None),
    ("secretsmanager:PutResourcePolicy", Some("secretsmanager:GetSecretValue")),
    ("sns:AddPermission", Some("sns:Publish")),
    ("sqs:AddPermission", Some("sqs:ReceiveMessage")),
    ("ssm:ModifyDocumentPermission", None),
];

static ACTIONS: LazyLock<Watchlist> = LazyLock::new(|| Watchlist::of(OPEN.map(|(action, _)| action)));

/// A right that the holder of a policy can take for themselves.
#[derive(Clone, Copy, Debug)]
pub struct Opened<'a> {
    /// What writes the permissions of a resource.
    pub action: &'static str,
    /// What they rule.
    pub wins: &'static str,
    /// What grants it.
    pub granted: Granted<'a>,
}

/// True for an action that lets others reach a resource.
pub fn opens(action: &str) -> bool {
    OPEN.binary_search_by_key(&action, |(open, _)| *open).is_ok()
}

/// What a policy may open to others wherever it is, with what grants that.
pub fn opened_everywhere<'a>(grants: &Grants<'a>) -> Vec<(&'static str, Granted<'a>)> {
    ACTIONS.granted_everywhere(grants)
}

/// What the holder of a policy can let themselves do, though nothing in the policy allows it.
pub fn opened_for_oneself<'a>(grants: &Grants<'a>) -> Vec<Opened<'a>> {
    let written = ACTIONS.reached(grants.statements()).into_iter();
    let won = written.filter_map(|action| Some((action, OPEN.iter().find(|(open, _)| *open == action)?.1?)));
    let withheld = won.filter(|(_, wins)| grants.grants(wins).next().is_none());
    withheld
        .flat_map(|(action, wins)| grants.grants(action).map(move |granted| Opened { action, wins, granted }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;

    #[test]
    fn each_is_an_action_that_can_be_limited() {
        for (action, wins) in OPEN {
            let known = catalog::action(action);
            assert!(known.is_some_and(|known| known.targets().next().is_some()), "{action}");
            assert!(wins.is_none_or(|wins| catalog::action(wins).is_some()), "{wins:?}");
        }
        assert!(OPEN.is_sorted_by_key(|(action, _)| *action));
    }
}
