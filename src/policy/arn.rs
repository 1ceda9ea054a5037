//! Amazon resource names.

/// The six parts of an ARN, as they are written; each may hold wildcards or variables.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Arn<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov`, ...
    pub partition: &'a str,
    /// The service prefix.
    pub service: &'a str,
    /// The region; often empty.
    pub region: &'a str,
    /// The account's number; often empty.
    pub account: &'a str,
    /// All that follows the fifth colon.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Splits a text at its first five colons. None if it does not begin with `arn:` or has fewer parts.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.strip_prefix("arn:")?.splitn(5, ':');
        let mut part = || parts.next();
        Some(Arn { partition: part()?, service: part()?, region: part()?, account: part()?, resource: part()? })
    }
}

/// True for the twelve digits of an account's number.
pub(crate) fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}
