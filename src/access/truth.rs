//! Yes, no, and not known before deployment.

/// The answer to a question about a policy that may hold unknowns.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Truth {
    /// Whatever the unknowns turn out to be, no.
    No,
    /// It depends on an unknown.
    Maybe,
    /// Whatever the unknowns turn out to be, yes.
    Yes,
}

impl Truth {
    /// True for `Yes` only: what a certain finding asks.
    pub fn certain(self) -> bool {
        self == Truth::Yes
    }

    /// True unless `No`: what is not known is not read as safe.
    pub fn possible(self) -> bool {
        self != Truth::No
    }

    /// Yes if both are.
    #[must_use]
    pub fn and(self, other: Truth) -> Truth {
        self.min(other)
    }

    /// Yes if one of them is.
    #[must_use]
    pub fn or(self, other: Truth) -> Truth {
        self.max(other)
    }
}

impl std::ops::Not for Truth {
    type Output = Truth;

    fn not(self) -> Truth {
        match self {
            Truth::No => Truth::Yes,
            Truth::Maybe => Truth::Maybe,
            Truth::Yes => Truth::No,
        }
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Truth::Yes } else { Truth::No }
    }
}
