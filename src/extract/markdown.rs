//! Markdown: policies, commands and their output in code blocks.

use super::{Extraction, shell, terraform, yaml};
use crate::source::{SourceFile, Span};
use crate::spanmap::SpanMap;
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// True if the file is Markdown.
pub fn is_markdown(file: &SourceFile<'_>) -> bool {
    ["md", "markdown", "mdx"].iter().any(|known| file.path.extension().eq_ignore_ascii_case(known))
}

/// What the word behind a fence says of the block. JSON and scripts are told by what stands in them.
enum Language {
    Yaml,
    Hcl,
    Other,
}

impl Language {
    fn of(kind: &CodeBlockKind<'_>) -> Self {
        let CodeBlockKind::Fenced(info) = kind else { return Language::Other };
        let word = info.split([' ', ',', '{', ':']).next().unwrap_or("").to_ascii_lowercase();
        match &*word {
            "yaml" | "yml" => Language::Yaml,
            "hcl" | "terraform" | "tf" => Language::Hcl,
            _ => Language::Other,
        }
    }
}

/// Finds what the code blocks of a file tell. Their lines lie apart where a list or a quotation indents them.
pub(super) fn extract(file: &SourceFile<'_>, out: &mut Extraction) {
    let mut block: Option<(Language, String, SpanMap)> = None;
    for (event, range) in Parser::new(file.text()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                block = Some((Language::of(&kind), String::new(), SpanMap::default()))
            }
            Event::Text(text) => {
                // A line break of Windows is read as one byte.
                if let Some((_, code, map)) = &mut block {
                    map.push(text.len(), Span::new(range.start, range.end));
                    code.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => match block.take() {
                Some((Language::Yaml, code, map)) => yaml::extract_quoted(&code, &map, file, out),
                Some((Language::Hcl, code, map)) => terraform::extract_quoted(&code, &map, file, out),
                Some((Language::Other, code, map)) => shell::extract(&code, Some(&map), shell::Text::Prose, file, out),
                None => {}
            },
            _ => {}
        }
    }
}
