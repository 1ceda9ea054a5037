//! Action patterns, as `s3:Get*`.

use super::value::glob_ignoring_case;

/// An entry of `Action` or `NotAction`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ActionPattern {
    text: Box<str>,
    /// Where the first colon stands: asked for all the time.
    colon: Option<u32>,
    /// Where the first wildcard stands.
    wild: Option<u32>,
    /// Stands for the service: a number below 64, or [`ANY_SERVICE`].
    mark: u8,
}

/// The mark of a pattern that names no service, or several.
const ANY_SERVICE: u8 = 64;

impl ActionPattern {
    /// Takes the text as it is written.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let colon = bytes.iter().position(|byte| *byte == b':');
        let wild = memchr::memchr2(b'*', b'?', bytes);
        let named = colon.filter(|colon| wild.is_none_or(|wild| wild > *colon));
        let mark = named.map_or(ANY_SERVICE, |colon| mark(&bytes[..colon]));
        ActionPattern { text: text.into(), colon: colon.map(|at| at as u32), wild: wild.map(|at| at as u32), mark }
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

    /// What stands before the colon, if that is no pattern itself.
    pub fn named_service(&self) -> Option<&str> {
        self.service().filter(|service| self.wild.is_none_or(|wild| wild as usize > service.len()))
    }

    /// A bit that stands for the service, whatever its letter case; all of them where none is named. Where two patterns have no
    /// bit in common, they are of different services.
    pub fn service_bits(&self) -> u64 {
        if self.mark == ANY_SERVICE { u64::MAX } else { 1 << self.mark }
    }

    /// [`ActionPattern::service_bits`] of an action, as `s3:GetObject`.
    pub fn service_bits_of(action: &str) -> u64 {
        memchr::memchr(b':', action.as_bytes()).map_or(u64::MAX, |colon| 1 << mark(&action.as_bytes()[..colon]))
    }

    /// What stands before the first wildcard; the whole text where there is none.
    pub fn head(&self) -> &str {
        self.wild.map_or(&self.text, |wild| self.text.get(..wild as usize).unwrap_or(""))
    }

    /// True for `*` and its like (`*:*`, `**`): every action of every service.
    pub fn is_everything(&self) -> bool {
        let stars = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte == b'*');
        self.has_wildcard() && self.text.split(':').all(stars)
    }

    /// True for `s3:*` and its like: every action of one service that is named without a wildcard.
    pub fn is_whole_service(&self) -> bool {
        self.has_wildcard()
            && self.named_service().is_some_and(|service| !service.is_empty())
            && !self.name().is_empty()
            && self.name().bytes().all(|byte| byte == b'*')
    }

    /// True if there is a wildcard anywhere.
    pub fn has_wildcard(&self) -> bool {
        self.wild.is_some()
    }

    /// True if the pattern matches an action, as `s3:GetObject`; letter case is ignored.
    #[inline]
    pub fn matches(&self, action: &str) -> bool {
        // Asked all the time, and most are told apart by their length and their last letter, or by the last letter before the
        // wildcard.
        let (own, theirs) = (self.text.as_bytes(), action.as_bytes());
        let lower = |letter: Option<&u8>| letter.map(|byte| byte | 0x20);
        match self.wild {
            None => {
                own.len() == theirs.len()
                    && lower(own.last()) == lower(theirs.last())
                    && own.eq_ignore_ascii_case(theirs)
            }
            Some(0) => self.matches_to_its_end(action),
            Some(wild) => {
                let last = wild as usize - 1;
                lower(own.get(last)) == lower(theirs.get(last)) && self.matches_to_its_end(action)
            }
        }
    }

    fn matches_to_its_end(&self, action: &str) -> bool {
        let head = self.head();
        let Some((start, rest)) = action.as_bytes().split_at_checked(head.len()) else { return false };
        if !start.eq_ignore_ascii_case(head.as_bytes()) {
            return false;
        }
        match &self.text.as_bytes()[head.len()..] {
            [] => rest.is_empty(),
            b"*" => true,
            pattern => glob_ignoring_case(pattern, rest),
        }
    }
}

/// A number below 64 for the name of a service.
fn mark(service: &[u8]) -> u8 {
    service.iter().fold(0_u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte | 0x20)) % 64
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
        assert!(ActionPattern::new("s3:GETOBJECT").matches("s3:GetObject"));
        assert!(!ActionPattern::new("s3:GetObject").matches("s3:GetObjectAcl"));
        assert!(!ActionPattern::new("s3:GetObjectAcl*").matches("s3:GetObject"));
        assert!(ActionPattern::new("s3:*object").matches("s3:GetObject"));
    }

    #[test]
    fn services_have_bits() {
        let bits = |text| ActionPattern::new(text).service_bits();
        assert_eq!(bits("S3:Get*"), bits("s3:*"));
        assert_eq!(bits("s3:Get*").count_ones(), 1);
        assert_eq!(bits("s3:Get*") & bits("iam:PassRole"), 0);
        assert_eq!(bits("s3:Get*"), ActionPattern::service_bits_of("s3:PutObject"));
        for text in ["*", "s*:Get*", "*:*", "s3", ""] {
            assert_eq!(bits(text), u64::MAX, "{text}");
        }
    }

    #[test]
    fn parts_are_told_apart() {
        let parts = |text| {
            let pattern = ActionPattern::new(text);
            (pattern.named_service().map(str::to_owned), pattern.head().to_owned())
        };
        assert_eq!(parts("s3:Get*"), (Some("s3".to_owned()), "s3:Get".to_owned()));
        assert_eq!(parts("s?:Get*"), (None, "s".to_owned()));
        assert_eq!(parts("s3:*"), (Some("s3".to_owned()), "s3:".to_owned()));
        assert_eq!(parts("s3"), (None, "s3".to_owned()));
    }
}
