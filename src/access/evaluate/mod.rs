//! The decision that AWS makes for one request: every policy that applies, in the order of the
//! [evaluation logic](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
//!
//! An explicit deny anywhere wins. Else each layer that applies must allow. Decisions where the guide says nothing:
//!
//! | case | here |
//! |---|---|
//! | an account's root user | everything in the account that no SCP, RCP or policy of the resource denies |
//! | a service, and `{"AWS": "*"}` | not named; the bare `*` names it |
//! | `NotPrincipal`, and the caller's account or role is named | excepted |
//! | a role named with its path, and a session of a role of that name | may be: the session's ARN shows no path |
//! | a kind of policies that is an empty list | does not apply; a level of SCPs that is empty allows nothing |
//! | the key policy or trust policy is not given | what the caller's policies say, with a note |
//! | grants of KMS, ACLs of S3 | not modelled, with a note |

mod caller;
mod layer;
mod request;
mod statement;

pub use caller::{Caller, Role};
pub use layer::Layer;
pub use request::{Document, Policies, Request};

use crate::access::Truth;
use layer::{Hit, Hits};

/// What comes of a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decision {
    /// It is allowed.
    Allowed,
    /// Nothing denies it, but a layer does not allow it.
    ImplicitDeny,
    /// A statement denies it.
    ExplicitDeny,
}

impl Decision {
    /// `allowed`, `implicit_deny`, `explicit_deny`.
    pub fn as_str(self) -> &'static str {
        match self {
            Decision::Allowed => "allowed",
            Decision::ImplicitDeny => "implicit_deny",
            Decision::ExplicitDeny => "explicit_deny",
        }
    }
}

/// A statement that decided.
#[derive(Clone, Copy, Debug)]
pub struct Reason<'p> {
    /// The layer that its policy belongs to.
    pub layer: Layer,
    /// The document.
    pub document: &'p Document,
    /// The place of the statement in the document, from 0.
    pub index: usize,
}

/// The answer to a request.
#[derive(Clone, Debug)]
pub struct Answer<'p> {
    /// What comes of it, as far as the policies are known.
    pub decision: Decision,
    /// False if the decision hangs on something that is not known before deployment.
    pub certain: bool,
    /// The statements that deny, or that allow.
    pub reasons: Vec<Reason<'p>>,
    /// For an implicit deny: the layers that do not allow.
    pub blocked_by: Vec<Layer>,
    /// What else there is to know: phrases.
    pub notes: Vec<String>,
}

/// Decides a request.
pub fn evaluate<'p>(request: &Request, policies: &'p Policies) -> Answer<'p> {
    let hits = Hits::of(request, policies);
    let (decision, reasons, blocked_by) = decide(request, policies, &hits, Reading::AsKnown);
    // Statements that cannot be seen change nothing of a denial.
    let unseen = if decision == Decision::ExplicitDeny { None } else { layer::unseen(request, policies) };
    let settled = [Reading::Open, Reading::Closed]
        .into_iter()
        .all(|reading| decide(request, policies, &hits, reading).0 == decision);
    let certain = settled && unseen.is_none();
    let mut notes = Vec::new();
    notes.extend(
        unseen.map(|document| format!("`{}` has statements that cannot be seen before deployment", document.file)),
    );
    if !settled {
        notes.extend(hits.uncertain().map(|hit| {
            let Hit { document, index, .. } = hit;
            format!("statement {index} of `{}` hangs on what is not known: whether it applies is open", document.file)
        }));
    }
    if decision == Decision::ImplicitDeny {
        let service = request.action.split(':').next().unwrap_or("").to_ascii_lowercase();
        notes.extend(match &*service {
            "kms" => Some("a grant of the KMS key could allow it: grants are not modelled".to_owned()),
            "s3" => Some("an ACL of the bucket or object could allow it: ACLs are not modelled".to_owned()),
            _ => None,
        });
    }
    if request.needs_resource_policy() && policies.resource.is_none() {
        notes.push(format!("the policy of `{}` was not given: it must allow this, too", request.resource));
    }
    Answer { decision, certain, reasons, blocked_by, notes }
}

/// What the documents of one layer say of a request by themselves, and whether that is certain: allowed if a statement
/// allows and names the caller, and none denies.
pub fn evaluate_layer(request: &Request, policies: &Policies, layer: Layer) -> (Decision, bool) {
    let hits = Hits::of(request, policies);
    let decide = |reading: Reading| {
        let denies = |hit: &Hit<'_>| hit.layer == layer && reading.denies(hit.denies.and(hit.naming.any()));
        match (hits.all.iter().any(denies), hits.allowing(layer, reading).next()) {
            (true, _) => Decision::ExplicitDeny,
            (false, Some(_)) => Decision::Allowed,
            (false, None) => Decision::ImplicitDeny,
        }
    };
    let decision = decide(Reading::AsKnown);
    (decision, [Reading::Open, Reading::Closed].into_iter().all(|reading| decide(reading) == decision))
}

/// How to count what may or may not apply.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// Only what certainly applies.
    AsKnown,
    /// As much access as can be.
    Open,
    /// As little access as can be.
    Closed,
}

impl Reading {
    fn allows(self, truth: Truth) -> bool {
        if self == Reading::Open { truth.possible() } else { truth.certain() }
    }

    fn denies(self, truth: Truth) -> bool {
        if self == Reading::Closed { truth.possible() } else { truth.certain() }
    }
}

type Decided<'p> = (Decision, Vec<Reason<'p>>, Vec<Layer>);

fn decide<'p>(request: &Request, policies: &Policies, hits: &Hits<'p>, reading: Reading) -> Decided<'p> {
    let reason = |hit: &Hit<'p>| Reason { layer: hit.layer, document: hit.document, index: hit.index };
    let denying: Vec<Reason<'_>> =
        hits.all.iter().filter(|hit| reading.denies(hit.denies.and(hit.naming.any()))).map(reason).collect();
    if !denying.is_empty() {
        return (Decision::ExplicitDeny, denying, Vec::new());
    }
    let mut reasons = Vec::new();
    let mut blocked = Vec::new();
    let mut need = |layer: Layer| {
        let allowing: Vec<Reason<'_>> = hits.allowing(layer, reading).map(reason).collect();
        if allowing.is_empty() && !blocked.contains(&layer) {
            blocked.push(layer);
        }
        reasons.extend(allowing);
    };
    for layer in hits.outer_layers(request, policies) {
        need(layer);
    }
    let named = hits.resource_naming(reading);
    for layer in inner_layers(request, policies, named, reading) {
        need(layer);
    }
    if blocked.is_empty() {
        (Decision::Allowed, reasons, blocked)
    } else {
        blocked.sort_unstable();
        (Decision::ImplicitDeny, Vec::new(), blocked)
    }
}

/// The layers between caller and resource that must allow, given how the resource's own policy names the caller.
fn inner_layers(request: &Request, policies: &Policies, named: caller::Naming, reading: Reading) -> Vec<Layer> {
    let [itself, role, account] = [named.itself, named.role, named.account].map(|truth| reading.allows(truth));
    let by_resource = itself || role || account;
    let limits = || {
        let limit = |layer, documents: &Option<Vec<Document>>| {
            documents.as_ref().is_some_and(|documents| !documents.is_empty()).then_some(layer)
        };
        [limit(Layer::Boundary, &policies.boundary), limit(Layer::Session, &policies.session)].into_iter().flatten()
    };
    let own = || std::iter::once(Layer::Identity).chain(limits());
    match &request.caller {
        Caller::Service(_) | Caller::Federated(_) | Caller::Anonymous => vec![Layer::Resource],
        Caller::Root { .. } if request.is_within_account() => {
            // The account's own root user needs nobody's leave, but for keys and roles.
            if request.needs_resource_policy() && policies.resource.is_some() { vec![Layer::Resource] } else { vec![] }
        }
        Caller::Root { .. } => vec![Layer::Resource],
        _ if !request.is_within_account() => own().chain([Layer::Resource]).collect(),
        _ if itself => vec![Layer::Resource],
        _ if role => limits().chain([Layer::Resource]).collect(),
        _ if request.needs_resource_policy() && policies.resource.is_some() && !by_resource => {
            own().chain([Layer::Resource]).collect()
        }
        _ if account => own().chain([Layer::Resource]).collect(),
        _ => own().collect(),
    }
}
