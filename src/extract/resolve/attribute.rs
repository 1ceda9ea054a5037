//! What is known of the attributes of resources and data sources of Terraform.
//!
//! Source: the attributes of the AWS provider's resources and data sources.

use super::arn_of::{arn, arn_of_terraform};
use super::terraform::Module;
use super::texts::hole;
use crate::document::NodeRef;
use crate::policy::{Piece, pieces};
use std::sync::Arc;

impl Module<'_> {
    /// What is known of an attribute of a resource or a data source.
    pub(super) fn attribute(&self, path: &str) -> Vec<Piece> {
        let assigned = |name: &str| vec![Piece::Assigned(Arc::from(name))];
        let parts: Vec<&str> = path.split('.').map(|part| part.split('[').next().unwrap_or(part)).collect();
        match parts[..] {
            ["data", kind @ ("aws_caller_identity" | "aws_region"), name, ..]
                if self.elsewhere.contains(&(kind, name)) =>
            {
                assigned(path)
            }
            ["data", "aws_caller_identity", _, "account_id"] => assigned("AWS::AccountId"),
            ["data", "aws_organizations_organization", _, "master_account_id"] => assigned(path),
            ["data", "aws_region", _, ..] => assigned("AWS::Region"),
            // All partitions have the same rules.
            ["data", "aws_partition", _, "partition"] => pieces("aws"),
            ["data", "aws_partition", _, "dns_suffix"] => pieces("amazonaws.com"),
            // All paths here are told from the folder of the module.
            ["path", "module" | "root" | "cwd"] => pieces("."),
            ["data", "aws_iam_policy", name, "arn"] => match self.managed.get(name) {
                Some(body) => {
                    match (body.get("arn").and_then(NodeRef::as_str), body.get("name").and_then(NodeRef::as_str)) {
                        (Some(arn), _) => pieces(arn),
                        (_, Some(name)) => pieces(&format!("arn:aws:iam::aws:policy/{name}")),
                        _ => hole(path),
                    }
                }
                None => hole(path),
            },
            [kind, name, "arn"] => match arn_of_terraform(kind) {
                Some(shape) => arn(shape, &format!("{kind}.{name}")),
                None => hole(path),
            },
            // What is only looked up is not what a resource of that name makes.
            ["data", kind, name, "arn"] => match arn_of_terraform(kind) {
                Some(shape) => arn(shape, &format!("data.{kind}.{name}")),
                None => hole(path),
            },
            [kind, _, "id" | "name" | "bucket" | "key_id"] | ["data", kind, _, "id" | "name" | "bucket" | "key_id"]
                if kind.starts_with("aws_") =>
            {
                assigned(path)
            }
            _ => hole(path),
        }
    }
}
