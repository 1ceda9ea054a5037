//! Policies in JSON: bare documents, what the AWS CLI prints, and documents that are strings inside.

use super::place::{Path, Place, Step};
use super::{Attachment, Extraction, Fact, Flaw, FlawKind, PolicySite, kind, root_user};
use crate::document::json::{SyntaxError, SyntaxErrorKind, parse};
use crate::document::{NodeKind, NodeRef, Tree};
use crate::policy::{Holder, PolicyKind, Spanned, Use, lower};
use crate::source::{Origin, SourceFile};
use std::borrow::Cow;

/// What a JSON file with a policy or an attachment in it must contain. Neither URL-encoding nor JSON's escapes, as tools
/// write them, touch letters.
pub(crate) const NEEDLES: &[&str] = &["Statement", "AttachedManagedPolicies", "AttachedPolicies", "ManagedPolicyArns"];

/// How deep strings in strings are followed.
const MAX_ENCODINGS: u32 = 4;

/// True if the file is to be read as JSON: by its name, or by how it begins where the name says nothing.
pub fn looks_like_json(file: &SourceFile<'_>) -> bool {
    if claims_json(file) {
        return true;
    }
    let known_otherwise = [
        "md", "markdown", "rst", "txt", "html", "htm", "xml", "csv", "tsv", "yaml", "yml", "toml", "ini", "cfg",
        "conf", "tf", "tfvars", "hcl", "sh", "bash", "zsh", "ps1", "py", "rb", "js", "mjs", "cjs", "jsx", "ts", "tsx",
        "go", "rs", "java", "kt", "cs", "c", "h", "cpp", "php", "swift", "scala", "css", "scss", "sql", "lock", "log",
        "j2", "tpl", "tmpl", "tftpl", "erb", "mustache", "hbs",
    ];
    let extension = file.path.extension().to_ascii_lowercase();
    let mut text = file.text().trim_start().chars();
    let object = match text.next() {
        Some('{') => true,
        Some('[') => text.as_str().trim_start().starts_with('{'),
        _ => false,
    };
    object && !known_otherwise.contains(&&*extension)
}

/// True if the name says that the file is JSON.
fn claims_json(file: &SourceFile<'_>) -> bool {
    ["json", "jsonc", "template", "tfstate"].iter().any(|known| file.path.extension().eq_ignore_ascii_case(known))
}

/// Finds what a JSON file tells.
pub fn extract(file: &SourceFile<'_>, out: &mut Extraction) {
    let (tree, errors) = parse(file.id, Cow::Borrowed(file.text()), None);
    let before = out.facts.len();
    let mut walk = Walk { file, out, managed: Vec::new(), attachments: Vec::new(), boundaries: Vec::new() };
    for root in tree.roots() {
        walk.visit(root, &Path::root(), Place::default(), 0);
        root_user::extract_json(root, file, walk.out);
    }
    walk.attach();
    forget_flaws(&errors, out, before);
    syntax(&tree, &errors, claims_json(file) || file.path.extension().is_empty(), out);
}

/// Turns syntax errors into flaws where the text looks like a policy: one for what breaks it, one for each extension.
fn syntax(tree: &Tree<'_>, errors: &[SyntaxError], claims_json: bool, out: &mut Extraction) {
    if errors.is_empty() {
        return;
    }
    let text = tree.text();
    let policy_like = text.contains("Statement") && (text.contains("Effect") || text.contains("Action"));
    for kind in [SyntaxErrorKind::Broken, SyntaxErrorKind::Comment, SyntaxErrorKind::TrailingComma] {
        let mut of_kind = errors.iter().filter(|error| error.kind == kind);
        let Some(first) = of_kind.next() else { continue };
        let broken = kind == SyntaxErrorKind::Broken;
        out.broken |= broken && claims_json && policy_like;
        if policy_like && (claims_json || !broken) {
            let detail = match of_kind.count() {
                0 => first.message.clone(),
                more => format!("{} (and {more} more)", first.message),
            };
            let kind = if broken { FlawKind::JsonSyntax } else { FlawKind::JsonExtension };
            out.facts.push(Fact::Flaw(Flaw { kind, at: Origin::here(tree.loc(first.span)), detail }));
        }
    }
}

/// Where a text is no JSON, an element that seems to be missing or wrong may be one that the reader lost: the policies found
/// in it, the facts from `before` on, keep no flaws of their own.
fn forget_flaws(errors: &[SyntaxError], out: &mut Extraction, before: usize) {
    if errors.iter().all(|error| error.kind != SyntaxErrorKind::Broken) {
        return;
    }
    for fact in out.facts.iter_mut().skip(before) {
        if let Fact::Policy(site) = fact {
            site.flaws.clear();
        }
    }
}

struct Walk<'f, 'o> {
    file: &'f SourceFile<'f>,
    out: &'o mut Extraction,
    /// Managed policies of the file: their ARN, and where among the facts each stands.
    managed: Vec<(Box<str>, usize)>,
    attachments: Vec<(Box<str>, Option<Holder>)>,
    boundaries: Vec<Box<str>>,
}

impl Walk<'_, '_> {
    fn visit(&mut self, node: NodeRef<'_>, path: &Path<'_>, place: Place<'_>, encodings: u32) {
        match node.kind() {
            NodeKind::Map if is_policy(node, path.key()) => self.policy(node, path, &place),
            NodeKind::Map => {
                let place = place.inside(node, path);
                if let Some(boundary) = place.boundary {
                    self.boundaries.push(boundary.into());
                }
                for (key, value) in node.entries() {
                    let path = path.then(Step::Key(key.as_str().unwrap_or("")));
                    self.visit(value, &path, place.under(key.as_str().unwrap_or("")), encodings);
                }
                if let (Some(user), Some(groups)) = (node.get("UserName"), node.get("GroupList")) {
                    let names =
                        groups.items().filter_map(|group| Some((user.as_str()?.into(), group.as_str()?.into())));
                    self.out.memberships.extend(names);
                }
                if let Some(arn) = node.get("PolicyArn") {
                    self.attachment(arn, path, &place);
                }
            }
            NodeKind::Seq => {
                let many = node.items().nth(1).is_some();
                for (index, item) in node.items().enumerate() {
                    let path = path.then(Step::Index(index));
                    self.visit(item, &path, place.one_of(many), encodings);
                    if path.list_key() == Some("ManagedPolicyArns") {
                        self.attachment(item, &path, &place);
                    }
                }
            }
            NodeKind::String if encodings < MAX_ENCODINGS => self.string(node, path, place, encodings),
            _ => {}
        }
    }

    /// A string that holds a document: read it as one, with its places mapped back.
    fn string(&mut self, node: NodeRef<'_>, path: &Path<'_>, place: Place<'_>, encodings: u32) {
        let holds = |needle| node.as_str().is_some_and(|text| text.contains(needle));
        if !(holds("Statement") && (holds("Effect") || holds("Action"))) {
            return;
        }
        let Some((text, map)) = node.embedded() else { return };
        let (tree, errors) = parse(self.file.id, Cow::Owned(text), Some(map));
        let before = self.out.facts.len();
        for root in tree.roots() {
            self.visit(root, path, place, encodings + 1);
        }
        forget_flaws(&errors, self.out, before);
        syntax(&tree, &errors, true, self.out);
    }

    fn policy(&mut self, node: NodeRef<'_>, path: &Path<'_>, place: &Place<'_>) {
        let (policy, flaws) = lower::policy(node);
        // What names a principal is not identity-based, whoever holds the map round it.
        let has_principal = policy.statements.iter().any(|statement| statement.principal.is_some());
        let stated = place.kind(path).filter(|kind| *kind != PolicyKind::Identity || !has_principal);
        let kind = stated.unwrap_or_else(|| kind::infer(&policy, place.resource, &self.file.path));
        let account = place.account.map(Box::from).or_else(|| match &kind {
            PolicyKind::Resource(_) => kind::account_of_resources(&policy),
            _ => None,
        });
        let in_force = place.default_version != Some(false)
            && !place.aws_managed
            && !(place.service_linked && kind == PolicyKind::Trust);
        if let Some(arn) = place.policy_arn {
            self.managed.push((arn.into(), self.out.facts.len()));
        }
        let holder = place.holder().filter(|_| kind == PolicyKind::Identity);
        let uses = vec![Use { kind, holder }];
        let site = PolicySite { policy, uses, in_force, path: path.to_string().into(), account, flaws };
        self.out.facts.push(Fact::Policy(Box::new(site)));
    }

    fn attachment(&mut self, arn: NodeRef<'_>, path: &Path<'_>, place: &Place<'_>) {
        let Some(text) = arn.as_str() else { return };
        let policy_arn = Spanned { value: text.into(), origin: arn.origin() };
        let holder = place.holder();
        self.attachments.push((text.into(), holder.clone()));
        self.out.facts.push(Fact::Attachment(Attachment { holder, policy_arn, path: path.to_string().into() }));
    }

    /// Adds to the managed policies of the file who uses them.
    fn attach(&mut self) {
        for (arn, fact) in &self.managed {
            let Some(Fact::Policy(site)) = self.out.facts.get_mut(*fact) else { continue };
            let identity = |holder| Use { kind: PolicyKind::Identity, holder };
            let mut uses: Vec<Use> = self
                .attachments
                .iter()
                .filter(|(attached, holder)| attached == arn && holder.is_some())
                .map(|(_, holder)| identity(holder.clone()))
                .collect();
            if self.boundaries.contains(arn) {
                uses.push(Use { kind: PolicyKind::Boundary, holder: None });
            }
            if !uses.is_empty() {
                site.uses = uses;
            }
        }
    }
}

/// True if a map is a policy document: its `Statement` holds something with the elements of one, or it stands where only
/// documents stand.
fn is_policy(node: NodeRef<'_>, key: Option<&str>) -> bool {
    let statement_like = |item: NodeRef<'_>| {
        item.entries().any(|(key, _)| {
            key.as_str().is_some_and(|key| {
                ["Effect", "Action", "NotAction"].iter().any(|element| key.eq_ignore_ascii_case(element))
            })
        })
    };
    let Some(statement) = node.get("Statement").or_else(|| node.get("statement")) else { return false };
    let dated =
        node.get("Version").and_then(NodeRef::as_str).is_some_and(|text| ["2012-10-17", "2008-10-17"].contains(&text));
    dated
        || key.is_some_and(|key| key.ends_with("PolicyDocument"))
        || statement_like(statement)
        || statement.items().any(statement_like)
}
