//! The reader for what files of HCL are nearly always: no error, no directive in a template, no equal keys in an object. It
//! takes a small part of the time that the library takes, and makes the same nodes; whatever it does not know it leaves to
//! the library, which knows the whole grammar and words the errors.

use super::super::{AS_WRITTEN, Node, NodeKind, Notation};
use super::string;
use crate::source::Span;

/// So deep may brackets and operators nest here: few of the library's own levels, and many of any module's.
const MAX_DEPTH: u32 = 64;

/// Reads a text; none where the library has to.
pub(super) fn read(text: &str) -> Option<(Vec<Node>, Vec<Box<str>>)> {
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0, depth: 0, nodes: Vec::new(), decoded: Vec::new() };
    let map = reader.open(NodeKind::Map, 0);
    reader.body(true)?;
    reader.close(map, text.len());
    Some((reader.nodes, reader.decoded))
}

/// Whether an expression may go on in the next line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lines {
    One,
    Many,
}

pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    pub(super) at: usize,
    depth: u32,
    nodes: Vec<Node>,
    decoded: Vec<Box<str>>,
}

/// None if two are the same: two arguments of one name are an error. Of two equal keys of an object Terraform takes the last.
fn all_differ(mut names: Vec<&str>) -> Option<()> {
    names.sort_unstable();
    names.is_sorted_by(|one, other| one < other).then_some(())
}

/// How much of a tree was read at some time.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    nodes: usize,
    decoded: usize,
}

impl<'t> Reader<'t> {
    pub(super) fn push(&mut self, kind: NodeKind, notation: Notation, span: Span, text: Option<&str>) -> usize {
        let decoded = match text {
            Some(text) => {
                self.decoded.push(text.into());
                self.decoded.len() as u32 - 1
            }
            None => AS_WRITTEN,
        };
        let at = self.nodes.len();
        self.nodes.push(Node { span, next: at as u32 + 1, decoded, kind, notation });
        at
    }

    /// A node that begins here and is closed later.
    pub(super) fn open(&mut self, kind: NodeKind, start: usize) -> usize {
        self.push(kind, Notation::Plain, Span::new(start, start), None)
    }

    pub(super) fn close(&mut self, node: usize, end: usize) {
        let next = self.nodes.len() as u32;
        if let Some(node) = self.nodes.get_mut(node) {
            node.span.end = end as u32;
            node.next = next;
        }
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { nodes: self.nodes.len(), decoded: self.decoded.len() }
    }

    /// Forgets what was read since.
    pub(super) fn back_to(&mut self, mark: Mark) {
        self.nodes.truncate(mark.nodes);
        self.decoded.truncate(mark.decoded);
    }

    /// Puts what was read since into a node.
    pub(super) fn wrap(&mut self, mark: Mark, kind: NodeKind, span: Span) {
        let inside = self.nodes.get_mut(mark.nodes..).unwrap_or_default();
        inside.iter_mut().for_each(|node| node.next += 1);
        let next = self.nodes.len() as u32 + 1;
        let around = Node { span, next, decoded: AS_WRITTEN, kind, notation: Notation::Plain };
        self.nodes.insert(mark.nodes, around);
    }

    /// What `read` reads, one level deeper.
    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.depth += 1;
        let found = if self.depth > MAX_DEPTH { None } else { read(self) };
        self.depth -= 1;
        found
    }

    pub(super) fn peek(&self) -> u8 {
        self.ahead(0)
    }

    /// The byte so far ahead; 0 behind the end.
    pub(super) fn ahead(&self, by: usize) -> u8 {
        self.bytes.get(self.at + by).copied().unwrap_or(0)
    }

    /// Takes a byte that has to be there.
    pub(super) fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek() == byte).then(|| self.at += 1)
    }

    /// Skips blanks and comments, over the ends of lines too where they mean nothing.
    pub(super) fn blanks(&mut self, lines: Lines) -> Option<()> {
        let blank = |byte: &&u8| matches!(byte, b' ' | b'\t') || **byte == b'\n' && lines == Lines::Many;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            self.at += rest.iter().take_while(blank).count();
            match self.peek() {
                b'\r' if lines == Lines::Many && self.ahead(1) == b'\n' => self.at += 2,
                b'#' if lines == Lines::Many => self.comment()?,
                b'/' if self.ahead(1) == b'/' && lines == Lines::Many => self.comment()?,
                b'/' if self.ahead(1) == b'*' => {
                    let end = memchr::memmem::find(self.bytes.get(self.at + 2..)?, b"*/")?;
                    self.at += end + 4;
                }
                _ => return Some(()),
            }
        }
    }

    /// Skips a comment up to the end of its line.
    fn comment(&mut self) -> Option<()> {
        let rest = &self.bytes[self.at..];
        self.at += memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        // A `\r` by itself ends no line, and stands in none.
        (self.peek() != b'\r' || self.ahead(1) == b'\n').then_some(())
    }

    /// The rest of a line that must have nothing else.
    fn end_of_line(&mut self) -> Option<()> {
        self.blanks(Lines::One)?;
        if self.peek() == b'#' || self.peek() == b'/' && self.ahead(1) == b'/' {
            self.comment()?;
        }
        match (self.peek(), self.ahead(1)) {
            (b'\n', _) => self.at += 1,
            (b'\r', b'\n') => self.at += 2,
            _ if self.at == self.bytes.len() => {}
            _ => return None,
        }
        Some(())
    }

    /// A name. Those with letters beyond ASCII are the library's.
    pub(super) fn name(&mut self) -> Option<Span> {
        let start = self.at;
        let first = self.peek();
        if !first.is_ascii_alphabetic() && first != b'_' {
            return None;
        }
        let goes_on = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        self.at += self.bytes[start..].iter().take_while(goes_on).count();
        self.peek().is_ascii().then(|| Span::new(start, self.at))
    }

    pub(super) fn raw(&self, span: Span) -> &'t str {
        self.text.get(span.range()).unwrap_or("")
    }

    pub(super) fn key(&mut self, span: Span) {
        self.push(NodeKind::Key, Notation::Plain, span, None);
    }

    /// Attributes and blocks up to the end of the text, or up to the bracket that closes a block.
    fn body(&mut self, top: bool) -> Option<()> {
        let mut names = Vec::new();
        loop {
            self.blanks(Lines::Many)?;
            match self.peek() {
                b'}' if !top => return all_differ(names),
                0 if self.at == self.bytes.len() => return top.then(|| all_differ(names))?,
                _ => {}
            }
            let name = self.name()?;
            self.blanks(Lines::One)?;
            if self.peek() == b'=' {
                names.push(self.raw(name));
                self.attribute(name)?;
            } else {
                self.block(name)?;
            }
            self.end_of_line()?;
        }
    }

    fn attribute(&mut self, name: Span) -> Option<()> {
        self.take(b'=')?;
        self.key(name);
        self.blanks(Lines::One)?;
        self.expression(Lines::One).map(drop)
    }

    fn block(&mut self, name: Span) -> Option<()> {
        self.key(name);
        let mut open = Vec::new();
        while self.peek() != b'{' {
            let label = match self.peek() {
                b'"' => self.label()?,
                _ => self.name()?,
            };
            open.push(self.open(NodeKind::Map, label.start as usize));
            let quoted = self.raw(label).starts_with('"');
            let notation = if quoted { Notation::HclQuoted } else { Notation::Plain };
            self.push(NodeKind::Key, notation, label, None);
            self.blanks(Lines::One)?;
        }
        let start = self.at;
        self.take(b'{')?;
        let map = self.open(NodeKind::Map, start);
        self.deeper(Self::inside)?;
        self.take(b'}')?;
        let end = self.at;
        std::iter::once(map).chain(open).for_each(|node| self.close(node, end));
        Some(())
    }

    /// What stands between the brackets of a block: lines of a body, or one attribute at most.
    fn inside(&mut self) -> Option<()> {
        let from = self.at;
        if self.end_of_line().is_some() {
            return self.body(false);
        }
        self.at = from;
        self.blanks(Lines::One)?;
        if self.peek() != b'}' {
            let name = self.name()?;
            self.blanks(Lines::One)?;
            self.attribute(name)?;
            self.blanks(Lines::One)?;
        }
        Some(())
    }

    /// A quoted label without escapes.
    fn label(&mut self) -> Option<Span> {
        let start = self.at;
        let end = memchr::memchr(b'"', self.bytes.get(start + 1..)?)? + start + 1;
        let plain = |byte: &u8| !matches!(byte, b'\\' | b'\n' | b'\r' | b'$' | b'%');
        self.bytes[start + 1..end].iter().all(plain).then(|| {
            self.at = end + 1;
            Span::new(start, end + 1)
        })
    }

    /// A quoted string: the bytes with their quotes. What stands in `${}` is read, and leaves no nodes.
    pub(super) fn quoted(&mut self) -> Option<Span> {
        let start = self.at;
        self.take(b'"')?;
        loop {
            let rest = self.bytes.get(self.at..)?;
            let next = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | b'$' | b'%' | b'\n' | b'\r'))?;
            self.at += next;
            match self.peek() {
                b'"' => {
                    self.at += 1;
                    return Some(Span::new(start, self.at));
                }
                b'\\' => match self.ahead(1) {
                    b'n' | b'r' | b't' | b'"' | b'\\' => self.at += 2,
                    _ => return None,
                },
                b'$' | b'%' => self.template()?,
                _ => return None,
            }
        }
    }

    /// What a `$` or `%` in a template begins: an interpolation, the escape of one, or nothing.
    pub(super) fn template(&mut self) -> Option<()> {
        let sign = self.peek();
        match (self.ahead(1), self.ahead(2)) {
            (b'{', _) if sign == b'%' => None,
            (b'{', _) => self.interpolation(),
            (second, b'{') if second == sign => {
                self.at += 3;
                Some(())
            }
            _ => {
                self.at += 1;
                Some(())
            }
        }
    }

    fn interpolation(&mut self) -> Option<()> {
        let mark = self.mark();
        self.at += 2;
        self.at += usize::from(self.peek() == b'~');
        self.blanks(Lines::Many)?;
        self.deeper(|reader| reader.expression(Lines::Many))?;
        self.blanks(Lines::Many)?;
        self.at += usize::from(self.peek() == b'~');
        self.take(b'}')?;
        self.back_to(mark);
        Some(())
    }

    /// A quoted string as a node.
    pub(super) fn string(&mut self) -> Option<()> {
        let span = self.quoted()?;
        let text = string::decode(self.raw(span));
        self.push(NodeKind::String, Notation::HclQuoted, span, text.as_deref());
        Some(())
    }
}
