//! Actions that hand out what is stored: data, and secrets that open other doors.

use super::grants::{Granted, Grants};
use super::watchlist::Watchlist;
use std::sync::LazyLock;

/// What an action hands out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Stored {
    /// Passwords, keys, parameters.
    Secrets,
    /// The plain text of what somebody has, or a password for whoever has the key.
    Encrypted,
    /// Objects, items, messages, files.
    Data,
}

/// The actions that read data or secrets, and can be limited to some of them by one resource (`redshift:GetClusterCredentials` takes a
/// user and a database: which of both is narrow decides nothing; `athena:GetQueryResults` is no more than the bucket with the results
/// lets one read; `ecr:BatchGetImage` hands out programs). Kept by hand; source: the service authorization reference, and what
/// the operations return.
const READS: [(&str, Stored); 33] = [
    ("acm:ExportCertificate", Stored::Secrets),
    ("codecommit:GitPull", Stored::Data),
    ("dynamodb:BatchGetItem", Stored::Data),
    ("dynamodb:ExportTableToPointInTime", Stored::Data),
    ("dynamodb:GetItem", Stored::Data),
    ("dynamodb:GetRecords", Stored::Data),
    ("dynamodb:PartiQLSelect", Stored::Data),
    ("dynamodb:Query", Stored::Data),
    ("dynamodb:Scan", Stored::Data),
    ("ebs:GetSnapshotBlock", Stored::Data),
    ("ec2:GetPasswordData", Stored::Encrypted),
    ("es:ESHttpGet", Stored::Data),
    ("kinesis:GetRecords", Stored::Data),
    ("kinesis:SubscribeToShard", Stored::Data),
    ("kms:Decrypt", Stored::Encrypted),
    ("lightsail:GetInstanceAccessDetails", Stored::Secrets),
    ("lightsail:GetRelationalDatabaseMasterUserPassword", Stored::Secrets),
    ("logs:FilterLogEvents", Stored::Data),
    ("logs:GetLogEvents", Stored::Data),
    ("rds-data:ExecuteStatement", Stored::Data),
    ("rds-db:connect", Stored::Data),
    ("redshift-serverless:GetCredentials", Stored::Secrets),
    ("redshift:GetClusterCredentialsWithIAM", Stored::Secrets),
    ("s3-object-lambda:GetObject", Stored::Data),
    ("s3-object-lambda:GetObjectVersion", Stored::Data),
    ("s3:GetObject", Stored::Data),
    ("s3:GetObjectVersion", Stored::Data),
    ("secretsmanager:GetSecretValue", Stored::Secrets),
    ("sqs:ReceiveMessage", Stored::Data),
    ("ssm:GetParameter", Stored::Secrets),
    ("ssm:GetParameterHistory", Stored::Secrets),
    ("ssm:GetParameters", Stored::Secrets),
    ("ssm:GetParametersByPath", Stored::Secrets),
];

/// A read of data or secrets that is granted on everything.
#[derive(Clone, Copy, Debug)]
pub struct Read<'a> {
    /// The action.
    pub action: &'static str,
    /// What it hands out.
    pub stored: Stored,
    /// What grants it.
    pub granted: Granted<'a>,
}

/// The reads of data and secrets that are granted on every resource, or on all of a type.
pub fn reads_everywhere<'a>(grants: &Grants<'a>) -> Vec<Read<'a>> {
    static ACTIONS: LazyLock<Watchlist> = LazyLock::new(|| Watchlist::of(READS.iter().map(|(action, _)| *action)));
    let stored = |action: &str| READS.iter().find(|(read, _)| *read == action).map(|(_, stored)| *stored);
    let granted = ACTIONS.granted_everywhere(grants).into_iter();
    granted.filter_map(|(action, granted)| Some(Read { action, stored: stored(action)?, granted })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;

    #[test]
    fn every_read_is_an_action_that_can_be_limited() {
        for (action, _) in READS {
            let known = catalog::action(action);
            assert!(known.is_some_and(|known| known.targets().next().is_some()), "{action}");
        }
        assert!(READS.is_sorted_by_key(|(action, _)| *action));
    }
}
