//! Policy documents by the names that users give them.

use crate::access::evaluate::Document;
use crate::catalog::Limited;
use crate::cli::aws_policy::{AwsPolicy, no_such_policy};
use crate::cli::{Failure, Outcome};
use crate::extract::{self, Fact, Flaw, FlawKind};
use crate::policy::Policy;
use crate::source::{FileId, RelPath, SourceFile, read_at_most};
use std::borrow::Cow;
use std::fs::File;
use std::path::{Path, PathBuf};

/// Larger files are no policies.
const MAX_BYTES: u64 = 64 << 20;

/// The files that were read, for spans and snippets.
#[derive(Default)]
pub(super) struct Documents {
    /// Folder that names are also looked for in: where the request stands.
    pub(super) folder: PathBuf,
    /// The files, by the names that the user gave.
    files: Vec<(Box<str>, SourceFile<'static>)>,
    /// What is odd about them: phrases.
    pub(super) notes: Vec<String>,
}

impl Documents {
    /// The file of a name that was loaded.
    pub(super) fn file(&self, name: &str) -> Option<&SourceFile<'static>> {
        self.files.iter().find(|(known, _)| **known == *name).map(|(_, file)| file)
    }

    /// The policies that stand in a file, or of the AWS managed policy of that name. `limits` says what they are to limit, for
    /// control policies.
    pub(super) fn load(&mut self, name: &Path, limits: Option<Limited>) -> Outcome<Vec<Document>> {
        let (shown, file) = self.open(name, limits)?;
        let extraction = extract::facts(&file);
        file.hide(extraction.hidden.clone());
        let is_broken =
            |flaw: &Flaw| matches!(flaw.kind, FlawKind::JsonSyntax | FlawKind::YamlSyntax | FlawKind::HclSyntax);
        let broken = extraction.facts.iter().any(|fact| match fact {
            Fact::Flaw(flaw) => is_broken(flaw),
            Fact::Policy(site) => site.flaws.iter().any(is_broken),
            _ => false,
        });
        if extraction.broken || broken {
            let broken = extract::broken(&file, &extraction);
            let why = format!("`{shown}` {broken}: mend it, `whit check {shown}` shows where");
            return Err(Failure::Usage(why));
        }
        let mut flawed = false;
        let mut policies: Vec<Policy> = Vec::new();
        for fact in extraction.facts {
            match fact {
                Fact::Policy(site) => {
                    flawed |= !site.flaws.is_empty();
                    policies.extend(site.in_force.then_some(site.policy));
                }
                Fact::Flaw(_) => flawed = true,
                _ => {}
            }
        }
        if policies.is_empty() {
            let why = "holds no policy document by itself: name a file that does";
            let grants = format!("`whit grants {shown}` shows what templates and modules grant");
            return Err(Failure::Usage(format!("`{shown}` {why}; {grants}")));
        }
        if flawed {
            self.notes.push(format!("AWS would refuse `{shown}` as it stands: `whit check` says why"));
        }
        if policies.len() > 1 {
            self.notes.push(format!("all {} policies of `{shown}` are taken together", policies.len()));
        }
        if self.file(&shown).is_none() {
            self.files.push((shown.clone(), file));
        }
        Ok(policies.into_iter().map(|policy| Document { file: shown.clone(), policy }).collect())
    }

    fn open(&self, name: &Path, limits: Option<Limited>) -> Outcome<(Box<str>, SourceFile<'static>)> {
        let shown: Box<str> = name.to_string_lossy().into();
        let path = [name.to_owned(), self.folder.join(name)].into_iter().find(|path| path.is_file());
        let Some(path) = path else { return managed(&shown, limits) };
        let read = File::open(&path).map_err(|error| error.to_string());
        let bytes = read.and_then(|file| read_at_most(file, MAX_BYTES).map_err(|error| error.to_string()));
        let bytes = bytes.map_err(|why| Failure::Usage(format!("`{shown}` cannot be read: {why}")))?;
        let file = SourceFile::new(FileId(0), RelPath::new(&shown), Cow::Owned(bytes));
        Ok((shown, file))
    }
}

fn managed(name: &str, limits: Option<Limited>) -> Outcome<(Box<str>, SourceFile<'static>)> {
    let policy = AwsPolicy::find(name).ok_or_else(|| no_such_policy(name))?;
    if let Some(own) = policy.limits.filter(|own| limits != Some(*own)) {
        // Elsewhere it would grant everything.
        let option = match own {
            Limited::Principals => "--scp",
            Limited::Resources => "--rcp",
        };
        let kind = own.policy();
        return Err(Failure::Usage(format!("`{name}` is a {kind}, and grants nothing: name it under `{option}`")));
    }
    let file = SourceFile::new(FileId(0), RelPath::new("managed.json"), Cow::Owned(policy.document().into_bytes()));
    Ok((policy.arn.into(), file))
}
