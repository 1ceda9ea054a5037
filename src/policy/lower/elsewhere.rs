//! Statements that stand elsewhere than in the document, or that are put together of several objects.

use super::{Lower, Object};
use crate::document::NodeRef;
use crate::policy::{Policy, Statement};
use crate::source::Origin;

impl Lower<'_> {
    /// Reads the statements that a node stands for. What stands in another file is told at the reference to it.
    pub(super) fn elsewhere(&mut self, node: NodeRef<'_>, policy: &mut Policy) {
        let chosen = self.within > 0;
        let file = node.loc().file;
        let whole = self.resolve.objects(node, &mut |object| {
            let mut lower = Lower::new(object.resolve);
            let mut statement = lower.statement(object.at, &entries(object));
            statement.contingent |= chosen || !object.sure;
            statement.chooses_values &= !chosen && object.sure;
            statement.conditions_open |= object.conditions_open;
            let away = object.parts.iter().chain([&object.at]).any(|part| part.loc().file != file);
            if away {
                let at = Origin { editable: false, ..node.origin() };
                statement.told_at(&at);
                for flaw in &mut lower.flaws {
                    flaw.at = at.clone();
                    flaw.remedy = None;
                }
            }
            policy.statements.push(statement);
            self.flaws.append(&mut lower.flaws);
        });
        if !whole {
            policy.open = true;
            policy.unseen.push(node.raw().into());
        }
    }
}

/// The entries of an object: of equal keys the last one's.
fn entries<'o>(object: &Object<'o>) -> Vec<(NodeRef<'o>, NodeRef<'o>)> {
    if let [only] = &object.parts[..] {
        return only.entries().collect();
    }
    let mut entries: Vec<(NodeRef<'o>, NodeRef<'o>)> = Vec::new();
    for (key, value) in object.parts.iter().flat_map(|part| part.entries()) {
        entries.retain(|(other, _)| other.as_str() != key.as_str());
        entries.push((key, value));
    }
    entries
}

impl Statement {
    /// Says that all of it is told at one place, as what it is made of stands in another file.
    fn told_at(&mut self, at: &Origin) {
        let mut move_to = |origin: &mut Origin| origin.clone_from(at);
        move_to(&mut self.origin);
        self.sid.iter_mut().for_each(|sid| move_to(&mut sid.origin));
        self.effect.iter_mut().for_each(|effect| move_to(&mut effect.origin));
        self.principal.iter_mut().for_each(|element| element.told_at(at));
        self.action.iter_mut().for_each(|element| element.told_at(at));
        self.resource.iter_mut().for_each(|element| element.told_at(at));
        self.condition_origin.iter_mut().for_each(&mut move_to);
        for condition in &mut self.conditions {
            move_to(&mut condition.origin);
            move_to(&mut condition.operator.origin);
            move_to(&mut condition.key.origin);
            condition.values.items.iter_mut().for_each(|value| move_to(&mut value.origin));
        }
        self.unknown.iter_mut().for_each(|key| move_to(&mut key.origin));
    }
}

impl<T> super::Element<T> {
    fn told_at(&mut self, at: &Origin) {
        self.key.clone_from(at);
        self.list.items.iter_mut().for_each(|item| item.origin.clone_from(at));
    }
}
