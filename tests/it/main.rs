//! One binary, one module for each promise.

#![expect(clippy::panic, clippy::print_stdout, reason = "helpers of tests fail the test, and say what was not run")]

mod access_analyzer;
mod bad_input;
mod bad_trust;
mod catalog;
mod catalog_command;
mod cli;
mod cloudformation;
mod compare;
mod config;
mod corpus;
mod credentials;
mod diff;
mod editor;
mod escalation;
mod evaluate;
mod extraction;
mod fixes;
mod forbid;
mod forms;
mod good_trust;
mod grants;
mod json_oracle;
mod json_recovery;
mod lint;
mod mfa;
mod mutation;
mod own_rules;
mod own_rules_config;
mod pages;
mod positions;
mod principals;
mod program;
mod readme;
mod registry;
mod report;
mod report_sarif;
mod root_user;
mod simulate;
mod terraform;
mod validity;
mod walk;
mod walkthrough;
mod wildcards;
mod yaml;
