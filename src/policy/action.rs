//! Action patterns, as `s3:Get*`.

use super::value::glob_matches_ignoring_case;

/// An entry of `Action` or `NotAction`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ActionPattern {
    text: Box<str>,
    /// Where the first colon stands: asked for all the time.
    colon: Option<u32>,
    wildcard: bool,
}

impl ActionPattern {
    /// Takes the text as it is written.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let colon = memchr::memchr(b':', bytes).map(|at| at as u32);
        ActionPattern { text: text.into(), colon, wildcard: memchr::memchr2(b'*', b'?', bytes).is_some() }
    }

    /// The text as it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What stands before the colon, as it is written; none where there is no colon.
    pub fn service(&self) -> Option<&str> {
        self.colon.and_then(|colon| self.text.get(..colon as usize))
    }

    /// What stands after the colon; the whole text where there is none.
    pub fn name(&self) -> &str {
        self.colon.map_or(&self.text, |colon| self.text.get(colon as usize + 1..).unwrap_or(""))
    }

    /// True for `*` and its like (`*:*`, `**`): every action of every service.
    pub fn is_everything(&self) -> bool {
        let stars = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte == b'*');
        self.wildcard && self.text.split(':').all(stars)
    }

    /// True for `s3:*` and its like: every action of one service that is named without a wildcard.
    pub fn is_whole_service(&self) -> bool {
        self.wildcard
            && self.service().is_some_and(|service| !service.contains(['*', '?']) && !service.is_empty())
            && !self.name().is_empty()
            && self.name().bytes().all(|byte| byte == b'*')
    }

    /// True if there is a wildcard anywhere.
    pub fn has_wildcard(&self) -> bool {
        self.wildcard
    }

    /// True if the pattern matches an action, as `s3:GetObject`; letter case is ignored.
    pub fn matches(&self, action: &str) -> bool {
        glob_matches_ignoring_case(&self.text, action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_are_told_apart() {
        let everything = |text| ActionPattern::new(text).is_everything();
        assert!(everything("*") && everything("*:*") && everything("**"));
        assert!(!everything("s3:*") && !everything("") && !everything(":"));
        let service = |text| ActionPattern::new(text).is_whole_service();
        assert!(service("s3:*") && service("s3:**"));
        assert!(!service("s3:Get*") && !service("*:*") && !service("s3:") && !service("s*:*"));
    }

    #[test]
    fn actions_ignore_letter_case() {
        assert!(ActionPattern::new("S3:get*").matches("s3:GetObject"));
        assert!(!ActionPattern::new("s3:Get?").matches("s3:GetObject"));
    }
}
