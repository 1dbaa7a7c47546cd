//! Choices of a content model, as far as a schema can say them.

use std::collections::HashMap;

use serde_json::{Value, json};
use utoipa::openapi::extensions::Extensions;

use super::describe::keyword;
use crate::codec::{MemberSource, Object, Particle, ParticleTerm};

/// Groups inside each other that are looked into.
const GROUP_DEPTH_MAX: u32 = 64;

/// Members of a choice that is told in keywords.
const MEMBERS_MAX: usize = 24;

/// What a schema says of one choice: a keyword and its value.
pub(super) type Constraint = (&'static str, Value);

/// The choices as keywords of a schema.
pub(super) fn constraint(mut choices: Vec<Constraint>) -> Option<Extensions> {
    if choices.len() > 1 {
        let all = choices.into_iter().map(|(word, choice)| json!({ word: choice })).collect();
        return Some(keyword("allOf", Value::Array(all)));
    }
    let (word, choice) = choices.pop()?;
    Some(keyword(word, choice))
}

/// The choices that must be made: as `oneOf` of what is required where that is plain, in
/// words otherwise.
pub(super) fn choices(object: &Object) -> (Vec<Constraint>, Vec<String>) {
    let Some(content) = object.content.as_ref().filter(|_| object.unwrap.is_none()) else {
        return (Vec::new(), Vec::new());
    };
    let mut walk = Choices { object, uses: HashMap::new(), found: Vec::new(), notes: Vec::new() };
    walk.count(content, 0);
    walk.visit(content, true, 0);
    (walk.found, walk.notes)
}

struct Choices<'o> {
    object: &'o Object,
    /// How often each member stands in the content model.
    uses: HashMap<u16, u32>,
    found: Vec<Constraint>,
    notes: Vec<String>,
}

impl Choices<'_> {
    fn count(&mut self, particle: &Particle, depth: u32) {
        match &particle.term {
            ParticleTerm::Element { member, .. } => *self.uses.entry(*member).or_default() += 1,
            ParticleTerm::Sequence(inner)
            | ParticleTerm::All(inner)
            | ParticleTerm::Choice(inner)
                if depth < GROUP_DEPTH_MAX =>
            {
                for p in inner {
                    self.count(p, depth + 1);
                }
            }
            _ => {}
        }
    }

    fn visit(&mut self, particle: &Particle, is_certain: bool, depth: u32) {
        match &particle.term {
            ParticleTerm::Sequence(inner) | ParticleTerm::All(inner) if depth < GROUP_DEPTH_MAX => {
                let is_certain = is_certain && particle.min > 0;
                for p in inner {
                    self.visit(p, is_certain, depth + 1);
                }
            }
            ParticleTerm::Choice(inner) => self.choice(particle, inner, is_certain),
            _ => {}
        }
    }

    /// Alternatives of several elements: each with what it requires, and nothing of others.
    fn exclusive(&self, particle: &Particle, inner: &[Particle]) -> Option<Constraint> {
        let is_plain = |at: &u16| {
            let member = self.object.members.get(usize::from(*at));
            member.is_some_and(|m| m.source == MemberSource::Element && !m.dropped)
                && self.uses.get(at) == Some(&1)
        };
        let is_small = particle.members.len() <= MEMBERS_MAX && inner.len() > 1;
        if !is_small || !particle.members.iter().all(is_plain) {
            return None;
        }
        let name = |at: &u16| &*self.object.members[usize::from(*at)].name;
        let has = |at: &u16| json!({ "required": [name(at)] });
        let mut choice = Vec::new();
        let mut emptiable = 0;
        for alternative in inner {
            let others = particle.members.iter().filter(|at| !alternative.members.contains(at));
            let others: Vec<Value> = others.map(has).collect();
            let mut required = Vec::new();
            require(alternative, &mut required, 0);
            let required: Vec<&str> = required.iter().map(name).collect();
            emptiable += usize::from(required.is_empty());
            choice.push(if required.is_empty() {
                json!({ "not": { "anyOf": others } })
            } else {
                json!({ "required": required, "not": { "anyOf": others } })
            });
        }
        if particle.min == 0 && emptiable == 0 {
            let all: Vec<Value> = particle.members.iter().map(has).collect();
            choice.push(json!({ "not": { "anyOf": all } }));
        }
        // Of several that need nothing, nothing is all of them at once.
        let word = if emptiable > 1 { "anyOf" } else { "oneOf" };
        Some((word, Value::Array(choice)))
    }

    fn choice(&mut self, particle: &Particle, inner: &[Particle], is_certain: bool) {
        let shown = |at: &u16| {
            self.object.members.get(usize::from(*at)).filter(|m| !m.dropped).map(|m| &*m.name)
        };
        let single = |p: &Particle| match &p.term {
            ParticleTerm::Element { member, .. } if self.uses.get(member) == Some(&1) => {
                shown(member)
            }
            _ => None,
        };
        let singles: Option<Vec<&str>> = inner.iter().map(single).collect();
        if let Some(names) = singles.filter(|names| names.len() > 1 && is_certain) {
            let may_be_none = particle.min == 0 || inner.iter().any(|p| p.min == 0);
            let has = |name: &str| json!({ "required": [name] });
            let mut choice: Vec<Value> = names.iter().map(|name| has(name)).collect();
            if may_be_none {
                choice.push(json!({ "not": { "anyOf": choice.clone() } }));
            }
            self.found.push(("oneOf", Value::Array(choice)));
            return;
        }
        if is_certain && let Some(found) = self.exclusive(particle, inner) {
            self.found.push(found);
            return;
        }
        let alternatives: Vec<String> = inner
            .iter()
            .map(|p| p.members.iter().filter_map(shown).map(|n| format!("`{n}`")).collect())
            .filter(|names: &Vec<String>| !names.is_empty())
            .map(|names| names.join(" with "))
            .collect();
        if alternatives.len() > 1 {
            let most = if particle.min == 0 { "At most one" } else { "One" };
            self.notes.push(format!("{most} of: {}.", alternatives.join("; ")));
        }
    }
}

/// The members that an alternative has whenever it is taken.
fn require(particle: &Particle, required: &mut Vec<u16>, depth: u32) {
    match &particle.term {
        _ if particle.min == 0 || depth > GROUP_DEPTH_MAX => {}
        ParticleTerm::Element { member, .. } => required.push(*member),
        ParticleTerm::Sequence(inner) | ParticleTerm::All(inner) => {
            for particle in inner {
                require(particle, required, depth + 1);
            }
        }
        _ => {}
    }
}
