//! What a policy means: which actions a pattern reaches, how far a statement goes, what its conditions narrow.
//!
//! Nothing here makes findings. Questions that a policy cannot answer before deployment have [`Truth`] for an answer, so
//! that an unknown is neither read as safe nor claimed.

pub mod actions;
pub mod administrator;
pub mod attached;
pub mod aws_accounts;
pub mod behalf;
pub mod breadth;
pub mod bucket;
pub mod ceiling;
pub mod certificates;
pub mod compare;
pub mod condition_value;
pub mod context;
pub mod data;
pub mod demand;
pub mod deputies;
pub mod escalation;
pub mod evaluate;
pub mod everywhere;
pub mod fit;
pub mod grants;
pub mod guest;
mod inclusion;
pub mod lapse;
pub mod managed;
pub mod mfa;
pub mod narrowing;
pub mod oidc;
pub mod opening;
mod reach;
pub mod redundancy;
pub mod resources;
pub mod role;
pub mod scope;
pub mod service_name;
pub mod session;
pub mod sets;
mod slash;
pub mod targets;
pub mod transport;
mod truth;
pub mod watchlist;
pub mod wildcard;

pub use inclusion::covers;
pub use truth::Truth;
