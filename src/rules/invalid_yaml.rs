//! Text that is no YAML.

use super::Rule;
use crate::extract::{Flaw, FlawKind};
use crate::finding::Problem;

pub(super) struct InvalidYaml;

impl Rule for InvalidYaml {
    fn claims(&self) -> &'static [FlawKind] {
        &[FlawKind::YamlSyntax]
    }

    fn flaw(&self, flaw: &Flaw, out: &mut Vec<Problem>) {
        out.push(
            Problem::new(&flaw.at, format!("the template is not valid YAML: {}", flaw.detail))
                .help("mend this place: what follows it was not read"),
        );
    }
}
