//! Terraform: all files of a folder together, in HCL or JSON.

mod arguments;
mod document;
mod domains;
mod dynamic;
mod fills;
mod handed;
mod heredoc;
mod holder;
mod identities;
mod kinds;
mod links;
mod merging;
mod mistakes;
mod names;
mod trust;
mod uses;
mod values;
mod walk;

pub use handed::{Arguments, arguments_of_modules};
pub(super) use kinds::kind_of;
pub use merging::MergedPolicy;
pub(super) use names::{is_template, stands_alone};
pub use names::{is_terraform, is_values};

use super::membership::Memberships;
use super::resolve::Module;
use super::shell::without_flaws;
use super::{Extraction, Fact, Flaw, FlawKind, credentials, root_user};
use crate::document::{NodeRef, SyntaxError, Tree, hcl, json};
use crate::policy::Use;
use crate::source::{Fills, Origin, RelPath, SourceFile, Span};
use crate::spanmap::SpanMap;
use links::Links;
use std::borrow::Cow;
use uses::Uses;
use values::module_of;
use walk::Walk;

/// What a file of Terraform with a policy in it can contain without any of the needles of JSON.
pub(crate) const NEEDLES: &[&str] = &[
    "aws_iam_policy_document",
    "policy_arn",
    arguments::TRUST,
    arguments::SUFFIX,
    trust::NEEDLE,
    "\"Allow\"",
    "\"Deny\"",
];

/// Finds what the first `report` files of a module tell; the others only say what references stand for.
pub fn extract(files: &[SourceFile<'_>], report: usize) -> Vec<Extraction> {
    let mut told = extract_all(files);
    told.truncate(report);
    told
}

/// The same, with what the resources have that stands elsewhere.
pub fn extract_linked(files: &[SourceFile<'_>], report: usize) -> Vec<Extraction> {
    let mut told = read(files, true);
    told.truncate(report);
    told
}

/// Finds what the files of a module tell.
pub fn extract_all(files: &[SourceFile<'_>]) -> Vec<Extraction> {
    read(files, false)
}

fn read(files: &[SourceFile<'_>], linked: bool) -> Vec<Extraction> {
    let trees: Vec<_> = files.iter().map(parse).collect();
    let module = module_of(files, trees.iter().map(|(tree, _)| tree));
    let uses = Uses::of(trees.iter().map(|(tree, _)| tree), &module);
    let resources = trees.iter().flat_map(|(tree, _)| resources(tree));
    let roots = trees.iter().flat_map(|(tree, _)| tree.roots());
    let together = Memberships::of_module(resources.map(|(kind, _, body)| (kind, body)), roots);
    let links = linked.then(|| Links::of(trees.iter().map(|(tree, _)| tree), &module));
    let mut identities =
        identities::identities(&trees.iter().map(|(tree, _)| tree).collect::<Vec<_>>(), &module).into_iter();
    let told = files.iter().zip(&trees).map(|(file, (tree, errors))| {
        let mut out = Extraction { identities: identities.next().unwrap_or_default(), ..Extraction::default() };
        syntax(tree, errors, file, &mut out);
        out.merged = merging::policies(tree, &module, &uses);
        let mut walk = Walk { file, module: &module, uses: &uses, together: &together, quoted: false, out: &mut out };
        tree.roots().for_each(|root| walk.root(root));
        if let Some(links) = &links {
            out.links = links.of_file(tree);
            out.names = links.names_in(tree);
        }
        root_user::extract_text(file, &mut out);
        credentials::extract(file, &mut out);
        out
    });
    told.collect()
}

/// Finds what a part of a text tells that quotes a module. What is no HCL is passed over: prose leaves things out.
pub(super) fn extract_quoted(text: &str, map: &SpanMap, file: &SourceFile<'_>, out: &mut Extraction) {
    if !text.contains("policy") {
        return;
    }
    let (tree, errors) = hcl::parse_in(file.id, text, map.clone());
    if !errors.is_empty() {
        return;
    }
    let module = Module::of([&tree].into_iter());
    let uses = Uses::of([&tree].into_iter(), &module);
    let together = Memberships::of_module(resources(&tree).map(|(kind, _, body)| (kind, body)), tree.roots());
    let before = out.facts.len();
    let mut walk = Walk { file, module: &module, uses: &uses, together: &together, quoted: true, out };
    tree.roots().for_each(|root| walk.root(root));
    without_flaws(out, before);
}

/// What a module says of the files that it names.
#[derive(Default)]
pub struct NamedFiles {
    /// What they are used as.
    pub uses: Vec<(RelPath, Use)>,
    /// What `templatefile()` fills into them.
    pub fills: Vec<(RelPath, Fills)>,
}

/// What a module says of the files that it names (`file()`, `templatefile()`).
pub fn named_files(files: &[SourceFile<'_>]) -> NamedFiles {
    let trees: Vec<_> = files.iter().map(|file| parse(file).0).collect();
    let folder = files.first().map_or("", |file| file.path.folder());
    let module = module_of(files, trees.iter());
    let uses = Uses::of(trees.iter(), &module);
    let joined = |path: &str| RelPath::new(folder).joined(path);
    let fills = fills::fills(trees.iter(), &module).into_iter();
    NamedFiles {
        uses: uses.into_files().filter_map(|(path, used)| Some((joined(&path)?, used))).collect(),
        fills: fills.filter_map(|(path, fills)| Some((joined(&path)?, fills))).collect(),
    }
}

/// Says where the file is not what its name says: what stands in the block round that place is not read.
fn syntax(tree: &Tree<'_>, errors: &[SyntaxError], file: &SourceFile<'_>, out: &mut Extraction) {
    // Other programs have dialects of their own.
    let holds_policies = || file.text().contains("Statement") || file.text().contains("aws_iam_policy_document");
    if stands_alone(file) && !holds_policies() {
        return;
    }
    let broken = || errors.iter().filter(|error| error.kind.is_obstacle());
    out.broken |= broken().next().is_some();
    // A key that stands twice in an object is read by Terraform, and not by the library.
    let mut refused = broken().filter(|error| !error.message.contains("redefined object key"));
    let Some(first) = refused.next() else { return };
    // What another program fills in first is not yet HCL.
    if is_filled_in_near(file.text(), first.span) {
        (out.unfinished, out.broken) = (true, false);
        return;
    }
    let kind = match file.path.extension() {
        "json" => FlawKind::JsonSyntax,
        _ => FlawKind::HclSyntax,
    };
    let detail = match refused.count() {
        0 => first.message.clone(),
        more => format!("{} (and {more} more)", first.message),
    };
    let at = Origin::here(tree.loc(first.span));
    out.facts.push(Fact::Flaw(Flaw { kind, at, detail, remedy: None }));
}

/// True if a mark of Jinja or of Go's templates stands in a line where a span begins. HCL has neither outside of strings.
fn is_filled_in_near(text: &str, span: Span) -> bool {
    let Some((before, behind)) = text.split_at_checked(span.start as usize) else { return false };
    let line = [before.rsplit('\n').next(), behind.lines().next()].map(Option::unwrap_or_default).concat();
    line.contains("{{") || line.contains("{%")
}

fn parse<'t>(file: &'t SourceFile<'_>) -> (Tree<'t>, Vec<SyntaxError>) {
    match file.path.extension() {
        "json" => json::parse(file.id, Cow::Borrowed(file.text()), None),
        _ => hcl::parse(file.id, file.text()),
    }
}

/// The resources of a file: type, name and body.
fn resources<'t>(tree: &'t Tree<'t>) -> impl Iterator<Item = (&'t str, &'t str, NodeRef<'t>)> {
    let blocks = tree.roots().flat_map(NodeRef::entries).filter(|(key, _)| key.as_str() == Some("resource"));
    blocks.flat_map(|(_, types)| types.entries()).flat_map(|(kind, names)| {
        names.entries().filter_map(move |(name, body)| Some((kind.as_str()?, name.as_str()?, body)))
    })
}

/// The modules that a file uses, as if each were the resource that it makes; only those that are known to make one.
fn modules<'t>(tree: &'t Tree<'t>) -> impl Iterator<Item = (&'t str, &'t str, NodeRef<'t>)> {
    let blocks = tree.roots().flat_map(NodeRef::entries).filter(|(key, _)| key.as_str() == Some(MODULE));
    let bodies = blocks.flat_map(|(_, names)| names.entries());
    bodies
        .filter(|(_, body)| kinds::is_module_of_endpoints(*body))
        .filter_map(|(name, body)| Some((ENDPOINT, name.as_str()?, body)))
}

/// The block that uses another module.
const MODULE: &str = "module";

/// The resource that a module of endpoints makes of each of its entries.
const ENDPOINT: &str = "aws_vpc_endpoint";
