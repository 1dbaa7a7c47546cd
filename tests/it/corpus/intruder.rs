//! A caller who tries to write markup: every string and every key of a value in turn.
//!
//! What is sent is refused with a pointer, or is an envelope with the elements of a harmless
//! value, in which the text is the string that was given. Where the contract takes XML as text
//! (mixed content, `$xml`, wildcards), it stays inside of its element.

use figleaf::codec::NodeId;
use roxmltree::{Document, Node};
use serde_json::Value;

use super::infoset;
use crate::support::Served;

/// A string nobody would refuse for what is in it.
const PLAIN: &str = "plain7351";
/// Markup that shows whether a place takes XML.
const PROBE: &str = "<probe7351/>";
/// Strings of one value that are tried, and keys.
const PLACES_MAX: usize = 10;

const STRINGS: &[&str] = &[
    "<evil/>",
    "</x><evil>",
    "]]>",
    "]]><evil/>",
    "<![CDATA[<evil/>]]>",
    "&evil;",
    "&#60;evil/&#62;",
    "<!--",
    "--><evil/>",
    "<?evil?>",
    "\" evil=\"1",
    "' evil='1'/><evil a='",
    "\u{0}",
    "a\u{8}b",
    "\u{1F}",
    "\u{7F}",
    "\u{85}x\u{2028}",
    "\u{FFFE}",
    "x\u{FFFF}",
    "\u{FEFF}x",
    "\u{1FFFE}",
    "x\r\ny\rz\nw\tv",
    "xmlns:evil=\"urn:evil\"",
    "xsi:nil=\"true\"",
    "{urn:evil}evil",
    "evil:evil",
    "<!DOCTYPE a [<!ENTITY b 'c'>]>",
];
const KEYS: &[&str] = &[
    "evil",
    "evil/><evil",
    "xsi:type",
    "xsi:nil",
    "xmlns",
    "xmlns:evil",
    "@evil",
    "$evil",
    "",
    "a\u{0}",
    "</x>",
    "{urn:evil}evil",
];

#[derive(Debug, Default)]
pub struct Intrusions {
    pub strings: usize,
    pub refused: usize,
    pub keys: usize,
    pub wrong: Vec<String>,
}

impl Intrusions {
    pub fn add(&mut self, other: Self) {
        self.strings += other.strings;
        self.refused += other.refused;
        self.keys += other.keys;
        self.wrong.extend(other.wrong);
    }
}

/// Tries every string and key of a value that can be sent.
pub fn try_all(name: &str, served: &Served, node: NodeId, json: &str, found: &mut Intrusions) {
    let value: Value = serde_json::from_str(json).unwrap();
    let Ok(sound) = served.encode(node, &value.to_string()) else { return };
    let (mut strings, mut objects) = (Vec::new(), Vec::new());
    places(&value, String::new(), &mut strings, &mut objects);
    for pointer in spread(&strings) {
        let tried = Place { served, node, value: &value, sound: &sound, pointer };
        if let Err(what) = tried.strings(found) {
            found.wrong.push(format!("{name} at {pointer}: {what}\n{value}"));
        }
    }
    for pointer in spread(&objects) {
        for key in KEYS {
            found.keys += 1;
            if let Err(what) = try_key(served, node, &value, pointer, key) {
                found.wrong.push(format!("{name} at {pointer}: the key {key:?} {what}\n{value}"));
            }
        }
    }
}

fn spread(all: &[String]) -> impl Iterator<Item = &String> {
    all.iter().step_by(all.len().div_ceil(PLACES_MAX).max(1))
}

fn places(value: &Value, at: String, strings: &mut Vec<String>, objects: &mut Vec<String>) {
    match value {
        Value::String(_) => strings.push(at),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places(item, format!("{at}/{index}"), strings, objects);
            }
        }
        Value::Object(entries) => {
            for (key, inner) in entries {
                let key = key.replace('~', "~0").replace('/', "~1");
                places(inner, format!("{at}/{key}"), strings, objects);
            }
            objects.push(at);
        }
        _ => {}
    }
}

struct Place<'t> {
    served: &'t Served,
    node: NodeId,
    value: &'t Value,
    /// The envelope of the value as it is.
    sound: &'t str,
    pointer: &'t String,
}

impl Place<'_> {
    fn with(&self, text: &str) -> Result<String, String> {
        let mut value = self.value.clone();
        *value.pointer_mut(self.pointer).unwrap() = Value::String(text.to_owned());
        self.served.encode(self.node, &value.to_string()).map_err(|problems| {
            let led = |pointer: &str| self.pointer.starts_with(pointer);
            if problems.iter().any(|problem| led(&problem.pointer)) {
                String::new()
            } else {
                format!("refused somewhere else: {problems:?}")
            }
        })
    }

    fn strings(&self, found: &mut Intrusions) -> Result<(), String> {
        let plain = self.with(PLAIN).ok();
        let takes_xml = self.with(PROBE).is_ok_and(|envelope| envelope.contains("<probe7351"));
        let long = "<&>\"'\u{1F600}".repeat(10_000);
        for text in STRINGS.iter().copied().chain([&*long]) {
            found.strings += 1;
            let shown: String = text.chars().take(80).collect();
            match self.with(text) {
                Err(what) if what.is_empty() => found.refused += 1,
                Err(what) => return Err(format!("{shown:?}: {what}")),
                Ok(envelope) => {
                    let baseline = plain.as_deref().unwrap_or(self.sound);
                    same(baseline, &envelope, text, plain.is_some(), takes_xml)
                        .map_err(|what| format!("{shown:?}: {what}"))?;
                }
            }
        }
        self.surrogate(found)
    }

    /// Half a surrogate pair is no character; JSON has a way to write one all the same.
    fn surrogate(&self, found: &mut Intrusions) -> Result<(), String> {
        let mut value = self.value.clone();
        *value.pointer_mut(self.pointer).unwrap() = Value::String(PLAIN.to_owned());
        let json = value.to_string().replace(PLAIN, "\\ud800x");
        found.strings += 1;
        match self.served.encode(self.node, &json) {
            Err(_) => found.refused += 1,
            Ok(envelope) => return Err(format!("half a pair is written: {envelope}")),
        }
        Ok(())
    }
}

/// Whether two envelopes have the same elements, and the second has the text at the place where
/// the first has [`PLAIN`].
fn same(
    plain: &str,
    hostile: &str,
    text: &str,
    is_plain: bool,
    takes_xml: bool,
) -> Result<(), String> {
    let theirs = infoset::parse(hostile).map_err(|error| format!("{error}: {hostile}"))?;
    let ours = infoset::parse(plain).map_err(|error| format!("{error}: {plain}"))?;
    let holder = ours.descendants().find(|n| is_holder(*n)).filter(|_| is_plain);
    let inside = holder.filter(|_| takes_xml).map(|n| path(n));
    let (a, b) = (shape(&ours, inside.as_deref()), shape(&theirs, inside.as_deref()));
    if a != b {
        return Err(format!("other elements\n{plain}\n{hostile}"));
    }
    let (Some(holder), false) = (holder, takes_xml) else { return Ok(()) };
    let place = path(holder);
    let found = theirs.descendants().find(|n| n.is_element() && path(*n) == place);
    let found = found.ok_or("the element is gone")?;
    let attribute = holder.attributes().find(|a| a.value().contains(PLAIN));
    let said = match attribute {
        Some(a) => {
            let name = a.namespace().map_or((None, a.name()), |ns| (Some(ns), a.name()));
            let same =
                |other: &roxmltree::Attribute<'_, '_>| (other.namespace(), other.name()) == name;
            found.attributes().find(same).map(|a| a.value().to_owned())
        }
        None => Some(found.children().filter_map(|n| n.text()).collect()),
    };
    let replaced = text.replace(['\t', '\n', '\r'], " ");
    let trimmed = text.trim_matches([' ', '\t', '\n', '\r']);
    let collapsed = replaced.split(' ').filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ");
    let allowed = [text, &*replaced, trimmed, &*collapsed];
    let holder_says: String = holder.children().filter_map(|n| n.text()).collect();
    match said {
        Some(said) if allowed.contains(&&*said) => Ok(()),
        // One word of a list among others.
        Some(said) if holder_says != PLAIN && allowed.iter().any(|text| said.contains(text)) => {
            Ok(())
        }
        said => Err(format!("says {:?}", said.map(|s| s.chars().take(200).collect::<String>()))),
    }
}

fn is_holder(node: Node<'_, '_>) -> bool {
    node.attributes().any(|a| a.value().contains(PLAIN))
        || node.is_element()
            && node.children().any(|n| n.is_text() && n.text().is_some_and(|t| t.contains(PLAIN)))
}

/// Where an element is: which of its parent's elements, from the root on.
fn path(node: Node<'_, '_>) -> Vec<usize> {
    let mut path: Vec<usize> = node
        .ancestors()
        .filter(Node::is_element)
        .map(|n| n.prev_siblings().skip(1).filter(Node::is_element).count())
        .collect();
    path.reverse();
    path
}

/// Every element with its place and the names of its attributes; not what is inside of one.
fn shape(document: &Document<'_>, inside: Option<&[usize]>) -> Vec<String> {
    let outside = |place: &[usize]| {
        inside.is_none_or(|inside| place.len() <= inside.len() || !place.starts_with(inside))
    };
    document
        .descendants()
        .filter(Node::is_element)
        .map(|node| (path(node), node))
        .filter(|(place, _)| outside(place))
        .map(|(place, node)| {
            let mut attributes: Vec<String> =
                node.attributes().map(|a| format!("{:?}{}", a.namespace(), a.name())).collect();
            attributes.sort();
            format!("{place:?} {:?} {attributes:?}", node.tag_name())
        })
        .collect()
}

/// A key no type has is refused, beside the others and in place of one of them.
fn try_key(
    served: &Served,
    node: NodeId,
    value: &Value,
    pointer: &str,
    key: &str,
) -> Result<(), String> {
    let mut beside = value.clone();
    let entries = beside.pointer_mut(pointer).and_then(Value::as_object_mut).unwrap();
    entries.insert(key.to_owned(), Value::from("1"));
    let mut instead = value.clone();
    let entries = instead.pointer_mut(pointer).and_then(Value::as_object_mut).unwrap();
    let first = entries.keys().next().cloned().and_then(|first| entries.shift_remove(&first));
    entries.insert(key.to_owned(), first.unwrap_or_default());
    for tried in [beside, instead] {
        match served.encode(node, &tried.to_string()) {
            Ok(envelope) => return Err(format!("is taken: {tried}\n{envelope}")),
            Err(problems) if problems.is_empty() => return Err("is refused without why".to_owned()),
            Err(_) => {}
        }
    }
    Ok(())
}
