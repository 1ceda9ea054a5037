//! The words of `whit diff`.

use crate::access::compare::Kind;
use crate::cli::args::Color;
use clap::{Args, ValueEnum};

pub(in crate::cli) const AFTER_HELP: &str = "\
Examples:
  whit diff old.json new.json      two files, or two folders
  whit diff HEAD                   the working tree, against the last commit
  whit diff main..HEAD             two revisions of git; main...HEAD: since they parted

Exit codes:
  0  no new access
  1  new access
  2  a file that was named cannot be read or is broken, or the arguments are wrong; wins over 1
  3  no new access was found, and something could not be decided before deployment, or could not be
     read in a folder or a revision: look at what is printed, or say --unknown=allow for 0 instead";

#[derive(Args, Clone, Debug)]
pub(in crate::cli) struct DiffOptions {
    /// What was: a file, a folder, a revision of git (or two as `BASE..HEAD`), or an AWS managed policy by name
    #[arg(value_name = "BASE")]
    pub(super) base: String,
    /// What is: a file, a folder, a revision of git, or an AWS managed policy [default: the working tree]
    #[arg(value_name = "HEAD")]
    pub(super) head: Option<String>,
    /// What the policies are, where that does not show; takes all of each side together
    #[arg(long, value_name = "TYPE")]
    pub(super) policy_type: Option<PolicyType>,
    /// How to report
    #[arg(long, value_name = "FORMAT", default_value = "text", conflicts_with = "json")]
    pub(super) format: DiffFormat,
    /// Print JSON, as `--format json`
    #[arg(long)]
    pub(super) json: bool,
    /// What to do about what was not decided
    #[arg(long, value_name = "WHAT", default_value = "fail")]
    pub(super) unknown: OnUnknown,
    /// When to colour
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(super) color: Color,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum PolicyType {
    /// Identity-based policies of one principal
    Identity,
    /// Policies of one resource, trust policies among them
    Resource,
}

impl From<PolicyType> for Kind {
    fn from(kind: PolicyType) -> Self {
        match kind {
            PolicyType::Identity => Kind::Identity,
            PolicyType::Resource => Kind::Resource,
        }
    }
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum DiffFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// For a comment on a pull request
    Markdown,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum OnUnknown {
    /// End in 3
    Fail,
    /// Say so, and end in 0
    Allow,
}
