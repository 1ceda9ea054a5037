//! What a module of Terraform hands to the modules that it uses.

use super::{MODULE, module_of, parse};
use crate::document::{NodeKind, NodeRef};
use crate::extract::resolve::Module;
use crate::source::SourceFile;
use std::collections::BTreeMap;

/// The arguments of one use of a module, as HCL has their values; none where only deployment knows it.
pub type Arguments = BTreeMap<Box<str>, Option<Box<str>>>;

/// Values lead to values so far at the most.
const MAX_STEPS: u32 = 16;

/// What the block of a module has beside the arguments.
const OWN: [&str; 6] = ["source", "version", "providers", "count", "for_each", "depends_on"];

/// The modules below it that a module uses: the way to each, and its arguments.
pub fn arguments_of_modules(files: &[SourceFile<'_>]) -> Vec<(Box<str>, Arguments)> {
    let trees: Vec<_> = files.iter().map(|file| parse(file).0).collect();
    let module = module_of(files, trees.iter());
    let blocks = trees.iter().flat_map(|tree| tree.roots()).flat_map(NodeRef::entries);
    let bodies = blocks.filter(|(key, _)| key.as_str() == Some(MODULE)).flat_map(|(_, names)| names.entries());
    let below = bodies.filter_map(|(_, body)| {
        let source = body.get("source")?.as_str()?.strip_prefix("./")?;
        let arguments = body.entries().filter_map(|(name, value)| Some((name.as_str()?, value)));
        let arguments = arguments.filter(|(name, _)| !OWN.contains(name));
        let written = arguments.map(|(name, value)| (name.into(), written(value, &module, 0).map(Into::into)));
        Some((source.trim_end_matches('/').into(), written.collect()))
    });
    below.collect()
}

/// A value in HCL, with nothing in it that only this module knows.
fn written(node: NodeRef<'_>, module: &Module<'_>, steps: u32) -> Option<String> {
    if steps > MAX_STEPS {
        return None;
    }
    let inner = |node| written(node, module, steps + 1);
    match node.kind() {
        NodeKind::String => Some(quoted(&module.text(node)?)),
        NodeKind::Number | NodeKind::Bool => Some(node.raw().to_owned()),
        NodeKind::Seq => Some(format!("[{}]", node.items().map(inner).collect::<Option<Vec<_>>>()?.join(", "))),
        NodeKind::Map => {
            let entry = |(key, value): (NodeRef<'_>, _)| Some(format!("{} = {}", quoted(key.as_str()?), inner(value)?));
            Some(format!("{{ {} }}", node.entries().map(entry).collect::<Option<Vec<_>>>()?.join(", ")))
        }
        NodeKind::Path => match module.led_to(node.raw()) {
            Some((there, _)) => inner(there),
            None => Some(quoted(&module.text(node)?)),
        },
        NodeKind::Call => {
            let items = module.collection(node)?;
            Some(format!(
                "[{}]",
                items.into_iter().map(|(_, item)| inner(item)).collect::<Option<Vec<_>>>()?.join(", ")
            ))
        }
        _ => None,
    }
}

fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{}\"", escaped.replace("${", "$${").replace("%{", "%%{"))
}
