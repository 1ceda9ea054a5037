//! The search domains of a module, some of which stand inside a VPC.

use super::resources;
use crate::document::{NodeRef, Tree};
use crate::extract::Network;
use crate::extract::resolve::{Module, reference};
use std::collections::HashMap;

/// The resources that make a search domain, and those that give one its policy.
const DOMAINS: [&str; 2] = ["aws_opensearch_domain", "aws_elasticsearch_domain"];
const POLICIES: [&str; 2] = ["aws_opensearch_domain_policy", "aws_elasticsearch_domain_policy"];

/// The bodies of the domains, by their addresses.
#[derive(Default)]
pub(super) struct Domains<'t>(HashMap<String, NodeRef<'t>>);

impl<'t> Domains<'t> {
    pub(super) fn of(trees: impl Iterator<Item = &'t Tree<'t>>) -> Self {
        let domains = trees.flat_map(resources).filter(|(resource, ..)| DOMAINS.contains(resource));
        Domains(domains.map(|(resource, name, body)| (format!("{resource}.{name}"), body)).collect())
    }

    /// From where requests reach what has the policy of this resource.
    pub(super) fn network(&self, resource: &str, body: NodeRef<'_>, module: &Module<'_>) -> Network {
        let domain = match resource {
            _ if DOMAINS.contains(&resource) => Some(body),
            _ if POLICIES.contains(&resource) => body.get("domain_name").and_then(|name| self.named(name)),
            _ => None,
        };
        domain.map_or(Network::Anywhere, |domain| Network::of_domain(domain, module))
    }

    /// The domain of which a reference gives an attribute, as `aws_opensearch_domain.d[0].domain_name`.
    fn named(&self, node: NodeRef<'_>) -> Option<NodeRef<'t>> {
        let mut parts = reference(node)?.split('.').map(|part| part.split('[').next().unwrap_or(part));
        self.0.get(&format!("{}.{}", parts.next()?, parts.next()?)).copied()
    }
}
