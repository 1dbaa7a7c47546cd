//! Random JSON of a type, by walking the graph. The bytes that decide shrink well.

use figleaf::codec::{
    ArrayRule, Child, Graph, Lexical, Member, Node, NodeId, Object, Particle, ParticleTerm, Rules,
    TextKind, XSI_TYPE,
};
use figleaf::xsd::NamespaceConstraint;
use serde_json::Value;

/// Decisions, from bytes; all zero when they are used up.
#[derive(Debug)]
pub struct Entropy<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl Entropy<'_> {
    pub fn below(&mut self, limit: usize) -> usize {
        let mut next = || {
            let byte = self.bytes.get(self.at).copied().unwrap_or(0);
            self.at += 1;
            usize::from(byte)
        };
        let number = if limit > 256 { next() << 8 | next() } else { next() };
        number % limit.max(1)
    }

    fn is_spent(&self) -> bool {
        self.at >= self.bytes.len()
    }
}

/// JSON text, because numbers have to keep their digits.
#[derive(Debug)]
pub struct Generator<'g, 'b> {
    pub graph: &'g Graph,
    pub entropy: Entropy<'b>,
    /// Objects inside each other that may still be opened.
    depth: u32,
    /// What no value was found for. The JSON is then none of its type.
    pub unknown: Vec<String>,
    /// Whether the next text must not be empty: its element would be its default.
    pub(super) is_filled: bool,
}

/// Objects that may still be opened when values begin to end.
const ENDING_DEPTH: u32 = 18;

impl<'g, 'b> Generator<'g, 'b> {
    /// A generator over a graph. `depth` objects may be opened inside each other.
    pub fn new(graph: &'g Graph, bytes: &'b [u8], depth: u32) -> Self {
        let entropy = Entropy { bytes, at: 0 };
        Self { graph, entropy, depth, unknown: Vec::new(), is_filled: false }
    }
}

impl Generator<'_, '_> {
    /// JSON text of a value of a type.
    pub fn value(&mut self, node: NodeId) -> String {
        let graph = self.graph;
        match graph.node(node) {
            Node::Text(text) => self.simple(text).unwrap_or_else(|| {
                let facets = &text.check.facets;
                self.unknown(format!("{:?} {facets:?}", text.kind))
            }),
            Node::Any(rules) => self.any(*rules),
            Node::Object(object) => match &object.array {
                Some(rule) => self.encoded_array(object, rule),
                None => self.object(object, false),
            },
            Node::Tree => self.any(Rules::Literal),
            Node::Opened(opened) => self.value(opened.document),
        }
    }

    fn unknown(&mut self, what: String) -> String {
        self.unknown.push(what);
        "null".to_owned()
    }

    fn any(&mut self, rules: Rules) -> String {
        let all = [
            "\"text\"",
            "\"\"",
            "12",
            "1.50",
            "true",
            "1e5",
            "\"</x>\"",
            "{\"$xml\":\"<a x=\\\"1\\\">b</a>\"}",
        ];
        match all.get(self.entropy.below(all.len() + 1)) {
            Some(fixed) => (*fixed).to_owned(),
            None if rules == Rules::Literal => "\"x\"".to_owned(),
            None => "[12,\"x\",[true]]".to_owned(),
        }
    }

    /// Rows of one length each, in as many dimensions as the array has.
    fn encoded_array(&mut self, object: &Object, rule: &ArrayRule) -> String {
        let graph = self.graph;
        let Some(depth) = self.depth.checked_sub(1) else { return "[]".to_owned() };
        let Some(item) = graph.array_item(object, rule) else { return "[]".to_owned() };
        let sizes: Vec<usize> = (0..rule.rank).map(|_| self.entropy.below(4)).collect();
        self.depth = depth;
        let value = self.rows(item, &sizes);
        self.depth += 1;
        value
    }

    fn rows(&mut self, item: &Child, sizes: &[usize]) -> String {
        let Some((size, rest)) = sizes.split_first() else {
            return if item.nillable && self.entropy.below(4) == 1 {
                "null".to_owned()
            } else {
                self.value(item.node)
            };
        };
        let rows: Vec<String> = (0..*size).map(|_| self.rows(item, rest)).collect();
        format!("[{}]", rows.join(","))
    }

    pub(super) fn pick<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all[self.entropy.below(all.len())]
    }

    /// `label`: whether another member names the element.
    fn object(&mut self, object: &Object, label: bool) -> String {
        if object.alternatives.is_empty() {
            return self.members(object, None);
        }
        let at = self.entropy.below(object.alternatives.len());
        let chosen = &object.alternatives[at];
        let graph = self.graph;
        let Node::Object(actual) = graph.node(chosen.node) else { return "null".to_owned() };
        let key = if label { XSI_TYPE } else { &*object.discriminator };
        let entry = (key.to_owned(), quoted(&chosen.label));
        self.members(actual, Some(entry))
    }

    /// Every member's values, then the object of them.
    fn members(&mut self, object: &Object, extra: Option<(String, String)>) -> String {
        // A type that needs itself has no value at all.
        let Some(depth) = self.depth.checked_sub(1) else {
            return self.unknown(format!("{} has no end", object.component));
        };
        self.depth = depth;
        let value = self.whole(object, extra);
        self.depth += 1;
        value
    }

    fn whole(&mut self, object: &Object, extra: Option<(String, String)>) -> String {
        let mut values: Vec<Option<Vec<String>>> = vec![None; object.members.len()];
        if object.text.is_none() {
            self.is_filled = false;
        }
        for rule in &object.attributes {
            let member = &object.members[usize::from(rule.member)];
            // One with a default is never absent in an answer.
            let is_there = member.required || member.default.is_some() || member.fixed.is_some();
            if is_there || self.entropy.below(2) == 1 {
                let value = self.fixed(member).unwrap_or_else(|| self.value(member.node));
                values[usize::from(rule.member)] = Some(vec![value]);
            }
        }
        if let Some((node, at)) = object.text {
            values[usize::from(at)] = Some(vec![self.value(node)]);
        }
        if let Some(at) = object.mixed {
            let xml = ["", "text", "a<b>bold</b> &amp; c", "<i xmlns=\\\"urn:i\\\"/>"];
            values[usize::from(at)] = Some(vec![format!("\"{}\"", self.pick(&xml))]);
        }
        if let Some(content) = &object.content {
            self.particle(object, content, &mut values);
        }
        for (member, value) in object.members.iter().zip(&mut values) {
            if member.repeats && !member.conditional && value.is_none() {
                *value = Some(Vec::new());
            }
        }
        let whole = |member: &Member, items: &[String]| {
            if member.repeats { format!("[{}]", items.join(",")) } else { items.concat() }
        };
        if let Some(only) = object.unwrap {
            let only = usize::from(only);
            if !object.members[only].repeats && values[only].is_none() {
                // An absent lone result decodes to null, which no request has: only present ones.
                return self.value(object.members[only].node);
            }
            return whole(&object.members[only], values[only].as_deref().unwrap_or_default());
        }
        let mut entries: Vec<String> =
            extra.map(|(key, value)| format!("{}:{value}", quoted(&key))).into_iter().collect();
        for (member, value) in object.members.iter().zip(&values) {
            if let Some(items) = value {
                entries.push(format!("{}:{}", quoted(&member.name), whole(member, items)));
            }
        }
        // Callers give members in any order.
        if self.entropy.below(2) == 1 {
            entries.reverse();
        }
        format!("{{{}}}", entries.join(","))
    }

    fn fixed(&self, member: &Member) -> Option<String> {
        let fixed = member.fixed.as_ref()?;
        let Node::Text(text) = self.graph.node(member.node) else { return None };
        match text.kind {
            TextKind::Atomic(Lexical::String(_) | Lexical::Form(_)) => Some(quoted(fixed)),
            TextKind::Atomic(_) => Some(fixed.to_string()),
            _ => None,
        }
    }

    fn particle(
        &mut self,
        object: &Object,
        particle: &Particle,
        values: &mut [Option<Vec<String>>],
    ) {
        match &particle.term {
            ParticleTerm::Element { member, children } => {
                let rule = &object.members[usize::from(*member)];
                let least = particle.min as usize;
                let most = particle.max.map_or(3, |max| max as usize).min(3);
                let most = if self.entropy.is_spent() { least } else { most };
                let mut count = least + self.entropy.below(most.saturating_sub(least) + 1);
                if rule.repeats && rule.conditional {
                    count = count.max(1);
                }
                for _ in 0..count {
                    let item = self
                        .fixed(rule)
                        .unwrap_or_else(|| self.element(object, children, rule.nillable));
                    values[usize::from(*member)].get_or_insert_default().push(item);
                }
            }
            ParticleTerm::Sequence(inner) | ParticleTerm::All(inner) => {
                if particle.min == 0 && self.entropy.below(2) == 0 {
                    return;
                }
                for inner in inner {
                    self.particle(object, inner, values);
                }
            }
            ParticleTerm::Choice(inner) => {
                if particle.min == 0 && self.entropy.below(2) == 0 {
                    return;
                }
                if let Some(chosen) = inner.get(self.entropy.below(inner.len())) {
                    self.particle(object, chosen, values);
                }
            }
            ParticleTerm::Any(member, namespaces) => {
                let most = particle.max.map_or(2, |max| max as usize).min(2);
                for _ in 0..self.entropy.below(most + 1) {
                    if let Some(item) = self.through_wildcard(namespaces) {
                        values[usize::from(*member)].get_or_insert_default().push(item);
                    }
                }
            }
            ParticleTerm::Group(member, children) => {
                let slot = values[usize::from(*member)].get_or_insert_default();
                let rule = &object.members[usize::from(*member)];
                let (least, most) = (rule.occurs.0 as usize, rule.occurs.1.map(|n| n as usize));
                let least = least.max(usize::from(rule.conditional));
                let count = (least + self.entropy.below(4)).min(most.unwrap_or(usize::MAX));
                for _ in 0..count {
                    let Some(at) = children.get(self.entropy.below(children.len())) else { break };
                    let child = &object.children[usize::from(*at)];
                    let label = quoted(child.label.as_deref().unwrap_or_default());
                    let value = if child.nillable && self.entropy.below(3) == 1 {
                        "null".to_owned()
                    } else {
                        self.is_filled = child.default.is_some();
                        self.value(child.node)
                    };
                    self.is_filled = false;
                    slot.push(format!("{{{label}:{value}}}"));
                }
            }
        }
    }

    /// An element that a wildcard lets in, which nobody knows.
    fn through_wildcard(&mut self, namespaces: &NamespaceConstraint) -> Option<String> {
        let note = self.graph.globals.values().find(|c| c.label.as_deref() == Some("note"));
        let is_text = |child: &&Child| matches!(self.graph.node(child.node), Node::Text(_));
        let uri = |child: &Child| self.graph.namespaces.uri(child.namespace).to_owned();
        if let Some(note) = note.filter(is_text).filter(|note| namespaces.lets_in(&uri(note)))
            && self.entropy.below(2) == 1
        {
            return Some(format!("{{\"note\":{}}}", self.value(note.node)));
        }
        let other = "{\"other\":\"<other xmlns=\\\"urn:o\\\" a=\\\"1\\\">x</other>\"}";
        namespaces.lets_in("urn:o").then(|| other.to_owned())
    }

    fn element(&mut self, object: &Object, children: &[u16], nillable: bool) -> String {
        // Where nothing decides any more, a type that may hold itself has to end.
        let must_end = self.entropy.is_spent() && self.depth < ENDING_DEPTH;
        if nillable && (must_end || self.entropy.below(3) == 1) {
            return "null".to_owned();
        }
        let standing: Vec<_> = children
            .iter()
            .map(|at| &object.children[usize::from(*at)])
            .filter(|child| !child.is_abstract)
            .collect();
        let Some(child) = standing.get(self.entropy.below(standing.len())) else {
            return self.unknown("an abstract element that nothing stands in for".to_owned());
        };
        self.is_filled = child.default.is_some();
        let value = match (self.graph.node(child.node), &child.label) {
            // A substitute says its own name, not that of its type.
            (Node::Object(declared), Some(_)) if declared.array.is_none() => {
                self.object(declared, true)
            }
            _ => self.value(child.node),
        };
        self.is_filled = false;
        let Some(label) = &child.label else { return value };
        let (key, label) = (quoted(&child.discriminator), quoted(label));
        match value.strip_prefix('{') {
            Some("}") => format!("{{{key}:{label}}}"),
            Some(rest) => format!("{{{key}:{label},{rest}"),
            None => format!("{{{key}:{label},\"value\":{value}}}"),
        }
    }
}

pub fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}
