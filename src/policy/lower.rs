//! From a tree to a policy: total, nothing is lost.
