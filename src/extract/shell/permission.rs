//! Commands that write a statement of a resource-based policy: who may invoke a function, publish to a topic, put events on a
//! bus.
//!
//! Source: the AWS CLI command reference.

use super::command::Command;
use crate::extract::permission::{CONDITIONS, principal};
use crate::extract::place::Path;
use crate::extract::{PolicySite, kind};
use crate::policy::{
    ActionPattern, Condition, Element, List, Operator, Policy, PolicyKind, ResourcePattern, Spanned, Statement, Use,
    Value,
};
use crate::source::{Origin, Span};

/// A command, and its options.
struct Permission {
    service: &'static str,
    verb: &'static str,
    /// Says who.
    who: &'static str,
    /// Says what.
    what: What,
    /// The ARN of the resource.
    on: Option<&'static str>,
}

/// What a command allows.
enum What {
    /// The actions that this option names.
    Named(&'static str),
    /// This action.
    Fixed(&'static str),
}

/// What a text with such a command contains.
pub(crate) const NEEDLES: &[&str] = &["add-permission", "add-layer-version-permission", "put-permission"];

static PERMISSIONS: [Permission; 5] = [
    Permission {
        service: "lambda",
        verb: "add-permission",
        who: "--principal",
        what: What::Named("--action"),
        on: None,
    },
    Permission {
        service: "lambda",
        verb: "add-layer-version-permission",
        who: "--principal",
        what: What::Named("--action"),
        on: None,
    },
    Permission {
        service: "events",
        verb: "put-permission",
        who: "--principal",
        what: What::Fixed("events:PutEvents"),
        on: None,
    },
    Permission {
        service: "sns",
        verb: "add-permission",
        who: "--aws-account-id",
        what: What::Named("--action-name"),
        on: Some("--topic-arn"),
    },
    Permission {
        service: "sqs",
        verb: "add-permission",
        who: "--aws-account-ids",
        what: What::Named("--actions"),
        on: None,
    },
];

/// The policy that a command writes with its one statement; none for other commands. `place` leads from the text to the file.
pub(super) fn site(command: &Command<'_>, place: &dyn Fn(Span) -> Origin) -> Option<PolicySite> {
    let of = |known: &'static Permission| Some((known, command.verb(known.service, known.verb)?));
    let (permission, verb) = PERMISSIONS.iter().find_map(of)?;
    let at = place(verb);
    let spanned = |span: Span| Spanned { value: command.value(span), origin: place(span) };
    let who = command.values(permission.who).into_iter();
    let principals: Vec<_> =
        who.map(|span| Spanned { value: principal(command.value(span)), origin: place(span) }).collect();
    let mut full = |name: Box<str>| match name.contains(':') {
        true => ActionPattern::new(&name),
        false => ActionPattern::new(&format!("{}:{name}", permission.service)),
    };
    let actions: Vec<_> = match permission.what {
        What::Named(option) => {
            let named = command.values(option).into_iter();
            named.map(|span| Spanned { value: command.value(span).map(&mut full), origin: place(span) }).collect()
        }
        What::Fixed(action) => {
            vec![Spanned { value: Value::Known(ActionPattern::new(action)), origin: at.clone() }]
        }
    };
    if principals.is_empty() || actions.is_empty() {
        return None;
    }
    let resource = permission.on.and_then(|option| command.option(option)).map(spanned).map(|arn| {
        let value = arn.value.map(&mut |arn| ResourcePattern::new(&arn));
        element(vec![Spanned { value, origin: arn.origin }], &at)
    });
    let mut conditions: Vec<Condition> = CONDITIONS
        .iter()
        .filter_map(|([name, _], operator, key)| {
            let option = format!("--{}", name.replace('_', "-"));
            Some(condition(Operator::parse(operator), key, spanned(command.option(&option)?)))
        })
        .collect();
    let written = command.option("--condition");
    let read = written.and_then(|span| in_short(command.word(span), &place(span)));
    let conditions_open = command.has("--condition") && read.is_none();
    conditions.extend(read);
    let statement = Statement {
        principal: Some(element(principals, &at)),
        action: Some(element(actions, &at)),
        resource,
        conditions,
        conditions_open,
        ..Statement::allowing(at.clone())
    };
    let policy = Policy::made(at, vec![statement]);
    let used = Use { kind: PolicyKind::Resource(Some(permission.service.into())), holder: None };
    let account = kind::account_of_resources(&policy);
    Some(PolicySite { account, quoted: true, partial: true, ..PolicySite::made(policy, used, &Path::root()) })
}

fn element<T>(items: Vec<Spanned<Value<T>>>, key: &Origin) -> Element<T> {
    Element { key: key.clone(), negated: false, list: List { items, open: false } }
}

fn condition(operator: Operator, key: &str, value: Spanned<Value<Box<str>>>) -> Condition {
    let at = value.origin.clone();
    Condition {
        origin: at.clone(),
        operator: Spanned { value: operator, origin: at.clone() },
        key: Spanned { value: key.into(), origin: at },
        values: List { items: vec![value], open: false },
    }
}

/// A condition as the shorthand of the CLI has it: `Type=StringEquals,Key=aws:PrincipalOrgID,Value=o-a1b2c3d4e5`.
fn in_short(text: &str, at: &Origin) -> Option<Condition> {
    let part = |name: &str| text.split(',').find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
    let (operator, key, value) = (part("Type")?, part("Key")?, part("Value")?);
    let value = Spanned { value: Value::Known(value.into()), origin: at.clone() };
    (!text.contains(['$', '`'])).then(|| condition(Operator::parse(operator), key, value))
}
