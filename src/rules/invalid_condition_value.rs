//! `invalid-condition-value`

use super::{PolicyCx, Rule};
use crate::access::condition_value::{self, Wrong};
use crate::access::service_name;
use crate::finding::Problem;

pub(super) struct InvalidConditionValue;

impl Rule for InvalidConditionValue {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for condition in cx.statements().iter().flat_map(|statement| &statement.conditions) {
            if condition_value::is_bool_of_many(condition) {
                out.push(
                    Problem::new(
                        &condition.origin,
                        format!("`{}` is one truth value, and here are several", condition.key.value),
                    )
                    .note("a Bool condition with `true` and `false` always holds where the key is there")
                    .help("write `true` or `false`"),
                );
                continue;
            }
            for (value, at) in condition.values.known() {
                let Some(wrong) = condition_value::wrong(condition, value) else { continue };
                let (what, way_out) = describe(wrong);
                let way_out = match wrong {
                    Wrong::Service => service_name::instead_of(value),
                    _ => way_out.to_owned(),
                };
                // Nine digits and fewer are days before 2001: a date was meant.
                let meant = wrong == Wrong::Seconds && value.len() > 9;
                out.push(Problem::new(at, format!("`{value}` is {what}")).help(way_out).pedantic_if(meant));
            }
        }
    }
}

fn describe(wrong: Wrong) -> (&'static str, &'static str) {
    match wrong {
        Wrong::Bool => ("neither `true` nor `false`", "write `true` or `false`"),
        Wrong::Number => ("no number", "write digits, with a point where you need one"),
        Wrong::Date => ("no date", "write a date as `2026-01-31T12:00:00Z`"),
        Wrong::Seconds => ("read as seconds since 1970", "write a date as `2026-01-31T12:00:00Z`"),
        Wrong::Address => (
            "no address and no range of addresses",
            "write an address or a range in CIDR notation, as `203.0.113.0/24`",
        ),
        Wrong::Base64 => ("no base64", "write the bytes in base64"),
        Wrong::Arn => ("no ARN, as the operator asks for", "write the whole ARN, or use a String operator"),
        Wrong::Region => ("no region of AWS", "write a region as `eu-central-1`"),
        Wrong::Vpc => ("no id of a VPC", "write `vpc-` and 8 or 17 hexadecimal digits"),
        Wrong::VpcEndpoint => ("no id of a VPC endpoint", "write `vpce-` and 8 or 17 hexadecimal digits"),
        // What to write depends on the name.
        Wrong::Service => ("no service", ""),
        Wrong::RegionalService => (
            "no service with its region",
            "write the service as its requests have it, as `ec2.eu-central-1.amazonaws.com`",
        ),
        Wrong::KmsKey => {
            ("no ARN of a KMS key", "write the ARN of the key, as `arn:aws:kms:eu-central-1:111122223333:key/...`")
        }
    }
}
