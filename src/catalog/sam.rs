//! The policy templates of AWS SAM.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A statement of a policy template.
#[derive(Clone, Copy, Debug)]
pub struct SamStatement {
    actions: &'static str,
    resources: &'static str,
}

impl SamStatement {
    /// What it allows.
    pub fn actions(self) -> impl Iterator<Item = &'static str> {
        self.actions.split(' ')
    }

    /// On what: ARNs in which `{Name}` stands for a parameter of the template or of CloudFormation.
    pub fn resources(self) -> impl Iterator<Item = &'static str> {
        self.resources.split(' ')
    }
}

/// The statements of a policy template, as `S3CrudPolicy`, that hold one of its parameters; none for other names.
pub fn sam_template(name: &str) -> &'static [SamStatement] {
    static TEMPLATES: LazyLock<HashMap<&str, Vec<SamStatement>>> = LazyLock::new(|| {
        let mut templates: HashMap<_, Vec<_>> = HashMap::new();
        for line in include_str!("sam_templates.txt").lines().filter(|line| !line.starts_with('#')) {
            let mut fields = line.split('\t');
            if let (Some(name), Some(actions), Some(resources)) = (fields.next(), fields.next(), fields.next()) {
                templates.entry(name).or_default().push(SamStatement { actions, resources });
            }
        }
        templates
    });
    TEMPLATES.get(name).map_or(&[], |statements| statements)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;

    #[test]
    fn each_allows_what_there_is() {
        let lines: Vec<&str> =
            include_str!("sam_templates.txt").lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.is_sorted());
        for line in lines {
            let name = line.split('\t').next().unwrap_or("");
            assert!(!sam_template(name).is_empty(), "{name}");
            for statement in sam_template(name) {
                for action in statement.actions() {
                    let known = catalog::action(action).is_some() || catalog::retired(action).next().is_some();
                    assert!(known, "{name}: {action}");
                }
                assert!(statement.resources().any(|arn| arn.contains('{')), "{name}");
            }
        }
    }
}
