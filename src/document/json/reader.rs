//! The reader: one pass over the text, an explicit stack of open brackets, and at any time one thing that comes next.
//!
//! Recovery never looks back further than the last node and never forward further than a line or the next quote, so that
//! time stays linear.

use super::super::{AS_WRITTEN, Node, NodeKind, Notation};
use super::{SyntaxError, errors::Errors, lexical};
use crate::source::Span;

/// So many brackets may be open at once. AWS's documents need a dozen.
const MAX_DEPTH: usize = 512;

pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    pub(super) at: usize,
    pub(super) decoded: Vec<Box<str>>,
    pub(super) errors: Errors,
    nodes: Vec<Node>,
    open: Vec<Open>,
    next: Next,
    /// The token before: what a missing comma is missed after.
    before: Span,
    /// Where the comma stands, if that was the token before.
    comma: Option<usize>,
    /// True if something was nested too deep: told once.
    too_deep: bool,
}

/// An open bracket.
struct Open {
    node: usize,
    map: bool,
}

/// What comes next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Key,
    Colon,
    Value,
    Comma,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Reader {
            text,
            bytes: text.as_bytes(),
            at: 0,
            decoded: Vec::new(),
            errors: Errors::default(),
            // Of written JSON, forty bytes are about a node.
            nodes: Vec::with_capacity((text.len() / 40).min(4096)),
            open: Vec::new(),
            next: Next::Value,
            before: Span::default(),
            comma: None,
            too_deep: false,
        }
    }

    /// Reads all of the text: the nodes, the strings that are not as written, and the errors.
    pub(super) fn read(mut self) -> (Vec<Node>, Vec<Box<str>>, Vec<SyntaxError>) {
        while !self.errors.too_many() {
            self.blank();
            let Some(&byte) = self.bytes.get(self.at) else { break };
            self.next = match self.next {
                Next::Key => self.key(byte),
                Next::Colon => self.colon(byte),
                Next::Value => self.value(byte),
                Next::Comma => self.comma(byte),
            };
        }
        self.end();
        (self.nodes, self.decoded, self.errors.finish())
    }

    /// Closes what is open at the end.
    fn end(&mut self) {
        if self.next == Next::Colon || (self.next == Next::Value && self.in_map()) {
            self.push(NodeKind::Error, self.after(), AS_WRITTEN);
        }
        if let Some(open) = self.open.last()
            && !self.too_deep
            && !self.errors.too_many()
        {
            self.never_closed(open.node, open.map);
        }
        while self.open.pop().map(|open| self.finish(&open)).is_some() {}
        if self.nodes.is_empty() {
            self.errors.broken(Span::new(0, self.text.len()), "there is no value in this text");
        }
    }

    fn key(&mut self, byte: u8) -> Next {
        let comma = self.comma.take();
        match byte {
            b'"' => self.string(NodeKind::Key),
            b'}' | b']' => return self.close(byte, comma),
            b',' => return self.stray("there is nothing before this comma"),
            b':' => {
                self.missing_key();
                return self.colon(byte);
            }
            b'{' | b'[' if lexical::template(self.bytes, self.at).is_none() => return self.no_key(byte),
            _ => return self.bare_key(),
        }
        Next::Colon
    }

    /// A bracket where a key comes next.
    fn no_key(&mut self, byte: u8) -> Next {
        let [.., list, map] = &self.open[..] else {
            self.missing_key();
            return Next::Value;
        };
        // The next object of a list, and the one before it is not closed.
        if byte == b'{' && !list.map && self.nodes.len() > map.node + 1 {
            self.never_closed(map.node, true);
            if let Some(open) = self.open.pop() {
                self.finish(&open);
            }
        } else {
            self.missing_key();
        }
        Next::Value
    }

    fn missing_key(&mut self) {
        self.errors.broken(self.here(), "there is no key before this");
        let decoded = self.keep("");
        self.push(NodeKind::Key, Span::new(self.at, self.at), decoded);
    }

    fn bare_key(&mut self) -> Next {
        if self.single_quoted(NodeKind::Key) {
            return Next::Colon;
        }
        let end = lexical::word(self.bytes, self.at);
        let span = Span::new(self.at, end);
        self.wrong_word(span, "a key stands in double quotes");
        let colon = self.bytes.get(lexical::skip_white(self.bytes, end)) == Some(&b':');
        if lexical::template(self.bytes, self.at).is_some() && !colon {
            // It stands for entries, we cannot know which.
            self.pass(end);
            return Next::Comma;
        }
        let word = self.text.get(span.range()).unwrap_or("");
        let decoded = self.keep(word);
        self.leaf(NodeKind::Key, end, decoded);
        Next::Colon
    }

    fn colon(&mut self, byte: u8) -> Next {
        match byte {
            b':' => self.pass(self.at + 1),
            b'=' => {
                self.errors.broken(self.here(), "a value stands after `:`, not after `=`");
                self.pass(self.at + 1 + usize::from(self.bytes.get(self.at + 1) == Some(&b'>')));
            }
            b',' | b'}' | b']' => return self.missing_value(),
            _ => self.errors.broken(self.before, "there is no `:` after this key"),
        }
        Next::Value
    }

    fn missing_value(&mut self) -> Next {
        let key = self.nodes.last().map_or(self.before, |key| key.span);
        self.errors.broken(if key.is_empty() { self.before } else { key }, "this key has no value");
        self.push(NodeKind::Error, self.after(), AS_WRITTEN);
        Next::Comma
    }

    fn value(&mut self, byte: u8) -> Next {
        if self.open.is_empty() && !self.nodes.is_empty() && self.before.end as usize == self.at {
            self.errors.broken(self.here(), "this stands right behind the end of the document");
        }
        let comma = self.comma.take();
        match byte {
            b'"' => self.string(NodeKind::String),
            b'{' | b'[' if lexical::template(self.bytes, self.at).is_none() => return self.bracket(byte == b'{'),
            b'}' | b']' | b',' if self.in_map() => return self.missing_value(),
            b'}' | b']' => return self.close(byte, comma),
            b',' => return self.stray("there is nothing before this comma"),
            b':' => return self.stray("there is no key before this `:`"),
            _ => self.bare_value(),
        }
        self.after_value()
    }

    fn bracket(&mut self, map: bool) -> Next {
        if self.open.len() >= MAX_DEPTH {
            if !self.too_deep {
                let why = format!("brackets are nested more than {MAX_DEPTH} deep: what is in them is not read");
                self.errors.broken(self.here(), why);
            }
            self.too_deep = true;
            self.leaf(NodeKind::Error, lexical::bracketed(self.bytes, self.at), AS_WRITTEN);
            return self.after_value();
        }
        self.open.push(Open { node: self.nodes.len(), map });
        self.leaf(if map { NodeKind::Map } else { NodeKind::Seq }, self.at + 1, AS_WRITTEN);
        if map { Next::Key } else { Next::Value }
    }

    fn bare_value(&mut self) {
        if self.single_quoted(NodeKind::String) {
            return;
        }
        let end = lexical::word(self.bytes, self.at);
        let kind = match self.bytes.get(self.at..end).unwrap_or(b"") {
            b"true" | b"false" => NodeKind::Bool,
            b"null" => NodeKind::Null,
            word if lexical::is_number(word) => NodeKind::Number,
            _ => {
                let end = lexical::rest_of_value(self.bytes, end);
                self.wrong_word(Span::new(self.at, end), "a string stands in double quotes");
                return self.leaf(NodeKind::Error, end, AS_WRITTEN);
            }
        };
        self.leaf(kind, end, AS_WRITTEN);
    }

    /// Says what is wrong with a word; `rule` is what it offends against.
    fn wrong_word(&mut self, span: Span, rule: &str) {
        let word = self.text.get(span.range()).unwrap_or("");
        match lexical::template(word.as_bytes(), 0).is_some() || lexical::is_of_shell(word) {
            true => self.errors.placeholder(span, lexical::not_filled_in(word)),
            false => self.errors.broken(span, lexical::wrong_word(word, rule)),
        }
    }

    fn comma(&mut self, byte: u8) -> Next {
        match byte {
            b',' => {
                self.comma = Some(self.at);
                self.pass(self.at + 1);
            }
            b'}' | b']' => return self.close(byte, None),
            b':' => return self.colon_after_value(),
            _ => self.errors.broken(self.before, "there is no comma after this"),
        }
        if self.in_map() { Next::Key } else { Next::Value }
    }

    /// `"a" "b": 1` or `"a": "b": 1`: what was taken for the value of `a` is a key, and `a` has no value.
    fn colon_after_value(&mut self) -> Next {
        match (self.in_map(), self.nodes.pop()) {
            (true, Some(string)) if string.kind == NodeKind::String && string.span == self.before => {
                let key = self.nodes.last().map_or(string.span, |key| key.span);
                self.errors.broken(if key.is_empty() { self.here() } else { key }, "this key has no value");
                self.push(NodeKind::Error, Span { start: key.end, end: key.end }, AS_WRITTEN);
                self.push(NodeKind::Key, string.span, string.decoded);
                self.pass(self.at + 1);
                Next::Value
            }
            (in_map, last) => {
                self.nodes.extend(last);
                let next = self.stray("there is no key before this `:`");
                if in_map { next } else { Next::Value }
            }
        }
    }

    /// Passes over one byte that does not belong here; the same comes next as before.
    fn stray(&mut self, why: &str) -> Next {
        self.errors.broken(self.here(), why);
        self.pass(self.at + 1);
        self.next
    }

    fn close(&mut self, byte: u8, comma: Option<usize>) -> Next {
        let Some(index) = self.open.iter().rposition(|open| open.map == (byte == b'}')) else {
            return self.stray("no bracket is open that this one closes");
        };
        if let Some(comma) = comma {
            self.errors.trailing_comma(Span::new(comma, comma + 1), char::from(byte));
        }
        while let Some(open) = self.open.pop() {
            if self.open.len() > index {
                self.never_closed(open.node, open.map);
                self.finish(&open);
            } else {
                self.pass(self.at + 1);
                self.finish(&open);
                break;
            }
        }
        self.after_value()
    }

    /// White space, and what is passed over like it.
    fn blank(&mut self) {
        loop {
            self.at = lexical::skip_white(self.bytes, self.at);
            let (start, Some(&byte)) = (self.at, self.bytes.get(self.at)) else { return };
            let end = match byte {
                // What JSON is made of, first: this runs before every token.
                b'"' | b',' | b':' | b'[' | b']' | b'}' => return,
                b'/' | b'#' => match lexical::comment(self.bytes, start) {
                    Some((end, true)) => {
                        self.errors.comment(Span::new(start, end));
                        end
                    }
                    Some((end, false)) => {
                        self.errors.broken(Span::new(start, start + 2), "this comment is never closed");
                        end
                    }
                    None => return,
                },
                b'{' | b'<' | b'%' => match lexical::tag(self.bytes, start) {
                    Some(end) => {
                        self.errors.placeholder(Span::new(start, end), "this is a tag of a template, not JSON");
                        end
                    }
                    None => return,
                },
                0x0B | 0x0C | 0x80.. => {
                    let rest = self.text.get(start..).unwrap_or("");
                    let end = start + rest.len() - rest.trim_start_matches(lexical::looks_blank).len();
                    if end == start {
                        return;
                    }
                    self.errors.broken(Span::new(start, end), "this looks like white space and is none for JSON");
                    end
                }
                _ => return,
            };
            self.at = end;
        }
    }

    fn in_map(&self) -> bool {
        self.open.last().is_some_and(|open| open.map)
    }

    fn after_value(&self) -> Next {
        if self.open.is_empty() { Next::Value } else { Next::Comma }
    }

    /// The character that is read next.
    fn here(&self) -> Span {
        let next = self.text.get(self.at..).and_then(|rest| rest.chars().next());
        Span::new(self.at, self.at + next.map_or(0, char::len_utf8))
    }

    /// The place behind the token before.
    fn after(&self) -> Span {
        Span { start: self.before.end, end: self.before.end }
    }

    /// Goes on behind a token that ends at `end`.
    fn pass(&mut self, end: usize) {
        self.before = Span::new(self.at, end);
        self.at = end;
    }

    /// Adds a token that ends at `end` as a node.
    pub(super) fn leaf(&mut self, kind: NodeKind, end: usize, decoded: u32) {
        self.pass(end);
        self.push(kind, self.before, decoded);
    }

    /// Keeps the text of a string that is not as written.
    pub(super) fn keep(&mut self, text: impl Into<Box<str>>) -> u32 {
        self.decoded.push(text.into());
        self.decoded.len() as u32 - 1
    }

    fn push(&mut self, kind: NodeKind, span: Span, decoded: u32) {
        let next = self.nodes.len() as u32 + 1;
        self.nodes.push(Node { span, next, decoded, kind, notation: Notation::Json });
    }

    /// All children of a map or list are read, up to the token before.
    fn finish(&mut self, open: &Open) {
        let next = self.nodes.len() as u32;
        if let Some(node) = self.nodes.get_mut(open.node) {
            node.next = next;
            node.span.end = self.before.end;
        }
    }

    fn never_closed(&mut self, node: usize, map: bool) {
        let start = self.nodes.get(node).map_or(self.at, |node| node.span.start as usize);
        let bracket = if map { '{' } else { '[' };
        self.errors.broken(Span::new(start, start + 1), format!("this `{bracket}` is never closed"));
    }
}
