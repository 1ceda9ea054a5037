//! Commands of the AWS CLI: what they attach, and what they use documents as.

use super::command::Command;
use super::{ATTACHING, entity, permission, variable};
use crate::extract::place::Path;
use crate::extract::{Attachment, EntityKind, Extraction, Fact, password_policy};
use crate::policy::{Holder, HolderKind, PolicyKind, Spanned, Use};
use crate::source::{Loc, Origin, Span};
use memchr::memmem;
use std::ops::Range;

/// A document in a text.
pub(super) struct Document<'t> {
    /// Its first byte in the text.
    pub(super) start: usize,
    /// The line before it, as `cat > trust-policy.json <<EOF`.
    pub(super) introduction: &'t str,
    /// What it told.
    pub(super) facts: Range<usize>,
}

/// The options that name a holder.
const HOLDERS: [(HolderKind, &str); 3] =
    [(HolderKind::Role, "--role-name"), (HolderKind::User, "--user-name"), (HolderKind::Group, "--group-name")];

/// A service, a verb, its option that takes a document, and what the document is.
type DocumentOption = (&'static str, &'static str, &'static str, fn() -> PolicyKind);

/// What the documents of commands are. Source: the AWS CLI command reference.
const DOCUMENTS: [DocumentOption; 20] = [
    ("iam", "create-role", "--assume-role-policy-document", || PolicyKind::Trust),
    ("iam", "update-assume-role-policy", "--policy-document", || PolicyKind::Trust),
    ("iam", "put-role-policy", "--policy-document", || PolicyKind::Identity),
    ("iam", "put-user-policy", "--policy-document", || PolicyKind::Identity),
    ("iam", "put-group-policy", "--policy-document", || PolicyKind::Identity),
    ("iam", "create-policy", "--policy-document", || PolicyKind::Identity),
    ("iam", "create-policy-version", "--policy-document", || PolicyKind::Identity),
    ("sso-admin", "put-inline-policy-to-permission-set", "--inline-policy", || PolicyKind::Identity),
    // Of the two that hold statements this one is the older.
    ("organizations", "create-policy", "--content", || PolicyKind::ServiceControl),
    ("organizations", "update-policy", "--content", || PolicyKind::ServiceControl),
    ("ec2", "create-vpc-endpoint", "--policy-document", || PolicyKind::Endpoint),
    ("ec2", "modify-vpc-endpoint", "--policy-document", || PolicyKind::Endpoint),
    ("s3api", "put-bucket-policy", "--policy", || PolicyKind::Resource(Some("s3".into()))),
    ("kms", "put-key-policy", "--policy", || PolicyKind::Resource(Some("kms".into()))),
    ("kms", "create-key", "--policy", || PolicyKind::Resource(Some("kms".into()))),
    ("ecr", "set-repository-policy", "--policy-text", || PolicyKind::Resource(Some("ecr".into()))),
    ("secretsmanager", "put-resource-policy", "--resource-policy", || {
        PolicyKind::Resource(Some("secretsmanager".into()))
    }),
    ("efs", "put-file-system-policy", "--policy", || PolicyKind::Resource(Some("elasticfilesystem".into()))),
    ("backup", "put-backup-vault-access-policy", "--policy", || PolicyKind::Resource(Some("backup".into()))),
    ("logs", "put-resource-policy", "--policy-document", || PolicyKind::Resource(Some("logs".into()))),
];

/// Tells the documents what the commands use them as: those in their arguments, and those that were written to the file
/// that an argument names.
pub(super) fn uses(text: &str, documents: &[Document<'_>], out: &mut Extraction) {
    if documents.is_empty() {
        return;
    }
    for command in Command::all(text).filter(|command| command.words().contains("aws ")) {
        let taken = DOCUMENTS.iter().find(|(service, verb, ..)| command.verb(service, verb).is_some());
        let Some((_, _, argument, kind)) = taken else { continue };
        let named = command.option(argument).map(|span| command.word(span));
        let named = named.and_then(|value| value.strip_prefix("file://")).and_then(|path| path.rsplit('/').next());
        let meant = |document: &&Document<'_>| match named {
            Some(name) => document.start < command.start() && names(document.introduction, name),
            None => command.contains(document.start),
        };
        let holder = HOLDERS
            .iter()
            .find_map(|(kind, name)| Some(Holder { kind: *kind, name: command.word(command.option(name)?).into() }));
        // What was written last under that name.
        let Some(document) = documents.iter().rfind(meant) else { continue };
        for fact in out.facts.get_mut(document.facts.clone()).unwrap_or_default() {
            if let Fact::Policy(site) = fact
                && site.path.is_empty()
            {
                site.uses = vec![Use { kind: kind(), holder: holder.clone() }];
            }
        }
    }
}

/// True if a line writes to a file of this name.
fn names(introduction: &str, name: &str) -> bool {
    let word = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '/' | '>' | '`');
    !name.is_empty() && introduction.split(word).any(|word| word == name)
}

/// Commands that attach a managed policy. `place` leads from the text to the file.
pub(super) fn attachments(text: &str, place: &dyn Fn(Span) -> Loc, out: &mut Extraction) {
    if !ATTACHING.iter().any(|needle| text.contains(needle)) {
        return;
    }
    const VERBS: [&str; 3] = ["attach-role-policy", "attach-user-policy", "attach-group-policy"];
    for command in Command::all(text) {
        let verb = VERBS.iter().position(|verb| command.words().contains(verb)).and_then(|at| HOLDERS.get(at));
        // A permission set becomes a role in each account that it is given.
        let set = || command.verb("sso-admin", "attach-managed-policy-to-permission-set");
        let (holder, arn) = match verb {
            Some((kind, name)) => {
                let named = command.option(name).map(|name| Holder { kind: *kind, name: command.word(name).into() });
                (named, command.option("--policy-arn"))
            }
            None => (None, set().and_then(|_| command.option("--managed-policy-arn"))),
        };
        let Some(arn) = arn else { continue };
        let written = variable::filled(text, command.word(arn));
        let policy_arn = Spanned { value: written.into(), origin: Origin::here(place(arn)) };
        let path = Path::root().to_string().into();
        out.facts.push(Fact::Attachment(Attachment { holder, policy_arn, path }));
    }
}

/// Commands that set the password policy of the account. `place` leads from the text to the file.
pub(super) fn password_policies(text: &str, place: &dyn Fn(Span) -> Loc, out: &mut Extraction) {
    if memmem::find(text.as_bytes(), password_policy::COMMAND.as_bytes()).is_none() {
        return;
    }
    for command in Command::all(text) {
        let start = command.start();
        let within = |span: Span| place(Span::new(start + span.start as usize, start + span.end as usize));
        password_policy::in_command(command.words(), within, out);
    }
}

/// Commands that write a statement of a resource-based policy. `place` leads from the text to the file.
pub(super) fn permissions(text: &str, place: &dyn Fn(Span) -> Loc, out: &mut Extraction) {
    if !permission::NEEDLES.iter().any(|needle| text.contains(needle)) {
        return;
    }
    let sites = Command::all(text).filter_map(|command| permission::site(&command, &|span| Origin::here(place(span))));
    out.facts.extend(sites.map(|site| Fact::Policy(Box::new(site))));
}

/// Commands that make keys, passwords and policies of users. `place` leads from the text to the file.
pub(super) fn entities(text: &str, place: &dyn Fn(Span) -> Loc, out: &mut Extraction) {
    if !entity::NEEDLES.iter().any(|needle| text.contains(needle)) {
        return;
    }
    for command in Command::all(text) {
        let found = entity::entities(&command, &|span| Origin::here(place(span)));
        let passwords = found.iter().filter(|entity| entity.kind == EntityKind::CommandPassword);
        out.hidden.extend(passwords.map(|entity| entity.at.at.span));
        out.facts.extend(found.into_iter().map(Fact::Entity));
    }
}
