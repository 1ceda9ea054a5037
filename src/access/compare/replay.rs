//! A request that was found, asked of the policies themselves.

use super::{Kind, Sides, Values, Witness};
use crate::access::context::Context;
use crate::access::evaluate::{Caller, Decision, Document, Layer, Policies, Request, evaluate_layer};
use crate::access::sets::Letters;

/// Stand for a text that is not known: another one, should a policy speak of the first.
const SAMPLES: [&str; 2] = ["x", "other-x"];

/// An account of neither side: what a policy of the resource says of the caller then counts in full.
const NOBODY: &str = "000000000000";

/// An account, where a variable stands for the number of one.
const SOME_ACCOUNT: &str = "111122223333";

/// The request for people, if the new policies certainly allow it, and the old ones certainly do not.
pub(super) fn confirm(
    witness: &Witness,
    absent: &[&str],
    sides: &Sides<'_>,
    kind: Kind,
    letters: &Letters,
) -> Option<Witness> {
    let decide = |request: &Request, documents: &[Document]| {
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
        evaluate_layer(request, &policies, layer)
    };
    let leaves_room = |request: &Request| {
        sides.under.is_none_or(|limit| {
            let policies = Policies { boundary: Some(limit.to_vec()), ..Policies::default() };
            evaluate_layer(request, &policies, Layer::Boundary) == (Decision::Allowed, true)
        })
    };
    let variables = letters.iter().any(|(name, _)| key_of(name).is_some());
    let samples = SAMPLES.iter().take(if variables { 2 } else { 1 });
    // First with no more than what stands in it.
    let ways = [false, true].into_iter().take(if variables { 2 } else { 1 });
    ways.flat_map(|whole| samples.clone().map(move |sample| (whole, sample))).find_map(|(whole, sample)| {
        let spelling = Spelling { witness, absent, letters, sample, whole };
        let request = spelling.request(kind)?;
        let confirmed = decide(&request, sides.head) == (Decision::Allowed, true)
            && leaves_room(&request)
            && matches!(decide(&request, sides.base), (Decision::ImplicitDeny | Decision::ExplicitDeny, true));
        confirmed.then(|| spelling.readable())
    })
}

/// The request with the names of what deployment has yet to say, for people.
pub(super) fn readable(witness: &Witness, absent: &[&str], letters: &Letters) -> Witness {
    Spelling { witness, absent, letters, sample: SAMPLES[0], whole: false }.readable()
}

/// The key of a policy variable, and its text where the request does not carry that.
fn key_of(name: &str) -> Option<(&str, Option<&str>)> {
    let inner = name.strip_prefix("${")?.strip_suffix('}')?;
    let (key, default) = inner.split_once(',').map_or((inner, None), |(key, default)| (key, Some(default)));
    Some((key.trim(), default.map(|default| default.trim().trim_matches('\''))))
}

/// A request with a text for each thing in it that is not known.
struct Spelling<'r> {
    witness: &'r Witness,
    /// Keys that it does not carry.
    absent: &'r [&'r str],
    letters: &'r Letters,
    sample: &'static str,
    /// True if it carries the keys of all variables, and not only of those that stand in it.
    whole: bool,
}

impl Spelling<'_> {
    /// What the request carries under the key of a variable; none if it is without.
    fn carried(&self, key: &str) -> Option<String> {
        let given = self.witness.context.iter().find(|(name, _)| name.eq_ignore_ascii_case(key));
        match given {
            Some((_, Values::One(value))) => Some(value.clone()),
            Some((_, Values::Many(_))) => None,
            None if self.absent.iter().any(|name| name.eq_ignore_ascii_case(key)) => None,
            None if key.to_ascii_lowercase().ends_with("account") => Some(SOME_ACCOUNT.to_owned()),
            None => Some(self.sample.to_owned()),
        }
    }

    /// What it carries for variables, so that what holds of all values is seen to hold of one.
    fn variables(&self) -> Vec<(String, String)> {
        let texts = [&self.witness.action, &self.witness.resource];
        let has = |letter: char| self.whole || texts.iter().any(|text| text.contains(letter));
        let used = self.letters.iter().filter(|(_, letter)| has(*letter)).filter_map(|(name, _)| key_of(name));
        used.filter_map(|(key, _)| Some((key.to_owned(), self.carried(key)?))).collect()
    }

    fn request(&self, kind: Kind) -> Option<Request> {
        let witness = self.witness;
        let caller = match &witness.principal {
            Some(principal) => Caller::parse(principal)?,
            None => Caller::parse("arn:aws:iam::111122223333:user/someone")?,
        };
        let mut context = Context::complete();
        for (key, value) in self.variables() {
            context = context.with(&key, &value);
        }
        context = self.absent.iter().fold(context, |context, key| context.without(key));
        for (key, values) in &witness.context {
            context = match values {
                Values::One(value) => context.with(key, value),
                Values::Many(values) => context.with_values(key, &values.iter().map(|it| &**it).collect::<Vec<_>>()),
            };
        }
        let spelled = |text: &str| self.spelled(text, &|_| self.sample.to_owned());
        Some(Request {
            caller,
            action: spelled(&witness.action).into(),
            resource: spelled(&witness.resource).into(),
            resource_account: (kind == Kind::Resource).then(|| NOBODY.into()),
            management_account: None,
            context,
        })
    }

    /// A text with what the variables in it stand for, and something for what deployment has yet to say.
    fn spelled(&self, text: &str, unknown: &dyn Fn(&str) -> String) -> String {
        let name_of = |letter: char| self.letters.iter().find(|(_, own)| *own == letter).map(|(name, _)| name);
        let spell = |letter: char| match name_of(letter).map(|name| (name, key_of(name))) {
            Some((_, Some((key, default)))) => {
                self.carried(key).unwrap_or_else(|| default.unwrap_or(self.sample).to_owned())
            }
            Some((name, None)) => unknown(name),
            None => letter.to_string(),
        };
        text.chars().map(spell).collect()
    }

    fn readable(&self) -> Witness {
        let shown = |name: &str| name.strip_prefix("hole ").map_or(name.to_owned(), |hole| format!("${{{hole}}}"));
        let mut witness = self.witness.clone();
        for (key, value) in self.variables() {
            if !witness.context.keys().any(|name| name.eq_ignore_ascii_case(&key)) {
                witness.context.insert(key, Values::One(value));
            }
        }
        witness.action = self.spelled(&witness.action, &shown);
        witness.resource = self.spelled(&witness.resource, &shown);
        witness
    }
}
