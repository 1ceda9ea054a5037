//! Names of services as principals have them, and what was meant by others.

use crate::catalog;

/// Services that have names of their own in China; others have the same everywhere.
///
/// Source: the AWS managed policies, which let roles be passed to both names of these.
const OF_CHINA: [&str; 5] = ["application-autoscaling", "autoscaling", "ec2", "elasticmapreduce", "events"];

/// What to write for something that is no name of a service: a phrase.
pub fn instead_of(written: &str) -> String {
    let written = written.trim().to_ascii_lowercase();
    if written.contains([',', ' ']) {
        return "write each name by itself, in a list".to_owned();
    }
    // What follows is a domain, right or wrong: `ec2.amazonaws.cn`, `ec2.amazonaws-us-gov.com`, `ec2.amazon.com`.
    let service = written.split(".amazon").next().unwrap_or("");
    let name = format!("{service}.amazonaws.com");
    if !catalog::service_principals().any(|known| known == name) {
        return "write the whole name, as `ec2.amazonaws.com`".to_owned();
    }
    if written.ends_with(".cn") && OF_CHINA.contains(&service) {
        return format!("write `{name}.cn` in China, and `{name}` elsewhere");
    }
    format!("write `{name}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_a_service_that_there_is() {
        for (written, help) in [
            ("ec2", "write `ec2.amazonaws.com`"),
            ("EC2.amazonaws.com", "write `ec2.amazonaws.com`"),
            ("ec2.amazon.com", "write `ec2.amazonaws.com`"),
            ("ec2.amazonaws-us-gov.com", "write `ec2.amazonaws.com`"),
            ("ec2.amazonaws.cn", "write `ec2.amazonaws.com.cn` in China, and `ec2.amazonaws.com` elsewhere"),
            ("lambda.amazonaws.cn", "write `lambda.amazonaws.com`"),
            ("nonsense.amazonaws.cn", "write the whole name, as `ec2.amazonaws.com`"),
            ("ec2.amazonaws.com,lambda.amazonaws.com", "write each name by itself, in a list"),
            ("", "write the whole name, as `ec2.amazonaws.com`"),
        ] {
            assert_eq!(instead_of(written), help, "{written}");
        }
    }
}
