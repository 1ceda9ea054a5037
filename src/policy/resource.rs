//! Resource patterns, as `arn:aws:s3:::bucket/*`.

use super::arn::Colons;
use super::{Arn, has_placeholder};

/// An entry of `Resource` or `NotResource`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ResourcePattern {
    text: Box<str>,
    /// Many rules ask for its parts, and whether it is everything.
    colons: Option<Colons>,
    everything: bool,
    placeholder: bool,
}

impl ResourcePattern {
    /// Takes the text as it is written.
    pub fn new(text: &str) -> Self {
        ResourcePattern {
            text: text.into(),
            colons: Colons::of(text),
            everything: is_everything(text),
            placeholder: has_placeholder(text),
        }
    }

    /// The text as it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// True if a program, or the reader, puts something in before AWS sees it.
    pub fn has_placeholder(&self) -> bool {
        self.placeholder
    }

    /// The pattern's parts, where it is an ARN.
    pub fn arn(&self) -> Option<Arn<'_>> {
        self.colons?.split(&self.text)
    }

    /// True if the pattern matches every resource of every service: `*`, `arn:*`, `arn:aws:*:*:*:*` and their like.
    pub fn matches_everything(&self) -> bool {
        self.everything
    }

    /// True if the pattern has too few parts for an ARN, and still matches some: its last part can be a partition, a service, a region
    /// or an account, and the `*` at its end crosses the colons behind it.
    pub fn is_shortened(&self) -> bool {
        let (parts, last) = (self.text.split(':').count(), self.text.rsplit(':').next().unwrap_or(""));
        let can_be = |byte: u8| match parts {
            5 => byte.is_ascii_digit(),
            _ => byte.is_ascii_alphanumeric() || byte == b'-',
        };
        parts < 6 && last.ends_with('*') && last.bytes().all(|byte| can_be(byte) || matches!(byte, b'*' | b'?'))
    }

    /// True if the pattern matches every resource, or all of one service in the accounts and regions that it names:
    /// nothing but wildcards follows the fifth colon.
    pub fn matches_whole_service(&self) -> bool {
        self.matches_everything()
            || self.arn().is_some_and(|arn| !arn.resource.is_empty() && arn.resource.bytes().all(|byte| byte == b'*'))
    }
}

fn is_everything(text: &str) -> bool {
    // Most patterns name something at their end.
    if !text.ends_with('*') {
        return false;
    }
    let stars = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte == b'*');
    if stars(text) {
        return true;
    }
    // A `*` crosses colons, so that a pattern may end before its sixth part.
    let Some(rest) = text.strip_prefix("arn:") else { return false };
    let mut parts = rest.split(':');
    let first = parts.next().unwrap_or("");
    let partition = stars(first) || first == "aws" || first == "aws-cn" || first == "aws-us-gov";
    let mut rest = parts.peekable();
    partition && (stars(first) || rest.peek().is_some()) && rest.all(stars)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_in_all_its_spellings() {
        for text in ["*", "**", "arn:*", "arn:aws:*", "arn:aws:*:*:*:*", "arn:*:*:*:*:*"] {
            assert!(ResourcePattern::new(text).matches_everything(), "{text}");
        }
        for text in ["", "arn:aws", "arn:aws:s3:::*", "arn:aws:s3:*", "a*", "arn:aws:s3:::b", "arn:aws:*:*:1:*"] {
            assert!(!ResourcePattern::new(text).matches_everything(), "{text}");
        }
        assert!(ResourcePattern::new("arn:aws:s3:::*").matches_whole_service());
        assert!(!ResourcePattern::new("arn:aws:s3:::b/*").matches_whole_service());
    }
}
