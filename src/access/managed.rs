//! Documents that AWS itself wrote.

use crate::catalog;
use crate::policy::Policy;

/// True for a copy of an AWS managed policy as the catalogue has it, whatever its white space.
pub fn is_managed(policy: &Policy) -> bool {
    catalog::managed_like(policy.digest).is_some_and(|managed| managed.length() == policy.size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{Fact, facts};
    use crate::source::{FileId, RelPath, SourceFile};

    fn read(text: String, name: &str) -> Policy {
        let file = SourceFile::new(FileId(0), RelPath::new(name), text.into_bytes().into());
        let policy = facts(&file).facts.into_iter().find_map(|fact| match fact {
            Fact::Policy(site) => Some(site.policy),
            _ => None,
        });
        policy.unwrap_or_else(|| panic!("no policy in {name}"))
    }

    #[test]
    fn all_of_them_are_known() {
        for managed in catalog::managed_policies() {
            assert!(is_managed(&read(managed.document(), "copy.json")), "{}", managed.name());
        }
    }

    #[test]
    fn copies_are_known_and_changes_are_seen() {
        let Some(managed) = catalog::managed_policy("AmazonS3ReadOnlyAccess") else { panic!("no such policy") };
        let text = managed.document();
        let spread =
            text.replace(',', ",\n  ").replace(':', ": ").replace("s3: ", "s3:").replace("lambda: ", "lambda:");
        assert!(spread.len() > text.len() && is_managed(&read(spread, "copy.json")));
        assert!(is_managed(&read(format!("{{\"PolicyVersion\": {{\"Document\": {text}}}}}"), "answer.json")));
        assert!(!is_managed(&read(text.replace("s3:Get*", "s3:*"), "copy.json")));
    }
}
