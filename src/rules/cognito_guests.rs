//! `cognito-guests`

use super::{PolicyCx, Rule};
use crate::access::Truth;
use crate::access::oidc::{self, Breadth};
use crate::extract::Fact;
use crate::finding::Problem;
use crate::settings::Settings;

pub(super) struct CognitoGuests;

impl Rule for CognitoGuests {
    fn fact(&self, fact: &Fact, _: &Settings, out: &mut Vec<Problem>) {
        let Fact::GuestPool(at) = fact else { return };
        out.push(
            Problem::new(at, "the identity pool admits guests")
                .note("users who have not signed in, which is anyone, get credentials of AWS")
                .help(
                    "admit only who has signed in, or give guests a role that reads what is public, and nothing else",
                ),
        );
    }

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
