//! What the user knows of AWS and the catalogue does not.

use crate::policy::ActionPattern;
use std::collections::BTreeSet;

/// Actions that are newer than the catalogue.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Overlay {
    actions: BTreeSet<Box<str>>,
}

impl Overlay {
    /// Takes full names, as `s3:NewAction`.
    pub fn of<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        Overlay { actions: names.into_iter().map(Box::from).collect() }
    }

    /// True if a pattern matches one of the actions.
    pub fn has(&self, pattern: &ActionPattern) -> bool {
        self.actions.iter().any(|name| pattern.matches(name))
    }

    /// The full names, sorted.
    pub fn actions(&self) -> impl Iterator<Item = &str> {
        self.actions.iter().map(|name| &**name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_what_was_added() {
        let overlay = Overlay::of(["s3:NewAction", "newservice:Do"]);
        let has = |text: &str| overlay.has(&ActionPattern::new(text));
        assert!(has("s3:newaction") && has("s3:New*") && has("newservice:*") && has("NewService:Do"));
        assert!(!has("s3:NewActions") && !has("newservice:Undo") && !Overlay::default().has(&ActionPattern::new("*")));
        assert_eq!(overlay.actions().collect::<Vec<_>>(), ["newservice:Do", "s3:NewAction"]);
    }
}
