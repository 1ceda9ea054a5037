//! From where requests come to what has a policy: search domains can stand inside a VPC, where no policy is the last word.
//!
//! Source: the guide of OpenSearch Service ("About access policies on VPC domains"), and the references of CloudFormation and the
//! AWS provider.

use super::scalar::text;
use crate::access::Truth;
use crate::document::{NodeKind, NodeRef};
use crate::policy::lower::{Resolve, Stands};
use crate::source::Origin;

/// From where requests reach what has a policy.
#[derive(Clone, Default, Debug)]
pub enum Network {
    /// From everywhere, as far as the file shows.
    #[default]
    Anywhere,
    /// From inside a VPC only, as these words say.
    Vpc(Origin),
    /// From inside a VPC only if these words come to stand for one.
    PerhapsVpc(Origin),
    /// From everywhere, to be asked who they are by what they reach: users and roles of its own decide, and AWS recommends a policy
    /// that lets everybody come so far ("Fine-grained access control in Amazon OpenSearch Service").
    OwnUsers,
}

/// The properties that make a search domain ask for users of its own: of CloudFormation and the AWS CLI, and of Terraform.
const SECURITY: [(&str, &str); 2] = [("AdvancedSecurityOptions", "Enabled"), ("advanced_security_options", "enabled")];

/// The properties that put a search domain into a VPC: of CloudFormation and the AWS CLI, and of Terraform.
const OPTIONS: [&str; 2] = ["VPCOptions", "vpc_options"];

impl Network {
    /// That of a search domain with these properties.
    pub(super) fn of_domain(properties: NodeRef<'_>, resolve: &dyn Resolve) -> Self {
        let asks = |(options, enabled): &(&str, &str)| {
            let options = properties.get(options)?;
            text(options.get(enabled)?, resolve).filter(|text| text.eq_ignore_ascii_case("true"))
        };
        if SECURITY.iter().any(|names| asks(names).is_some()) {
            return Network::OwnUsers;
        }
        let options = |key: NodeRef<'_>| key.as_str().is_some_and(|key| OPTIONS.contains(&key));
        let found = properties.entries().find(|(key, _)| options(*key));
        let made = || properties.get("dynamic")?.entries().find(|(key, _)| options(*key));
        match (found, made()) {
            (Some((key, value)), _) => match is_there(value, resolve) {
                Truth::Yes => Network::Vpc(key.origin()),
                Truth::Maybe => Network::PerhapsVpc(key.origin()),
                Truth::No => Network::Anywhere,
            },
            (None, Some((key, _))) => Network::PerhapsVpc(key.origin()),
            (None, None) => Network::Anywhere,
        }
    }

    /// That of a document which both have.
    #[must_use]
    pub(super) fn or(self, other: Network) -> Self {
        match (&self, &other) {
            (Network::Anywhere, _) | (_, Network::Vpc(_)) => self,
            _ => other,
        }
    }
}

/// Whether there is anything in what a node stands for.
fn is_there(node: NodeRef<'_>, resolve: &dyn Resolve) -> Truth {
    let stands = match node.kind() {
        NodeKind::Map | NodeKind::Call | NodeKind::Path | NodeKind::Either | NodeKind::Opaque => resolve.stands(node),
        _ => Stands::Plain,
    };
    match stands {
        Stands::OneOf(arms) => {
            let each = || arms.iter().map(|arm| is_there(*arm, resolve));
            if each().all(Truth::certain) { Truth::Yes } else { each().fold(Truth::No, Truth::or).and(Truth::Maybe) }
        }
        Stands::AllOf(parts) | Stands::Filled(parts) => {
            parts.iter().map(|part| is_there(*part, resolve)).fold(Truth::No, Truth::or)
        }
        Stands::Texts(_) | Stands::Elsewhere | Stands::Unknown => Truth::Maybe,
        Stands::Plain => match node.kind() {
            NodeKind::Null => Truth::No,
            NodeKind::Seq => node.items().any(|item| is_there(item, resolve).possible()).into(),
            NodeKind::Map => node.entries().any(|(_, value)| is_there(value, resolve).possible()).into(),
            _ => Truth::Yes,
        },
    }
}
