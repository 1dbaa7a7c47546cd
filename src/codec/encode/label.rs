//! Which of several types or elements a value is, as it says itself.

use super::super::graph::{Child, Node, NodeId, Object};
use super::super::json::Json;
use super::{Encoder, Step};

impl<'g> Encoder<'g> {
    /// Chooses the type the discriminator names and writes `xsi:type` where it is not the
    /// declared one.
    pub(super) fn alternative(
        &mut self,
        declared: &'g Object,
        value: &Json<'_>,
        labelled: bool,
    ) -> &'g Object {
        if labelled {
            return declared;
        }
        let entries = match value {
            Json::Object(entries) => &entries[..],
            _ => &[],
        };
        let named = entries.iter().find(|(key, _)| **key == *declared.discriminator);
        if declared.alternatives.is_empty() {
            self.only_itself(declared, named.map(|(_, label)| label));
            return declared;
        }
        let labels = || declared.alternatives.iter().map(|a| &*a.label);
        let Some((_, label)) = named else {
            if declared.is_abstract {
                let known: Vec<&str> = labels().collect();
                let key = &declared.discriminator;
                self.problem(format!("needs the member `{key}`: one of {}", known.join(", ")));
            }
            return declared;
        };
        let found = match label {
            Json::String(label) | Json::Lexical(label) => {
                declared.alternatives.iter().find(|a| *a.label == **label)
            }
            _ => None,
        };
        let Some(found) = found else {
            let known: Vec<&str> = labels().collect();
            let key = declared.discriminator.to_string();
            self.at(Step::Key(key), |e| e.problem(format!("must be one of {}", known.join(", "))));
            return declared;
        };
        let Node::Object(object) = self.graph.node(found.node) else { return declared };
        if !std::ptr::eq(object, declared) {
            self.xsi_type(found.namespace, &found.local);
        }
        object
    }

    /// Where only one type may stand, a value may say its name, and no other.
    fn only_itself(&mut self, declared: &Object, label: Option<&Json<'_>>) {
        let key = &declared.discriminator;
        let Some(label) = label.filter(|_| declared.is_derived && declared.member(key).is_none())
        else {
            return;
        };
        let own = declared.name.as_ref().map(|(_, local)| &**local);
        let is_own = match label {
            // The label of a name that is there twice has its prefix before it.
            Json::String(text) | Json::Lexical(text) => {
                own.is_some_and(|own| text.rsplit('.').next() == own.rsplit('.').next())
            }
            _ => false,
        };
        if !is_own {
            let detail = format!("must be {}", own.unwrap_or("left out"));
            self.at(Step::Key(key.to_string()), |e| e.problem(detail));
        }
    }

    /// A substitute that is no object is `{"type": …, "value": …}`, or its value alone where it
    /// is the declared element.
    pub(super) fn beside_label<'j>(&mut self, child: &Child, value: &'j Json<'j>) -> &'j Json<'j> {
        let Json::Object(entries) = value else { return value };
        let is_label = |key: &str| *key == *child.discriminator;
        if !entries.iter().any(|(key, _)| is_label(key)) {
            return value;
        }
        for (key, _) in entries.iter().filter(|(key, _)| !is_label(key) && *key != "value") {
            self.at(Step::Key(key.to_string()), |e| e.problem("is not a member here"));
        }
        match entries.iter().find(|(key, _)| key == "value") {
            Some((_, value)) => value,
            None => {
                self.at(Step::Key("value".to_owned()), |e| e.problem("is required"));
                value
            }
        }
    }

    /// Whether `null` is a value of the only member, which is the JSON value.
    pub(super) fn is_null_inside(&self, node: NodeId) -> bool {
        let Node::Object(object) = self.graph.node(node) else { return false };
        let only = object.unwrap.and_then(|only| object.members.get(usize::from(only)));
        only.is_some_and(|member| member.nillable && !member.repeats)
    }
}
