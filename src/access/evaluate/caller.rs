//! Who makes a request.

use crate::access::Truth;
use crate::access::fit::open;
use crate::policy::{Arn, IamEntity, Principal, Value, glob_matches, globs_meet};

/// Who makes a request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Caller {
    /// The root user of an account.
    Root {
        /// Its number.
        account: Box<str>,
    },
    /// An IAM user.
    User {
        /// Its ARN.
        arn: Box<str>,
        /// The number of its account.
        account: Box<str>,
    },
    /// A session of a role; by the role's ARN alone, one of which the name is not known.
    Session {
        /// The session's ARN, where the request has it.
        arn: Option<Box<str>>,
        /// The role's ARN; of a session its path is not known.
        role: Role,
        /// The number of its account.
        account: Box<str>,
    },
    /// A session of `sts:GetFederationToken`.
    FederatedUser {
        /// Its ARN.
        arn: Box<str>,
        /// The number of its account.
        account: Box<str>,
    },
    /// Somebody whom an identity provider vouches for: a provider's ARN, or `accounts.google.com`.
    Federated(Box<str>),
    /// A service, as `ec2.amazonaws.com`.
    Service(Box<str>),
    /// Nobody in particular.
    Anonymous,
}

/// A role, as far as the request shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Role {
    /// Its ARN, with its path.
    Arn(Box<str>),
    /// Its name, of which the path is not known.
    Name(Box<str>),
}

impl Role {
    fn name(&self) -> &str {
        match self {
            Role::Arn(arn) => arn.rsplit('/').next().unwrap_or(""),
            Role::Name(name) => name,
        }
    }
}

/// Domains that identity providers have without an ARN.
const PROVIDERS: [&str; 4] =
    ["accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com", "www.amazon.com"];

impl Caller {
    /// Reads an ARN, the name of a service, or `anonymous`. None for what is none of them.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "anonymous" {
            return Some(Caller::Anonymous);
        }
        if PROVIDERS.contains(&text) {
            return Some(Caller::Federated(text.into()));
        }
        let Some(arn) = Arn::parse(text) else {
            let service = text.contains('.') && !text.contains([':', '/', '*', '?', ' ']);
            return service.then(|| Caller::Service(text.into()));
        };
        if arn.account.len() != 12 || !arn.account.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let account: Box<str> = arn.account.into();
        let mut parts = arn.resource.split('/');
        match (arn.service, parts.next()?, parts.next()) {
            ("iam", "root", None) => Some(Caller::Root { account }),
            ("iam", "user", Some(_)) => Some(Caller::User { arn: text.into(), account }),
            ("iam", "role", Some(_)) => Some(Caller::Session { arn: None, role: Role::Arn(text.into()), account }),
            ("sts", "assumed-role", Some(name)) => {
                Some(Caller::Session { arn: Some(text.into()), role: Role::Name(name.into()), account })
            }
            ("sts", "federated-user", Some(_)) => Some(Caller::FederatedUser { arn: text.into(), account }),
            ("iam", "oidc-provider" | "saml-provider", Some(_)) => Some(Caller::Federated(text.into())),
            _ => None,
        }
    }

    /// The number of the account that the caller belongs to.
    pub fn account(&self) -> Option<&str> {
        match self {
            Caller::Root { account }
            | Caller::User { account, .. }
            | Caller::Session { account, .. }
            | Caller::FederatedUser { account, .. } => Some(account),
            Caller::Federated(_) | Caller::Service(_) | Caller::Anonymous => None,
        }
    }

    /// `aws:PrincipalArn` of its requests: of a session the ARN of its role.
    pub(in crate::access) fn principal_arn(&self, partition: &str) -> Option<String> {
        match self {
            Caller::Root { account } => Some(format!("arn:{partition}:iam::{account}:root")),
            Caller::User { arn, .. } | Caller::FederatedUser { arn, .. } => Some(arn.to_string()),
            Caller::Session { role: Role::Arn(arn), .. } => Some(arn.to_string()),
            Caller::Session { role: Role::Name(name), account, .. } => {
                Some(format!("arn:{partition}:iam::{account}:role/{name}"))
            }
            Caller::Anonymous | Caller::Federated(_) | Caller::Service(_) => None,
        }
    }

    /// True for a session of a service-linked role: neither SCPs nor RCPs reach it.
    pub fn is_service_linked(&self) -> bool {
        let Caller::Session { role, .. } = self else { return false };
        role.name().starts_with("AWSServiceRoleFor")
            || matches!(role, Role::Arn(arn) if arn.contains(":role/aws-service-role/"))
    }

    /// How an entry of `Principal` names the caller. `bare` is for an entry that is the bare string `*`.
    pub(in crate::access) fn named_by(&self, entry: &Value<Principal>, bare: bool) -> Naming {
        match entry {
            Value::Known(principal) => self.named_by_known(principal, bare),
            Value::Either(arms) => {
                let all: Vec<Naming> = arms.iter().map(|arm| self.named_by(arm, bare)).collect();
                all.into_iter().reduce(Naming::either).unwrap_or(Naming::UNKNOWN)
            }
            Value::Partly(_) | Value::Unknown(_) => Naming::UNKNOWN,
        }
    }

    fn named_by_known(&self, principal: &Principal, bare: bool) -> Naming {
        let itself = |yes: bool| Naming { itself: yes.into(), ..Naming::NONE };
        match (principal, self) {
            // The bare `*` is everyone; under `AWS` it is everyone of that kind, the anonymous included.
            (Principal::Anyone, Caller::Service(_) | Caller::Federated(_)) => itself(bare),
            (Principal::Anyone, _) => itself(true),
            // What deployment fills in may be any region.
            (Principal::Service(name), Caller::Service(service)) if name.contains("${") => {
                let stem = name.split("${").next().unwrap_or(name);
                Naming { itself: if service.starts_with(stem) { Truth::Maybe } else { Truth::No }, ..Naming::NONE }
            }
            (Principal::Service(name), Caller::Service(service)) => itself(&**name == "*" || name == service),
            (Principal::Federated(name), Caller::Federated(provider)) => itself(&**name == "*" || name == provider),
            (Principal::Account { id, .. }, caller) => match caller.account() {
                // What deployment fills in may be any account.
                Some(_) if id.starts_with('$') => Naming { account: Truth::Maybe, ..Naming::NONE },
                own => Naming { account: (own == Some(id)).into(), ..Naming::NONE },
            },
            (Principal::Iam { arn, entity }, caller) => caller.named_by_arn(arn, *entity),
            _ => Naming::NONE,
        }
    }

    fn named_by_arn(&self, named: &str, entity: IamEntity) -> Naming {
        let itself = |truth: Truth| Naming { itself: truth, ..Naming::NONE };
        match (self, entity) {
            (Caller::User { arn, .. }, IamEntity::User) => itself(names(named, arn)),
            (Caller::FederatedUser { arn, .. }, IamEntity::FederatedUser) => itself(names(named, arn)),
            (Caller::Session { arn, .. }, IamEntity::Session) => itself(match arn {
                Some(arn) => names(named, arn),
                None => Truth::No,
            }),
            (Caller::Session { role, account, .. }, IamEntity::Role) => {
                let role = match role {
                    Role::Arn(arn) => names(named, arn),
                    Role::Name(name) => named_role(named, account, name),
                };
                Naming { role, ..Naming::NONE }
            }
            _ => Naming::NONE,
        }
    }
}

/// Whether the ARN of a policy is one of a request; what deployment fills in may be anything.
fn names(named: &str, own: &str) -> Truth {
    if named == own {
        Truth::Yes
    } else if named.contains("${") && glob_matches(&open(named), own) {
        Truth::Maybe
    } else {
        Truth::No
    }
}

/// Whether an ARN names the role of a session: its path is not part of the session's ARN.
fn named_role(named: &str, account: &str, name: &str) -> Truth {
    if named.contains("${") {
        let may = globs_meet(&open(named), &format!("arn:*:iam::{account}:role/*{name}"));
        return if may { Truth::Maybe } else { Truth::No };
    }
    let Some(arn) = Arn::parse(named) else { return Truth::No };
    let same = arn.account == account && arn.resource.rsplit('/').next() == Some(name);
    match arn.resource.split('/').count() {
        2 => same.into(),
        _ if same => Truth::Maybe,
        _ => Truth::No,
    }
}

/// How the principals of a statement name a caller.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::access) struct Naming {
    /// By its own ARN, or as one of everybody: what a policy of the resource allows so is enough within the account.
    pub(super) itself: Truth,
    /// By the ARN of its role: the boundary and the session policy still limit it.
    pub(super) role: Truth,
    /// By its account: the caller's own policies decide.
    pub(super) account: Truth,
}

impl Naming {
    pub(super) const NONE: Naming = Naming { itself: Truth::No, role: Truth::No, account: Truth::No };
    pub(super) const UNKNOWN: Naming = Naming { itself: Truth::Maybe, role: Truth::Maybe, account: Truth::Maybe };
    /// Of everybody.
    pub(super) const EVERYBODY: Naming = Naming { itself: Truth::Yes, ..Naming::NONE };

    pub(super) fn or(self, other: Naming) -> Naming {
        self.zip(other, Truth::or)
    }

    /// What holds whichever of the two is the case.
    fn either(self, other: Naming) -> Naming {
        self.zip(other, |one, other| if one == other { one } else { Truth::Maybe })
    }

    /// The same, if something else holds.
    pub(super) fn and(self, truth: Truth) -> Naming {
        self.zip(Naming { itself: truth, role: truth, account: truth }, Truth::and)
    }

    fn zip(self, other: Naming, join: fn(Truth, Truth) -> Truth) -> Naming {
        Naming {
            itself: join(self.itself, other.itself),
            role: join(self.role, other.role),
            account: join(self.account, other.account),
        }
    }

    /// Whether it names the caller at all.
    pub(in crate::access) fn any(self) -> Truth {
        self.itself.or(self.role).or(self.account)
    }
}
