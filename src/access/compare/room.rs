//! What a Deny kept out that is there no more: others may allow it.

use super::part::Part;
use super::{Comparison, Kind, NewAccess, lifted, new_access};
use crate::access::ceiling::everything;
use crate::access::evaluate::Document;

/// Requests that the old policies denied and the new ones do not, whoever allows them: possible new access, as it takes an Allow that
/// stands elsewhere. The places are those of the new documents; that which stands for the others comes behind them.
pub fn room(base: &[Document], head: &[Document], kind: Kind) -> Comparison {
    if lifted(&Part::all(base), &Part::all(head)).is_empty() {
        return Comparison::default();
    }
    let with_others = |documents: &[Document]| {
        let others = Document { file: "".into(), policy: everything() };
        documents.iter().cloned().chain([others]).collect::<Vec<_>>()
    };
    let mut comparison = new_access(&with_others(base), &with_others(head), kind);
    comparison.new.iter_mut().for_each(|new: &mut NewAccess| new.certain = false);
    comparison
}
