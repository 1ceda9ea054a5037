//! Kinds of policies, as they are named.

use crate::policy::PolicyKind;
use crate::{catalog, spelling};

/// What is wrong with a kind by its service, as a phrase; none if AWS has a service of that name.
pub fn without_service(kind: &PolicyKind) -> Option<String> {
    let PolicyKind::Resource(Some(service)) = kind else { return None };
    if catalog::service(service).is_some() {
        return None;
    }
    let near = spelling::nearest(service, catalog::services().map(|service| service.prefix()));
    let way_out = if near.is_empty() { String::new() } else { format!(": did you mean {}?", spelling::any_of(&near)) };
    Some(format!("AWS has no service `{service}`{way_out}"))
}
