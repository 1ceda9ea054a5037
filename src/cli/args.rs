//! The command line's words.

use crate::config::{FailOn, KINDS, without_service};
use crate::policy::PolicyKind;
use clap::builder::PossibleValue;
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use std::num::NonZeroUsize;
use std::path::PathBuf;

const AFTER_HELP: &str = "\
Exit codes:
  0  nothing at or above `--fail-on`
  1  findings
  2  something was not checked (an unreadable or broken file, a wrong option); findings are still printed";

/// Finds what AWS IAM policies grant beyond need, at the exact bytes.
///
/// Without a command, `whit` checks the current folder.
#[derive(Parser, Debug)]
#[command(name = "whit", version, after_help = AFTER_HELP, args_conflicts_with_subcommands = true)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) check: CheckOptions,
}

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Check files and folders
    #[command(after_help = AFTER_HELP)]
    Check {
        /// Files, folders, or `-` for standard input
        #[arg(value_name = "PATH", default_value = ".")]
        paths: Vec<PathBuf>,
        #[command(flatten)]
        options: CheckOptions,
    },
    /// Explain a rule, by its id or by the id of another tool's check
    Explain {
        /// A rule's id, as `root-principal`, or another tool's, as `CKV_AWS_61`
        rule: String,
        /// When to colour
        #[arg(long, value_name = "WHEN", default_value = "auto")]
        color: Color,
        #[command(flatten)]
        config: ConfigOptions,
    },
    /// Show what is known of AWS: actions, services, managed policies
    Catalog {
        /// Patterns of actions (`s3:Get*`), services (`s3`), AWS managed policies by name or ARN
        #[arg(value_name = "PATTERN")]
        patterns: Vec<String>,
    },
    /// Decide one request: what AWS would answer, and which statement decides
    #[command(after_help = "Exit codes:\n  0  decided, whatever the decision\n  2  bad input")]
    Simulate(super::simulate::SimulateOptions),
    /// Show what policies allow, the riskiest first
    Grants {
        /// A file, a folder, a revision of git, or an AWS managed policy by name
        path: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Show what one state of the policies allows that another does not
    #[command(after_help = super::diff::AFTER_HELP)]
    Diff(super::diff::DiffOptions),
    /// Print a JSON Schema, for editors
    Schema {
        /// Of what
        #[arg(value_enum)]
        of: SchemaOf,
    },
    /// List the rules, or try the examples of your own
    #[command(
        after_help = "Exit codes:\n  0  listed, or all examples are right\n  1  an example is not\n  2  a page that is broken or has no example"
    )]
    Rules {
        /// Run the examples on the pages of this folder
        #[arg(long, value_name = "DIR", conflicts_with_all = ["format", "category", "rules"])]
        test: Option<PathBuf>,
        /// How to print them
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        format: ListFormat,
        /// Only the rules of one category, as `mfa`
        #[arg(long)]
        category: Option<String>,
        /// List the checks of other tools instead, each with the rules that answer it, or why none does
        #[arg(long, conflicts_with = "category")]
        equivalents: bool,
        #[command(flatten)]
        config: ConfigOptions,
    },
}

/// Where settings and rules come from.
#[derive(Args, Clone, Default, Debug)]
pub(super) struct ConfigOptions {
    /// Read this config, not the `whit.toml` at the root
    #[arg(long, value_name = "FILE", conflicts_with = "no_config", help_heading = "Files")]
    pub(super) config: Option<PathBuf>,
    /// Read no config
    #[arg(long, help_heading = "Files")]
    pub(super) no_config: bool,
    /// Take the rules of your own from the pages of this folder, too; may be given again
    #[arg(long, value_name = "DIR", help_heading = "Files")]
    pub(super) rules: Vec<PathBuf>,
}

/// What `whit schema` prints the schema of.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum SchemaOf {
    /// Policy documents
    Policy,
    /// `whit.toml`
    Config,
}

#[derive(Args, Clone, Debug)]
pub(super) struct CheckOptions {
    /// How to report
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "Report")]
    pub(super) format: ReportFormat,
    /// Write the report to a file, whole or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Report")]
    pub(super) output: Option<PathBuf>,
    /// When to colour; `NO_COLOR` and `CLICOLOR_FORCE` are honoured
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "Report")]
    pub(super) color: Color,
    /// Print no summary
    #[arg(short, long, help_heading = "Report")]
    pub(super) quiet: bool,
    /// List what was skipped, and which policies have statements that were not seen
    #[arg(short, long, help_heading = "Report")]
    pub(super) verbose: bool,

    /// Show all findings, also those that only a thorough reader wants
    #[arg(long, help_heading = "Findings")]
    pub(super) pedantic: bool,
    /// Run only these rules, or those of these categories
    #[arg(long, value_name = "RULES", value_delimiter = ',', help_heading = "Findings")]
    pub(super) select: Vec<String>,
    /// Drop the findings of these rules, or of these categories
    #[arg(long, value_name = "RULES", value_delimiter = ',', help_heading = "Findings")]
    pub(super) ignore: Vec<String>,
    /// Fail where a policy grants one of these actions, as `iam:*,kms:Decrypt`
    #[arg(long, value_name = "ACTIONS", value_delimiter = ',', value_parser = action, help_heading = "Findings")]
    pub(super) forbid: Vec<String>,
    /// Forbid them only on this resource, a pattern; may be given again
    #[arg(long, value_name = "ARN", requires = "forbid", help_heading = "Findings")]
    pub(super) on: Vec<String>,
    /// Fail where a policy lets the general public in, whatever it allows them
    #[arg(long, help_heading = "Findings")]
    pub(super) forbid_public: bool,
    /// Fail on findings of this severity or worse [default: medium]
    #[arg(long, value_name = "SEVERITY", help_heading = "Findings")]
    pub(super) fail_on: Option<FailOn>,
    /// Do not fail on findings; what was not checked still ends in 2
    #[arg(long, help_heading = "Findings")]
    pub(super) exit_zero: bool,
    /// The number of an account of your own; may be given again
    #[arg(long, value_name = "ID", value_parser = account, help_heading = "Findings")]
    pub(super) account: Vec<String>,
    /// What the policies are, where that does not show: `trust`, `scp`, `resource:s3`, ...
    #[arg(long, value_name = "KIND", value_parser = kind, help_heading = "Findings")]
    pub(super) kind: Option<PolicyKind>,
    /// The time that counts as now, as `2025-06-01` or `2025-06-01T12:00:00Z`
    #[arg(long, value_name = "TIME", value_parser = time, help_heading = "Findings")]
    pub(super) now: Option<Timestamp>,

    /// Write the fixes that leave what a policy means as it is
    #[arg(long, help_heading = "Fixes")]
    pub(super) fix: bool,
    /// Write also the fixes that somebody has to look at
    #[arg(long, help_heading = "Fixes")]
    pub(super) unsafe_fixes: bool,
    /// Show what the fixes would change, and write nothing; ends in 1 if there is something
    #[arg(long, help_heading = "Fixes")]
    pub(super) diff: bool,

    /// Also read what `.gitignore` files exclude
    #[arg(long, help_heading = "Files")]
    pub(super) no_ignore: bool,
    /// Read no file of more MiB
    #[arg(long, value_name = "MIB", default_value_t = 64, value_parser = clap::value_parser!(u64).range(1..=2048))]
    #[arg(help_heading = "Files")]
    pub(super) max_file_size: u64,
    /// The name of what comes from standard input: for globs, in the report, and to tell by its ending what it is written in
    #[arg(long, value_name = "NAME", help_heading = "Files")]
    pub(super) stdin_filename: Option<PathBuf>,
    #[command(flatten)]
    pub(super) config: ConfigOptions,
    /// Use this many threads
    #[arg(short = 'j', long, value_name = "N", help_heading = "Files")]
    #[arg(value_parser = threads)]
    pub(super) threads: Option<NonZeroUsize>,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ReportFormat {
    /// Findings in their text, for people
    Text,
    /// One line each, for editors and problem matchers
    Compact,
    /// For programs
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ListFormat {
    /// A table
    Text,
    /// An array
    Json,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::cli) enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl ValueEnum for FailOn {
    fn value_variants<'a>() -> &'a [Self] {
        use crate::finding::Severity::{Critical, High, Low, Medium};
        const ALL: [FailOn; 5] = [
            FailOn::AtLeast(Critical),
            FailOn::AtLeast(High),
            FailOn::AtLeast(Medium),
            FailOn::AtLeast(Low),
            FailOn::Never,
        ];
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            FailOn::AtLeast(severity) => severity.as_str(),
            FailOn::Never => "never",
        }))
    }
}

fn account(text: &str) -> Result<String, &'static str> {
    if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(text.to_owned())
    } else {
        Err("an account number is twelve digits, as `123456789012`")
    }
}

fn threads(text: &str) -> Result<NonZeroUsize, &'static str> {
    text.parse().map_err(
        |_: std::num::ParseIntError| "a number of threads is 1 or more; left out, there is one for each processor",
    )
}

fn kind(text: &str) -> Result<PolicyKind, String> {
    let kind = PolicyKind::from_name(text).ok_or_else(|| KINDS.to_owned())?;
    without_service(&kind).map_or(Ok(kind), Err)
}

fn time(text: &str) -> Result<Timestamp, &'static str> {
    let midnight = || format!("{text}T00:00:00Z").parse();
    text.parse().or_else(|_| midnight()).map_err(|_: jiff::Error| "a time is `2025-06-01` or `2025-06-01T12:00:00Z`")
}

fn action(text: &str) -> Result<String, &'static str> {
    let named = text.split_once(':').is_some_and(|(service, name)| !service.is_empty() && !name.is_empty());
    if named || text == "*" { Ok(text.to_owned()) } else { Err("an action is `kms:Decrypt` or a pattern, as `iam:*`") }
}
