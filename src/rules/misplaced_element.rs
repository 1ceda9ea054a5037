//! `misplaced-element`

use super::{PolicyCx, Rule};
use crate::finding::Problem;
use crate::policy::{Element, PolicyKind, Principal, Statement};

pub(super) struct MisplacedElement;

impl Rule for MisplacedElement {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        let only = |test: fn(&PolicyKind) -> bool| cx.site.uses.iter().all(|used| test(&used.kind));
        for statement in cx.statements() {
            if only(|kind| matches!(kind, PolicyKind::Trust)) {
                in_trust(statement, out);
            } else if only(|kind| matches!(kind, PolicyKind::Resource(_))) {
                in_resource(statement, out);
            } else if only(|kind| {
                matches!(
                    kind,
                    PolicyKind::Identity | PolicyKind::Boundary | PolicyKind::Session | PolicyKind::ServiceControl
                )
            }) && let Some(element) =
                statement.principal.as_ref().filter(|element| is_there(element, statement))
            {
                out.push(
                    Problem::new(&element.key, "a policy of this kind names no principal")
                        .note("whoever has the policy is the principal")
                        .help("delete the element; to let others in, write a trust policy or a resource-based policy"),
                );
            }
        }
    }
}

/// False for an element that is written nowhere, and for one of which nothing is known in a statement that deployment makes: what
/// stands for it may be null.
fn is_there<T>(element: &Element<T>, statement: &Statement) -> bool {
    let may_be_null = statement.contingent && element.list.open && element.list.known().next().is_none();
    let written = element.key != statement.origin || !element.list.items.is_empty();
    written && !may_be_null
}

fn in_trust(statement: &Statement, out: &mut Vec<Problem>) {
    if let Some(element) = statement.resource.as_ref().filter(|element| is_there(element, statement)) {
        out.push(
            Problem::new(&element.key, "a trust policy names no resource")
                .note("the role that has the policy is the resource")
                .help("delete the element"),
        );
    }
    let Some(element) = &statement.principal else { return };
    if element.negated {
        out.push(
            Problem::new(&element.key, "a trust policy takes no `NotPrincipal`")
                .help("name who may take the role in `Principal`"),
        );
    } else if statement.bare_principal
        && let Some((Principal::Anyone, at)) = element.list.known().next()
    {
        out.push(
            Problem::new(at, "a trust policy takes no bare `*`")
                .note("would let everyone take the role")
                .help("name who may take the role: `{\"AWS\": \"arn:...\"}`"),
        );
    }
}

fn in_resource(statement: &Statement, out: &mut Vec<Problem>) {
    let federated = statement.principal.iter().flat_map(|element| element.list.known());
    for (principal, at) in federated {
        if let Principal::Federated(name) = principal
            && &**name != "*"
        {
            out.push(
                Problem::new(at, "an identity provider stands in trust policies only")
                    .note("its users come as sessions of a role")
                    .help("name the role that they take"),
            );
        }
    }
}
