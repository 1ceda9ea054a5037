//! Sets of actions that together give their holder more rights than the policy says.

use std::sync::LazyLock;

static TEXT: &str = include_str!("escalation.txt");

/// What a set does, and to whom.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum EscalationKind {
    /// Changes one's own rights.
    Own,
    /// Takes over another principal.
    Other,
    /// Passes a role to something new that does as it is told.
    New,
    /// Needs something that is there already and has a stronger role.
    Existing,
    /// Does not work, or not by these actions alone: never told.
    Doubtful,
}

/// A set of actions.
#[derive(Clone, Debug)]
pub struct Escalation {
    /// What it does.
    pub kind: EscalationKind,
    /// The services, as `ec2.amazonaws.com`, one of which a passed role has to trust; empty where none is passed.
    pub services: Vec<&'static str>,
    /// The actions, all of which it needs; `iam:PassRole` first.
    pub actions: Vec<&'static str>,
    /// What comes of it, as a clause; for doubtful ones, why they are never told.
    pub yields: &'static str,
    /// Under which names it is known.
    pub names: Vec<&'static str>,
}

/// All sets, kind by kind.
pub fn escalations() -> &'static [Escalation] {
    static ALL: LazyLock<Vec<Escalation>> =
        LazyLock::new(|| TEXT.lines().filter(|line| !line.starts_with('#')).filter_map(read).collect());
    &ALL
}

fn read(line: &'static str) -> Option<Escalation> {
    let mut fields = line.split('\t');
    let kind = match fields.next()? {
        "own" => EscalationKind::Own,
        "other" => EscalationKind::Other,
        "new" => EscalationKind::New,
        "existing" => EscalationKind::Existing,
        _ => EscalationKind::Doubtful,
    };
    let services = fields.next()?.split(',').filter(|service| *service != "-").collect();
    let actions = fields.next()?.split(' ').collect();
    let yields = fields.next()?;
    let names = fields.next()?.split("; ").collect();
    Some(Escalation { kind, services, actions, yields, names })
}
