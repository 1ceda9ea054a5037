//! `weak-password-policy`

use super::Rule;
use crate::extract::{Demand, Fact, PasswordPolicy, Said};
use crate::finding::Problem;
use crate::settings::Settings;

/// A password policy of an account that lets weak passwords pass.
pub(super) struct WeakPasswordPolicy;

/// What a policy shall ask for, in the words that follow "is without", and for how much of it.
const DEMANDS: [(Demand, &str, Needed); 8] = [
    (Demand::Length, "a minimum length of 14", Needed::AtLeast(14)),
    (Demand::Reuse, "a memory of the last 24 passwords", Needed::AtLeast(24)),
    (Demand::Lowercase, "lower-case letters", Needed::Yes),
    (Demand::Uppercase, "upper-case letters", Needed::Yes),
    (Demand::Digits, "digits", Needed::Yes),
    (Demand::Symbols, "symbols", Needed::Yes),
    (Demand::Age, "expiry after 90 days", Needed::Within(90)),
    (Demand::Change, "leave for users to change their own", Needed::Yes),
];

#[derive(Clone, Copy)]
enum Needed {
    AtLeast(u64),
    /// None is as good as for ever.
    Within(u64),
    Yes,
}

impl Rule for WeakPasswordPolicy {
    fn fact(&self, fact: &Fact, _: &Settings, out: &mut Vec<Problem>) {
        let Fact::PasswordPolicy(policy) = fact else { return };
        let lacking: Vec<_> = DEMANDS.iter().filter(|(demand, _, needed)| lacks(policy, *demand, *needed)).collect();
        let words: Vec<&str> = lacking.iter().map(|(_, words, _)| *words).collect();
        let without = match &words[..] {
            [] => return,
            [only] => (*only).to_owned(),
            [all @ .., last] => format!("{} and {last}", all.join(", ")),
        };
        let written = lacking.iter().filter_map(|(demand, words, _)| {
            let (_, at) = policy.said(*demand)?;
            Some((at, format!("instead of {words}")))
        });
        let guessable = lacking.iter().any(|(demand, ..)| matches!(demand, Demand::Length | Demand::Reuse));
        out.push(
            Problem::new(&policy.at, format!("the account's password policy is without {without}"))
                .note("holds for the passwords of all IAM users of the account")
                .label_all(written)
                .help("set what is missing; better, let people sign in with IAM Identity Center and give no user a password")
                .pedantic_if(!guessable),
        );
    }
}

/// True if a policy certainly does not ask for so much.
fn lacks(policy: &PasswordPolicy, demand: Demand, needed: Needed) -> bool {
    match (policy.said(demand).map(|(said, _)| said), needed) {
        (None | Some(Said::Flag(false)), _) => true,
        (Some(Said::Number(number)), Needed::AtLeast(least)) => number < least,
        (Some(Said::Number(number)), Needed::Within(most)) => number == 0 || number > most,
        _ => false,
    }
}
