//! JSON names that no rule gives: where two things of a type would have got the same.

use std::collections::BTreeMap;

use crate::codec::{Graph, MemberSource, Naming, Node, Object};

/// Names for `names:` of a backend, by `Type.name` as in the schema. Attributes are
/// `Type.@name`.
pub fn explicit(graph: &Graph) -> BTreeMap<String, String> {
    // Types of one local name share their keys; a key that would mean two things is left
    // to the rule, which always resolves a clash in the same way.
    let mut seen: BTreeMap<String, Option<(String, bool)>> = BTreeMap::new();
    for node in &graph.types {
        let Node::Object(object) = node else { continue };
        if object.component.is_empty() {
            continue;
        }
        for (key, name, by_rule) in members(object) {
            let entry = seen.entry(key).or_insert_with(|| Some((name.clone(), by_rule)));
            if entry.as_ref().is_some_and(|(known, _)| *known != name) {
                *entry = None;
            }
        }
    }
    let chosen = seen.into_iter().filter_map(|(key, found)| Some((key, found?)));
    chosen.filter(|(_, (_, by_rule))| !by_rule).map(|(key, (name, _))| (key, name)).collect()
}

/// Key, JSON name, and whether the rule of names gives it.
fn members(object: &Object) -> Vec<(String, String, bool)> {
    let mut found = Vec::new();
    for (at, member) in (0_u16..).zip(&object.members) {
        let raw = match member.source {
            MemberSource::Element => {
                object.children.iter().find(|c| c.member == at).map(|c| (&*c.local, ""))
            }
            MemberSource::Attribute => {
                object.attributes.iter().find(|a| a.member == at).map(|a| (&*a.local, "@"))
            }
            _ => None,
        };
        if let Some((raw, mark)) = raw {
            let key = format!("{}.{mark}{raw}", object.component);
            let name = member.name.to_string();
            let by_rule = Naming::Camel.apply(raw) == name;
            found.push((key, name, by_rule));
        }
    }
    found
}
