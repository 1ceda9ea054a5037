//! A request that was found, asked of the policies themselves.

use super::{Kind, Values, Witness};
use crate::access::context::Context;
use crate::access::evaluate::{Caller, Decision, Document, Layer, Policies, Request, evaluate_layer};
use crate::access::sets::Letters;

/// Stands for a text that is not known.
const SAMPLE: &str = "x";

/// An account of neither side: what a policy of the resource says of the caller then counts in full.
const NOBODY: &str = "000000000000";

/// True if the new policies certainly allow the request, and the old ones certainly do not.
pub(super) fn confirms(
    witness: &Witness,
    absent: &[&str],
    base: &[Document],
    head: &[Document],
    kind: Kind,
    letters: &Letters,
) -> bool {
    let Some(request) = request(witness, absent, kind, letters) else { return false };
    let decide = |documents: &[Document]| {
        let mut policies = Policies::default();
        let layer = match kind {
            Kind::Identity => {
                policies.identity = documents.to_vec();
                Layer::Identity
            }
            Kind::Resource => {
                policies.resource = Some(documents.to_vec());
                Layer::Resource
            }
        };
        evaluate_layer(&request, &policies, layer)
    };
    decide(head) == (Decision::Allowed, true)
        && matches!(decide(base), (Decision::ImplicitDeny | Decision::ExplicitDeny, true))
}

fn request(witness: &Witness, absent: &[&str], kind: Kind, letters: &Letters) -> Option<Request> {
    let caller = match &witness.principal {
        Some(principal) => Caller::parse(principal)?,
        None => Caller::parse("arn:aws:iam::111122223333:user/someone")?,
    };
    let mut context = Context::complete();
    for (name, _) in letters.iter() {
        // Variables have a value, so that what holds of all of them is seen to hold of one.
        if let Some(key) = name.strip_prefix("${").and_then(|inner| inner.strip_suffix('}')) {
            context = context.with(key.split(',').next().unwrap_or(key).trim(), SAMPLE);
        }
    }
    context = absent.iter().fold(context, |context, key| context.without(key));
    for (key, values) in &witness.context {
        context = match values {
            Values::One(value) => context.with(key, value),
            Values::Many(values) => context.with_values(key, &values.iter().map(|it| &**it).collect::<Vec<_>>()),
        };
    }
    Some(Request {
        caller,
        action: spelled(&witness.action).into(),
        resource: spelled(&witness.resource).into(),
        resource_account: (kind == Kind::Resource).then(|| NOBODY.into()),
        management_account: None,
        context,
    })
}

/// The text with something for what is not known.
fn spelled(text: &str) -> String {
    text.chars().map(|letter| if Letters::is_one(letter) { SAMPLE.to_owned() } else { letter.to_string() }).collect()
}

/// The request with the names of what is not known, for people.
pub(super) fn readable(mut witness: Witness, letters: &Letters) -> Witness {
    for (name, letter) in letters.iter() {
        let shown = name.strip_prefix("hole ").map_or(name.to_owned(), |hole| format!("${{{hole}}}"));
        witness.action = witness.action.replace(letter, &shown);
        witness.resource = witness.resource.replace(letter, &shown);
    }
    witness
}
