//! Heredocs, as the quick reader reads them.

use super::super::{NodeKind, Notation};
use super::reader::Reader;
use crate::source::Span;

impl Reader<'_> {
    /// A heredoc: a string of the bytes between its delimiters.
    pub(super) fn heredoc(&mut self) -> Option<()> {
        self.take(b'<')?;
        self.take(b'<')?;
        self.at += usize::from(self.peek() == b'-');
        let name = self.name()?;
        let name = self.raw(name).as_bytes();
        self.at += usize::from(self.peek() == b'\r');
        self.take(b'\n')?;
        let start = self.at;
        loop {
            // At the start of a line.
            let line = self.at;
            let rest = self.bytes.get(line..)?;
            let indent = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            if rest[indent..].starts_with(name) {
                let end = line + indent + name.len();
                let alone = match self.bytes.get(end) {
                    None | Some(b'\n') => true,
                    Some(b'\r') => self.bytes.get(end + 1) == Some(&b'\n'),
                    Some(_) => false,
                };
                // The library has its own mind of one without lines.
                if !alone || line == start {
                    return None;
                }
                self.push(NodeKind::String, Notation::Plain, Span::new(start, line), None);
                self.at = end;
                return Some(());
            }
            self.line_of_text()?;
        }
    }

    /// A line of a heredoc, with its end; what stands in `${}` may go on in others.
    fn line_of_text(&mut self) -> Option<()> {
        loop {
            let rest = self.bytes.get(self.at..)?;
            self.at += memchr::memchr3(b'\n', b'$', b'%', rest)?;
            if self.peek() == b'\n' {
                self.at += 1;
                return Some(());
            }
            self.template()?;
        }
    }
}
