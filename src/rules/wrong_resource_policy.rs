//! `wrong-resource-policy`

use super::{PolicyCx, Rule};
use crate::access::attached;
use crate::finding::Problem;

pub(super) struct WrongResourcePolicy;

/// Services whose policies have only their own actions and ARNs.
const SERVICES: [&str; 11] =
    ["codeartifact", "dynamodb", "ecr", "glue", "kinesis", "kms", "lambda", "s3", "secretsmanager", "sns", "sqs"];

impl Rule for WrongResourcePolicy {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        let Some(service) = cx.resource_service().filter(|service| SERVICES.contains(service)) else { return };
        let noun = attached::noun(Some(service));
        for statement in cx.statements() {
            let entries = statement.action.iter().flat_map(|element| element.list.known());
            let mut others = entries.filter_map(|(pattern, at)| {
                // An ARN here is another rule's.
                let other = pattern.service().filter(|other| {
                    !other.contains(['*', '?', '$', '{', '<'])
                        && !other.eq_ignore_ascii_case(service)
                        && !attached::shares_policies(service, other)
                        && *other != "arn"
                })?;
                Some((other, at))
            });
            if let Some((other, at)) = others.next() {
                out.push(
                    Problem::new(at, format!("`{other}` is another service than this {noun}'s"))
                        .note("does nothing here")
                        .label_all(others.map(|(_, at)| (at, "nor does this".to_owned())))
                        .help(format!("list actions of `{service}`")),
                );
            }
            for (resource, at) in statement.resource.iter().flat_map(|element| element.list.known()) {
                let Some(arn) = resource.arn().filter(|arn| !arn.service.contains(['*', '?', '$', '{', '<'])) else {
                    continue;
                };
                if arn.service != service && !attached::shares_policies(service, arn.service) {
                    out.push(
                        Problem::new(at, format!("a resource of `{}` in the policy of this {noun}", arn.service))
                            .note("matches nothing here")
                            .help(format!("name the {noun} itself")),
                    );
                }
            }
        }
    }
}
