//! What is known of AWS: services, their actions, resource types and condition keys, regions, service principals, and the
//! managed policies.
//!
//! The facts are text below `catalog/` in the repository, one file for each service; what is embedded is built from it and
//! read where it lies (`store`), so that a run which asks nothing pays nothing. AWS adds some eight actions a day: what is
//! not here is unknown, never wrong ([`DATE`]).

mod action;
mod arn_format;
mod condition_key;
mod escalation;
mod level;
mod managed;
mod operation;
mod organization;
mod overlay;
mod region;
mod resource_type;
mod retired;
mod sam;
mod service;
mod store;
mod superseded;

pub use action::{Action, Target, action, starting_with};
pub use arn_format::{ArnFormat, ArnFormats, Field, arn_formats};
pub use condition_key::{ConditionKey, KeyType, Scalar, global_keys, is_carried, is_everywhere, is_federated, key};
pub use escalation::{Escalation, EscalationKind, escalations};
pub use level::AccessLevel;
pub use managed::{ManagedPolicy, managed_like, managed_policies, managed_policy};
pub use operation::{operations_of, permissions_of};
pub use organization::{Limited, OrganizationPolicy, organization_policies, organization_policy};
pub use overlay::Overlay;
pub use region::{Partition, is_region, looks_like_region, looks_like_service, partition, partitions};
pub use resource_type::ResourceType;
pub use retired::{is_internal, is_retired_service, retired};
pub use sam::{SamStatement, sam_template};
pub use service::{Service, service, services};
pub use superseded::{Superseded, superseded};

use store::Table;

/// The day that the facts were collected, as `YYYY-MM-DD`.
pub const DATE: &str = "2026-10-27";

/// What an action does, as `s3:GetObject`, whatever its letter case; none if the catalogue does not have it.
pub fn level(action: &str) -> Option<AccessLevel> {
    self::action(action).map(|action| action.level)
}

/// The service principals, as `lambda.amazonaws.com`, sorted.
pub fn service_principals() -> impl Iterator<Item = &'static str> {
    (0..Table::Principals.len()).map(|at| Table::Principals.name(at, 0))
}

/// The prefixes of the services that resource control policies reach.
pub fn resource_control_services() -> impl Iterator<Item = &'static str> {
    (0..Table::ResourceControl.len()).map(|at| Table::ResourceControl.name(at, 0))
}
