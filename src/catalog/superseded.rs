//! Managed policies that AWS itself says to use no longer, as they give too much.

/// A managed policy that AWS has replaced, or gives up.
#[derive(Clone, Copy, Debug)]
pub struct Superseded {
    /// Its name.
    pub name: &'static str,
    /// The policy that AWS has in its place, if there is one.
    pub by: Option<&'static str>,
    /// What its holder does that is too much, as a clause.
    pub gives: &'static str,
}

/// Kept by hand, sorted by name. Source: the descriptions of the policies in the AWS managed policy reference, and the pages on its
/// managed policies and on the roles of instances in the guide of EMR.
static SUPERSEDED: [Superseded; 5] = [
    Superseded {
        name: "AmazonEC2RoleforSSM",
        by: Some("AmazonSSMManagedInstanceCore"),
        gives: "reads and writes the objects of every bucket",
    },
    Superseded {
        name: "AmazonElasticMapReduceFullAccess",
        by: Some("AmazonEMRFullAccessPolicy_v2"),
        gives: "passes every role",
    },
    Superseded {
        name: "AmazonElasticMapReduceReadOnlyAccess",
        by: Some("AmazonEMRReadOnlyAccessPolicy_v2"),
        gives: "reads the objects of every bucket",
    },
    Superseded {
        name: "AmazonElasticMapReduceRole",
        by: Some("AmazonEMRServicePolicy_v2"),
        gives: "passes every role, and reads the objects of every bucket",
    },
    Superseded {
        name: "AmazonElasticMapReduceforEC2Role",
        by: None,
        gives: "does what it likes with every bucket, table, queue and topic",
    },
];

/// What AWS says of a managed policy of this name, where it says that it is one to use no longer.
pub fn superseded(name: &str) -> Option<&'static Superseded> {
    SUPERSEDED.binary_search_by_key(&name, |it| it.name).ok().and_then(|at| SUPERSEDED.get(at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::managed_policy;

    #[test]
    fn each_is_a_policy_of_aws_and_so_is_what_has_its_place() {
        assert!(SUPERSEDED.is_sorted_by_key(|it| it.name));
        for it in &SUPERSEDED {
            assert!(managed_policy(it.name).is_some(), "{}", it.name);
            assert!(it.by.is_none_or(|by| managed_policy(by).is_some() && superseded(by).is_none()), "{:?}", it.by);
        }
    }
}
