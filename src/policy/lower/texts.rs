//! Strings, lists of strings, effects and principals.

use super::{Lower, Stands};
use crate::document::{NodeKind, NodeRef};
use crate::extract::Remedy;
use crate::policy::value::{joined, render};
use crate::policy::{Effect, List, Piece, Principal, Spanned, Value};
use std::sync::Arc;

impl Lower<'_> {
    pub(super) fn text(&mut self, node: NodeRef<'_>, element: &str) -> Spanned<Value<Box<str>>> {
        let unknown = || Value::Unknown(Arc::from(node.raw()));
        let value = match (self.stands(node), node.kind()) {
            (Stands::Texts(mut texts), _) if texts.len() == 1 => texts.remove(0),
            (Stands::AllOf(parts) | Stands::Filled(parts), _) if parts.len() == 1 => {
                return self.text(parts[0], element);
            }
            (Stands::OneOf(arms), _) if (1..=MAX_ARMS).contains(&arms.len()) => {
                Value::Either(arms.into_iter().map(|arm| self.text(arm, element).value).collect())
            }
            (Stands::Plain, NodeKind::String) => Value::Known(node.as_str().unwrap_or("").into()),
            (Stands::Plain, kind) if kind != NodeKind::Error => {
                self.structure(node, format!("`{element}` is a string"));
                let mut entries = node.items();
                match (entries.next().filter(|entry| entry.kind() == NodeKind::String), entries.next()) {
                    (Some(only), None) => {
                        self.set_right(Remedy::Entry(only.origin()));
                        return self.text(only, element);
                    }
                    _ => unknown(),
                }
            }
            _ => unknown(),
        };
        Spanned { value, origin: self.place(node) }
    }

    pub(super) fn effect(&mut self, node: NodeRef<'_>) -> Spanned<Value<Effect>> {
        let text = self.text(node, "Effect");
        let value = text.value.and_then(&mut |word| match &*word {
            "Allow" => Value::Known(Effect::Allow),
            "Deny" => Value::Known(Effect::Deny),
            _ => {
                self.structure(node, format!("`{word}` is no effect: write `Allow` or `Deny`"));
                self.spelled(["Allow", "Deny"].into_iter().find(|effect| effect.eq_ignore_ascii_case(&word)));
                Value::Unknown(Arc::from(&*word))
            }
        });
        Spanned { value, origin: text.origin }
    }

    /// One string or a list of strings.
    pub(super) fn texts<T>(&mut self, node: NodeRef<'_>, element: &str, make: fn(&str) -> T) -> List<T> {
        let mut list = List { items: Vec::with_capacity(node.items().count()), open: false };
        self.each(node, &mut |lower, node, stands, origin| {
            let mut push = |value| list.items.push(Spanned { value, origin: origin.clone() });
            match (stands, node.kind()) {
                (Stands::Plain, NodeKind::String) => push(Value::Known(make(node.as_str().unwrap_or("")))),
                (Stands::Texts(texts), _) => texts.into_iter().for_each(|text| push(text.map(&mut |text| make(&text)))),
                (Stands::Plain, kind) if kind != NodeKind::Error => {
                    lower.structure(node, format!("`{element}` is a string or a list of strings"));
                    push(Value::Unknown(Arc::from(node.raw())));
                }
                _ => push(Value::Unknown(Arc::from(node.raw()))),
            }
        });
        // What a reference stands for can be a list.
        list.open = list.items.iter().any(|item| matches!(item.value, Value::Unknown(_)));
        list
    }

    pub(super) fn principals(&mut self, node: NodeRef<'_>) -> List<Principal> {
        let mut list = List::default();
        self.each(node, &mut |lower, node, stands, origin| match (stands, node.kind()) {
            (Stands::Plain, NodeKind::String) if node.as_str() == Some("*") => {
                list.items.push(Spanned { value: Value::Known(Principal::Anyone), origin });
            }
            (Stands::Plain, NodeKind::Map) => lower.principals_by_type(node, &mut list),
            (Stands::Plain, kind) if kind != NodeKind::Error => {
                lower.structure(node, "`Principal` is `\"*\"` or an object such as `{\"AWS\": \"arn:...\"}`");
                list.open = true;
            }
            _ => list.open = true,
        });
        list
    }

    fn principals_by_type(&mut self, node: NodeRef<'_>, list: &mut List<Principal>) {
        for (key, value) in node.entries() {
            let kind = key.as_str().unwrap_or("");
            let entries = self.texts(value, "Principal", |text| -> Box<str> { text.into() });
            let entries = entries.items.into_iter();
            let first = list.items.len();
            list.items
                .extend(entries.map(|entry| Spanned { value: principal(kind, entry.value), origin: entry.origin }));
            list.open |= list.items[first..].iter().any(|item| matches!(item.value, Value::Unknown(_)));
            if !["AWS", "Service", "Federated", "CanonicalUser"].contains(&kind) && !kind.is_empty() {
                self.structure(key, format!("`{kind}` is no type of principal"));
            }
        }
    }
}

/// More alternatives than these are not told apart.
const MAX_ARMS: usize = 8;

/// A principal, also one of which only a name or a number is not known: what it is for is.
pub(crate) fn principal(kind: &str, text: Value<Box<str>>) -> Value<Principal> {
    match text {
        Value::Known(text) => Value::Known(Principal::new(kind, &text)),
        Value::Partly(pieces) if kind == "AWS" && is_account_number(&pieces) => {
            Value::Known(Principal::Account { id: render(&pieces).into(), bare: true })
        }
        Value::Unknown(hole) if kind == "AWS" && is_called_account_number(&hole) => {
            Value::Known(Principal::Account { id: render(&[Piece::Hole(hole)]).into(), bare: true })
        }
        Value::Partly(pieces) if kind == "Service" && is_regional_service(&pieces) => {
            Value::Known(Principal::Service(render(&pieces).into()))
        }
        Value::Partly(pieces) => match Principal::new(kind, &render(&pieces)) {
            principal @ (Principal::Account { .. } | Principal::Iam { .. }) => Value::Known(principal),
            // Which provider it is stands behind the account.
            Principal::Federated(text)
                if text.split_once("-provider/").is_some_and(|(_, name)| !name.contains("${")) =>
            {
                Value::Known(Principal::Federated(text))
            }
            _ => Value::Partly(pieces),
        },
        Value::Either(arms) => Value::Either(arms.into_iter().map(|arm| principal(kind, arm)).collect()),
        Value::Unknown(hole) => Value::Unknown(hole),
    }
}

/// True for what AWS puts in where the number of an account is asked for.
fn is_account_number(pieces: &[Piece]) -> bool {
    matches!(pieces, [Piece::Assigned(name)] if name.ends_with(".account_id"))
}

/// True for the name of something that holds the number of one account, as `var.trusted_account_id`. That of several is a list.
fn is_called_account_number(name: &str) -> bool {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-:".contains(&byte));
    let last = name.rsplit('.').next().unwrap_or(name).replace(['_', '-'], "").to_ascii_lowercase();
    plain && (last.ends_with("accountid") || last.ends_with("accountnumber"))
}

/// True for the name of a service of which only the region is not known: `logs.${region}.amazonaws.com`.
fn is_regional_service(pieces: &[Piece]) -> bool {
    let pieces = joined(pieces.to_vec());
    let [Piece::Lit(service), Piece::Hole(_) | Piece::Assigned(_), Piece::Lit(domain)] = &pieces[..] else {
        return false;
    };
    let named = service.strip_suffix('.').is_some_and(|name| !name.is_empty());
    named && [".amazonaws.com", ".amazonaws.com.cn"].contains(&&**domain)
}
