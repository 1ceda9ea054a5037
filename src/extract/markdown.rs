//! Markdown: policies, commands and their output in code blocks.

use super::{Extraction, shell};
use crate::source::{SourceFile, Span};
use crate::spanmap::SpanMap;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// True if the file is Markdown.
pub fn is_markdown(file: &SourceFile<'_>) -> bool {
    ["md", "markdown", "mdx"].iter().any(|known| file.path.extension().eq_ignore_ascii_case(known))
}

/// Finds what the code blocks of a file tell. Their lines lie apart where a list or a quotation indents them.
pub(super) fn extract(file: &SourceFile<'_>, out: &mut Extraction) {
    let mut block: Option<(String, SpanMap)> = None;
    for (event, range) in Parser::new(file.text()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => block = Some(Default::default()),
            Event::Text(text) => {
                // A line break of Windows is read as one byte.
                if let Some((code, map)) = &mut block {
                    map.push(text.len(), Span::new(range.start, range.end));
                    code.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                if let Some((code, map)) = block.take() {
                    shell::extract(&code, Some(&map), false, file, out);
                }
            }
            _ => {}
        }
    }
}
