//! One binary, one module for each promise.

mod corpus;
mod extraction;
mod lint;
mod page;
mod pages;
mod readme;
mod registry;
mod walkthrough;
