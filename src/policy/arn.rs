//! Amazon resource names.

use super::{has_braces, is_stand_in};

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
    /// Splits a text at its first five colons that do not stand in `${}`. None if it does not begin with `arn:` or has fewer
    /// parts.
    pub fn parse(text: &'a str) -> Option<Self> {
        Colons::of(text)?.split(text)
    }
}

/// What an ARN begins with.
const BEGIN: &str = "arn:";

/// Where the colons stand that part an ARN, counted from behind `arn:`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Colons([u32; 4]);

impl Colons {
    /// Those of a text, if it is an ARN.
    pub(super) fn of(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(BEGIN)?;
        let colons = Self::among(rest, false)?;
        match rest.get(..colons.0[3] as usize).is_some_and(has_braces) {
            true => Self::among(rest, true),
            false => Some(colons),
        }
    }

    /// `braces`: what stands in braces is no colon that parts anything.
    fn among(rest: &str, braces: bool) -> Option<Self> {
        let mut open = false;
        let mut colons = rest.bytes().enumerate().filter(|(_, byte)| {
            open = braces && (open || *byte == b'{') && *byte != b'}';
            *byte == b':' && !open
        });
        let mut next = || Some(colons.next()?.0 as u32);
        Some(Colons([next()?, next()?, next()?, next()?]))
    }

    /// The parts of the text.
    pub(super) fn split(self, text: &str) -> Option<Arn<'_>> {
        let rest = text.strip_prefix(BEGIN)?;
        let [partition, service, region, account] = self.0.map(|at| at as usize);
        Some(Arn {
            partition: rest.get(..partition)?,
            service: rest.get(partition + 1..service)?,
            region: rest.get(service + 1..region)?,
            account: rest.get(region + 1..account)?,
            resource: rest.get(account + 1..)?,
        })
    }
}

/// How the account that a template is deployed in is written, as far as the model goes.
pub(crate) const OWN_ACCOUNT: &str = "${AWS::AccountId}";

/// True for the number of an account, or for one value that stands for it: `${name}`, `{{name}}`, `<name>`, `ACCOUNT_ID`.
pub(crate) fn names_account(text: &str) -> bool {
    let between = |begin: &str, end: &str| text.strip_prefix(begin).and_then(|rest| rest.strip_suffix(end));
    let inner = between("${", "}").or_else(|| between("{{", "}}")).or_else(|| between("<", ">"));
    let plain = |text: &str| !text.contains(['$', '{', '}', '<', '>', '*', '?']);
    is_account_id(text) || inner.is_some_and(plain) || plain(text) && is_stand_in(text)
}

/// True for the twelve digits of an account's number.
pub(crate) fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_later_has_its_own_colons() {
        let arn = Arn::parse("arn:aws:sns:${AWS::Region}:${AWS::AccountId}:a:b");
        let parts = arn.map(|arn| (arn.region, arn.account, arn.resource));
        assert_eq!(parts, Some(("${AWS::Region}", "${AWS::AccountId}", "a:b")));
        let arn = Arn::parse("arn:aws:s3:::${aws:username}/*");
        assert_eq!(arn.map(|arn| arn.resource), Some("${aws:username}/*"));
        assert_eq!(Arn::parse("arn:aws:s3"), None);
    }
}
