//! Which element a value stands in, and which type it is of, by the members that name them.

use super::super::graph::{Node, NodeId, Object, XSI_TYPE};
use super::super::json::Json;
use super::super::rules::TYPE_MARKS;
use super::{Encoder, Step};
use crate::xml::NsId;

impl<'g> Encoder<'g> {
    /// Writes a value as the element that it names among those that may stand here.
    pub(super) fn stand_in(&mut self, object: &'g Object, children: &[u16], value: &Json<'_>) {
        let child = |at: &u16| &object.children[usize::from(*at)];
        let Some(declared) = children.first().map(child) else { return };
        if declared.label.is_none() {
            self.element(declared, value, None);
            return;
        }
        let key = &*declared.discriminator;
        let chosen = match entry(value, key) {
            Some(Json::String(label) | Json::Lexical(label)) => {
                children.iter().map(child).find(|c| c.label.as_deref() == Some(label))
            }
            Some(_) => None,
            None => Some(declared),
        };
        match chosen.filter(|c| !c.is_abstract) {
            Some(chosen) => self.element(chosen, value, Some(key)),
            None => {
                let labels: Vec<&str> = children
                    .iter()
                    .map(child)
                    .filter(|c| !c.is_abstract)
                    .filter_map(|c| c.label.as_deref())
                    .collect();
                self.problem(format!("needs the member `{key}`: one of {}", labels.join(", ")));
            }
        }
    }

    /// Chooses the type that a value names and writes `xsi:type` where it is not the declared
    /// one. `label` is the member that names the element, where one does.
    pub(super) fn alternative(
        &mut self,
        node: NodeId,
        value: &Json<'_>,
        label: Option<&str>,
    ) -> &'g Node {
        let graph = self.graph;
        let own = graph.node(node);
        let Node::Object(declared) = own else { return own };
        if declared.alternatives.is_empty() {
            if label.is_some() && entry(value, XSI_TYPE).is_some() {
                let key = Step::Key(XSI_TYPE.to_owned());
                self.at(key, |e| e.problem("is not a member here: there is one type"));
            }
            return own;
        }
        let key = if label.is_some() { XSI_TYPE } else { &*declared.discriminator };
        let known = || {
            let labels: Vec<&str> = declared.alternatives.iter().map(|a| &*a.label).collect();
            labels.join(", ")
        };
        let Some(named) = entry(value, key) else {
            if declared.is_abstract {
                self.problem(format!("needs the member `{key}`: one of {}", known()));
            }
            return own;
        };
        let found = match named {
            Json::String(label) | Json::Lexical(label) => {
                declared.alternatives.iter().find(|a| *a.label == **label)
            }
            _ => None,
        };
        let Some(found) = found else {
            self.at(Step::Key(key.to_owned()), |e| {
                e.problem(format!("must be one of {}", known()));
            });
            return own;
        };
        if found.node != node {
            self.xsi_type(found.namespace, &found.local);
        }
        graph.node(found.node)
    }

    pub(super) fn xsi_type(&mut self, namespace: NsId, local: &str) {
        self.uses(NsId::XSI);
        self.uses(namespace);
        self.out.extend_from_slice(b" xsi:type=\"");
        let prefix = self.graph.namespaces.prefix(namespace);
        if !prefix.is_empty() {
            self.out.extend_from_slice(prefix.as_bytes());
            self.out.push(b':');
        }
        self.out.extend_from_slice(local.as_bytes());
        self.out.push(b'"');
    }

    /// What is no object by itself goes by its name as `{"type": …, "value": …}`.
    /// `typed`: whether it may name its type as well.
    pub(super) fn labelled_value<'j>(&mut self, value: &'j Json<'j>, typed: bool) -> &'j Json<'j> {
        let Json::Object(entries) = value else { return value };
        let Some(inner) = entry(value, "value") else { return value };
        for (key, _) in entries {
            if key != "value" && !(typed && key == XSI_TYPE) && !TYPE_MARKS.contains(&&**key) {
                self.at(Step::Key(key.to_string()), |e| e.problem("is not a member here"));
            }
        }
        inner
    }

    /// Whether a member of a JSON object names the element or the type, and is no value.
    pub(super) fn names_itself(object: &Object, key: &str, label: Option<&str>) -> bool {
        let is_one_of_several = !object.alternatives.is_empty() || object.is_derived;
        match label {
            Some(label) => key == label || is_one_of_several && key == XSI_TYPE,
            None => is_one_of_several && key == &*object.discriminator,
        }
    }
}

fn entry<'j>(value: &'j Json<'j>, key: &str) -> Option<&'j Json<'j>> {
    let Json::Object(entries) = value else { return None };
    entries.iter().find(|(name, _)| name == key).map(|(_, value)| value)
}
