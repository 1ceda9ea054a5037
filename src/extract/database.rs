//! Databases of RDS, where templates and modules make them: whether IAM can sign their users in.
//!
//! Source: the guides of RDS and Aurora ("IAM database authentication") and the references of CloudFormation and the AWS provider.

use super::scalar::text;
use super::{Extraction, Fact};
use crate::document::{NodeKind, NodeRef};
use crate::policy::lower::Resolve;
use crate::source::Origin;

/// What a file with such a database must contain.
pub(crate) const NEEDLES: &[&str] = &["AWS::RDS::DB", "aws_db_instance", "aws_rds_cluster"];

const RESOURCES: [&str; 4] = ["AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "aws_db_instance", "aws_rds_cluster"];
const ENGINE: [&str; 2] = ["Engine", "engine"];
const SIGN_IN: [&str; 2] = ["EnableIAMDatabaseAuthentication", "iam_database_authentication_enabled"];
/// What takes the setting from elsewhere (a cluster, a source), or rules it out (Aurora Serverless v1).
const ELSEWHERE: [&str; 18] = [
    "DBClusterIdentifier",
    "DBSnapshotIdentifier",
    "EngineMode",
    "GlobalClusterIdentifier",
    "ReplicationSourceIdentifier",
    "SnapshotIdentifier",
    "SourceDBClusterIdentifier",
    "SourceDBInstanceIdentifier",
    "SourceDbiResourceId",
    "engine_mode",
    "global_cluster_identifier",
    "replicate_source_db",
    "replication_source_identifier",
    "restore_to_point_in_time",
    "s3_import",
    "snapshot_identifier",
    "source_db_cluster_identifier",
    "source_db_instance_identifier",
];
/// The engines that IAM can sign users in to.
const ENGINES: [&str; 5] = ["aurora-mysql", "aurora-postgresql", "mariadb", "mysql", "postgres"];

/// A database that knows its users by their passwords alone, though IAM could sign them in.
#[derive(Clone, Debug)]
pub struct PasswordDatabase {
    /// The words that make it.
    pub at: Origin,
    /// What switches the sign-in through IAM off; none where nothing is said of it, which is the same.
    pub off: Option<Origin>,
}

/// The database that a resource is, by its type, which stands at `at`. None where it cannot be told how users sign in.
pub(super) fn find(kind: &str, at: Origin, body: NodeRef<'_>, resolve: &dyn Resolve, out: &mut Extraction) {
    if !RESOURCES.contains(&kind) {
        return;
    }
    let given = |names: &[&str]| {
        let named = |key: NodeRef<'_>| key.as_str().is_some_and(|key| names.contains(&key));
        body.entries().find(|(key, value)| named(*key) && value.kind() != NodeKind::Null).map(|(_, value)| value)
    };
    let engine = given(&ENGINE).and_then(|engine| text(engine, resolve));
    if !engine.is_some_and(|engine| ENGINES.contains(&&*engine)) || given(&ELSEWHERE).is_some() {
        return;
    }
    let off = match given(&SIGN_IN) {
        None => None,
        Some(value) if text(value, resolve).is_some_and(|text| text.eq_ignore_ascii_case("false")) => {
            Some(value.origin())
        }
        Some(_) => return,
    };
    out.facts.push(Fact::PasswordDatabase(PasswordDatabase { at, off }));
}
