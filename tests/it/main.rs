//! One binary, one module for each promise.

mod bad_input;
mod cli;
mod config;
mod corpus;
mod extraction;
mod lint;
mod page;
mod pages;
mod principals;
mod program;
mod readme;
mod registry;
mod root_user;
mod walk;
mod walkthrough;
mod wildcards;
