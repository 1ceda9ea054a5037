//! From events to nodes: one pass, with an explicit stack of what is open.

use super::super::{AS_WRITTEN, Node, NodeKind, Notation, SyntaxError, SyntaxErrorKind};
use crate::source::Span;
use granit_parser::{Event, Parser, ScalarStyle, StructureStyle, Tag};
use std::collections::{BTreeSet, HashMap};

/// So many collections of one notation may be open at once. Templates need a dozen.
const MAX_NESTING: usize = 128;

/// So deep is a tree at the most, aliases followed and tags counted.
const MAX_DEPTH: u32 = 512;

/// So many nodes may all aliases together stand for.
const MAX_ALIASED: u64 = 100_000;

/// What came of a text.
pub(super) struct Read {
    pub(super) nodes: Vec<Node>,
    pub(super) decoded: Vec<Box<str>>,
    pub(super) errors: Vec<SyntaxError>,
    /// What aliases stand for.
    pub(super) aliased: Vec<Span>,
}

pub(super) fn read(text: &str) -> Read {
    let mut reader = Reader {
        text,
        nodes: Vec::new(),
        decoded: Vec::new(),
        errors: Vec::new(),
        open: Vec::new(),
        anchors: HashMap::new(),
        targets: BTreeSet::new(),
        aliased: 0,
        end: 0,
        skip: 0,
    };
    let options = granit_parser::options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        flow_nesting_limit: MAX_NESTING,
        block_nesting_limit: MAX_NESTING,
    };
    for event in Parser::new_from_str_with_options(text, options) {
        match event {
            Ok((event, span)) => reader.event(event, &span),
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(text.len()).min(text.len());
                let next = text.get(at..).and_then(|rest| rest.chars().next()).filter(|c| !c.is_whitespace());
                reader.error(Span::new(at, at + next.map_or(0, char::len_utf8)), error.info());
                break;
            }
        }
    }
    while !reader.open.is_empty() {
        reader.close(reader.end);
    }
    let aliased = reader.targets.iter().filter_map(|target| Some(reader.nodes.get(*target as usize)?.span)).collect();
    Read { nodes: reader.nodes, decoded: reader.decoded, errors: reader.errors, aliased }
}

pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) nodes: Vec<Node>,
    pub(super) decoded: Vec<Box<str>>,
    errors: Vec<SyntaxError>,
    pub(super) open: Vec<Open>,
    anchors: HashMap<usize, Anchor>,
    /// The nodes that aliases name.
    targets: BTreeSet<u32>,
    aliased: u64,
    /// Where the last node ends.
    end: u32,
    /// How many collections are open of a key that is none: a collection.
    skip: usize,
}

/// A collection that is not yet closed.
pub(super) struct Open {
    pub(super) node: u32,
    map: bool,
    block: bool,
    anchor: usize,
    /// The map that its tag is written as.
    wrapper: Option<u32>,
    /// True where the next node is a key.
    key_next: bool,
    /// Of a map: the key `<<` that the next value belongs to.
    merge: Option<u32>,
    /// Of a map: the maps whose entries it takes over, by their aliases.
    pub(super) merged: Vec<Alias>,
    extent: Extent,
}

/// How much a node is, aliases followed.
#[derive(Clone, Copy)]
pub(super) struct Extent {
    nodes: u64,
    depth: u32,
}

pub(super) const LEAF: Extent = Extent { nodes: 1, depth: 1 };

struct Anchor {
    node: u32,
    /// None while the collection is open.
    extent: Option<Extent>,
}

#[derive(Clone, Copy)]
pub(super) struct Alias {
    pub(super) target: u32,
    pub(super) span: Span,
    pub(super) extent: Extent,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, span: &granit_parser::Span) {
        let tag_span = span.tag_span().and_then(|tag| tag.byte_range());
        let tag_span = tag_span.map(|tag| Span::new(tag.start, tag.end));
        let range = span.byte_range().unwrap_or(0..0);
        let span = Span::new(range.start, range.end);
        if self.skip > 0 {
            match event {
                Event::SequenceStart(..) | Event::MappingStart(..) => self.skip += 1,
                Event::SequenceEnd | Event::MappingEnd => self.skip -= 1,
                _ => {}
            }
            return;
        }
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let tag = tag.as_deref().zip(tag_span).filter(|_| !self.key_next());
                let wrapper = tag.and_then(|(tag, span)| self.tag(tag, span));
                let node = self.scalar(&value, style, span);
                self.done(node, LEAF, wrapper, anchor);
            }
            Event::Alias(id) => self.alias(id, span),
            Event::UnresolvedAlias(name) => {
                self.error(span, format!("there is no anchor `&{name}` above this alias"));
                self.leaf(span);
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.start(false, style, span, anchor, tag.as_deref().zip(tag_span))
            }
            Event::MappingStart(style, anchor, tag) => {
                self.start(true, style, span, anchor, tag.as_deref().zip(tag_span))
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let end = match self.open.last() {
                    Some(open) if open.block => self.end,
                    _ => span.end,
                };
                self.close(end);
            }
            _ => {}
        }
    }

    fn error(&mut self, span: Span, message: impl Into<String>) {
        self.errors.push(SyntaxError { kind: SyntaxErrorKind::Broken, span, message: message.into() });
    }

    fn key_next(&self) -> bool {
        self.open.last().is_some_and(|open| open.map && open.key_next)
    }

    fn keep(&mut self, text: impl Into<Box<str>>) -> u32 {
        self.decoded.push(text.into());
        self.decoded.len() as u32 - 1
    }

    fn push(&mut self, kind: NodeKind, notation: Notation, span: Span, decoded: u32) -> u32 {
        let at = self.nodes.len() as u32;
        self.nodes.push(Node { span, next: at + 1, decoded, kind, notation });
        self.end = self.end.max(span.end);
        at
    }

    /// A tag that is a function: the map and the key that it is written as. None for a tag that names a type of YAML.
    fn tag(&mut self, tag: &Tag, span: Span) -> Option<u32> {
        if tag.handle() != "!" || tag.suffix().is_empty() {
            return None;
        }
        let map = self.push(NodeKind::Map, Notation::Plain, span, AS_WRITTEN);
        let name = match tag.suffix() {
            name @ ("Ref" | "Condition") => name.into(),
            name => format!("Fn::{name}"),
        };
        let name = self.keep(name);
        self.push(NodeKind::Key, Notation::Plain, span, name);
        Some(map)
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, span: Span) -> u32 {
        let key = self.key_next();
        let raw = self.text.get(span.range()).unwrap_or("");
        let (notation, span, inner) = match style {
            ScalarStyle::Plain => (Notation::Plain, span, raw),
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                let single = style == ScalarStyle::SingleQuoted;
                let notation = if single { Notation::SingleQuoted } else { Notation::DoubleQuoted };
                (notation, span, raw.get(1..raw.len().saturating_sub(1)).unwrap_or(""))
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let blank = raw.len() - raw.trim_start().len();
                let start = span.start + blank as u32;
                let end = (span.start + raw.trim_end().len() as u32).max(start);
                (Notation::Block, Span { start, end }, "")
            }
        };
        let kind = match (key, style, raw) {
            (true, ..) => NodeKind::Key,
            (_, ScalarStyle::Plain, "" | "~" | "null" | "Null" | "NULL") => NodeKind::Null,
            (_, ScalarStyle::Plain, "true" | "True" | "TRUE" | "false" | "False" | "FALSE") => NodeKind::Bool,
            _ => NodeKind::String,
        };
        let quoted = matches!(notation, Notation::SingleQuoted | Notation::DoubleQuoted);
        let as_written = value == inner && (notation == Notation::Plain || (quoted && raw.len() >= 2));
        let decoded = if as_written { AS_WRITTEN } else { self.keep(value) };
        let node = self.push(kind, notation, span, decoded);
        if let Some(open) = self.open.last_mut().filter(|open| key && open.map) {
            open.merge = (notation == Notation::Plain && value == "<<").then_some(node);
        }
        node
    }

    /// A node that stands for itself and cannot be read.
    fn leaf(&mut self, span: Span) {
        let node = if self.key_next() {
            let nothing = self.keep("");
            self.push(NodeKind::Key, Notation::Plain, span, nothing)
        } else {
            self.push(NodeKind::Error, Notation::Plain, span, AS_WRITTEN)
        };
        self.done(node, LEAF, None, 0);
    }

    fn alias(&mut self, id: usize, span: Span) {
        let Some(Anchor { node: target, extent: Some(extent) }) = self.anchors.get(&id) else {
            self.error(span, "this alias stands inside what it names");
            return self.leaf(span);
        };
        let alias = Alias { target: *target, span, extent: *extent };
        self.targets.insert(alias.target);
        let kind = self.nodes.get(alias.target as usize).map(|node| node.kind);
        let scalar = !matches!(kind, Some(NodeKind::Map | NodeKind::Seq));
        if self.key_next() && !scalar {
            return self.leaf(span);
        }
        if !self.room_for(alias.extent) {
            self.error(
                span,
                format!("aliases stand for more than {MAX_ALIASED} values, or for more than {MAX_DEPTH} levels"),
            );
            return self.leaf(span);
        }
        self.push_alias(&alias);
        self.done(alias.target, alias.extent, None, 0);
    }

    fn room_for(&mut self, extent: Extent) -> bool {
        let depth = self.open.iter().map(|open| 1 + u32::from(open.wrapper.is_some())).sum::<u32>();
        self.aliased += extent.nodes;
        self.aliased <= MAX_ALIASED && depth + extent.depth <= MAX_DEPTH
    }

    pub(super) fn push_alias(&mut self, alias: &Alias) {
        let kind = self.nodes.get(alias.target as usize).map_or(NodeKind::Error, |node| node.kind);
        self.push(kind, Notation::Alias, alias.span, alias.target);
    }

    fn start(&mut self, map: bool, style: StructureStyle, span: Span, anchor: usize, tag: Option<(&Tag, Span)>) {
        if self.key_next() {
            // A collection as a key: no policy has one.
            self.leaf(Span { end: span.start, ..span });
            self.skip = 1;
            return;
        }
        let wrapper = tag.and_then(|(tag, span)| self.tag(tag, span));
        let kind = if map { NodeKind::Map } else { NodeKind::Seq };
        let node = self.push(kind, Notation::Plain, Span { end: span.start, ..span }, AS_WRITTEN);
        if anchor != 0 {
            self.anchors.insert(anchor, Anchor { node, extent: None });
        }
        let block = style == StructureStyle::Block;
        let open =
            Open { node, map, block, anchor, wrapper, key_next: map, merge: None, merged: Vec::new(), extent: LEAF };
        self.open.push(open);
    }

    fn close(&mut self, end: u32) {
        let Some(open) = self.open.last() else { return };
        if open.map && !open.key_next {
            // The text ended before the value.
            self.push(NodeKind::Error, Notation::Plain, Span { start: end, end }, AS_WRITTEN);
        }
        self.merge();
        let Some(open) = self.open.pop() else { return };
        self.finish(open.node, end);
        self.done(open.node, open.extent, open.wrapper, open.anchor);
    }

    fn finish(&mut self, node: u32, end: u32) {
        let next = self.nodes.len() as u32;
        if let Some(node) = self.nodes.get_mut(node as usize) {
            node.next = next;
            node.span.end = end.max(node.span.start);
        }
        self.end = self.end.max(end);
    }

    /// A node is complete: what holds it goes on.
    fn done(&mut self, node: u32, mut extent: Extent, wrapper: Option<u32>, anchor: usize) {
        if let Some(wrapper) = wrapper {
            self.finish(wrapper, self.end);
            extent = Extent { nodes: extent.nodes + 2, depth: extent.depth + 1 };
        }
        if anchor != 0 {
            self.anchors.insert(anchor, Anchor { node: wrapper.unwrap_or(node), extent: Some(extent) });
        }
        let nodes = self.nodes.len() as u32;
        let Some(open) = self.open.last_mut() else { return };
        open.extent.nodes += extent.nodes;
        open.extent.depth = open.extent.depth.max(extent.depth + 1);
        if !open.map {
            return;
        }
        open.key_next = !open.key_next;
        if open.key_next
            && let Some(key) = open.merge.take()
        {
            self.take_over(key, nodes);
        }
    }
}
