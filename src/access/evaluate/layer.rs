//! The layers of policies, and the statements of each that speak of a request.

use super::caller::{Caller, Naming};
use super::request::{Document, Policies, Request};
use super::{Reading, statement};
use crate::access::Truth;
use crate::policy::{Effect, Statement, Version};

/// A kind of policies that a request has to pass.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Layer {
    /// Resource control policies.
    ResourceControl,
    /// Service control policies: a level of them, from the root of the organisation, which is 0.
    ServiceControl(usize),
    /// The policy of the VPC endpoint.
    Endpoint,
    /// Policies of the resource.
    Resource,
    /// Identity-based policies.
    Identity,
    /// The permissions boundary.
    Boundary,
    /// Session policies.
    Session,
}

impl Layer {
    /// The word that requests in JSON have for it: `identity`, `scp`, ...
    pub fn as_str(self) -> &'static str {
        match self {
            Layer::ResourceControl => "rcp",
            Layer::ServiceControl(_) => "scp",
            Layer::Endpoint => "vpce",
            Layer::Resource => "resource",
            Layer::Identity => "identity",
            Layer::Boundary => "boundary",
            Layer::Session => "session",
        }
    }

    /// The name in AWS's [messages](https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).
    pub fn name(self) -> &'static str {
        match self {
            Layer::ResourceControl => "resource control policy",
            Layer::ServiceControl(_) => "service control policy",
            Layer::Endpoint => "VPC endpoint policy",
            Layer::Resource => "resource-based policy",
            Layer::Identity => "identity-based policy",
            Layer::Boundary => "permissions boundary",
            Layer::Session => "session policy",
        }
    }

    /// True if an Allow in it grants nothing and only leaves room.
    pub fn is_limit(self) -> bool {
        !matches!(self, Layer::Resource | Layer::Identity)
    }

    /// True if the layer's documents have principals.
    fn has_principals(self) -> bool {
        matches!(self, Layer::ResourceControl | Layer::Endpoint | Layer::Resource)
    }
}

/// The services that RCPs reach, by their prefixes.
///
/// Source: [services that support RCPs](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html).
const UNDER_RESOURCE_CONTROL: [&str; 11] =
    ["s3", "sts", "kms", "sqs", "secretsmanager", "aoss", "ecr", "dynamodb", "logs", "cognito-idp", "cognito-identity"];

/// A statement that speaks of the request, or may.
#[derive(Debug)]
pub(super) struct Hit<'p> {
    pub(super) layer: Layer,
    pub(super) document: &'p Document,
    pub(super) index: usize,
    /// Whether it applies, and allows.
    pub(super) allows: Truth,
    /// Whether it applies, and denies.
    pub(super) denies: Truth,
    /// How it names the caller; everybody where documents have no principals.
    pub(super) naming: Naming,
}

/// The statements that speak of a request.
pub(super) struct Hits<'p> {
    pub(super) all: Vec<Hit<'p>>,
}

impl<'p> Hits<'p> {
    pub(super) fn of(request: &Request, policies: &'p Policies) -> Self {
        let context = request.full_context();
        let literal = context.clone().with_literal_variables();
        let bounded = policies.boundary.as_ref().is_some_and(|documents| !documents.is_empty());
        let mut all = Vec::new();
        for (layer, documents) in layers(request, policies) {
            for document in documents {
                let context = if knows_variables(document) { &context } else { &literal };
                let statements = document.policy.statements.iter().enumerate();
                all.extend(statements.filter_map(|(index, statement)| {
                    let naming = if layer.has_principals() {
                        statement::naming(statement, request, bounded)
                    } else {
                        Naming::EVERYBODY
                    };
                    let applies = statement::matches(statement, request, context, layer == Layer::Resource);
                    let [allows, denies] =
                        [Effect::Allow, Effect::Deny].map(|effect| applies.and(has_effect(statement, effect)));
                    let speaks = allows.or(denies).and(naming.any());
                    speaks.possible().then_some(Hit { layer, document, index, allows, denies, naming })
                }));
            }
        }
        Hits { all }
    }

    /// The statements of a layer that allow.
    pub(super) fn allowing(&self, layer: Layer, reading: Reading) -> impl Iterator<Item = &Hit<'p>> {
        let in_layer = self.all.iter().filter(move |hit| hit.layer == layer);
        in_layer.filter(move |hit| reading.allows(hit.allows.and(hit.naming.any())))
    }

    /// How the Allow statements of the resource's own policies name the caller.
    pub(super) fn resource_naming(&self, reading: Reading) -> Naming {
        let allowing = self.allowing(Layer::Resource, reading);
        allowing.fold(Naming::NONE, |all, hit| all.or(hit.naming.and(hit.allows)))
    }

    /// The statements of which it is open whether they apply.
    pub(super) fn uncertain(&self) -> impl Iterator<Item = &Hit<'p>> {
        let open = |hit: &&Hit<'_>| hit.allows.or(hit.denies).and(hit.naming.any()) == Truth::Maybe;
        self.all.iter().filter(open)
    }

    /// The layers round all others that must allow: the organisation's, and the endpoint's.
    pub(super) fn outer_layers(&self, request: &Request, policies: &Policies) -> Vec<Layer> {
        let levels = if is_under_service_control(request) { policies.service_control.len() } else { 0 };
        let endpoint = policies.endpoint.as_ref().is_some_and(|documents| !documents.is_empty());
        (0..levels).map(Layer::ServiceControl).chain(endpoint.then_some(Layer::Endpoint)).collect()
    }
}

/// The documents that apply, with their layers.
fn layers<'p>(request: &Request, policies: &'p Policies) -> Vec<(Layer, &'p [Document])> {
    let some = |documents: &'p Option<Vec<Document>>| documents.as_deref().unwrap_or(&[]);
    let mut all = vec![
        (Layer::Identity, &*policies.identity),
        (Layer::Resource, some(&policies.resource)),
        (Layer::Boundary, some(&policies.boundary)),
        (Layer::Session, some(&policies.session)),
        (Layer::Endpoint, some(&policies.endpoint)),
    ];
    if request.caller.account().is_none() {
        // Only accounts have policies of identities, and what limits them.
        all.retain(|(layer, _)| layer.has_principals());
    } else if matches!(request.caller, Caller::Root { .. }) {
        // Nothing of the kind can be attached to a root user.
        all.retain(|(layer, _)| !matches!(layer, Layer::Identity | Layer::Boundary));
    }
    if is_under_service_control(request) {
        let levels = policies.service_control.iter().enumerate();
        all.extend(levels.map(|(level, documents)| (Layer::ServiceControl(level), &**documents)));
    }
    if is_under_resource_control(request) {
        all.extend(policies.resource_control.iter().map(|documents| (Layer::ResourceControl, &**documents)));
    }
    all
}

/// A document that applies and of which not all statements can be seen.
pub(super) fn unseen<'p>(request: &Request, policies: &'p Policies) -> Option<&'p Document> {
    let mut documents = layers(request, policies).into_iter().flat_map(|(_, documents)| documents);
    documents.find(|document| document.policy.open)
}

/// SCPs limit the users and roles of member accounts, their root users too.
fn is_under_service_control(request: &Request) -> bool {
    let account = request.caller.account();
    account.is_some() && account != request.management_account.as_deref() && !request.caller.is_service_linked()
}

/// RCPs limit who reaches the resources of member accounts, in some services.
fn is_under_resource_control(request: &Request) -> bool {
    let service = request.action.split(':').next().unwrap_or("");
    let reached = UNDER_RESOURCE_CONTROL.iter().any(|prefix| service.eq_ignore_ascii_case(prefix));
    let exempt = request.management_account.is_some() && request.owner() == request.management_account.as_deref();
    reached && !exempt && !request.caller.is_service_linked()
}

/// True unless the version makes policy variables plain text.
fn knows_variables(document: &Document) -> bool {
    document.policy.version.as_ref().is_some_and(|version| version.value.may(|version| *version == Version::V2012))
}

fn has_effect(statement: &Statement, wanted: Effect) -> Truth {
    let Some(effect) = &statement.effect else { return Truth::No };
    match (effect.value.must(|effect| *effect == wanted), effect.value.may(|effect| *effect == wanted)) {
        (true, _) => Truth::Yes,
        (false, true) => Truth::Maybe,
        (false, false) => Truth::No,
    }
}
