//! Expressions, as the quick reader reads them.

use super::super::{NodeKind, Notation};
use super::reader::{Lines, Reader};
use super::string;
use crate::source::Span;

impl<'t> Reader<'t> {
    /// An expression with all operators; its bytes. Blanks before and behind it are the caller's.
    pub(super) fn expression(&mut self, lines: Lines) -> Option<Span> {
        self.deeper(|reader| reader.conditional(lines))
    }

    fn conditional(&mut self, lines: Lines) -> Option<Span> {
        let mark = self.mark();
        let first = self.operation(lines)?;
        let behind = self.at;
        self.blanks(lines)?;
        if self.peek() != b'?' {
            self.at = behind;
            return Some(first);
        }
        self.back_to(mark);
        self.at += 1;
        let either = self.open(NodeKind::Either, first.start as usize);
        self.blanks(lines)?;
        self.expression(lines)?;
        self.blanks(lines)?;
        self.take(b':')?;
        self.blanks(lines)?;
        let last = self.expression(lines)?;
        self.close(either, last.end as usize);
        Some(Span { start: first.start, end: last.end })
    }

    /// Terms with operators between them. What they come to is not worked out.
    fn operation(&mut self, lines: Lines) -> Option<Span> {
        let mark = self.mark();
        let mut whole = self.signed(lines)?;
        loop {
            let behind = self.at;
            self.blanks(lines)?;
            let length = match (self.peek(), self.ahead(1)) {
                (b'=' | b'!' | b'<' | b'>', b'=') | (b'&', b'&') | (b'|', b'|') => 2,
                (b'<' | b'>' | b'+' | b'-' | b'*' | b'%', _) => 1,
                (b'/', next) if next != b'/' => 1,
                _ => {
                    self.at = behind;
                    return Some(whole);
                }
            };
            self.at += length;
            self.blanks(lines)?;
            whole.end = self.signed(lines)?.end;
            self.back_to(mark);
            self.push(NodeKind::Opaque, Notation::Plain, whole, None);
        }
    }

    /// A term with the signs before it.
    fn signed(&mut self, lines: Lines) -> Option<Span> {
        if !matches!(self.peek(), b'-' | b'!') {
            return self.traversal(lines);
        }
        let (mark, start) = (self.mark(), self.at);
        self.at += 1;
        self.blanks(Lines::One)?;
        if self.bytes[start] == b'-' && self.peek().is_ascii_digit() {
            self.number(start)?;
            return Some(Span::new(start, self.at));
        }
        let end = self.deeper(|reader| reader.signed(lines))?.end;
        self.back_to(mark);
        let whole = Span { start: start as u32, end };
        self.push(NodeKind::Opaque, Notation::Plain, whole, None);
        Some(whole)
    }

    /// A term, and what is asked of it: attributes, items.
    fn traversal(&mut self, lines: Lines) -> Option<Span> {
        let mark = self.mark();
        let term = self.term()?;
        let mut end = self.at;
        loop {
            self.blanks(lines)?;
            match (self.peek(), self.ahead(1)) {
                (b'.', b'.') => break,
                (b'.', b'*') => self.at += 2,
                (b'.', digit) if digit.is_ascii_digit() => {
                    self.at += 1;
                    self.at += self.bytes[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                }
                (b'.', _) => {
                    self.at += 1;
                    self.name()?;
                }
                (b'[', _) => {
                    self.at += 1;
                    self.blanks(Lines::Many)?;
                    if self.peek() == b'*' {
                        self.at += 1;
                    } else {
                        self.expression(Lines::Many)?;
                    }
                    self.blanks(Lines::Many)?;
                    self.take(b']')?;
                }
                _ => break,
            }
            end = self.at;
        }
        self.at = end;
        if end == term.end as usize {
            return Some(term);
        }
        self.back_to(mark);
        let whole = Span { start: term.start, end: end as u32 };
        self.push(NodeKind::Path, Notation::Plain, whole, None);
        Some(whole)
    }

    fn term(&mut self) -> Option<Span> {
        let start = self.at;
        match self.peek() {
            b'"' => self.string()?,
            b'[' => self.list()?,
            b'{' => self.object()?,
            b'<' => self.heredoc()?,
            b'(' => {
                self.at += 1;
                self.blanks(Lines::Many)?;
                self.expression(Lines::Many)?;
                self.blanks(Lines::Many)?;
                self.take(b')')?;
            }
            b'0'..=b'9' => self.number(start)?,
            _ => self.named()?,
        }
        Some(Span::new(start, self.at))
    }

    fn number(&mut self, start: usize) -> Option<()> {
        let digits = |reader: &Self| reader.bytes[reader.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += digits(self);
        if self.peek() == b'.' && self.ahead(1).is_ascii_digit() {
            self.at += 1;
            self.at += digits(self);
        }
        // What else numbers may have is rare.
        if self.peek().is_ascii_alphabetic() || matches!(self.peek(), b'_' | b'.') {
            return None;
        }
        self.push(NodeKind::Number, Notation::Plain, Span::new(start, self.at), None);
        Some(())
    }

    /// A word, a reference or a call of a function.
    fn named(&mut self) -> Option<()> {
        let name = self.name()?;
        let behind = self.at;
        self.blanks(Lines::One)?;
        if self.peek() == b'(' && self.at == behind {
            return self.call(name);
        }
        if self.peek() == b'(' || self.peek() == b':' && self.ahead(1) == b':' {
            return None;
        }
        self.at = behind;
        let kind = match self.raw(name) {
            "null" => NodeKind::Null,
            "true" | "false" => NodeKind::Bool,
            _ => NodeKind::Path,
        };
        self.push(kind, Notation::Plain, name, None);
        Some(())
    }

    fn call(&mut self, name: Span) -> Option<()> {
        let text = self.raw(name);
        let call = self.push(NodeKind::Call, Notation::Plain, name, Some(text));
        self.take(b'(')?;
        loop {
            self.blanks(Lines::Many)?;
            if self.peek() == b')' {
                break;
            }
            self.expression(Lines::Many)?;
            self.blanks(Lines::Many)?;
            if self.bytes[self.at..].starts_with(b"...") {
                self.at += 3;
                self.blanks(Lines::Many)?;
                break;
            }
            if self.peek() != b',' {
                break;
            }
            self.at += 1;
        }
        self.take(b')')?;
        self.close(call, self.at);
        Some(())
    }

    fn list(&mut self) -> Option<()> {
        let start = self.at;
        self.take(b'[')?;
        self.blanks(Lines::Many)?;
        if self.begins_for() {
            return self.each(start, b']');
        }
        let list = self.open(NodeKind::Seq, start);
        loop {
            self.blanks(Lines::Many)?;
            if self.peek() == b']' {
                break;
            }
            self.expression(Lines::Many)?;
            self.blanks(Lines::Many)?;
            if self.peek() != b',' {
                break;
            }
            self.at += 1;
        }
        self.take(b']')?;
        self.close(list, self.at);
        Some(())
    }

    fn begins_for(&self) -> bool {
        self.bytes[self.at..].starts_with(b"for") && matches!(self.ahead(3), b' ' | b'\t' | b'\n' | b'#' | b'/')
    }

    /// What `for` makes: a list, or an object.
    fn each(&mut self, start: usize, end: u8) -> Option<()> {
        self.at += 3;
        let name = if end == b']' { "for" } else { "for_map" };
        let call = self.push(NodeKind::Call, Notation::Plain, Span::new(start, start), Some(name));
        self.blanks(Lines::Many)?;
        self.name()?;
        self.blanks(Lines::Many)?;
        if self.peek() == b',' {
            self.at += 1;
            self.blanks(Lines::Many)?;
            self.name()?;
            self.blanks(Lines::Many)?;
        }
        self.word("in")?;
        self.blanks(Lines::Many)?;
        // What it goes through may not go on in the next line, nor may what an object is made of.
        self.expression(Lines::One)?;
        self.blanks(Lines::Many)?;
        self.take(b':')?;
        self.blanks(Lines::Many)?;
        let mark = self.mark();
        if end == b'}' {
            self.expression(Lines::One)?;
            self.blanks(Lines::Many)?;
            self.take(b'=')?;
            self.take(b'>')?;
            self.blanks(Lines::Many)?;
            self.back_to(mark);
        }
        let lines = if end == b']' { Lines::Many } else { Lines::One };
        let value = self.expression(lines)?;
        self.blanks(Lines::Many)?;
        if end == b'}' && self.bytes[self.at..].starts_with(b"...") {
            self.at += 3;
            self.blanks(Lines::Many)?;
        }
        if self.peek() != end {
            self.word("if")?;
            self.blanks(Lines::Many)?;
            let condition = self.mark();
            self.expression(Lines::Many)?;
            self.back_to(condition);
            self.blanks(Lines::Many)?;
            // What a condition chooses may not be made at all.
            self.wrap(mark, NodeKind::Either, value);
        }
        self.take(end)?;
        self.close(call, self.at);
        Some(())
    }

    fn word(&mut self, word: &str) -> Option<()> {
        let name = self.name()?;
        (self.raw(name) == word).then_some(())
    }

    fn object(&mut self) -> Option<()> {
        let start = self.at;
        self.take(b'{')?;
        let from = self.at;
        self.blanks(Lines::Many)?;
        if self.begins_for() {
            return self.each(start, b'}');
        }
        self.at = from;
        let map = self.open(NodeKind::Map, start);
        loop {
            self.blanks(Lines::Many)?;
            if self.peek() == b'}' {
                break;
            }
            self.object_key()?;
            self.blanks(Lines::One)?;
            match (self.peek(), self.ahead(1)) {
                (b'=', next) if next != b'=' => self.at += 1,
                (b':', _) => self.at += 1,
                _ => return None,
            }
            self.blanks(Lines::One)?;
            self.expression(Lines::One)?;
            self.blanks(Lines::One)?;
            match (self.peek(), self.ahead(1)) {
                (b'}', _) => break,
                (b',', _) => self.at += 1,
                (b'\n' | b'\r' | b'#', _) | (b'/', b'/') => {}
                _ => return None,
            }
        }
        self.take(b'}')?;
        self.close(map, self.at);
        Some(())
    }

    /// A key: a string, a name, or another term.
    fn object_key(&mut self) -> Option<()> {
        let mark = self.mark();
        let span = self.traversal(Lines::One)?;
        self.back_to(mark);
        let raw = self.raw(span);
        if raw.starts_with('"') {
            let text = string::decode(raw);
            self.push(NodeKind::Key, Notation::HclQuoted, span, text.as_deref());
        } else {
            self.key(span);
        }
        Some(())
    }
}
