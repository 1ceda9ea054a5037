//! From the library's syntax tree to nodes.

use super::super::{AS_WRITTEN, Node, NodeKind, Notation, SyntaxError, SyntaxErrorKind};
use super::string;
use crate::source::Span;
use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, Object, ObjectKey};
use hcl_edit::structure::{BlockLabel, Body, Structure};
use std::borrow::Cow;
use std::ops::Range;

/// After so many broken blocks the rest is not read: every one costs another pass.
const MAX_ERRORS: usize = 16;

pub(super) fn read(text: &str) -> (Vec<Node>, Vec<Box<str>>, Vec<SyntaxError>) {
    let mut errors = Vec::new();
    let mut source = Cow::Borrowed(text);
    let body = loop {
        match hcl_edit::parser::parse_body(&source) {
            Ok(body) => break body,
            Err(error) => {
                let at = text.floor_char_boundary(error.location().offset().min(text.len()));
                let end = text.get(at..).and_then(|rest| rest.chars().next()).filter(|c| !c.is_whitespace());
                let span = Span::new(at, at + end.map_or(0, char::len_utf8));
                errors.push(SyntaxError { kind: SyntaxErrorKind::Broken, span, message: error.message().to_owned() });
                match without_block(&source, at) {
                    Some(rest) if errors.len() < MAX_ERRORS => source = Cow::Owned(rest),
                    _ => break Body::new(),
                }
            }
        }
    };
    let mut reader = Reader { text, nodes: Vec::new(), decoded: Vec::new() };
    reader.body(&body, Span::new(0, text.len()));
    (reader.nodes, reader.decoded, errors)
}

/// The text with blanks for the block at the margin that an offset stands in, so that all else keeps its place. None if
/// nothing is left to blank.
fn without_block(text: &str, at: usize) -> Option<String> {
    let begins = |line: &str| line.starts_with(|c: char| c.is_ascii_alphabetic());
    let mut starts = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if begins(line) {
            starts.push(offset);
        }
        offset += line.len();
    }
    let next = starts.partition_point(|start| *start <= at);
    let end = starts.get(next).copied().unwrap_or(text.len());
    let start = if next == 0 { 0 } else { starts.get(next - 1).copied()? };
    let block = text.get(start..end).filter(|block| !block.trim().is_empty())?;
    let blank = |byte: u8| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' };
    let blanks: String = block.bytes().map(blank).collect();
    Some([text.get(..start)?, &blanks, text.get(end..)?].concat())
}

struct Reader<'t> {
    text: &'t str,
    nodes: Vec<Node>,
    decoded: Vec<Box<str>>,
}

fn span_of(range: Option<Range<usize>>) -> Span {
    range.map_or(Span::default(), |range| Span::new(range.start, range.end))
}

impl Reader<'_> {
    fn push(&mut self, kind: NodeKind, notation: Notation, span: Span, text: Option<&str>) -> usize {
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

    fn open(&mut self, kind: NodeKind, span: Span) -> usize {
        self.push(kind, Notation::Plain, span, None)
    }

    fn close(&mut self, node: usize) {
        let next = self.nodes.len() as u32;
        if let Some(node) = self.nodes.get_mut(node) {
            node.next = next;
        }
    }

    fn raw(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    fn body(&mut self, body: &Body, span: Span) {
        let map = self.open(NodeKind::Map, span);
        for structure in body {
            match structure {
                Structure::Attribute(attribute) => {
                    self.push(NodeKind::Key, Notation::Plain, span_of(attribute.key.span()), None);
                    self.expression(&attribute.value);
                }
                Structure::Block(block) => {
                    let whole = span_of(block.span());
                    self.push(NodeKind::Key, Notation::Plain, span_of(block.ident.span()), None);
                    let mut open = Vec::new();
                    for label in &block.labels {
                        let (span, name) = match label {
                            BlockLabel::Ident(ident) => (ident.span(), ident.as_str()),
                            BlockLabel::String(text) => (text.span(), text.as_str()),
                        };
                        let span = span_of(span);
                        open.push(self.open(NodeKind::Map, Span { start: span.start, end: whole.end }));
                        match self.raw(span).strip_prefix('"').and_then(|raw| raw.strip_suffix('"')) {
                            Some(raw) if raw == name => self.push(NodeKind::Key, Notation::HclQuoted, span, None),
                            Some(_) => self.push(NodeKind::Key, Notation::Plain, span, Some(name)),
                            None => self.push(NodeKind::Key, Notation::Plain, span, None),
                        };
                    }
                    let keys = block.labels.last().map(|label| match label {
                        BlockLabel::Ident(ident) => span_of(ident.span()),
                        BlockLabel::String(text) => span_of(text.span()),
                    });
                    let behind = keys.unwrap_or(span_of(block.ident.span())).end;
                    let body = Span { start: behind, end: whole.end.max(behind) };
                    let blanks = self.raw(body).find('{').unwrap_or(0) as u32;
                    self.body(&block.body, Span { start: behind + blanks, ..body });
                    open.into_iter().for_each(|map| self.close(map));
                }
            }
        }
        self.close(map);
    }

    fn object(&mut self, object: &Object, span: Span) {
        let map = self.open(NodeKind::Map, span);
        for (key, value) in object {
            match key {
                ObjectKey::Ident(ident) => {
                    self.push(NodeKind::Key, Notation::Plain, span_of(ident.span()), None);
                }
                ObjectKey::Expression(key) => {
                    let span = span_of(key.span());
                    let raw = self.raw(span);
                    let quoted = raw.len() >= 2 && raw.starts_with('"');
                    let text = if quoted { string::decode(raw) } else { None };
                    let notation = if quoted { Notation::HclQuoted } else { Notation::Plain };
                    self.push(NodeKind::Key, notation, span, text.as_deref());
                }
            }
            self.expression(value.expr());
        }
        self.close(map);
    }

    /// Terminates: the library bounds how deep expressions nest.
    fn expression(&mut self, expression: &Expression) {
        let span = span_of(expression.span());
        match expression {
            Expression::Null(_) => drop(self.open(NodeKind::Null, span)),
            Expression::Bool(_) => drop(self.open(NodeKind::Bool, span)),
            Expression::Number(_) => drop(self.open(NodeKind::Number, span)),
            Expression::String(_) | Expression::StringTemplate(_) => self.string(span),
            Expression::HeredocTemplate(heredoc) => {
                self.open(NodeKind::String, span_of(heredoc.template.span()));
            }
            Expression::Array(array) => {
                let seq = self.open(NodeKind::Seq, span);
                array.iter().for_each(|item| self.expression(item));
                self.close(seq);
            }
            Expression::Object(object) => self.object(object, span),
            Expression::Parenthesis(inner) => self.expression(inner.inner()),
            Expression::Variable(_) | Expression::Traversal(_) => drop(self.open(NodeKind::Path, span)),
            Expression::Conditional(conditional) => {
                let either = self.open(NodeKind::Either, span);
                self.expression(&conditional.true_expr);
                self.expression(&conditional.false_expr);
                self.close(either);
            }
            Expression::FuncCall(call) => {
                let node = self.push(NodeKind::Call, Notation::Plain, span, Some(call.name.name.as_str()));
                call.args.iter().for_each(|argument| self.expression(argument));
                self.close(node);
            }
            Expression::ForExpr(each) => {
                // A map of that kind is no list of what its body gives.
                let name = if each.key_expr.is_none() { "for" } else { "for_map" };
                let call = self.push(NodeKind::Call, Notation::Plain, span, Some(name));
                self.expression(&each.intro.collection_expr);
                // What a condition chooses may not be made at all.
                let chosen = each.cond.as_ref().map(|_| self.open(NodeKind::Either, span_of(each.value_expr.span())));
                self.expression(&each.value_expr);
                chosen.into_iter().for_each(|either| self.close(either));
                self.close(call);
            }
            Expression::UnaryOp(_) | Expression::BinaryOp(_) => drop(self.open(NodeKind::Opaque, span)),
        }
    }

    fn string(&mut self, span: Span) {
        let raw = self.raw(span);
        if raw.len() < 2 || !raw.starts_with('"') {
            self.open(NodeKind::Opaque, span);
            return;
        }
        let text = string::decode(raw);
        self.push(NodeKind::String, Notation::HclQuoted, span, text.as_deref());
    }
}
