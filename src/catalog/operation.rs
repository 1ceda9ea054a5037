//! Operations of the API whose permission has another name.

/// Operations, and the actions that allow them.
///
/// Source: "Required permissions for Amazon S3 API operations" in the S3 user guide, and the pages of the operations in the
/// API references of the other services.
const OPERATIONS: [(&str, &[&str]); 41] = [
    ("bedrock:Converse", &["bedrock:InvokeModel"]),
    ("bedrock:ConverseStream", &["bedrock:InvokeModelWithResponseStream"]),
    ("dynamodb:BatchExecuteStatement", &["dynamodb:PartiQLSelect", "dynamodb:PartiQLUpdate", "dynamodb:PartiQLInsert"]),
    ("dynamodb:ExecuteStatement", &["dynamodb:PartiQLSelect", "dynamodb:PartiQLUpdate", "dynamodb:PartiQLInsert"]),
    ("dynamodb:TransactGetItems", &["dynamodb:GetItem"]),
    ("dynamodb:TransactWriteItems", &["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"]),
    ("kms:ReEncrypt", &["kms:ReEncryptFrom", "kms:ReEncryptTo"]),
    ("lambda:Invoke", &["lambda:InvokeFunction"]),
    ("s3:CompleteMultipartUpload", &["s3:PutObject"]),
    ("s3:CopyObject", &["s3:GetObject", "s3:PutObject"]),
    ("s3:CreateMultipartUpload", &["s3:PutObject"]),
    ("s3:DeleteBucketCors", &["s3:PutBucketCORS"]),
    ("s3:DeleteBucketEncryption", &["s3:PutEncryptionConfiguration"]),
    ("s3:DeleteBucketLifecycle", &["s3:PutLifecycleConfiguration"]),
    ("s3:DeleteBucketOwnershipControls", &["s3:PutBucketOwnershipControls"]),
    ("s3:DeleteBucketReplication", &["s3:PutReplicationConfiguration"]),
    ("s3:DeleteBucketTagging", &["s3:PutBucketTagging"]),
    ("s3:DeleteObjects", &["s3:DeleteObject"]),
    ("s3:DeletePublicAccessBlock", &["s3:PutBucketPublicAccessBlock"]),
    ("s3:GetBucketEncryption", &["s3:GetEncryptionConfiguration"]),
    ("s3:GetBucketLifecycleConfiguration", &["s3:GetLifecycleConfiguration"]),
    ("s3:GetBucketReplication", &["s3:GetReplicationConfiguration"]),
    ("s3:GetPublicAccessBlock", &["s3:GetBucketPublicAccessBlock"]),
    ("s3:HeadBucket", &["s3:ListBucket"]),
    ("s3:HeadObject", &["s3:GetObject"]),
    ("s3:ListBuckets", &["s3:ListAllMyBuckets"]),
    ("s3:ListMultipartUploads", &["s3:ListBucketMultipartUploads"]),
    ("s3:ListObjectVersions", &["s3:ListBucketVersions"]),
    ("s3:ListObjects", &["s3:ListBucket"]),
    ("s3:ListObjectsV2", &["s3:ListBucket"]),
    ("s3:ListParts", &["s3:ListMultipartUploadParts"]),
    ("s3:PutBucketEncryption", &["s3:PutEncryptionConfiguration"]),
    ("s3:PutBucketLifecycleConfiguration", &["s3:PutLifecycleConfiguration"]),
    ("s3:PutBucketReplication", &["s3:PutReplicationConfiguration"]),
    ("s3:PutPublicAccessBlock", &["s3:PutBucketPublicAccessBlock"]),
    ("s3:UploadPart", &["s3:PutObject"]),
    ("s3:UploadPartCopy", &["s3:GetObject", "s3:PutObject"]),
    ("sns:PublishBatch", &["sns:Publish"]),
    ("sqs:ChangeMessageVisibilityBatch", &["sqs:ChangeMessageVisibility"]),
    ("sqs:DeleteMessageBatch", &["sqs:DeleteMessage"]),
    ("sqs:SendMessageBatch", &["sqs:SendMessage"]),
];

/// The actions that allow an operation which is no action itself, whatever its letter case; none where that is not known.
pub fn permissions_of(operation: &str) -> &'static [&'static str] {
    OPERATIONS.iter().find(|(name, _)| name.eq_ignore_ascii_case(operation)).map_or(&[], |(_, actions)| *actions)
}

/// The names of the operations of a service that are no actions.
pub fn operations_of(service: &str) -> impl Iterator<Item = &'static str> {
    OPERATIONS.iter().filter_map(move |(operation, _)| {
        let (prefix, name) = operation.split_once(':')?;
        (prefix == service).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::action;

    #[test]
    fn operations_are_no_actions_and_their_permissions_are() {
        for (operation, actions) in OPERATIONS {
            assert!(action(operation).is_none(), "{operation}");
            assert!(
                actions.iter().all(|name| action(name).is_some_and(|known| known.full_name == *name)),
                "{actions:?}"
            );
        }
        assert_eq!(permissions_of("S3:listobjects"), ["s3:ListBucket"]);
        assert!(permissions_of("s3:GetObject").is_empty());
    }
}
