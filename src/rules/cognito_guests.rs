//! `cognito-guests`

use super::{PolicyCx, Rule};
use crate::access::Truth;
use crate::access::oidc::{self, Breadth};
use crate::finding::Problem;

pub(super) struct CognitoGuests;

impl Rule for CognitoGuests {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        if !cx.is_trust() {
            return;
        }
        // Where any pool will do, guests are the lesser evil.
        for trust in oidc::trusts(&cx.site.policy).filter(|trust| trust.breadth != Breadth::Everyone) {
            let Some(guests) = oidc::guests(&trust) else { continue };
            let (at, message, note) = match guests.named {
                Some(at) => (at, "guests can take the role", "users who have not signed in, which is anyone"),
                None => (
                    trust.at,
                    "guests of the identity pool can take the role",
                    "no condition asks whether the user has signed in",
                ),
            };
            out.push(
                Problem::new(at, message)
                    .note(note)
                    .help(
                        "for users who have signed in: `\"ForAnyValue:StringLike\": \
                         {\"cognito-identity.amazonaws.com:amr\": \"authenticated\"}`; a role for guests is to read \
                         what is public, and nothing else",
                    )
                    .certain_if(guests.let_in == Truth::Yes)
                    .pedantic_if(guests.let_in != Truth::Yes),
            );
        }
    }
}
