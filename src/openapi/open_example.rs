//! Examples of what JSON says no more of than that it is there: rounds of a repeating group,
//! and the XML of mixed content.

use serde_json::{Map, Value};

use super::example::{Example, GENEROUS_VALUES_MAX};
use crate::codec::{Encoder, Graph, JsonLimits, Node, Object, Particle, ParticleTerm, parse_json};
use crate::xml::NsId;

/// Groups inside each other.
const GROUP_DEPTH_MAX: u32 = 16;
/// Items of one group.
const ITEMS_MAX: usize = 40;

impl Example<'_> {
    /// At least so many items of a repeating group, in whole rounds; `None` where what must be in a
    /// round has no example.
    pub(super) fn rounds(&mut self, object: &Object, member: u16, least: u32) -> Option<Value> {
        let (_, round) = object.rounds.iter().find(|(at, _)| *at == member)?;
        let mut items = Vec::new();
        let least = usize::try_from(least.max(1)).ok()?;
        while items.len() < least {
            let before = items.len();
            self.round(object, round, &mut items, 0)?;
            if items.len() == before {
                break;
            }
        }
        (!items.is_empty()).then(|| Value::Array(items))
    }

    fn round(
        &mut self,
        object: &Object,
        particle: &Particle,
        items: &mut Vec<Value>,
        depth: u32,
    ) -> Option<()> {
        if depth > GROUP_DEPTH_MAX || items.len() > ITEMS_MAX {
            return None;
        }
        // Only what must be there, but of the round itself at least one.
        let times = if depth == 0 { 1 } else { particle.min };
        for _ in 0..times {
            match &particle.term {
                ParticleTerm::Element { children, .. } => {
                    let one = children.iter().find_map(|at| {
                        let child = object.children.get(usize::from(*at))?;
                        let label = child.label.as_ref().filter(|_| !child.is_abstract)?;
                        Some((label.to_string(), self.value(child.node)?))
                    })?;
                    items.push(Value::Object(Map::from_iter([one])));
                }
                ParticleTerm::Any(_, namespaces) => {
                    let Value::Array(wild) = self.wild(namespaces, 1)? else { return None };
                    items.extend(wild);
                }
                ParticleTerm::Sequence(inner) | ParticleTerm::All(inner) => {
                    for particle in inner {
                        self.round(object, particle, items, depth + 1)?;
                    }
                }
                ParticleTerm::Choice(inner) => {
                    let before = items.len();
                    inner.iter().find_map(|particle| {
                        items.truncate(before);
                        self.round(object, particle, items, depth + 1)
                    })?;
                }
                ParticleTerm::Group(..) => return None,
            }
        }
        Some(())
    }

    /// The XML of mixed content: text, unless elements must be there.
    pub(super) fn mixed(&mut self, object: &Object) -> Option<Value> {
        let graph = self.graph;
        let Some(inner) = object.inner else { return Some("text".into()) };
        let Node::Object(content) = graph.node(inner) else { return None };
        // What may be left out is: XML as text is hard to read.
        let made = std::mem::replace(&mut self.made, GENEROUS_VALUES_MAX);
        let value = self.nested(inner, |e| e.object(content, None));
        self.made = made + self.made.saturating_sub(GENEROUS_VALUES_MAX);
        let json = value?.to_string();
        let json = parse_json(&json, JsonLimits::default()).ok()?;
        let mut encoder = Encoder::new(graph);
        encoder.content(inner, &json);
        let (xml, used, problems) = encoder.finish();
        if !problems.is_empty() {
            return None;
        }
        Some(standing_alone(graph, &String::from_utf8(xml).ok()?, &used).into())
    }
}

/// Elements as the encoder writes them, with the namespaces declared on each outermost one.
fn standing_alone(graph: &Graph, xml: &str, used: &[NsId]) -> String {
    let mut declared = String::new();
    for id in used.iter().filter(|id| !matches!(**id, NsId::NONE | NsId::XML)) {
        let (prefix, uri) = (graph.namespaces.prefix(*id), graph.namespaces.uri(*id));
        let mut value = Vec::new();
        // A namespace was read from XML, so every character of it can be written.
        let _ = crate::xml::write_attribute_value(&mut value, uri);
        declared += &format!(" xmlns:{prefix}=\"{}\"", String::from_utf8_lossy(&value));
    }
    let mut out = String::with_capacity(xml.len() + declared.len());
    let (mut depth, mut quote) = (0_u32, None);
    let mut chars = xml.chars().peekable();
    let mut in_name = false;
    while let Some(c) = chars.next() {
        if in_name && matches!(c, ' ' | '>' | '/') {
            out.push_str(&declared);
            in_name = false;
        }
        out.push(c);
        match (c, quote) {
            ('"', None) => quote = Some(c),
            ('"', Some(_)) => quote = None,
            ('<', None) if chars.peek() == Some(&'/') => depth = depth.saturating_sub(1),
            ('<', None) => {
                in_name = depth == 0;
                depth += 1;
            }
            ('/', None) if chars.peek() == Some(&'>') && !out.ends_with("</") => {
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
    }
    out
}
