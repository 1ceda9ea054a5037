//! JSON in a string of HCL, with interpolations and directives in it.

use crate::document::hcl::interpolation;
use crate::extract::PolicySite;
use crate::source::Span;

/// The text of such a string, as JSON that can be read. Every byte keeps its place.
pub(super) struct Heredoc {
    /// With no quotes and line breaks in interpolations, so that they do not end the strings in which they stand, and with
    /// blanks for directives between the values.
    pub(super) text: String,
    /// What stands between `%{if}` and `%{endif}`, or `%{for}` and `%{endfor}`: it may not be there, or there often.
    pub(super) chosen: Vec<Span>,
}

impl Heredoc {
    /// Reads a text.
    pub(super) fn read(text: &str) -> Self {
        let mut heredoc = Heredoc { text: String::with_capacity(text.len()), chosen: Vec::new() };
        let (mut rest, mut in_string) = (text, false);
        let mut open = Vec::new();
        while let Some(at) = rest.as_bytes().windows(2).position(|pair| matches!(pair, [b'$' | b'%', b'{'])) {
            let (before, from) = rest.split_at(at);
            let (inside, behind) = from.split_at(interpolation(from));
            heredoc.text.push_str(before);
            in_string ^= quotes(before) % 2 == 1;
            let directive = inside.starts_with('%') && !in_string && !before.ends_with('%');
            if directive {
                let word = inside.trim_start_matches(['%', '{', '~', ' ']);
                let (start, end) = (heredoc.text.len(), heredoc.text.len() + inside.len());
                if word.starts_with("if") || word.starts_with("for") {
                    open.push(start);
                } else if let Some(start) = open.pop_if(|_| word.starts_with("end")) {
                    heredoc.chosen.push(Span::new(start, end));
                }
            }
            heredoc.text.extend(inside.chars().map(|c| match c {
                '\n' | '\r' | '\t' => ' ',
                c if directive && c.is_ascii() => ' ',
                '"' => '\'',
                c => c,
            }));
            rest = behind;
        }
        heredoc.text.push_str(rest);
        // What is never closed reaches to the end.
        heredoc.chosen.extend(open.into_iter().map(|start| Span::new(start, text.len())));
        heredoc
    }
}

/// How many quotes of JSON stand in a text that are not escaped.
fn quotes(text: &str) -> usize {
    let mut escaped = false;
    text.bytes()
        .filter(|byte| {
            let quote = *byte == b'"' && !escaped;
            escaped = *byte == b'\\' && !escaped;
            quote
        })
        .count()
}

/// Says of a policy that parts of it are chosen at deployment. What seems to be missing or wrong in it may come of that.
pub(super) fn choose(site: &mut PolicySite, chosen: &[Span]) {
    site.flaws.clear();
    site.policy.open = true;
    for statement in &mut site.policy.statements {
        let span = statement.origin.at.span;
        statement.contingent |= chosen.iter().any(|chosen| chosen.start < span.end && span.start < chosen.end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_are_blanks_between_values_and_stay_in_strings() {
        let text = "[\"a%{ if x }b%{ endif }\",\n%{ if y == \"z\" ~}\n1, ${f(\"g\")},\n%{ endif }\n2, \"%%{x}\"]";
        let heredoc = Heredoc::read(text);
        assert_eq!(
            heredoc.text,
            "[\"a%{ if x }b%{ endif }\",\n                 \n1, ${f('g')},\n          \n2, \"%%{x}\"]"
        );
        let chosen: Vec<&str> = heredoc.chosen.iter().map(|span| &text[span.range()]).collect();
        assert_eq!(chosen, ["%{ if y == \"z\" ~}\n1, ${f(\"g\")},\n%{ endif }"]);
    }
}
