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
    /// Splits a text at its first five colons that do not stand in `${}`. None if it does not begin with `arn:` or has fewer
    /// parts.
    pub fn parse(text: &'a str) -> Option<Self> {
        let rest = text.strip_prefix("arn:")?;
        let arn = Self::of(&mut rest.splitn(5, ':'))?;
        if [arn.partition, arn.service, arn.region, arn.account].iter().any(|part| part.contains("${")) {
            let mut open = false;
            let colon = |c: char| {
                open = (open || c == '{') && c != '}';
                c == ':' && !open
            };
            return Self::of(&mut rest.splitn(5, colon));
        }
        Some(arn)
    }

    fn of(parts: &mut dyn Iterator<Item = &'a str>) -> Option<Self> {
        let mut part = || parts.next();
        Some(Arn { partition: part()?, service: part()?, region: part()?, account: part()?, resource: part()? })
    }
}

/// How the account that a template is deployed in is written, as far as the model goes.
pub(crate) const OWN_ACCOUNT: &str = "${AWS::AccountId}";

/// True for the number of an account, or for one value that stands for it: `${name}`, `{{name}}`, `<name>`.
pub(crate) fn names_account(text: &str) -> bool {
    let between = |begin: &str, end: &str| text.strip_prefix(begin).and_then(|rest| rest.strip_suffix(end));
    let inner = between("${", "}").or_else(|| between("{{", "}}")).or_else(|| between("<", ">"));
    is_account_id(text) || inner.is_some_and(|inner| !inner.contains(['$', '{', '}', '<', '>', '*']))
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
