//! What principals have that stands elsewhere, or cannot be seen: policies that are attached by reference, groups, permissions
//! boundaries, documents that only the deployment knows.

pub(super) mod template;

use crate::document::NodeRef;
use crate::policy::Holder;
use crate::source::Origin;

/// Somebody or something, and what it has.
#[derive(Clone, Debug)]
pub struct Link {
    /// Who.
    pub owner: Owner,
    /// What.
    pub target: Target,
    /// Where that is written.
    pub at: Origin,
    /// The words that say it, on one line.
    pub text: Box<str>,
}

/// Who has something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Owner {
    /// A principal, as one of its policies.
    Holder(Holder),
    /// A principal, as its permissions boundary.
    Bounded(Holder),
    /// A place in which a document stands: what it is called in messages.
    Place(Box<str>),
}

/// What it has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    /// A managed policy of AWS, by its ARN.
    Managed(Box<str>),
    /// The policies whose paths begin so, in the same template or module, and those of files, by their paths from its folder.
    Policies(Vec<Box<str>>, Vec<Box<str>>),
    /// What the group of this name has.
    Group(Box<str>),
    /// Something that cannot be seen before deployment.
    Unknown,
}

impl Link {
    pub(super) fn new(owner: Owner, target: Target, node: NodeRef<'_>) -> Self {
        let text = node.raw().split_whitespace().collect::<Vec<_>>().join(" ");
        Link { owner, target, at: node.origin(), text: text.into() }
    }
}

/// The ARN of a policy that AWS manages.
pub(super) fn is_of_aws(text: &str) -> bool {
    crate::catalog::managed_policy(text).is_some()
}
