//! Component names: which schema gets which, the same in every run.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::codec::{Graph, Node, NodeId, camel};

/// Which way a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Side {
    /// From the caller.
    Input,
    /// To the caller.
    Output,
}

/// As what a type appears.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Form {
    /// As itself.
    Declared,
    /// With a member that names it among alternatives.
    Labelled(Label),
}

/// The member that names an alternative.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Label {
    /// Its name.
    pub(super) property: Arc<str>,
    /// Its value.
    pub(super) value: Arc<str>,
    /// Whether it may be left out.
    pub(super) optional: bool,
    /// Whether it names an element (substitution group), not a type.
    pub(super) is_element: bool,
    /// The label of the element, where this one names its type.
    pub(super) outer: Option<Box<Self>>,
}

/// What a component describes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    /// Index of the graph.
    pub(super) graph: usize,
    /// The type.
    pub(super) node: NodeId,
    pub(super) side: Side,
    pub(super) form: Form,
}

/// The names a key would like, best first.
pub(super) fn wishes(graph: &Graph, key: &Key, fallback: Option<&str>) -> Vec<String> {
    let component = match graph.node(key.node) {
        Node::Object(object) => &*object.component,
        Node::Text(text) => &*text.component,
        Node::Any(_) | Node::Tree | Node::Opened(_) => "",
    };
    let own = match (component, fallback) {
        ("", Some(fallback)) => pascal(fallback),
        ("", None) => "Type".to_owned(),
        (name, _) => clean(name),
    };
    match &key.form {
        Form::Declared => vec![own],
        Form::Labelled(label) if label.is_element => {
            let element = pascal(&label.value);
            vec![element.clone(), format!("{element}Element")]
        }
        Form::Labelled(Label { outer: Some(outer), value, .. }) => {
            vec![format!("{}{}", pascal(&outer.value), pascal(value))]
        }
        Form::Labelled(label) => {
            let own = if component.is_empty() { pascal(&label.value) } else { own };
            vec![own.clone(), format!("{own}Variant")]
        }
    }
}

/// Equal schemas that share a name.
#[derive(Debug)]
pub(super) struct Class {
    /// Names wanted, best first; never empty.
    pub(super) wishes: Vec<String>,
    /// Whether it appears as itself.
    pub(super) is_declared: bool,
    /// Whether an answer has it.
    pub(super) in_output: bool,
    /// The first version that has it: its index and name.
    pub(super) version: (usize, String),
}

/// A name for each class. `taken` are names that are spoken for.
pub(super) fn assign(classes: &[Class], taken: &[&str]) -> Vec<String> {
    let mut taken: HashSet<String> = taken.iter().map(|name| (*name).to_owned()).collect();
    let mut output_names: HashMap<(&str, bool), bool> = HashMap::new();
    for class in classes.iter().filter(|c| c.in_output) {
        output_names.insert((&class.wishes[0], class.is_declared), true);
    }
    let mut order: Vec<usize> = (0..classes.len()).collect();
    order.sort_by_key(|at| {
        let class = &classes[*at];
        (class.version.0, !class.is_declared, !class.in_output, *at)
    });
    let mut names = vec![String::new(); classes.len()];
    for at in order {
        let class = &classes[at];
        let has_twin = output_names.contains_key(&(&*class.wishes[0], class.is_declared));
        let suffix = if !class.in_output && has_twin { "Input" } else { "" };
        let name = free(class, suffix, &taken);
        taken.insert(name.clone());
        names[at] = name;
    }
    names
}

fn free(class: &Class, suffix: &str, taken: &HashSet<String>) -> String {
    let plain = class.wishes.iter().map(|wish| format!("{wish}{suffix}"));
    let base = format!("{}{suffix}", class.wishes[0]);
    let versioned = (class.version.0 > 0).then(|| format!("{base}_{}", clean(&class.version.1)));
    let stem = versioned.clone().unwrap_or_else(|| base.clone());
    plain
        .chain(versioned)
        .find(|name| !taken.contains(name))
        .or_else(|| (2..=u32::MAX).map(|n| format!("{stem}{n}")).find(|name| !taken.contains(name)))
        .unwrap_or(base)
}

/// A name with only the characters a component may have (OpenAPI 3.1, section 4.8.7).
pub(super) fn clean(name: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    name.chars().map(|c| if allowed(c) { c } else { '_' }).collect()
}

/// `orderLine` → `OrderLine`.
pub(super) fn pascal(name: &str) -> String {
    let name = clean(&camel(name));
    let mut chars = name.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_say_why_they_differ() {
        let class = |name: &str, in_output, version: usize| Class {
            wishes: vec![name.to_owned()],
            is_declared: true,
            in_output,
            version: (version, format!("v{}", version + 1)),
        };
        let classes = [
            class("Order", false, 0),
            class("Order", true, 0),
            class("Order", true, 1),
            class("Order", true, 0),
            class("Line", false, 0),
            class("Problem", true, 0),
        ];
        let names = assign(&classes, &["Problem"]);
        let expected = ["OrderInput", "Order", "Order_v2", "Order2", "Line", "Problem2"];
        assert_eq!(names, expected);
    }
}
