//! Principals as a rule of the user's own names them: accounts, organisations, patterns of ARNs, services.

use crate::policy::{Arn, Principal, glob_matches};

/// Some principals.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Guest {
    /// Everyone in the user's own accounts.
    Own,
    /// Everyone in an account.
    Account(Box<str>),
    /// Everyone in an organisation, or in one of its units: whoever meets a condition on it.
    Organization(Box<str>),
    /// Users, roles, sessions and identity providers whose ARN a pattern matches.
    Arn(Box<str>),
    /// Services whose name a pattern matches.
    Service(Box<str>),
}

impl Guest {
    /// Reads `own`, an account number, `o-a1b2c3d4e5`, an ARN or the name of a service; wildcards in the last two. None for what is
    /// none of them, `*` among them.
    pub fn parse(text: &str) -> Option<Self> {
        let is_number = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        if text == "own" {
            return Some(Guest::Own);
        }
        if is_number(text) {
            return Some(Guest::Account(text.into()));
        }
        let is_id = |id: &str| id.len() >= 10 && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if text.strip_prefix("o-").is_some_and(is_id) {
            return Some(Guest::Organization(text.into()));
        }
        if let Some(arn) = Arn::parse(text) {
            let root = arn.resource == "root" && is_number(arn.account);
            return Some(if root { Guest::Account(arn.account.into()) } else { Guest::Arn(text.into()) });
        }
        let service = text.ends_with(".amazonaws.com") || text.ends_with(".amazonaws.com.cn");
        service.then(|| Guest::Service(text.into()))
    }

    /// True if an entry of `Principal` names none but these, whatever the conditions say.
    pub fn takes_in(&self, principal: &Principal, is_own: &dyn Fn(&str) -> bool) -> bool {
        match (self, principal) {
            (Guest::Own, _) => account(principal).is_some_and(is_own),
            (Guest::Account(id), _) => account(principal) == Some(id),
            (Guest::Arn(pattern), Principal::Iam { arn: text, .. } | Principal::Federated(text)) => {
                glob_matches(pattern, text)
            }
            (Guest::Service(pattern), Principal::Service(name)) => glob_matches(pattern, name),
            _ => false,
        }
    }
}

/// The account of a principal as it is written: that of a template may be the one in which it is deployed.
fn account(principal: &Principal) -> Option<&str> {
    match principal {
        Principal::Account { id, .. } => Some(id),
        Principal::Iam { arn, .. } => Arn::parse(arn).map(|arn| arn.account),
        Principal::Federated(arn) => Arn::parse(arn).map(|arn| arn.account).filter(|account| !account.is_empty()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guests_are_told_apart() {
        assert_eq!(Guest::parse("own"), Some(Guest::Own));
        assert_eq!(Guest::parse("111122223333"), Some(Guest::Account("111122223333".into())));
        assert_eq!(Guest::parse("arn:aws:iam::111122223333:root"), Some(Guest::Account("111122223333".into())));
        assert_eq!(Guest::parse("o-a1b2c3d4e5"), Some(Guest::Organization("o-a1b2c3d4e5".into())));
        assert!(matches!(Guest::parse("arn:aws:iam::*:role/ci-*"), Some(Guest::Arn(_))));
        assert!(matches!(Guest::parse("lambda.amazonaws.com"), Some(Guest::Service(_))));
        for text in ["*", "", "1111", "role/ci", "lambda", "o-"] {
            assert_eq!(Guest::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_entry_is_taken_in_whole_or_not() {
        let own = |account: &str| account == "111122223333";
        let takes = |guest: &str, kind: &str, text: &str| {
            Guest::parse(guest).is_some_and(|guest| guest.takes_in(&Principal::new(kind, text), &own))
        };
        assert!(takes("own", "AWS", "arn:aws:iam::111122223333:root") && takes("own", "AWS", "111122223333"));
        assert!(takes("own", "AWS", "arn:aws:iam::111122223333:role/x"));
        assert!(!takes("own", "AWS", "*") && !takes("own", "AWS", "444455556666"));
        assert!(takes("arn:aws:iam::444455556666:role/ci-*", "AWS", "arn:aws:iam::444455556666:role/ci-build"));
        assert!(!takes("arn:aws:iam::444455556666:role/ci-*", "AWS", "444455556666"));
        assert!(
            takes("*.amazonaws.com", "Service", "ec2.amazonaws.com") && !takes("ec2.amazonaws.com", "Service", "*")
        );
        assert!(!takes("o-a1b2c3d4e5", "AWS", "111122223333"));
    }
}
