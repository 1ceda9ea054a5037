//! A function that everyone may call by its URL.

use super::everyone::openings;
use super::{PolicyCx, Rule};
use crate::finding::Problem;

pub(super) struct PublicFunctionUrl;

impl Rule for PublicFunctionUrl {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        for opening in openings(cx).into_iter().filter(|opening| opening.guard.is_none() && opening.is_url()) {
            let Some(problem) = opening.problem() else { continue };
            let note = match opening.asks_for_signature() {
                true => "everyone who has credentials of some AWS account",
                false => "everyone, in every account and without one",
            };
            let message = "anyone may call the URL of this function, which then runs with the rights of its role";
            let help = "let the URL ask for a signature (`AWS_IAM`) and name who may call it, put a distribution with origin access \
                        control in front of it, or ignore the finding if it is meant for everyone";
            out.push(Problem { message: message.to_owned(), ..problem.note(note).help(help) });
        }
    }
}
