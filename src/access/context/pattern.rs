//! Texts of a policy with wildcards and variables, resolved in a context.

use super::{Context, Known, Truth};
use crate::policy::Arn;

/// A text of a condition, its variables replaced.
#[derive(Clone, Debug)]
pub(super) struct Text {
    tokens: Vec<Token>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Token {
    /// Stands for itself.
    Char(char),
    /// A colon of the pattern itself: the value of a variable has none that would end a segment of an ARN.
    Colon,
    /// `*`.
    Star,
    /// `?`.
    Any,
    /// A variable whose key is absent: the text matches nothing.
    Nothing,
    /// A variable of which nothing is known.
    Unknown,
}

/// A variable of which nothing is known stands in the text.
pub(super) struct UnknownVariable;

impl Text {
    pub(super) fn parse(text: &str, context: &Context) -> Self {
        let mut tokens = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let variable = rest.strip_prefix("${").filter(|_| !context.literal_variables);
            if let Some((name, after)) = variable.and_then(|inside| inside.split_once('}')) {
                resolve(name, context, &mut tokens);
                rest = after;
                continue;
            }
            tokens.push(match first {
                '*' => Token::Star,
                '?' => Token::Any,
                ':' => Token::Colon,
                other => Token::Char(other),
            });
            rest = rest.get(first.len_utf8()..).unwrap_or("");
        }
        Text { tokens }
    }

    /// A pattern of `Resource`: only the resource's own part may hold variables.
    pub(super) fn of_resource(text: &str, context: &Context) -> Self {
        let own = Arn::parse(text).map_or(0, |arn| arn.resource.len());
        let (head, own) = text.split_at(text.len() - own);
        let mut tokens = Text::parse(head, &context.clone().with_literal_variables()).tokens;
        tokens.extend(Text::parse(own, context).tokens);
        Text { tokens }
    }

    /// The text in which wildcards stand for themselves; none if a variable has no value.
    pub(super) fn literal(&self) -> Result<Option<String>, UnknownVariable> {
        if self.tokens.contains(&Token::Nothing) {
            return Ok(None);
        }
        let char = |token: &Token| match token {
            Token::Char(char) => Ok(*char),
            Token::Colon => Ok(':'),
            Token::Star => Ok('*'),
            Token::Any => Ok('?'),
            Token::Nothing | Token::Unknown => Err(UnknownVariable),
        };
        self.tokens.iter().map(char).collect::<Result<String, _>>().map(Some)
    }

    /// Whether the text matches as a glob: `*` is any text, colons included.
    pub(super) fn glob(&self, text: &str) -> Truth {
        glob(&self.tokens, text)
    }

    /// Whether an ARN matches, segment by segment: a `*` crosses none of the first five colons. A lone `*` matches all.
    pub(super) fn arn_glob(&self, arn: &str) -> Truth {
        if self.tokens == [Token::Star] {
            return Truth::Yes;
        }
        let patterns: Vec<&[Token]> = self.tokens.splitn(6, |token| *token == Token::Colon).collect();
        if patterns.len() < 6 {
            return if self.tokens.contains(&Token::Nothing) { Truth::No } else { Truth::Maybe };
        }
        let segments: Vec<&str> = arn.splitn(6, ':').collect();
        if segments.len() < 6 {
            return Truth::No;
        }
        patterns.iter().zip(segments).fold(Truth::Yes, |truth, (pattern, segment)| truth.and(glob(pattern, segment)))
    }
}

/// Replaces a variable: `aws:username`, `aws:username, 'nobody'`, and the escapes `*`, `?`, `$`.
fn resolve(name: &str, context: &Context, tokens: &mut Vec<Token>) {
    if let "*" | "?" | "$" = name {
        tokens.extend(name.chars().map(Token::Char));
        return;
    }
    let (key, default) = match name.split_once(',') {
        Some((key, default)) => {
            let default = default.trim();
            (key.trim(), Some(default.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).unwrap_or(default)))
        }
        None => (name.trim(), None),
    };
    match (context.get(key), default) {
        (Some(Known::One(value)), _) => tokens.extend(value.chars().map(Token::Char)),
        (Some(Known::Absent), Some(default)) => tokens.extend(default.chars().map(Token::Char)),
        // A key of many values cannot be put into a text.
        (Some(Known::Absent | Known::Many(_)), _) => tokens.push(Token::Nothing),
        (None, _) => tokens.push(Token::Unknown),
    }
}

fn glob(pattern: &[Token], text: &str) -> Truth {
    if pattern.contains(&Token::Nothing) {
        return Truth::No;
    }
    let text: Vec<char> = text.chars().collect();
    if !pattern.contains(&Token::Unknown) {
        return glob_chars(pattern, &text).into();
    }
    // What is not known may be any text: no match even then is no match at all.
    let widened: Vec<Token> =
        pattern.iter().map(|token| if *token == Token::Unknown { Token::Star } else { *token }).collect();
    if glob_chars(&widened, &text) { Truth::Maybe } else { Truth::No }
}

fn glob_chars(pattern: &[Token], text: &[char]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while let Some(&char) = text.get(t) {
        let matches = match pattern.get(p) {
            Some(Token::Star) => {
                star = Some((p, t));
                p += 1;
                continue;
            }
            Some(Token::Any) => true,
            Some(Token::Colon) => char == ':',
            Some(Token::Char(wanted)) => char == *wanted,
            Some(Token::Nothing | Token::Unknown) | None => false,
        };
        if matches {
            (p, t) = (p + 1, t + 1);
        } else {
            let Some((star_p, star_t)) = &mut star else { return false };
            *star_t += 1;
            (p, t) = (*star_p + 1, *star_t);
        }
    }
    pattern.iter().skip(p).all(|token| *token == Token::Star)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context() -> Context {
        Context::unknown().with("aws:username", "a*n").without("aws:PrincipalTag/team").with_values("k", &["x"])
    }

    #[test]
    fn variables_are_replaced_by_literal_text() {
        for (pattern, text, expected) in [
            ("home/${aws:username}/*", "home/a*n/x", Truth::Yes),
            ("home/${AWS:UserName}/*", "home/abn/x", Truth::No),
            ("${aws:PrincipalTag/team}*", "", Truth::No),
            ("${aws:PrincipalTag/team, 'none'}", "none", Truth::Yes),
            ("${k}", "x", Truth::No),
            ("a/${aws:unheard}", "a/b", Truth::Maybe),
            ("a/${aws:unheard}", "b/b", Truth::No),
            ("${*}${?}${$}", "*?$", Truth::Yes),
            ("${*}", "x", Truth::No),
            ("${open", "${open", Truth::Yes),
        ] {
            assert_eq!(Text::parse(pattern, &context()).glob(text), expected, "{pattern} on {text}");
        }
        let literal = Text::parse("${aws:username}", &context().with_literal_variables());
        assert_eq!(literal.glob("${aws:username}"), Truth::Yes);
    }

    #[test]
    fn globs_of_arns_keep_to_their_segments() {
        for (pattern, arn, expected) in [
            ("*", "arn:aws:iam::111122223333:role/x", Truth::Yes),
            ("arn:aws:iam::*:role/*", "arn:aws:iam::111122223333:role/a/b", Truth::Yes),
            ("arn:*:iam::111122223333:*", "arn:aws-cn:iam::111122223333:user/ann", Truth::Yes),
            ("arn:aws:s3:*", "arn:aws:s3:::bucket", Truth::Maybe),
            ("arn:aws:*:role/x:::", "arn:aws:iam::111122223333:role/x", Truth::No),
            ("arn:aws:iam::1*3:role/?", "arn:aws:iam::111122223333:role/x", Truth::Yes),
            ("arn:aws:logs:*:*:log:a:*", "arn:aws:logs:eu-west-1:111122223333:log:a:b:c", Truth::Yes),
            ("arn:aws:iam::*:role/x", "not an arn", Truth::No),
        ] {
            assert_eq!(Text::parse(pattern, &context()).arn_glob(arn), expected, "{pattern} on {arn}");
        }
    }
}
