//! JSON scalars as lexical values, and XML given as text.

use std::borrow::Cow;

use super::super::graph::{Graph, Node, NodeId, Numbers, Object, Text, TextKind};
use super::super::json::Json;
use super::super::lexical::{
    Lexical, NumberForm, apply_white_space, boolean, is_beyond_numbers, plain_decimal, trim,
    write_number,
};
use super::super::rules::{Rules, TYPE_MARKS};
use super::content::NOT_LET_IN;
use super::fragment::FragmentCopy;
use super::{Encoder, Step};
use crate::xml::{NsId, StreamReader, XmlLimits};

impl Encoder<'_> {
    /// The lexical value of a JSON value by its type; a problem and `None` if there is none.
    pub(super) fn text_value<'j>(
        &mut self,
        ty: &Text,
        value: &'j Json<'_>,
    ) -> Option<Cow<'j, str>> {
        let text = match &ty.kind {
            TextKind::Atomic(lexical) => match atomic(self.graph, *lexical, value) {
                Ok(text) => text,
                Err(detail) => {
                    self.problem(detail);
                    return None;
                }
            },
            TextKind::List(item) => self.list(*item, value)?,
            TextKind::Union(members) => {
                let found = members.iter().find_map(|id| match self.graph.node(*id) {
                    Node::Text(member) => {
                        let mut trial = Encoder::new(self.graph);
                        let text = trial.text_value(member, value)?;
                        trial.problems.is_empty().then_some(text)
                    }
                    _ => None,
                });
                let Some(text) = found else {
                    self.problem("is a value of none of the types allowed here");
                    return None;
                };
                text
            }
        };
        if matches!(ty.kind, TextKind::Atomic(Lexical::QName)) {
            return self.qname(text);
        }
        if !ty.check.is_empty()
            && let Some(detail) = ty.check.problem(&text)
        {
            self.problem(detail);
            return None;
        }
        Some(text)
    }

    fn list<'j>(&mut self, item: NodeId, value: &'j Json<'_>) -> Option<Cow<'j, str>> {
        let Node::Text(item) = self.graph.node(item) else { return None };
        let single;
        let items = match value {
            Json::Array(items) => &items[..],
            Json::Lexical(text) => {
                single = text
                    .split(' ')
                    .filter(|w| !w.is_empty())
                    .map(|w| Json::Lexical(w.into()))
                    .collect::<Vec<_>>();
                &single[..]
            }
            other => {
                self.problem(format!("must be an array, is {}", other.kind()));
                return None;
            }
        };
        let mut words = Vec::with_capacity(items.len());
        for (index, value) in items.iter().enumerate() {
            let word = self.at(Step::Index(index), |e| e.text_value(item, value))?;
            if word.is_empty() || word.contains([' ', '\t', '\n', '\r']) {
                self.at(Step::Index(index), |e| {
                    e.problem("must not be empty or have white space: the list is separated by it");
                });
                return None;
            }
            words.push(word.into_owned());
        }
        Some(Cow::Owned(words.join(" ")))
    }

    /// `{namespace}local` becomes `prefix:local`.
    fn qname<'j>(&mut self, text: Cow<'j, str>) -> Option<Cow<'j, str>> {
        let Some((uri, local)) = text.strip_prefix('{').and_then(|t| t.split_once('}')) else {
            return Some(text);
        };
        let id = self.graph.namespaces.id(uri);
        if id == NsId::UNKNOWN {
            self.problem(format!("names the namespace `{uri}`, which the contract does not have"));
            return None;
        }
        self.uses(id);
        let prefix = self.graph.namespaces.prefix(id);
        if prefix.is_empty() {
            return Some(Cow::Owned(local.to_owned()));
        }
        Some(Cow::Owned(format!("{prefix}:{local}")))
    }

    /// `anyType`: a scalar says its type, `{"type": …}` names one, `{"$xml": …}` is XML.
    pub(super) fn any_element(&mut self, rules: Rules, value: &Json<'_>) {
        if rules == Rules::Literal && self.any_with_attributes(rules, value) {
            return;
        }
        if let (Rules::Encoded(encoding), Json::Array(items)) = (rules, value) {
            self.any_array(encoding, "item", items);
            return;
        }
        let Json::Object(entries) = value else {
            let ty = match value {
                // Nothing to say a type of: `<x/>`.
                Json::String(text) if text.is_empty() => "",
                Json::String(_) => "string",
                Json::Number(n) if n.contains(['e', 'E']) => "double",
                Json::Number(n) if n.contains('.') => "decimal",
                Json::Number(_) => "integer",
                Json::Bool(_) => "boolean",
                _ => "",
            };
            if matches!(value, Json::Null) {
                self.uses(NsId::XSI);
                self.out.extend_from_slice(b" xsi:nil=\"true\"");
            }
            if !ty.is_empty() {
                self.xsi_type(NsId::XSD, ty);
            }
            self.out.push(b'>');
            self.any_content(value);
            return;
        };
        let is_mark = |key: &str| TYPE_MARKS.contains(&key);
        let named = entries.iter().filter(|(key, _)| is_mark(key)).find_map(|(key, v)| {
            let Json::String(label) = v else { return None };
            self.graph.labelled(rules, label).filter(|(_, node)| {
                matches!(self.graph.node(*node), Node::Object(o) if *o.discriminator == **key)
            })
        });
        if let Some(((namespace, local), node)) = named
            && let Node::Object(object) = self.graph.node(node)
        {
            self.xsi_type(*namespace, local);
            let mut values = self.values(object, entries, Some(&*object.discriminator));
            self.attributes(object, &values);
            self.out.push(b'>');
            self.body(object, &mut values);
            return;
        }
        self.out.push(b'>');
        self.any_content(value);
    }

    pub(super) fn any_content(&mut self, value: &Json<'_>) {
        match value {
            Json::Null => {}
            Json::Bool(true) => self.write("true"),
            Json::Bool(false) => self.write("false"),
            Json::Number(text) | Json::String(text) | Json::Lexical(text) => self.write(text),
            Json::Array(_) => self.problem("must not be an array: the type here is not known"),
            Json::Object(entries) if entries.is_empty() => {}
            Json::Object(entries) => match &entries[..] {
                [(key, Json::String(xml))] if key == "$xml" => {
                    self.at(Step::Key("$xml".into()), |e| e.fragment(xml));
                }
                _ => self.problem("must be a scalar, or an object with `type` or `$xml`"),
            },
        }
    }

    /// Mixed content: XML as text.
    pub(super) fn mixed(&mut self, value: &Json<'_>) {
        match value {
            Json::String(xml) | Json::Lexical(xml) => self.fragment(xml),
            other => self.problem(format!("must be a string of XML, is {}", other.kind())),
        }
    }

    /// What goes through a wildcard is one element, of the name it is given under.
    pub(super) fn wild_element(&mut self, object: &Object, name: &str, xml: &str) {
        let Some(copy) = self.copy(xml) else { return };
        let [(namespace, root)] = &copy.roots[..] else { return self.not_one(name) };
        if root != name || copy.has_text {
            return self.not_one(name);
        }
        if !object.lets_in(*namespace) {
            return self.problem(NOT_LET_IN);
        }
        self.out.extend_from_slice(&copy.out);
    }

    fn not_one(&mut self, name: &str) {
        self.problem(format!("must be the XML of one element `{name}`"));
    }

    /// Writes XML that a caller gives.
    pub(super) fn fragment(&mut self, xml: &str) {
        if let Some(copy) = self.copy(xml) {
            self.out.extend_from_slice(&copy.out);
        }
    }

    /// XML that a caller gives is read and written again, never taken as it is.
    fn copy(&mut self, xml: &str) -> Option<FragmentCopy> {
        let mut copy = FragmentCopy::default();
        let mut reader = StreamReader::new(self.graph.namespaces.clone(), XmlLimits::default());
        let wrapped = format!("<x>{xml}</x>");
        let read =
            reader.feed(wrapped.as_bytes(), &mut copy).and_then(|()| reader.finish(&mut copy));
        match (read, copy.bad) {
            (Ok(()), None) => return Some(copy),
            (Err(error), _) => self.problem(format!("must be well-formed XML: {error}")),
            (_, Some(what)) => self.problem(what),
        }
        None
    }
}

/// The lexical value of an atomic type, or what is wrong in words.
fn atomic<'j>(
    graph: &Graph,
    lexical: Lexical,
    value: &'j Json<'_>,
) -> Result<Cow<'j, str>, String> {
    let is = |expected: &str| Err(format!("must be {expected}, is {}", value.kind()));
    match lexical {
        Lexical::String(rule) => match value {
            Json::String(text) | Json::Lexical(text) => Ok(apply_white_space(rule, text)),
            _ => is("a string"),
        },
        Lexical::QName => match value {
            Json::String(text) | Json::Lexical(text) => Ok(Cow::Borrowed(trim(text))),
            _ => is("a string"),
        },
        Lexical::Form(form) => match value {
            Json::String(text) | Json::Lexical(text) => {
                let text = trim(text);
                if form.accepts(text) {
                    Ok(Cow::Borrowed(text))
                } else {
                    Err(format!("must look like `{}`", form.example()))
                }
            }
            _ => is("a string"),
        },
        Lexical::Boolean => match value {
            Json::Bool(true) => Ok(Cow::Borrowed("true")),
            Json::Bool(false) => Ok(Cow::Borrowed("false")),
            Json::Lexical(text) if boolean(text).is_some() => Ok(Cow::Borrowed(text)),
            Json::Lexical(_) => Err("must be true or false".to_owned()),
            _ => is("a boolean"),
        },
        Lexical::Integer { min, max, .. } => {
            let number = number_text(graph, lexical, value, "a whole number")?;
            let whole = whole_number(&number).ok_or("must be a whole number")?;
            in_range(&whole, min, max)?;
            Ok(whole)
        }
        Lexical::Decimal => number_text(graph, lexical, value, "a number"),
        Lexical::Float => match value {
            Json::Number(text) => Ok(Cow::Borrowed(text)),
            Json::String(text) if graph.numbers == Numbers::String && is_beyond_numbers(text) => {
                Ok(Cow::Borrowed(text))
            }
            Json::Lexical(text) if is_float(text) => Ok(Cow::Borrowed(text)),
            Json::Lexical(_) => Err("must be a number".to_owned()),
            _ => is("a number"),
        },
    }
}

/// Whether a text that has no type of its own is a floating-point number.
fn is_float(text: &str) -> bool {
    is_beyond_numbers(text) || write_number(&mut Vec::new(), text, NumberForm::Float)
}

/// The digits of a number, an exponent written out.
fn number_text<'j>(
    graph: &Graph,
    lexical: Lexical,
    value: &'j Json<'_>,
    expected: &str,
) -> Result<Cow<'j, str>, String> {
    let text = match value {
        Json::Number(text) | Json::Lexical(text) => text,
        Json::String(text) if lexical.is_string(graph.numbers) => text,
        other => return Err(format!("must be {expected}, is {}", other.kind())),
    };
    let mut json = Vec::new();
    if !write_number(&mut json, text, NumberForm::Float) {
        return Err(format!("must be {expected}"));
    }
    plain_decimal(text).ok_or_else(|| "has an exponent beyond reason".to_owned())
}

/// A decimal without a fraction, as an integer.
fn whole_number<'t>(number: &Cow<'t, str>) -> Option<Cow<'t, str>> {
    match number.split_once('.') {
        None => Some(number.clone()),
        Some((whole, fraction)) if fraction.bytes().all(|b| b == b'0') => {
            Some(Cow::Owned(whole.to_owned()))
        }
        Some(_) => None,
    }
}

fn in_range(number: &str, min: Option<i128>, max: Option<i128>) -> Result<(), String> {
    if min.or(max).is_none() {
        return Ok(());
    }
    let outside = |bound: Option<i128>, order| {
        bound.is_some_and(|b| {
            super::super::facet::compare_decimals(number, &b.to_string()) == Some(order)
        })
    };
    if outside(min, std::cmp::Ordering::Less) || outside(max, std::cmp::Ordering::Greater) {
        let text = |b: Option<i128>| b.map_or("…".to_owned(), |b| b.to_string());
        return Err(format!("must be between {} and {}", text(min), text(max)));
    }
    Ok(())
}
