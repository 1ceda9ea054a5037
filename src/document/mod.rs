//! The tree that every reader makes: nodes in the order in which they are written, each with its span.
//!
//! A tree is one flat list. The children of a node follow it at once, and `next` leads past them, so that neither reading
//! nor walking needs recursion. The children of a map alternate: key, value, key, value.

mod embedded;
mod encoded;
pub mod hcl;
pub mod json;
mod syntax_error;
pub mod yaml;

pub use syntax_error::{SyntaxError, SyntaxErrorKind};

use crate::source::{FileId, Loc, Origin, Span};
use crate::spanmap::SpanMap;
use std::borrow::Cow;

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NodeKind {
    /// Keys and values; duplicate keys are kept.
    Map,
    /// Items.
    Seq,
    /// The key of the value that follows it.
    Key,
    /// A string.
    String,
    /// A number, as it is written.
    Number,
    /// `true` or `false`.
    Bool,
    /// `null`.
    Null,
    /// A call of a function: its name is the text, its arguments follow. `for` of HCL is one: of what it goes through, and
    /// of what it makes of each.
    Call,
    /// A reference, as `var.name` or `aws_s3_bucket.logs.arn`, as it is written.
    Path,
    /// One of the values that follow, chosen at deployment.
    Either,
    /// An expression that is not worked out.
    Opaque,
    /// Bytes that the reader could not understand, or a value that is missing.
    Error,
}

/// How a text is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Notation {
    /// Between double quotes, with JSON's escapes.
    Json,
    /// Without quotes, as YAML has it.
    Plain,
    /// Between single quotes, in YAML.
    SingleQuoted,
    /// Between double quotes, with YAML's escapes.
    DoubleQuoted,
    /// Below a `|` or `>`; the span begins at the first character that is not blank.
    Block,
    /// Between double quotes, with HCL's escapes; `${}` stands there as it is written.
    HclQuoted,
    /// Another node of the tree, named by `decoded`.
    Alias,
}

/// `decoded` of a node whose text stands in the document as it is.
const AS_WRITTEN: u32 = u32::MAX;

/// One node. `span` counts bytes of the tree's own text.
#[derive(Clone, Copy, Debug)]
struct Node {
    span: Span,
    next: u32,
    decoded: u32,
    kind: NodeKind,
    notation: Notation,
}

/// A document: the values at its top, mostly one.
pub struct Tree<'t> {
    file: FileId,
    text: Cow<'t, str>,
    map: Option<SpanMap>,
    nodes: Vec<Node>,
    decoded: Vec<Box<str>>,
    shared: Shared,
}

/// Bytes of a text that aliases elsewhere stand for too: where they begin, each with the furthest end so far.
#[derive(Default)]
struct Shared(Vec<Span>);

impl Shared {
    fn new(mut spans: Vec<Span>) -> Self {
        spans.sort_unstable();
        let mut furthest = 0;
        for span in &mut spans {
            furthest = furthest.max(span.end);
            span.end = furthest;
        }
        Shared(spans)
    }

    fn contains(&self, inner: Span) -> bool {
        let begun = self.0.partition_point(|span| span.start <= inner.start);
        self.0[..begun].last().is_some_and(|span| span.end >= inner.end)
    }
}

impl<'t> Tree<'t> {
    /// The text that was read: the file's, or what a string in it decodes to.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The values at the top of the document, in order.
    pub fn roots(&self) -> Siblings<'_> {
        Siblings { tree: self, at: 0, end: self.nodes.len() as u32, via: DIRECT }
    }

    /// The place in the file of a span of this tree's text.
    pub fn loc(&self, span: Span) -> Loc {
        let span = self.map.as_ref().map_or(span, |map| map.to_file(span));
        Loc { file: self.file, span }
    }

    /// How this tree's text lies in the file, where it is not the file's own.
    pub fn map(&self) -> Option<&SpanMap> {
        self.map.as_ref()
    }
}

/// `via` of a node that was reached without an alias.
const DIRECT: u32 = u32::MAX;

/// A node of a tree. Aliases are followed: nobody sees them but through [`NodeRef::origin`].
#[derive(Clone, Copy)]
pub struct NodeRef<'t> {
    tree: &'t Tree<'t>,
    at: u32,
    /// The alias through which the node was reached, the outermost where there are several.
    via: u32,
}

impl<'t> NodeRef<'t> {
    fn node(self) -> &'t Node {
        &self.tree.nodes[self.at as usize]
    }

    /// The tree that the node belongs to.
    pub fn tree(self) -> &'t Tree<'t> {
        self.tree
    }

    /// What the node is.
    pub fn kind(self) -> NodeKind {
        self.node().kind
    }

    /// The node's bytes in its tree's text: for a string with its quotes.
    pub fn span(self) -> Span {
        self.node().span
    }

    /// The node's place in the file.
    pub fn loc(self) -> Loc {
        self.tree.loc(self.span())
    }

    /// The node's place as the origin of a value: where it is written, and the alias that uses it there, if one does.
    pub fn origin(self) -> Origin {
        self.origin_of(self.span())
    }

    /// [`NodeRef::origin`] of other bytes of the tree's text, reached the same way.
    pub fn origin_of(self, span: Span) -> Origin {
        let via = self.tree.nodes.get(self.via as usize).map(|alias| Box::new(self.tree.loc(alias.span)));
        let editable = via.is_none() && !self.tree.shared.contains(span);
        Origin { at: self.tree.loc(span), editable, via, replaceable: false }
    }

    /// The node as another leads to it that stands in the same tree, as a reference to a local does.
    pub fn through(self, reference: NodeRef<'_>) -> NodeRef<'t> {
        let same = std::ptr::eq(std::ptr::from_ref(self.tree).cast::<u8>(), std::ptr::from_ref(reference.tree).cast());
        if same && self.via == DIRECT { NodeRef { via: reference.at, ..self } } else { self }
    }

    /// The node as it is written.
    pub fn raw(self) -> &'t str {
        &self.tree.text[self.span().range()]
    }

    /// The text of a string or a key, decoded; the name of a function that is called.
    pub fn as_str(self) -> Option<&'t str> {
        let node = self.node();
        match node.kind {
            NodeKind::String | NodeKind::Key if node.decoded == AS_WRITTEN => match node.notation {
                Notation::Plain => Some(self.raw()),
                _ => Some(&self.tree.text[node.span.start as usize + 1..node.span.end as usize - 1]),
            },
            NodeKind::String | NodeKind::Key | NodeKind::Call => Some(&self.tree.decoded[node.decoded as usize]),
            _ => None,
        }
    }

    /// The node as it is written, where that is its text between double quotes.
    pub(crate) fn in_double_quotes(self) -> Option<&'t str> {
        let node = self.node();
        let quoted = matches!(node.notation, Notation::Json | Notation::DoubleQuoted | Notation::HclQuoted);
        let is_text = matches!(node.kind, NodeKind::String | NodeKind::Key) && node.decoded == AS_WRITTEN;
        (is_text && quoted).then(|| self.raw())
    }

    /// The keys of a map with their values, in order; nothing for other nodes.
    pub fn entries(self) -> Entries<'t> {
        Entries(self.children(NodeKind::Map))
    }

    /// The items of a sequence, in order; nothing for other nodes.
    pub fn items(self) -> Siblings<'t> {
        self.children(NodeKind::Seq)
    }

    /// The arguments of a call, or the values of which one is chosen; nothing for other nodes.
    pub fn arguments(self) -> Siblings<'t> {
        self.children(if self.kind() == NodeKind::Either { NodeKind::Either } else { NodeKind::Call })
    }

    fn children(self, of: NodeKind) -> Siblings<'t> {
        let end = if self.kind() == of { self.node().next } else { self.at + 1 };
        Siblings { tree: self.tree, at: self.at + 1, end, via: self.via }
    }

    /// The value of a key of a map; of duplicate keys the last one's, as JSON readers have it.
    pub fn get(self, key: &str) -> Option<NodeRef<'t>> {
        self.entries().filter(|(k, _)| k.as_str() == Some(key)).last().map(|(_, value)| value)
    }
}

impl std::fmt::Debug for NodeRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {:?} {}", self.kind(), self.span(), self.raw())
    }
}

/// Nodes that stand side by side.
#[derive(Clone)]
pub struct Siblings<'t> {
    tree: &'t Tree<'t>,
    at: u32,
    end: u32,
    via: u32,
}

impl<'t> Iterator for Siblings<'t> {
    type Item = NodeRef<'t>;

    fn next(&mut self) -> Option<NodeRef<'t>> {
        (self.at < self.end).then(|| {
            let node = NodeRef { tree: self.tree, at: self.at, via: self.via };
            self.at = node.node().next;
            match node.node() {
                // What an alias names is no alias: the readers see to it.
                Node { notation: Notation::Alias, decoded, .. } => {
                    NodeRef { at: *decoded, via: if self.via == DIRECT { node.at } else { self.via }, ..node }
                }
                _ => node,
            }
        })
    }
}

/// The entries of a map.
#[derive(Clone)]
pub struct Entries<'t>(Siblings<'t>);

impl<'t> Iterator for Entries<'t> {
    type Item = (NodeRef<'t>, NodeRef<'t>);

    fn next(&mut self) -> Option<Self::Item> {
        Some((self.0.next()?, self.0.next()?))
    }
}
