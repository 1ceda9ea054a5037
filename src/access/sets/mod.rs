//! Sets of texts and boxes of sets: what decides whether one policy allows more than another, without a solver.
//!
//! Every pattern that a question holds splits the texts of its dimension into *atoms*: texts that all patterns agree on. There are few,
//! each has a shortest text that stands for it, and sets of texts become sets of [`Bits`]. A statement is the product of such
//! sets, a box; [`boxes`] takes boxes from a box.

mod atoms;
mod bits;
pub mod boxes;
mod glob;

pub use atoms::{Atoms, TooMany};
pub use bits::Bits;
pub use glob::{Glob, Letters};
