//! What a policy document is for.

/// The kind of a policy, in AWS's words.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum PolicyKind {
    /// Identity-based: attached to a user, a group or a role.
    Identity,
    /// A role's trust policy.
    Trust,
    /// Resource-based, with the service prefix of the resource where it is known (`s3`, `kms`, `sqs`).
    Resource(Option<Box<str>>),
    /// Service control policy.
    ServiceControl,
    /// Resource control policy.
    ResourceControl,
    /// Permissions boundary.
    Boundary,
    /// Session policy.
    Session,
    /// VPC endpoint policy.
    Endpoint,
}

impl PolicyKind {
    /// True if an Allow in it grants something; in the others it only leaves room.
    pub fn grants(&self) -> bool {
        matches!(self, PolicyKind::Identity | PolicyKind::Trust | PolicyKind::Resource(_))
    }

    /// The kind that a word of the config names: `identity`, `trust`, `resource`, `resource:s3`, `scp`, `rcp`, `boundary`,
    /// `session`, `endpoint`.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "identity" => PolicyKind::Identity,
            "trust" => PolicyKind::Trust,
            "resource" => PolicyKind::Resource(None),
            "scp" => PolicyKind::ServiceControl,
            "rcp" => PolicyKind::ResourceControl,
            "boundary" => PolicyKind::Boundary,
            "session" => PolicyKind::Session,
            "endpoint" => PolicyKind::Endpoint,
            _ => match name.strip_prefix("resource:") {
                Some(service) if !service.is_empty() => PolicyKind::Resource(Some(service.into())),
                _ => return None,
            },
        })
    }
}

/// What holds a policy.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the names are AWS's own")]
pub enum HolderKind {
    User,
    Group,
    Role,
}

/// Who holds a policy.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Holder {
    /// A user, a group or a role.
    pub kind: HolderKind,
    /// Its name, as the file has it.
    pub name: Box<str>,
}

/// One use of a policy document.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Use {
    /// As what.
    pub kind: PolicyKind,
    /// By whom, where it is known.
    pub holder: Option<Holder>,
}
