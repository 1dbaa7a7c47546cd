//! What may stand in any order, and what arrays of SOAP encoding say of themselves.

use super::meaning::Meaning;
use super::plumbing::has_builtins;
use super::scope::Prefixes;
use super::tree::{Attribute, Element};
use crate::codec::{Graph, Object, Particle, ParticleTerm, Rules};
use crate::xml::{NsId, QName, ns};

/// Sorts what the content model lets stand in any order (`xs:all`; the accessors of a struct of
/// SOAP encoding): by name, those of one name as they came. What stands beside it keeps its place.
pub(super) fn sort(object: &Object, graph: &Graph, children: &mut [Meaning]) {
    let Some(content) = &object.content else { return };
    let all: Vec<&Particle> = match &content.term {
        ParticleTerm::All(_) => vec![content],
        // What is called, and each struct, tells its accessors apart by name (SOAP 1.1, section 5.1).
        ParticleTerm::Sequence(_) if object.rules != Rules::Literal => vec![content],
        ParticleTerm::Sequence(inner) => {
            inner.iter().filter(|p| matches!(p.term, ParticleTerm::All(_))).collect()
        }
        _ => return,
    };
    for particle in all {
        let is_in = |name: &QName| {
            let namespace = graph.namespaces.id(&name.namespace);
            let child = object.child(namespace, &name.local, 0).map(|at| &object.children[at]);
            child.is_some_and(|child| particle.members.binary_search(&child.member).is_ok())
        };
        let places: Vec<usize> =
            (0..children.len()).filter(|at| is_in(&children[*at].name)).collect();
        let mut taken: Vec<Meaning> = places
            .iter()
            .map(|at| std::mem::replace(&mut children[*at], Meaning::empty(QName::new("", ""))))
            .collect();
        taken.sort_by(|a, b| a.name.cmp(&b.name));
        for (at, meaning) in places.into_iter().zip(taken) {
            children[at] = meaning;
        }
    }
}

/// What an array says of its items beyond what is known: `None` where its contract says the same,
/// and its length is that of what is in it.
pub(super) fn array_says(
    graph: &Graph,
    array: Option<&Object>,
    element: &Element,
    attribute: &Attribute,
    prefixes: &Prefixes<'_>,
) -> Option<String> {
    let rule = array.and_then(|object| object.array.as_deref());
    let items = element.elements().count().to_string();
    let text = attribute.value.trim();
    if &*attribute.name.local == "arraySize" {
        return Some(text.to_owned()).filter(|size| *size != items && size != "*");
    }
    let (name, dimensions) = text.split_at(text.find('[').unwrap_or(text.len()));
    let (ranks, sizes) = dimensions.split_at(dimensions.rfind('[').unwrap_or(dimensions.len()));
    let sizes = sizes.replace([' ', '[', ']'], "");
    let sizes = if sizes == items { String::new() } else { sizes };
    let name = match prefixes.resolve(name) {
        Some((uri, local)) if has_builtins(uri) => QName::new(ns::XSD, local),
        Some((uri, local)) => QName::new(uri, local),
        None => QName::new("", name),
    };
    let repeats = rule.is_some_and(|rule| {
        let is_item = |(namespace, local): &(NsId, Box<str>)| {
            let uri = graph.namespaces.uri(*namespace);
            let uri = if has_builtins(uri) { ns::XSD } else { uri };
            name.is(uri, local)
        };
        rule.item_type.as_ref().is_some_and(is_item) && *rule.item_rank == *ranks.replace(' ', "")
    });
    if repeats && sizes.is_empty() {
        return None;
    }
    Some(if repeats { format!("[{sizes}]") } else { format!("{name}{ranks}[{sizes}]") })
}
