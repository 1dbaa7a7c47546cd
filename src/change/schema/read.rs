//! Finding one's way in a document: references, and schemas that hold together.

use serde_json::Value;

/// References that lead to references.
const REFERENCES_MAX: usize = 32;

/// Schemas that apply to one value all at once.
pub(in super::super) type Conjunction<'d> = Vec<&'d Value>;

/// One document.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Reader<'d> {
    root: &'d Value,
}

impl<'d> Reader<'d> {
    pub(in super::super) fn new(root: &'d Value) -> Self {
        Self { root }
    }

    /// What a reference into the same document means; others lead nowhere.
    pub(super) fn target(self, reference: &str) -> Option<&'d Value> {
        self.root.pointer(reference.strip_prefix('#')?)
    }

    /// What is at a JSON pointer of the document; `null` where nothing is.
    pub(in super::super) fn at(self, pointer: &str) -> &'d Value {
        self.root.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// A parameter, a body, an answer or a header, wherever it stands.
    pub(in super::super) fn resolved(self, mut value: &'d Value) -> &'d Value {
        for _ in 0..REFERENCES_MAX {
            let Some(target) = value["$ref"].as_str().and_then(|r| self.target(r)) else { break };
            value = target;
        }
        value
    }
}
