//! The quick reader against the library: the same nodes, and nothing that the library refuses.

use super::{library, reader};
use proptest::prelude::*;
use std::path::Path;
use walkdir::WalkDir;

/// What both make of a text, if the quick reader takes it; panics where they differ.
fn is_taken(text: &str, name: &str) -> bool {
    let Some((nodes, decoded)) = reader::read(text) else { return false };
    let (expected, of_library, errors) = library::read(text);
    // The library refuses two equal keys of an object; Terraform does not.
    if errors.iter().any(|error| error.message.contains("redefined object key")) {
        return true;
    }
    assert!(errors.is_empty(), "{name}: {errors:?}\n{text}");
    let show = |nodes: &[super::super::Node], decoded: &[Box<str>]| -> Vec<String> {
        let text = |node: &super::super::Node| decoded.get(node.decoded as usize).cloned().unwrap_or_default();
        let one = |node: &super::super::Node| {
            format!("{:?} {:?} {:?} {} `{}`", node.kind, node.notation, node.span, node.next, text(node))
        };
        nodes.iter().map(one).collect()
    };
    let (own, theirs) = (show(&nodes, &decoded), show(&expected, &of_library));
    if own != theirs {
        let at = own.iter().zip(&theirs).position(|(a, b)| a != b).unwrap_or(own.len().min(theirs.len()));
        let shown = |node: Option<&super::super::Node>| node.and_then(|node| text.get(node.span.range())).unwrap_or("");
        panic!(
            "{name}: node {at} of {}/{}\n own: {:?} {:?}\n lib: {:?} {:?}",
            own.len(),
            theirs.len(),
            own.get(at),
            shown(nodes.get(at)),
            theirs.get(at),
            shown(expected.get(at)),
        );
    }
    true
}

/// Reads all modules below a folder: how many there are, and how many the quick reader takes.
fn folder(at: &Path) -> (usize, usize) {
    let (mut all, mut taken) = (0, 0);
    for entry in WalkDir::new(at).into_iter().filter_map(Result::ok) {
        let is_module = entry.path().extension().is_some_and(|it| ["tf", "tfvars", "hcl"].iter().any(|one| it == *one));
        let Ok(text) = std::fs::read_to_string(entry.path()) else { continue };
        if is_module {
            all += 1;
            taken += usize::from(is_taken(&text, &entry.path().display().to_string()));
        }
    }
    (all, taken)
}

#[test]
fn files_give_the_same_nodes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (all, taken) = folder(&root.join("testdata"));
    assert!(taken >= 3, "{taken} of {all}");
    for extra in std::env::var_os("WHIT_MODULES").iter() {
        let (all, taken) = folder(Path::new(extra));
        println!("{taken} of {all}");
        assert!(taken > 0);
    }
}

/// What the grammar has, in one text.
const SAMPLE: &str = r#"terraform { required_version = ">= 1.5" }
resource "aws_iam_policy" "p" {
  count  = var.on && length(var.names) > 0 ? 1 : 0 # how many
  policy = jsonencode({
    Version   = "2012-10-17", "Statement" : [for n in var.names : { Effect = "Allow", (n) = n } if n != ""]
    providers = { aws.main = aws, x = { for k, v in local.m : k => v... } }
  })
  tags = merge(var.tags, { Name = "a-${var.names[0]}-$${x}-${f("}")}" }) // all
  text = <<-EOT
    {"Action": "${join(",", [for a in var.actions : "s3:${a}"])}"}
  EOT
  dynamic "statement" {
    for_each = toset(["a"])
    content {
      n = [-1, 2.5, !true, null, (1 + 2) * 3 / 4 % 5, var.a[*].b, local.x.0.y, ["a",], f(g()...)]
    }
  }
  /* none */ provider = aws.main
}
"#;

/// What edits put in.
const PIECES: [&str; 34] = [
    "\"", "\\", "$", "${", "}", "{", "[", "]", "(", ")", "\n", "\r\n", "\r", "<<E\n", "E\n", "EOT", "#", "//", "/*",
    "*/", "=", "==", "=>", ":", "?", ",", ".", "...", "-", "!", "for ", " if ", "a", "é",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn edits_are_taken_as_the_library_takes_them(edits in prop::collection::vec((0..SAMPLE.len(), 0..12_usize, 0..PIECES.len() + 1), 1..4)) {
        let mut text = SAMPLE.to_owned();
        for (at, gone, piece) in edits {
            let at = text.floor_char_boundary(at.min(text.len()));
            let end = text.floor_char_boundary((at + gone).min(text.len()));
            text.replace_range(at..end.max(at), PIECES.get(piece).unwrap_or(&""));
        }
        is_taken(&text, "edited");
    }

    #[test]
    fn pieces_are_taken_as_the_library_takes_them(pieces in prop::collection::vec(0..PIECES.len(), 0..12)) {
        let text: String = pieces.iter().map(|piece| PIECES[*piece]).collect();
        is_taken(&format!("a = {text}"), "pieces");
        is_taken(&format!("a {{\n{text}\n}}\n"), "pieces");
    }
}

#[test]
fn the_sample_is_taken() {
    assert!(is_taken(SAMPLE, "sample") && is_taken(&SAMPLE.replace('\n', "\r\n"), "sample with CRLF"));
}
