//! What the name of a file says of it.

use crate::source::{Language, SourceFile};

/// True if the file is one of a module of Terraform.
pub fn is_terraform(name: &str) -> bool {
    let ends = |end: &str| {
        let at = name.len().checked_sub(end.len());
        at.and_then(|at| name.get(at..)).is_some_and(|own| own.eq_ignore_ascii_case(end))
    };
    ends(".tf") || ends(".tf.json") || ends(".tofu")
}

/// True for a file of values that Terraform gives to the variables of the module beside it without being asked to.
pub fn is_values(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix(".json").unwrap_or(&name);
    name == "terraform.tfvars" || name.ends_with(".auto.tfvars")
}

/// True for HCL that is no file of a module: Terragrunt's, and what looks like HCL without a name that says so.
pub(in crate::extract) fn stands_alone(file: &SourceFile<'_>) -> bool {
    file.path.extension().eq_ignore_ascii_case("hcl") || file.guess == Some(Language::Hcl)
}

/// True for a file that `templatefile` fills in: documents stand in it as in a script, with `${name}` for what is not known.
pub(in crate::extract) fn is_template(file: &SourceFile<'_>) -> bool {
    ["tpl", "tftpl", "tmpl"].iter().any(|known| file.path.extension().eq_ignore_ascii_case(known))
}
