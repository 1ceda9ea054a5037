//! Who a statement is about.

use super::Arn;
use super::arn::{OWN_ACCOUNT, is_account_id, names_account};

/// An entry of `Principal` or `NotPrincipal`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Principal {
    /// `*`, or `{"AWS": "*"}`: everyone, the anonymous included.
    Anyone,
    /// An account: `arn:aws:iam::ID:root`, or the bare number. Every principal that the account's own policies allow,
    /// and not the root user.
    Account {
        /// Twelve digits, or `${name}` for what deployment puts there.
        id: Box<str>,
        /// True if only the number is written.
        bare: bool,
    },
    /// A user, a role or a session of one.
    Iam {
        /// The ARN as it is written.
        arn: Box<str>,
        /// What it names.
        entity: IamEntity,
    },
    /// Another `AWS` principal: a unique id (`AROA...`, left behind by a deleted role) or something malformed.
    OtherAws(Box<str>),
    /// A service, as `ec2.amazonaws.com`; `*` is every service. Of a region, `${name}` may stand for that.
    Service(Box<str>),
    /// An identity provider; `*` is every one.
    Federated(Box<str>),
    /// The canonical user id of S3 and CloudFront.
    CanonicalUser(Box<str>),
    /// A principal of a type that AWS does not have.
    Other {
        /// The type, as it is written.
        kind: Box<str>,
        /// The entry.
        text: Box<str>,
    },
}

/// What an ARN of `iam` or `sts` names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IamEntity {
    /// `user/`.
    User,
    /// `role/`.
    Role,
    /// `assumed-role/`: one session of a role.
    Session,
    /// `federated-user/`.
    FederatedUser,
}

impl Principal {
    /// Reads an entry of the principal type `kind` (`AWS`, `Service`, `Federated`, `CanonicalUser`).
    pub fn new(kind: &str, text: &str) -> Self {
        match kind {
            "AWS" => Self::aws(text),
            "Service" => Principal::Service(text.into()),
            "Federated" => Principal::Federated(text.into()),
            "CanonicalUser" => Principal::CanonicalUser(text.into()),
            _ => Principal::Other { kind: kind.into(), text: text.into() },
        }
    }

    fn aws(text: &str) -> Self {
        if text == "*" {
            return Principal::Anyone;
        }
        if is_account_id(text) || text == OWN_ACCOUNT {
            return Principal::Account { id: text.into(), bare: true };
        }
        let Some(arn) = Arn::parse(text) else { return Principal::OtherAws(text.into()) };
        // An origin access identity is no user of an account: S3 itself keeps it as a canonical user.
        if arn.service == "iam" && arn.account == "cloudfront" {
            return Principal::CanonicalUser(text.into());
        }
        let entity = match (arn.service, arn.resource.split('/').next().unwrap_or("")) {
            ("iam", "root") if names_account(arn.account) => {
                return Principal::Account { id: arn.account.into(), bare: false };
            }
            ("iam", "user") => IamEntity::User,
            ("iam", "role") => IamEntity::Role,
            ("sts", "assumed-role") => IamEntity::Session,
            ("sts", "federated-user") => IamEntity::FederatedUser,
            _ => return Principal::OtherAws(text.into()),
        };
        Principal::Iam { arn: text.into(), entity }
    }

    /// True for `*`, under whatever type: everyone, every service, every identity provider.
    pub fn is_wildcard(&self) -> bool {
        match self {
            Principal::Anyone => true,
            Principal::Service(name) | Principal::Federated(name) => &**name == "*",
            _ => false,
        }
    }

    /// The account's number, where the principal names one.
    pub fn account(&self) -> Option<&str> {
        match self {
            Principal::Account { id, .. } => Some(id),
            Principal::Iam { arn, .. } => Arn::parse(arn).map(|arn| arn.account).filter(|id| is_account_id(id)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aws_principals_are_told_apart() {
        let account = |bare| Principal::Account { id: "111122223333".into(), bare };
        assert_eq!(Principal::new("AWS", "*"), Principal::Anyone);
        assert_eq!(Principal::new("AWS", "111122223333"), account(true));
        assert_eq!(Principal::new("AWS", "arn:aws-cn:iam::111122223333:root"), account(false));
        let user = Principal::new("AWS", "arn:aws:iam::111122223333:user/path/ann");
        assert!(matches!(&user, Principal::Iam { entity: IamEntity::User, .. }));
        assert_eq!(user.account(), Some("111122223333"));
        assert_eq!(Principal::new("AWS", "AROAEXAMPLE"), Principal::OtherAws("AROAEXAMPLE".into()));
        assert_eq!(Principal::new("Service", "*"), Principal::Service("*".into()));
        let wildcard = |kind, text| Principal::new(kind, text).is_wildcard();
        assert!(wildcard("AWS", "*") && wildcard("Service", "*") && wildcard("Federated", "*"));
        assert!(!wildcard("AWS", "arn:aws:iam::*:root") && !wildcard("CanonicalUser", "*"));
    }
}
