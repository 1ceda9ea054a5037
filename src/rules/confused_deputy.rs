//! `confused-deputy`

use super::{PolicyCx, Rule};
use crate::access::actions::{shows_settings_only, statement_matches};
use crate::access::behalf::{account_in_header, says_on_whose};
use crate::access::{attached, deputies};
use crate::finding::Problem;
use crate::policy::{ActionPattern, Principal, Spanned, Statement, Value};
use crate::source::Origin;

pub(super) struct ConfusedDeputy;

/// Services that deliver for AWS itself, whose documentation shows no such condition.
const EXEMPT: [&str; 2] = ["logdelivery.elasticloadbalancing.amazonaws.com", "billingreports.amazonaws.com"];

impl Rule for ConfusedDeputy {
    fn policy(&self, cx: &PolicyCx<'_>, out: &mut Vec<Problem>) {
        let trust = cx.is_trust();
        if !(trust || cx.is_resource()) {
            return;
        }
        let lets_in = |statement: &&Statement| {
            statement.may_allow() && (!trust || statement_matches(statement, "sts:AssumeRole").possible())
        };
        out.extend(cx.statements().iter().filter(lets_in).filter_map(in_header));
        let statements = cx.statements().iter().filter(lets_in);
        let mut open: Vec<Open<'_>> = statements.filter_map(|statement| Open::of(statement, trust)).collect();
        // Of several statements for a service, the one that gives most is told first.
        open.sort_by_key(|open| is_harmless(open.statement));
        while !open.is_empty() {
            let Open { statement, services } = open.remove(0);
            let Some(((name, at), rest)) = services.split_first() else { continue };
            let same: Vec<Open<'_>> =
                open.extract_if(.., |other| other.services.iter().all(|(other, _)| other == name)).collect();
            let here = same.iter().flat_map(|other| &other.services).map(|(_, at)| (*at, "and here".to_owned()));
            let (message, note, help) = match trust {
                true => (
                    format!("nothing says for which of its resources `{name}` may take the role"),
                    "the guide of the service asks for it: whoever of the account may pass the role reaches it through the service"
                        .to_owned(),
                    "add a condition on `aws:SourceArn` or `aws:SourceAccount`",
                ),
                false => (
                    format!("`{name}` may call on anyone's behalf"),
                    format!(
                        "whoever uses the service, in any account, can have it reach this {}",
                        attached::noun_of(cx.resource_service(), statement)
                    ),
                    "add a condition on `aws:SourceArn` or `aws:SourceAccount` (or `aws:SourceOrgID`)",
                ),
            };
            let mut problem = Problem::new(at, message)
                .note(note)
                .label_all(rest.iter().map(|(_, at)| (*at, "and this one".to_owned())))
                .label_all(here)
                .help(help)
                .certain_if(statement.allows())
                .pedantic_if(is_harmless(statement));
            if let Some(condition) = statement.conditions.first() {
                problem = problem.label(&condition.origin, "does not say on whose behalf");
            }
            out.push(problem);
        }
    }
}

/// A statement that lets services in on anyone's behalf, with these services.
struct Open<'a> {
    statement: &'a Statement,
    services: Vec<(&'a str, &'a Origin)>,
}

impl<'a> Open<'a> {
    fn of(statement: &'a Statement, trust: bool) -> Option<Self> {
        // Most services take a role only for its own account; asked of are those that say for whom they do.
        let asked = |name: &str| if trust { deputies::says_for_whom(name) } else { !EXEMPT.contains(&name) };
        let mut services = named(statement);
        let names: Vec<&str> = services.iter().map(|(name, _)| *name).collect();
        if says_on_whose(statement, trust) || account_in_header(statement, &names).is_some() {
            return None;
        }
        services.retain(|(name, _)| asked(name));
        (!services.is_empty()).then_some(Open { statement, services })
    }
}

/// The services that a statement names.
fn named(statement: &Statement) -> Vec<(&str, &Origin)> {
    let named = statement.principals().iter().filter_map(|item| match item.value.known()? {
        Principal::Service(name) if &**name != "*" => Some((&**name, &item.origin)),
        _ => None,
    });
    named.collect()
}

/// The account of SES in its old place.
fn in_header(statement: &Statement) -> Option<Problem> {
    let services = named(statement);
    let condition = account_in_header(statement, &services.iter().map(|(name, _)| *name).collect::<Vec<_>>())?;
    let (name, at) = services.first()?;
    let problem = Problem::new(at, format!("`{name}` says in a header on whose behalf it calls"));
    Some(
        problem
            .note("the way of its older guide")
            .label(&condition.origin, "the account stands here")
            .help("ask for `aws:SourceAccount`, as the guide has it today")
            .pedantic_if(true),
    )
}

/// True for what a service asks before it delivers: who owns a bucket and where it is, which key this is.
fn is_harmless(statement: &Statement) -> bool {
    let settings = |action: &Spanned<Value<ActionPattern>>| action.value.must(shows_settings_only);
    !statement.actions().is_empty() && statement.actions().iter().all(settings)
}
