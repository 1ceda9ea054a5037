//! The words of `whit simulate`.

use crate::cli::args::Color;
use clap::Args;
use std::path::PathBuf;

#[derive(Args, Clone, Debug)]
pub(in crate::cli) struct SimulateOptions {
    /// The caller's policy: a file, or an AWS managed policy by name; may be given again
    #[arg(long, value_name = "POLICY", help_heading = "Policies")]
    pub(super) policy: Vec<PathBuf>,
    /// The resource's own policy: a bucket policy, a key policy, a role's trust policy
    #[arg(long, value_name = "POLICY", help_heading = "Policies")]
    pub(super) resource_policy: Vec<PathBuf>,
    /// The caller's permissions boundary
    #[arg(long, value_name = "POLICY", help_heading = "Policies")]
    pub(super) boundary: Vec<PathBuf>,
    /// A session policy
    #[arg(long, value_name = "POLICY", help_heading = "Policies")]
    pub(super) session_policy: Vec<PathBuf>,
    /// The policy of the VPC endpoint that the request goes through
    #[arg(long, value_name = "POLICY", help_heading = "Policies")]
    pub(super) endpoint_policy: Vec<PathBuf>,
    /// The service control policies of one level, parted by commas; again for the next level, from the root down
    #[arg(long, value_name = "POLICIES", help_heading = "Policies")]
    pub(super) scp: Vec<String>,
    /// The resource control policies of one level, parted by commas
    #[arg(long, value_name = "POLICIES", help_heading = "Policies")]
    pub(super) rcp: Vec<String>,

    /// What is asked for, as `s3:GetObject`
    #[arg(long, value_name = "ACTION", required_unless_present = "request", help_heading = "Request")]
    pub(super) action: Option<String>,
    /// The ARN of what it is asked of
    #[arg(long, value_name = "ARN", default_value = "*", help_heading = "Request")]
    pub(super) resource: String,
    /// Who asks: an ARN, a service as `ec2.amazonaws.com`, or `anonymous` [default: some user of the account]
    #[arg(long, value_name = "PRINCIPAL", help_heading = "Request")]
    pub(super) principal: Option<String>,
    /// The number of the account that the resource belongs to
    #[arg(long, value_name = "ID", help_heading = "Request")]
    pub(super) resource_account: Option<String>,
    /// The number of the organisation's management account
    #[arg(long, value_name = "ID", help_heading = "Request")]
    pub(super) management_account: Option<String>,
    /// A key of the request's context, as `aws:SourceIp=203.0.113.7`; given again, it has several values
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Request")]
    pub(super) context: Vec<String>,
    /// Read all of it from a JSON file (`-` for standard input)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["action", "principal", "context", "policy"])]
    #[arg(help_heading = "Request")]
    pub(super) request: Option<PathBuf>,

    /// Print JSON, for programs
    #[arg(long, help_heading = "Report")]
    pub(super) json: bool,
    /// When to colour
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "Report")]
    pub(super) color: Color,
}
