//! The functions of Terraform that give what they are given.
//!
//! Source: Terraform's language documentation.

use crate::document::{NodeKind, NodeRef};

/// The arguments of a function that makes a list of them; the empty text is what `try` and `coalesce` fall back to where there
/// is nothing. Those of `flatten` are the items of the lists in it, however deep.
pub(super) fn parts(call: NodeRef<'_>) -> Vec<NodeRef<'_>> {
    // What a `for` expression goes through is none of what it makes.
    let arguments = call.arguments().skip(usize::from(is_for(call)));
    let mut parts: Vec<_> = arguments.filter(|argument| argument.as_str() != Some("")).collect();
    while call.as_str() == Some("flatten") && parts.iter().any(|part| part.kind() == NodeKind::Seq) {
        let inside = parts.into_iter().flat_map(|part| match part.kind() {
            NodeKind::Seq => part.items().collect(),
            _ => vec![part],
        });
        parts = inside.collect();
    }
    parts
}

/// True for a function that takes the first of several values that is there.
pub(super) fn falls_back(call: NodeRef<'_>) -> bool {
    let takes_first = matches!(call.as_str(), Some("coalesce" | "coalescelist" | "try"));
    takes_first && call.kind() == NodeKind::Call && parts(call).len() > 1
}

/// True for the function that leaves out what is empty.
pub(super) fn is_compact(call: NodeRef<'_>) -> bool {
    call.as_str() == Some("compact")
}

/// True for the functions whose value is a list of what their arguments hold, and for `[for ...]`.
pub(super) fn makes_list(call: NodeRef<'_>) -> bool {
    const LISTS: [&str; 15] = [
        "for",
        "concat",
        "flatten",
        "toset",
        "tolist",
        "distinct",
        "compact",
        "sort",
        "reverse",
        "setunion",
        "coalesce",
        "coalescelist",
        "try",
        "sensitive",
        "nonsensitive",
    ];
    call.as_str().is_some_and(|name| LISTS.contains(&name))
}

/// True for `[for ...]`.
pub(super) fn is_for(call: NodeRef<'_>) -> bool {
    call.as_str() == Some("for")
}

/// What `lookup(map, key, default)` is asked for.
pub(crate) struct Lookup<'n> {
    /// The map.
    pub(crate) map: NodeRef<'n>,
    /// The key of the entry.
    pub(crate) key: NodeRef<'n>,
    /// What it gives where the map has no such entry, unless that is nothing.
    pub(crate) default: Option<NodeRef<'n>>,
}

impl<'n> Lookup<'n> {
    /// Reads a call of the function; none for all else.
    pub(crate) fn of(call: NodeRef<'n>) -> Option<Self> {
        if call.kind() != NodeKind::Call || call.as_str() != Some("lookup") {
            return None;
        }
        let mut arguments = call.arguments();
        let (map, key) = (arguments.next()?, arguments.next()?);
        Some(Lookup { map, key, default: arguments.next().filter(|default| default.as_str() != Some("")) })
    }
}
