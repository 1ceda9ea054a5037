//! `bucket-lockout`

use super::{PolicyCx, Rule};
use crate::access::Truth;
use crate::access::actions::statement_matches;
use crate::access::bucket::names_bucket;
use crate::finding::Problem;

/// A Deny that keeps everyone from changing the policy of a bucket.
pub(super) struct BucketLockout;

impl Rule for BucketLockout {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if cx.resource_service() != Some("s3") {
            return;
        }
        for deny in cx.statements().iter().filter(|statement| statement.denies() && statement.unconditional()) {
            let put = statement_matches(deny, "s3:PutBucketPolicy");
            let bucket = deny.resources().iter().map(|item| names_bucket(&item.value)).fold(Truth::No, Truth::or);
            let (Some((_, everyone)), true) = (deny.wildcard_principals().next(), put.and(bucket).possible()) else {
                continue;
            };
            let Some(at) = deny.action.as_ref().and_then(|element| element.whole()) else { continue };
            // Who can delete the policy can write a new one.
            let for_good = statement_matches(deny, "s3:DeleteBucketPolicy");
            out.push(
                Problem::new(&at, "nobody can change the policy of this bucket any more")
                    .note("only the root user of the bucket's account can still take this away")
                    .label(everyone, "everyone: administrators, and who applies this policy, too")
                    .help("leave `s3:PutBucketPolicy` and `s3:DeleteBucketPolicy` out, or spare a role with `ArnNotEquals` on `aws:PrincipalArn`")
                    .certain_if(put.and(bucket).certain())
                    .pedantic_if(!for_good.possible()),
            );
        }
    }
}
