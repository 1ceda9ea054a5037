//! One binary, one module for each promise.

mod lint;
mod page;
mod pages;
mod registry;
