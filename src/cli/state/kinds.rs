//! What `whit.toml` says that the policies of a state are.

use super::{What, git};
use crate::catalog::Limited;
use crate::config::{Draft, FILE_NAME};
use crate::discover::Place;
use crate::policy::PolicyKind;
use crate::source::RelPath;
use globset::{Glob, GlobMatcher};
use std::fs;
use std::path::Path;

/// Kinds by globs on the paths from the root.
pub(in crate::cli) struct Kinds {
    told: Vec<(GlobMatcher, PolicyKind)>,
    /// The way from the root to the folder of the state.
    prefix: RelPath,
}

impl Kinds {
    /// What the config of a state says, where it has one: `whit check` tells what is wrong with it.
    pub(in crate::cli) fn of(what: &What, current: &Path) -> Self {
        let (text, prefix) = match what {
            What::Path(path) => {
                let folder = if path.is_file() { path.parent().unwrap_or(path) } else { path };
                let place = Place::find(folder.to_path_buf());
                let prefix = folder.strip_prefix(&place.root).unwrap_or(Path::new("")).to_string_lossy();
                let config = place.root.join(FILE_NAME);
                // Opening a FIFO that somebody put there would wait for ever.
                let text = config.is_file().then(|| fs::read(config).ok()).flatten();
                (text, RelPath::new(prefix.replace('\\', "/")))
            }
            What::Commit(commit) => (git::file(current, commit, FILE_NAME), RelPath::new("")),
            // What is compared with a control policy of AWS is one, too.
            What::Aws(policy) => {
                let kind = policy.limits.map(|limits| match limits {
                    Limited::Principals => PolicyKind::ServiceControl,
                    Limited::Resources => PolicyKind::ResourceControl,
                });
                let every = Glob::new("**").ok().map(|glob| glob.compile_matcher());
                return Kinds { told: every.zip(kind).into_iter().collect(), prefix: RelPath::new("") };
            }
        };
        let draft = text.and_then(|text| Draft::parse(&String::from_utf8_lossy(&text)).ok());
        Kinds { told: draft.map(|draft| draft.kinds()).unwrap_or_default(), prefix }
    }

    /// What the config of another state says where this one has nothing to say.
    pub(in crate::cli) fn or(&mut self, other: &Kinds) {
        self.told.extend(other.told.iter().cloned());
    }

    /// Says what another state's says.
    pub(in crate::cli) fn follow(&mut self, other: &Kinds) {
        self.told.clone_from(&other.told);
    }

    /// The kind of the policies of a file.
    pub(super) fn kind_of(&self, path: &str) -> Option<&PolicyKind> {
        let path = self.prefix.joined(path)?;
        self.told.iter().find(|(glob, _)| glob.is_match(path.as_str())).map(|(_, kind)| kind)
    }
}
