//! What references and functions stand for, as far as the files tell. One file for each language.

mod arn_of;
mod attribute;
mod cloudformation;
mod filled;
mod function;
mod objects;
mod shell;
mod substitution;
mod terraform;
mod texts;

pub(crate) use cloudformation::{Substituted, Template};
pub(crate) use filled::Filled;
pub(crate) use function::Lookup;
pub(crate) use shell::Shell;
pub(crate) use terraform::{Item, Module, reference};
