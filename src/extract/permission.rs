//! Statements of resource-based policies that templates and modules write as resources: who may invoke a function, use the
//! version of a layer, or put events on a bus.
//!
//! Source: the CloudFormation template reference and the AWS provider's documentation.

use super::place::{Path, Step};
use super::{PolicySite, kind};
use crate::document::{NodeKind, NodeRef};
use crate::policy::lower::{self, Resolve};
use crate::policy::{
    ActionPattern, Condition, Element, List, Operator, Policy, PolicyKind, Principal, ResourcePattern, Spanned,
    Statement, Use, Value, render_with,
};
use crate::source::Span;
use std::sync::Arc;

/// What a file with such a resource must contain.
pub(crate) const NEEDLES: &[&str] = &[
    "AWS::Lambda::Permission",
    "AWS::Lambda::LayerVersionPermission",
    "AWS::Events::EventBusPolicy",
    "aws_lambda_permission",
    "aws_lambda_layer_version_permission",
    "aws_lambda_function_url",
    "aws_cloudwatch_event_permission",
    URL_OF_SAM,
    "url: true",
    "url:\n",
    "url:\r\n",
];

/// The property of a function of SAM that makes a URL, and a permission with it where the URL asks for no signature.
pub(super) const URL_OF_SAM: &str = "FunctionUrlConfig";

/// The property of a function of the Serverless Framework that makes a URL, and such a permission where it names no authorizer.
const URL_OF_SERVERLESS: &str = "url";

/// What says in Terraform and in SAM whether a URL asks for a signature.
const AUTHORIZATION: [&str; 2] = ["authorization_type", "AuthType"];

/// The properties of a resource that are conditions: their names in Terraform and in CloudFormation, the operator and the key.
pub(super) const CONDITIONS: [([&str; 2], &str, &str); 7] = [
    (["source_arn", "SourceArn"], "ArnLike", "aws:SourceArn"),
    (["source_account", "SourceAccount"], "StringEquals", "aws:SourceAccount"),
    (["principal_org_id", "PrincipalOrgID"], "StringEquals", "aws:PrincipalOrgID"),
    (["organization_id", "OrganizationId"], "StringEquals", "aws:PrincipalOrgID"),
    (["function_url_auth_type", "FunctionUrlAuthType"], "StringEquals", "lambda:FunctionUrlAuthType"),
    (["invoked_via_function_url", "InvokedViaFunctionUrl"], "Bool", "lambda:InvokedViaFunctionUrl"),
    (["event_source_token", "EventSourceToken"], "StringEquals", "lambda:EventSourceToken"),
];

/// The policy that a resource of this type makes with its one statement; none for other types. `body` holds the arguments.
pub(super) fn site(of: &str, body: NodeRef<'_>, resolve: &dyn Resolve, path: &Path<'_>) -> Option<PolicySite> {
    let (service, action, resource) = match of {
        "aws_lambda_permission" | "AWS::Lambda::Permission" => ("lambda", None, ["function_name", "FunctionName"]),
        "aws_lambda_layer_version_permission" | "AWS::Lambda::LayerVersionPermission" => {
            ("lambda", None, ["layer_name", "LayerVersionArn"])
        }
        "aws_lambda_function_url" | URL_OF_SAM | URL_OF_SERVERLESS => {
            ("lambda", Some("lambda:InvokeFunctionUrl"), ["function_name", ""])
        }
        "aws_cloudwatch_event_permission" | "AWS::Events::EventBusPolicy" => {
            ("events", Some("events:PutEvents"), ["event_bus_name", "EventBusName"])
        }
        _ => return None,
    };
    let (key, who) = match of {
        "aws_lambda_function_url" | URL_OF_SAM => callers(body, resolve)?,
        URL_OF_SERVERLESS => callers_of_service(body)?,
        _ => {
            let (key, value) = entry(body, ["principal", "Principal"])?;
            let text = lower::text(value, "Principal", resolve);
            (key, Spanned { value: principal(text.value), origin: text.origin })
        }
    };
    let mut conditions: Vec<Condition> = CONDITIONS
        .iter()
        .filter_map(|(names, operator, key)| {
            let (name, value) = entry(body, *names)?;
            let (operator, key) = (Operator::parse(operator), (*key).into());
            let at = name.origin_of(Span { start: name.span().start, end: value.span().end.max(name.span().end) });
            let values = values(value, resolve);
            let spanned = Spanned { value: operator, origin: name.origin() };
            Some(Condition {
                origin: at,
                operator: spanned,
                key: Spanned { value: key, origin: name.origin() },
                values,
            })
        })
        .collect();
    let block = entry(body, ["condition", "Condition"]);
    conditions.extend(block.and_then(|(_, block)| condition(block, resolve)));
    let action = match entry(body, ["action", "Action"]) {
        Some((key, value)) => Some(list(key, value, ActionPattern::new, resolve)),
        None => action.map(|action| {
            let items = vec![Spanned { value: Value::Known(ActionPattern::new(action)), origin: body.origin() }];
            Element { key: body.origin(), negated: false, list: List { items, open: false } }
        }),
    };
    let statement = Statement {
        sid: entry(body, ["statement_id", "StatementId"]).map(|(_, sid)| lower::text(sid, "Sid", resolve)),
        principal: Some(Element { key: key.origin(), negated: false, list: List { items: vec![who], open: false } }),
        action,
        resource: entry(body, resource).map(|(key, value)| {
            let mut element = list(key, value, ResourcePattern::new, resolve);
            // The name of a function, not its ARN.
            for item in &mut element.list.items {
                if item.value.may(|resource| resource.arn().is_none()) {
                    item.value = Value::Unknown(Arc::from(value.raw()));
                }
            }
            element
        }),
        conditions_open: block.is_some_and(|(_, block)| block.get("dynamic").is_some()),
        conditions,
        // What a variable says by default, whoever uses the module may say otherwise.
        contingent: entry(body, AUTHORIZATION)
            .is_some_and(|(_, kind)| kind.raw().starts_with("var.") || kind.get("Ref").is_some()),
        ..Statement::allowing(body.origin())
    };
    let policy = Policy::made(body.origin(), vec![statement]);
    let used = Use { kind: PolicyKind::Resource(Some(service.into())), holder: None };
    Some(PolicySite { account: kind::account_of_resources(&policy), ..PolicySite::made(policy, used, path) })
}

/// An argument under the first of its names that is there, with its key. What is null or empty is as good as absent.
fn entry<'t>(body: NodeRef<'t>, names: [&str; 2]) -> Option<(NodeRef<'t>, NodeRef<'t>)> {
    let named = |key: NodeRef<'_>| key.as_str().is_some_and(|key| names.contains(&key));
    let absent = |value: NodeRef<'_>| value.kind() == NodeKind::Null || value.as_str() == Some("");
    body.entries().find(|(key, value)| named(*key) && !absent(*value))
}

fn list<T>(key: NodeRef<'_>, value: NodeRef<'_>, make: fn(&str) -> T, resolve: &dyn Resolve) -> Element<T> {
    let (list, _) = lower::texts(value, key.as_str().unwrap_or(""), make, resolve);
    Element { key: key.origin(), negated: false, list }
}

/// The values of a condition; the number of an account may be written as a number, and a flag without quotes.
fn values(value: NodeRef<'_>, resolve: &dyn Resolve) -> List<Box<str>> {
    if matches!(value.kind(), NodeKind::Number | NodeKind::Bool) {
        let item = Spanned { value: Value::Known(value.raw().into()), origin: value.origin() };
        return List { items: vec![item], open: false };
    }
    lower::texts(value, "Condition", |text| -> Box<str> { text.into() }, resolve).0
}

/// The condition of an event bus: its operator under `type`, its key and its one value.
fn condition(block: NodeRef<'_>, resolve: &dyn Resolve) -> Option<Condition> {
    let block = if block.kind() == NodeKind::Seq { block.items().next()? } else { block };
    let (_, test) = entry(block, ["type", "Type"])?;
    let (_, key) = entry(block, ["key", "Key"])?;
    let (_, value) = entry(block, ["value", "Value"])?;
    Some(Condition {
        origin: block.origin(),
        operator: Spanned { value: Operator::parse(test.as_str()?), origin: test.origin() },
        key: Spanned { value: key.as_str()?.into(), origin: key.origin() },
        values: values(value, resolve),
    })
}

/// Who may call the URL of a function without a signature: everyone, for whom the provider, or SAM, adds a permission.
fn callers<'t>(body: NodeRef<'t>, resolve: &dyn Resolve) -> Option<(NodeRef<'t>, Spanned<Value<Principal>>)> {
    let (key, value) = entry(body, AUTHORIZATION)?;
    let text = lower::text(value, "Principal", resolve);
    let unsigned = text.value.known().is_some_and(|text| &**text == "NONE");
    unsigned.then_some((key, Spanned { value: Value::Known(Principal::Anyone), origin: text.origin }))
}

/// The same of a function of the Serverless Framework: `url: true`, or options without an authorizer.
fn callers_of_service<'t>(function: NodeRef<'t>) -> Option<(NodeRef<'t>, Spanned<Value<Principal>>)> {
    let (key, value) = entry(function, [URL_OF_SERVERLESS, ""])?;
    let unsigned = value.raw() == "true" || value.kind() == NodeKind::Map && value.get("authorizer").is_none();
    unsigned.then(|| (key, Spanned { value: Value::Known(Principal::Anyone), origin: key.origin() }))
}

/// The URLs that the Serverless Framework makes for the functions of a service, each as the policy of its function.
pub(super) fn urls_of_service(root: NodeRef<'_>, resolve: &dyn Resolve) -> Vec<PolicySite> {
    let of_another =
        |provider: NodeRef<'_>| provider.get("name").and_then(NodeRef::as_str).is_some_and(|name| name != "aws");
    let on_aws = root.get("provider").is_some_and(|provider| !of_another(provider));
    let Some(functions) = root.get("functions").filter(|_| on_aws) else { return Vec::new() };
    let (top, lists) = (Path::root(), functions.items().chain(std::iter::once(functions)));
    let top = top.then(Step::Key("functions"));
    let functions = lists.flat_map(NodeRef::entries);
    let url = |(name, function): (NodeRef<'_>, NodeRef<'_>)| {
        let path = top.then(Step::Key(name.as_str()?));
        site(URL_OF_SERVERLESS, function, resolve, &path.then(Step::Key(URL_OF_SERVERLESS)))
    };
    functions.filter_map(url).collect()
}

/// A principal without a type: a service, an account, an ARN or everyone.
pub(super) fn principal(text: Value<Box<str>>) -> Value<Principal> {
    let kind = |text: &str| match !text.starts_with("arn:") && text.contains(".amazon") {
        true => "Service",
        false => "AWS",
    };
    let kind = match &text {
        Value::Known(text) => kind(text),
        Value::Partly(pieces) => kind(&render_with(pieces, |name| format!("${{{name}}}"))),
        Value::Unknown(_) => "AWS",
        Value::Either(_) => return text.and_then(&mut |text| principal(Value::Known(text))),
    };
    lower::principal(kind, text)
}
