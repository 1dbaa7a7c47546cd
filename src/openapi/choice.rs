//! Choices of a content model, as far as a schema can say them.

use std::collections::HashMap;

use serde_json::{Value, json};
use utoipa::openapi::extensions::Extensions;

use super::describe::keyword;
use crate::codec::{Object, Particle, ParticleTerm};

/// Groups inside each other that are looked into.
const GROUP_DEPTH_MAX: u32 = 64;

/// The choices as keywords of a schema.
pub(super) fn constraint(mut choices: Vec<Value>) -> Option<Extensions> {
    if choices.len() > 1 {
        let all = choices.into_iter().map(|choice| json!({ "oneOf": choice })).collect();
        return Some(keyword("allOf", Value::Array(all)));
    }
    Some(keyword("oneOf", choices.pop()?))
}

/// The choices that must be made: as `oneOf` of what is required where each alternative is
/// one element, in words otherwise.
pub(super) fn choices(object: &Object) -> (Vec<Value>, Vec<String>) {
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
    found: Vec<Value>,
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
            self.found.push(Value::Array(choice));
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
