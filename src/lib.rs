//! `whit` reads a repository, finds every AWS trust and permission policy in it, whatever file it hides in, works out what
//! each one really grants, and says, at the exact bytes, what grants more than it should.
//!
//! One direction, and no stage knows a later one:
//!
//! ```text
//! args + config -> discover -> units -> read -> parse -> extract -> resolve -> lower -> rules -> join -> report
//!  cli, config     discover    engine  source  document  extract   extract   policy   rules   engine   report
//! ```
//!
//! The pure unit of work is [`engine::lint`]: one unit of files in, findings out. [`engine::join`] does what crosses units.

#![forbid(unsafe_code)]

pub mod access;
pub mod callers;
pub mod catalog;
pub mod cli;
pub mod config;
pub mod discover;
pub mod document;
pub mod engine;
pub mod example;
pub mod excerpt;
pub mod extract;
pub mod finding;
pub mod fix;
mod holders;
mod joints;
mod judge;
pub mod letter_case;
pub mod named;
pub mod policy;
mod repair;
pub mod report;
mod roles;
pub mod rules;
pub mod settings;
pub mod source;
pub mod spanmap;
pub mod spelling;
