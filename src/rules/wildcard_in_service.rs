//! `wildcard-in-service`

use super::{PolicyCx, Rule};
use crate::finding::Problem;
pub(super) struct WildcardInService;

impl Rule for WildcardInService {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        let elements = cx.statements().iter().filter_map(|statement| statement.action.as_ref());
        for (pattern, at) in elements.flat_map(|element| element.list.known()) {
            let wild = pattern.has_wildcard() && pattern.service().is_some() && pattern.named_service().is_none();
            if wild && !pattern.is_everything() {
                out.push(
                    Problem::new(at, format!("`{}` has a wildcard in the name of the service", pattern.as_str()))
                        .note("services that AWS adds later match as well")
                        .help("name the services"),
                );
            }
        }
    }
}
