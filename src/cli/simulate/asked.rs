//! What is asked, from options or from JSON.

use super::documents::Documents;
use super::options::SimulateOptions;
use crate::access::context::Context;
use crate::access::evaluate::{Caller, Document, Policies, Request};
use crate::catalog::Limited;
use crate::cli::{Failure, Outcome};
use crate::policy::{Arn, is_account_id};
use crate::source::read_at_most;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// The account of callers and resources that nobody named: the number that AWS's documentation uses.
const SOME_ACCOUNT: &str = "123456789012";

/// Larger requests are a mistake.
const MAX_BYTES: u64 = 16 << 20;

fn bad(why: impl Into<String>) -> Failure {
    Failure::Usage(why.into())
}

/// What is asked.
pub(super) struct Asked {
    pub(super) request: Request,
    pub(super) policies: Policies,
    /// The keys of the context, as they are written.
    pub(super) keys: Vec<String>,
}

/// Reads the options.
pub(super) fn from_options(options: &SimulateOptions, documents: &mut Documents) -> Outcome<Asked> {
    let resource_account = options.resource_account.as_deref();
    let caller = match &options.principal {
        Some(principal) => caller(principal)?,
        None => some_user(&options.resource, resource_account),
    };
    let mut values: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for pair in &options.context {
        let Some((key, value)) = pair.split_once('=') else {
            return Err(bad(format!("`--context {pair}` has no value: write it as `aws:SourceIp=203.0.113.7`")));
        };
        values.entry(key).or_default().push(value);
    }
    let keys = values.keys().map(|key| (*key).to_owned()).collect();
    let context = values.into_iter().fold(Context::complete(), |context, (key, values)| match &values[..] {
        [value] => context.with(key, value),
        several => context.with_values(key, several),
    });
    let request = Request {
        caller,
        action: action(options.action.as_deref().unwrap_or(""))?,
        resource: options.resource.as_str().into(),
        resource_account: resource_account.map(account).transpose()?,
        management_account: options.management_account.as_deref().map(account).transpose()?,
        context,
    };
    let mut load = |paths: &[PathBuf], limits: Option<Limited>| -> Outcome<Vec<Document>> {
        paths.iter().try_fold(Vec::new(), |mut all, path| {
            all.extend(documents.load(path, limits)?);
            Ok(all)
        })
    };
    let mut levels = |levels: &[String], limits: Limited| -> Outcome<Vec<Vec<Document>>> {
        let paths = levels.iter().map(|level| level.split(',').map(PathBuf::from).collect::<Vec<_>>());
        paths.map(|paths| load(&paths, Some(limits))).collect()
    };
    let service_control = levels(&options.scp, Limited::Principals)?;
    let resource_control = levels(&options.rcp, Limited::Resources)?;
    let mut all = |paths: &[PathBuf]| load(paths, None);
    let (resource, identity) = all(&options.policy)?.into_iter().partition(names_principals);
    let mut policies = Policies { identity, service_control, resource_control, ..Policies::default() };
    let some = |documents: Vec<Document>| (!documents.is_empty()).then_some(documents);
    policies.resource = some([resource, all(&options.resource_policy)?].concat());
    policies.boundary = some(all(&options.boundary)?);
    policies.session = some(all(&options.session_policy)?);
    policies.endpoint = some(all(&options.endpoint_policy)?);
    Ok(Asked { request, policies, keys })
}

/// True for a policy that says whom it is about: one of a resource, whatever it was called.
fn names_principals(document: &Document) -> bool {
    document.policy.statements.iter().any(|statement| statement.principal.is_some())
}

/// Reads a request from a file.
pub(super) fn from_file(path: &Path, documents: &mut Documents) -> Outcome<Asked> {
    let shown = path.display();
    let bytes = if path.as_os_str() == "-" {
        read_at_most(io::stdin().lock(), MAX_BYTES).map_err(|error| error.to_string())
    } else {
        documents.folder = path.parent().map(Path::to_owned).unwrap_or_default();
        let file = File::open(path).map_err(|error| error.to_string());
        file.and_then(|file| read_at_most(file, MAX_BYTES).map_err(|error| error.to_string()))
    };
    let bytes = bytes.map_err(|why| bad(format!("`{shown}` cannot be read: {why}")))?;
    let json = serde_json::from_slice(&bytes).map_err(|error| bad(format!("`{shown}` is not JSON: {error}")))?;
    from_json(&json, documents).map_err(|failure| match failure {
        Failure::Usage(why) => bad(format!("in `{shown}`: {why}")),
        other => other,
    })
}

const FIELDS: [&str; 7] =
    ["principal", "action", "resource", "resource_account", "management_account", "context", "policies"];

fn from_json(json: &Value, documents: &mut Documents) -> Outcome<Asked> {
    let Value::Object(fields) = json else { return Err(bad("a request is an object with `principal`, `action`, ...")) };
    if let Some(name) = fields.keys().find(|name| !FIELDS.contains(&&***name)) {
        return Err(bad(format!("`{name}` is no part of a request: it has {}", FIELDS.join(", "))));
    }
    let text = |name: &str| match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str())),
        Some(_) => Err(bad(format!("`{name}` is a text"))),
    };
    let needed = |name: &str| text(name)?.ok_or_else(|| bad(format!("`{name}` is missing")));
    let request = Request {
        caller: caller(needed("principal")?)?,
        action: action(needed("action")?)?,
        resource: text("resource")?.unwrap_or("*").into(),
        resource_account: text("resource_account")?.map(account).transpose()?,
        management_account: text("management_account")?.map(account).transpose()?,
        context: context(fields.get("context").unwrap_or(&Value::Null))?,
    };
    let policies = policies(fields.get("policies").unwrap_or(&Value::Null), documents)?;
    let keys = fields.get("context").and_then(Value::as_object).into_iter().flat_map(|keys| keys.keys().cloned());
    Ok(Asked { request, policies, keys: keys.collect() })
}

fn context(json: &Value) -> Outcome<Context> {
    let mut context = Context::complete();
    let fields = match json {
        Value::Null => return Ok(context),
        Value::Object(fields) => fields,
        _ => return Err(bad("`context` is an object of keys with their values")),
    };
    for (key, value) in fields {
        let plain = |value: &Value| match value {
            Value::String(text) => Ok(text.clone()),
            Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
            _ => Err(bad(format!("the value of `{key}` is a text, or an array of them"))),
        };
        context = match value {
            Value::Null => context.without(key),
            Value::Array(values) => {
                let values: Vec<String> = values.iter().map(plain).collect::<Outcome<_>>()?;
                context.with_values(key, &values.iter().map(String::as_str).collect::<Vec<_>>())
            }
            value => context.with(key, &plain(value)?),
        };
    }
    Ok(context)
}

fn policies(json: &Value, documents: &mut Documents) -> Outcome<Policies> {
    let mut policies = Policies::default();
    let fields = match json {
        Value::Null => return Ok(policies),
        Value::Object(fields) => fields,
        _ => return Err(bad("`policies` is an object: `identity`, `resource`, ... with paths of files")),
    };
    for (kind, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
        let Value::Array(items) = value else { return Err(bad(format!("`policies.{kind}` is an array"))) };
        let limits = match &**kind {
            "scp" => Some(Limited::Principals),
            "rcp" => Some(Limited::Resources),
            _ => None,
        };
        let mut load = |items: &[Value]| -> Outcome<Vec<Document>> {
            items.iter().try_fold(Vec::new(), |mut all, item| {
                let path = item.as_str().ok_or_else(|| bad(format!("`policies.{kind}` holds paths of files")))?;
                all.extend(documents.load(Path::new(path), limits)?);
                Ok(all)
            })
        };
        let mut levels = |items: &[Value]| -> Outcome<Vec<Vec<Document>>> {
            items
                .iter()
                .map(|level| match level {
                    Value::Array(items) => load(items),
                    _ => Err(bad(format!("`policies.{kind}` holds one array of paths for each level"))),
                })
                .collect()
        };
        match &**kind {
            "scp" => policies.service_control = levels(items)?,
            "rcp" => policies.resource_control = levels(items)?,
            "identity" => policies.identity = load(items)?,
            "resource" => policies.resource = Some(load(items)?),
            "boundary" => policies.boundary = Some(load(items)?),
            "session" => policies.session = Some(load(items)?),
            "vpce" => policies.endpoint = Some(load(items)?),
            _ => {
                let kinds = "identity, resource, boundary, session, vpce, scp, rcp";
                return Err(bad(format!("`policies.{kind}` is no kind of policies: there are {kinds}")));
            }
        }
    }
    Ok(policies)
}

fn caller(text: &str) -> Outcome<Caller> {
    let forms = "an ARN of a user, role, session or account root, a service as `ec2.amazonaws.com`, or `anonymous`";
    Caller::parse(text).ok_or_else(|| match is_account_id(text) {
        true => bad(format!("`{text}` is an account, and somebody in it asks: name `arn:aws:iam::{text}:user/NAME`")),
        false => bad(format!("`{text}` is no principal that can ask for anything: name {forms}")),
    })
}

fn some_user(resource: &str, account: Option<&str>) -> Caller {
    let named = Arn::parse(resource).map(|arn| arn.account).filter(|account| is_account_id(account));
    let account = account.or(named).unwrap_or(SOME_ACCOUNT);
    Caller::User { arn: format!("arn:aws:iam::{account}:user/someone").into(), account: account.into() }
}

fn action(text: &str) -> Outcome<Box<str>> {
    let named = text.split_once(':').is_some_and(|(service, name)| !service.is_empty() && !name.is_empty());
    if !named || text.contains(['*', '?', ' ']) {
        return Err(bad(format!("`{text}` is not one action: name one, as `s3:GetObject`")));
    }
    Ok(text.into())
}

fn account(text: &str) -> Outcome<Box<str>> {
    if is_account_id(text) {
        Ok(text.into())
    } else {
        Err(bad(format!("`{text}` is no account: its number has twelve digits")))
    }
}
