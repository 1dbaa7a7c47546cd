//! XML that no schema describes, written from a tree. Every name a caller gives is checked to
//! be one; its namespace is declared where it is used.

use super::super::graph::Object;
use super::super::json::Json;
use super::content::NOT_LET_IN;
use super::{Encoder, Step};
use crate::xml::{is_nc_name, ns};

type Entries<'j> = [(std::borrow::Cow<'j, str>, Json<'j>)];

/// What a caller says of an element.
#[derive(Default)]
struct Branch<'v, 'j> {
    name: Option<&'v str>,
    attributes: &'v Entries<'j>,
    content: &'v [Json<'j>],
}

impl Encoder<'_> {
    /// The rest of the start tag of an element of any type, and its content.
    pub(super) fn tree(&mut self, value: &Json<'_>) {
        let branch = self.branch(value, false);
        self.tree_attributes(branch.attributes, "");
        self.out.push(b'>');
        self.tree_content(branch.content, "");
    }

    /// The content of a tree whose element is written, and takes no attributes.
    pub(super) fn tree_inside(&mut self, value: &Json<'_>) {
        let branch = self.branch(value, false);
        if !branch.attributes.is_empty() {
            let key = Step::Key("attributes".into());
            self.at(key, |e| e.problem("cannot be sent: there is no element to have them"));
        }
        self.tree_content(branch.content, "");
    }

    /// A whole element that a wildcard lets in.
    pub(super) fn wild_tree(&mut self, object: &Object, value: &Json<'_>) {
        if let Json::Object(entries) = value
            && let Some((_, Json::String(name))) = entries.iter().find(|(key, _)| key == "name")
            && let Some((uri, _)) = taken_apart(name)
            && !object.lets_in(self.graph.namespaces.id(uri))
        {
            self.at(Step::Key("name".into()), |e| e.problem(NOT_LET_IN));
            return;
        }
        self.tree_element(value, "");
    }

    /// A whole element, of the name the caller gives it.
    fn tree_element(&mut self, value: &Json<'_>, default: &str) {
        let branch = self.branch(value, true);
        let Some(name) = branch.name else { return };
        let Some((uri, local)) = self.at(Step::Key("name".into()), |e| e.expanded(name)) else {
            return;
        };
        self.out.push(b'<');
        self.out.extend_from_slice(local.as_bytes());
        if uri != default {
            self.declare("xmlns", uri);
        }
        self.tree_attributes(branch.attributes, uri);
        self.out.push(b'>');
        self.tree_content(branch.content, uri);
        self.out.extend_from_slice(b"</");
        self.out.extend_from_slice(local.as_bytes());
        self.out.push(b'>');
    }

    fn branch<'v, 'j>(&mut self, value: &'v Json<'j>, is_named: bool) -> Branch<'v, 'j> {
        let mut branch = Branch::default();
        let Json::Object(entries) = value else {
            self.problem(format!("must be an object with `content`, is {}", value.kind()));
            return branch;
        };
        for (key, value) in entries {
            match (&**key, value) {
                ("name", Json::String(name)) if is_named => branch.name = Some(name),
                ("attributes", Json::Object(attributes)) => branch.attributes = attributes,
                ("content", Json::Array(content)) => branch.content = content,
                (key, value) => {
                    let expected = match key {
                        "name" if is_named => "a string",
                        "attributes" => "an object",
                        "content" => "an array",
                        _ => "",
                    };
                    let detail = if expected.is_empty() {
                        "is not a member here".to_owned()
                    } else {
                        format!("must be {expected}, is {}", value.kind())
                    };
                    self.at(Step::Key(key.to_owned()), |e| e.problem(detail));
                }
            }
        }
        if is_named && !entries.iter().any(|(key, _)| key == "name") {
            self.at(Step::Key("name".into()), |e| e.problem("is required"));
        }
        branch
    }

    fn tree_content(&mut self, content: &[Json<'_>], default: &str) {
        self.pointer.push(Step::Key("content".into()));
        for (at, item) in content.iter().enumerate() {
            self.at(Step::Index(at), |e| match item {
                Json::String(text) => e.write(text),
                Json::Object(_) => e.tree_element(item, default),
                other => {
                    let kind = other.kind();
                    e.problem(format!("must be a string or an object, is {kind}"));
                }
            });
        }
        self.pointer.pop();
    }

    fn tree_attributes(&mut self, attributes: &Entries<'_>, default: &str) {
        self.pointer.push(Step::Key("attributes".into()));
        for (at, (name, value)) in attributes.iter().enumerate() {
            self.at(Step::Key(name.to_string()), |e| e.tree_attribute(at, name, value, default));
        }
        self.pointer.pop();
    }

    fn tree_attribute(&mut self, at: usize, name: &str, value: &Json<'_>, default: &str) {
        let Some((uri, local)) = self.expanded(name) else { return };
        if uri == ns::XMLNS || (uri.is_empty() && local == "xmlns") {
            self.problem("is no attribute: namespaces are declared where they are used");
            return;
        }
        let Json::String(value) = value else {
            self.problem(format!("must be a string, is {}", value.kind()));
            return;
        };
        let prefix = self.prefix_of(uri, &format!("a{at}"));
        let is_type = uri == ns::XSI && local == "type";
        let qualified = if is_type { self.type_name(value, default) } else { None };
        let value = qualified.as_deref().unwrap_or(value);
        let colon = if prefix.is_empty() { "" } else { ":" };
        self.out.extend_from_slice(format!(" {prefix}{colon}{local}=\"").as_bytes());
        self.attribute_text(value);
        self.out.push(b'"');
    }

    /// The name in the value of an `xsi:type`.
    fn type_name(&mut self, value: &str, default: &str) -> Option<String> {
        let (uri, local) = self.expanded(value)?;
        if uri.is_empty() && !default.is_empty() {
            self.problem("has no namespace, and stands where one is the default");
            return None;
        }
        let prefix = self.prefix_of(uri, "at");
        let colon = if prefix.is_empty() { "" } else { ":" };
        Some(format!("{prefix}{colon}{local}"))
    }

    /// The prefix of a namespace, which is declared here where nothing outside does.
    fn prefix_of(&mut self, uri: &str, wish: &str) -> String {
        if uri.is_empty() {
            return String::new();
        }
        let namespaces = &self.graph.namespaces;
        let id = namespaces.id(uri);
        // Drafts of a namespace share its number, and not its name.
        if namespaces.uri(id) == uri {
            self.uses(id);
            return self.graph.namespaces.prefix(id).to_owned();
        }
        let mut prefix = wish.to_owned();
        while namespaces.has_prefix(&prefix) {
            prefix.push('x');
        }
        self.declare(&format!("xmlns:{prefix}"), uri);
        prefix
    }

    fn declare(&mut self, name: &str, uri: &str) {
        self.out.extend_from_slice(format!(" {name}=\"").as_bytes());
        self.attribute_text(uri);
        self.out.push(b'"');
    }

    /// A name, taken apart; a problem where it is none.
    fn expanded<'n>(&mut self, name: &'n str) -> Option<(&'n str, &'n str)> {
        let parts = taken_apart(name);
        if parts.is_none() {
            self.problem("must be a name of XML, `local` or `{namespace}local`");
        }
        parts
    }
}

/// The namespace and the local name of `{namespace}local` or `local`.
fn taken_apart(name: &str) -> Option<(&str, &str)> {
    let (uri, local) = match name.strip_prefix('{') {
        Some(rest) => rest.split_once('}').filter(|(uri, _)| !uri.is_empty())?,
        None => ("", name),
    };
    is_nc_name(local).then_some((uri, local))
}
