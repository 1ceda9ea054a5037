//! `impossible-arn`

use super::{PolicyCx, Rule};
use crate::access::fit::{Misfit, misfit};
use crate::finding::Problem;

pub(super) struct ImpossibleArn;

impl Rule for ImpossibleArn {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        let elements = cx.statements().iter().filter_map(|statement| statement.resource.as_ref());
        for (resource, at) in elements.flat_map(|element| element.list.known()) {
            let Some(arn) = resource.arn().filter(|_| !resource.has_placeholder()) else { continue };
            let Some(misfit) = misfit(&arn) else { continue };
            let (message, help) = match misfit {
                Misfit::BucketName(odd) => (
                    format!("no bucket has `{odd}` in its name"),
                    "write the name of the bucket: it has lower-case letters of a to z, digits, `.` and `-`",
                ),
                Misfit::ParameterName => (
                    "no parameter has two `/` before its name".to_owned(),
                    "write one: the `/` at the beginning of the name is the one behind `parameter`",
                ),
                Misfit::Resource => (
                    format!("no resource of `{}` has such an ARN", arn.service),
                    "write the ARN as the service authorization reference has it",
                ),
                Misfit::RegionNotAllowed => {
                    (format!("ARNs of such resources of `{}` name no region", arn.service), "leave the region empty")
                }
                Misfit::RegionMissing => {
                    (format!("ARNs of such resources of `{}` name a region", arn.service), "write the region, or `*`")
                }
                Misfit::AccountNotAllowed => {
                    (format!("ARNs of such resources of `{}` name no account", arn.service), "leave the account empty")
                }
                Misfit::AccountMissing => (
                    format!("ARNs of such resources of `{}` name an account", arn.service),
                    "write the number of the account, or `*`",
                ),
            };
            out.push(
                Problem::new(at, message)
                    .note("matches no resource")
                    .help(help)
                    .pedantic_if(matches!(misfit, Misfit::Resource | Misfit::AccountMissing)),
            );
        }
    }
}
