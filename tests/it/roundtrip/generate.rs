//! Random JSON of a type, by walking the graph. The bytes that decide shrink well.

use figleaf::codec::{
    Form, Graph, Lexical, Member, Node, NodeId, Object, Particle, ParticleTerm, Text, TextKind,
    XSI_TYPE,
};
use serde_json::Value;

/// Decisions, from bytes; all zero when they are used up.
#[derive(Debug)]
pub struct Entropy<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Entropy<'b> {
    pub fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub fn below(&mut self, limit: usize) -> usize {
        let byte = self.bytes.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        usize::from(byte) % limit.max(1)
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
    pub depth: u32,
}

/// Objects that may still be opened when values begin to end.
const ENDING_DEPTH: u32 = 18;

const TEXTS: &[&str] = &[
    "x",
    "",
    " ",
    "a b",
    "<b>&amp;</b>",
    "]]>",
    "\"'",
    "line\nbreak",
    "tab\there",
    "\r\n",
    "ü€😀",
    "</t:Echo>",
    "  two  spaces  ",
    "{urn:t}x",
    "&#x41;",
    "\u{FFFD}",
    "<!--",
    "%s\\",
];
const TOKENS: &[&str] = &["x", "a b", "<&>", "ü", "]]>", "0123"];
const INTEGERS: &[&str] =
    &["0", "1", "-1", "42", "127", "12345678901234567890123456789", "-9007199254740993"];
const DECIMALS: &[&str] =
    &["0", "12.340", "33.00", "-0.5", "0.1", "99", "100000000000000000000.000000000000000000001"];
const FLOATS: &[&str] = &["0", "1.5", "-2.5E10", "1e-7", "3.0"];

impl Generator<'_, '_> {
    /// JSON text of a value of a type.
    pub fn value(&mut self, node: NodeId) -> String {
        let graph = self.graph;
        match graph.node(node) {
            Node::Text(text) => self.text(text),
            Node::Any(_) => self.any(),
            Node::Object(object) => self.object(object, false),
        }
    }

    fn is_integer(&self, node: NodeId) -> bool {
        let Node::Text(text) = self.graph.node(node) else { return false };
        matches!(text.kind, TextKind::Atomic(Lexical::Integer { .. }))
    }

    fn any(&mut self) -> String {
        let all = ["\"text\"", "\"\"", "12", "1.50", "true", "{\"$xml\":\"<a x=\\\"1\\\">b</a>\"}"];
        all[self.entropy.below(all.len())].to_owned()
    }

    fn pick<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all[self.entropy.below(all.len())]
    }

    fn text(&mut self, text: &Text) -> String {
        let values = &text.check.facets.enumeration;
        if !values.is_empty() {
            return quoted(&values[self.entropy.below(values.len())]);
        }
        match &text.kind {
            TextKind::Atomic(lexical) => self.atomic(*lexical, &text.check.facets),
            TextKind::List(item) => {
                let count = self.entropy.below(4);
                let words: Vec<String> = (0..count)
                    .map(|_| match self.graph.node(*item) {
                        Node::Text(Text { kind: TextKind::Atomic(Lexical::String(_)), .. }) => {
                            quoted(self.pick(&["x", "<&>", "ü", "7"]))
                        }
                        _ => self.value(*item),
                    })
                    .collect();
                format!("[{}]", words.join(","))
            }
            // Of another member the value would have to be one that no earlier one accepts.
            TextKind::Union(members) if !self.is_integer(members[0]) => self.value(members[0]),
            TextKind::Union(_) => self.pick(&["12", "-3", "\"word\"", "\"\"", "\"1x\""]).to_owned(),
        }
    }

    fn atomic(&mut self, lexical: Lexical, facets: &figleaf::xsd::Facets) -> String {
        match lexical {
            Lexical::String(figleaf::xsd::WhiteSpace::Preserve) => quoted(self.pick(TEXTS)),
            Lexical::String(_) => quoted(self.pick(TOKENS)),
            Lexical::Boolean => self.pick(&["true", "false"]).to_owned(),
            Lexical::Integer { min, max, .. } => {
                let fits = |text: &str| {
                    let number: i128 = text.parse().unwrap();
                    min.is_none_or(|m| number >= m) && max.is_none_or(|m| number <= m)
                };
                Some(self.pick(INTEGERS)).filter(|text| fits(text)).unwrap_or("1").to_owned()
            }
            Lexical::Decimal if facets.max_inclusive.is_some() => "99.50".to_owned(),
            Lexical::Decimal => self.pick(DECIMALS).to_owned(),
            Lexical::Float => self.pick(FLOATS).to_owned(),
            Lexical::Form(Form::Hex) => quoted(self.pick(&["", "0fB7"])),
            Lexical::Form(form) => quoted(form.example()),
            Lexical::QName => quoted(self.pick(&["{urn:t}x", "{urn:t}y"])),
        }
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
        let Some(depth) = self.depth.checked_sub(1) else { return "null".to_owned() };
        self.depth = depth;
        let value = self.whole(object, extra);
        self.depth += 1;
        value
    }

    fn whole(&mut self, object: &Object, extra: Option<(String, String)>) -> String {
        let mut values: Vec<Option<Vec<String>>> = vec![None; object.members.len()];
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
            ParticleTerm::Any(member, _) => {
                if self.entropy.below(2) == 1 {
                    let wild = [
                        "{\"other\":\"<other xmlns=\\\"urn:o\\\" a=\\\"1\\\">x</other>\"}",
                        "{\"note\":\"a note\"}",
                    ];
                    let known =
                        self.graph.globals.values().any(|c| c.label.as_deref() == Some("note"));
                    let item = if known { self.pick(&wild) } else { wild[0] }.to_owned();
                    values[usize::from(*member)].get_or_insert_default().push(item);
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
                        self.value(child.node)
                    };
                    slot.push(format!("{{{label}:{value}}}"));
                }
            }
        }
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
        // An abstract element that nothing stands in for has no value.
        let Some(child) = standing.get(self.entropy.below(standing.len())) else {
            return "null".to_owned();
        };
        let value = match (self.graph.node(child.node), &child.label) {
            // A substitute says its own name, not that of its type.
            (Node::Object(declared), Some(_)) => self.object(declared, true),
            _ => self.value(child.node),
        };
        let Some(label) = &child.label else { return value };
        let (key, label) = (quoted(&child.discriminator), quoted(label));
        match value.strip_prefix('{') {
            Some("}") => format!("{{{key}:{label}}}"),
            Some(rest) => format!("{{{key}:{label},{rest}"),
            None => format!("{{{key}:{label},\"value\":{value}}}"),
        }
    }
}

fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}
