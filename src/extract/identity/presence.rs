//! Whether deployment gives a policy to a role.

/// Whether something is there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Presence {
    /// It always is.
    Always,
    /// If this holds, as it is written.
    If(Box<str>),
    /// Deployment decides that somehow.
    Perhaps,
}

impl Presence {
    /// True if deployment does not choose.
    pub fn is_certain(&self) -> bool {
        *self == Presence::Always
    }

    /// True if two are there at a time, once one of them is.
    pub fn goes_with(&self, other: &Presence) -> bool {
        self.is_certain() || other.is_certain() || self == other && *self != Presence::Perhaps
    }

    /// That of what needs both.
    pub(super) fn and(self, other: Presence) -> Self {
        match (self, other) {
            (Presence::Always, one) | (one, Presence::Always) => one,
            (one, other) if one == other => one,
            _ => Presence::Perhaps,
        }
    }

    /// The same, asked where something else is there.
    pub(super) fn beside(&mut self, other: &Presence) {
        if *self != Presence::Perhaps && self == other {
            *self = Presence::Always;
        }
    }
}
