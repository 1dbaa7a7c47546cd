//! What is taken from the Header of an answer (SOAP 1.1, section 4.2; SOAP 1.2 part 1,
//! section 5.2).

use std::sync::Arc;

use super::blocks::Blocks;
use crate::codec::{Child, DecodeError, Decoder, Graph, NodeId};
use crate::wsdl::SoapVersion;
use crate::xml::{Scope, StartTag, XmlLimits};

/// What is taken from the Header of an answer, as a route wants it.
#[derive(Debug, Clone, Default)]
pub struct HeaderPlan {
    /// Blocks the contract declares for the answer. Any other is not understood.
    pub declared: Vec<Child>,
    /// Blocks that are the detail of a fault, with the index of the fault.
    pub faults: Vec<(Child, usize)>,
    /// What is shown of the blocks, in the order of the mapping.
    pub outputs: Vec<HeaderOutput>,
    /// `"orders":`, where the body is a member beside what comes from the Header.
    pub body_key: Option<Box<[u8]>>,
}

/// One value taken from a header block.
#[derive(Debug, Clone)]
pub struct HeaderOutput {
    /// The block, an index into [`HeaderPlan::declared`].
    pub block: usize,
    /// The type of the block as this output shows it: the value wanted is unwrapped.
    pub node: NodeId,
    /// What it becomes.
    pub place: HeaderPlace,
}

/// What a value of the Header becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderPlace {
    /// A member of the answer's JSON: `"session":`, ready to be written.
    Member(Box<[u8]>),
    /// A header of the HTTP answer, by its name.
    Field(Arc<str>),
}

impl HeaderPlan {
    /// Whether the answer's JSON has anything but the body in it.
    #[must_use]
    pub fn has_members(&self) -> bool {
        self.body_key.is_some()
            || self.outputs.iter().any(|o| matches!(o.place, HeaderPlace::Member(_)))
    }
}

/// The Header of one answer, from its first block to the last of the JSON.
#[derive(Debug, Default)]
pub(super) struct Header {
    plan: Option<Arc<HeaderPlan>>,
    /// Kept until the body tells whether this is an answer or a fault.
    blocks: Option<Box<Blocks>>,
    around: Option<Around>,
    fields: Vec<(Arc<str>, String)>,
}

impl Header {
    pub(super) fn of(plan: Arc<HeaderPlan>) -> Self {
        // A body that is a member is one with or without a Header beside it.
        let around = plan.has_members().then(|| Around::new(Vec::new(), plan.body_key.clone()));
        Self { plan: Some(plan), around, ..Self::default() }
    }

    pub(super) fn open(&mut self, graph: &Arc<Graph>, version: SoapVersion, limits: XmlLimits) {
        let plan = self.plan.clone().unwrap_or_default();
        let blocks = || Box::new(Blocks::new(plan, Arc::clone(graph), version, limits));
        self.blocks.get_or_insert_with(blocks);
    }

    pub(super) fn start(&mut self, tag: &StartTag<'_>, scope: &Scope) -> Result<(), DecodeError> {
        self.blocks.as_mut().map_or(Ok(()), |blocks| blocks.start(tag, scope))
    }

    pub(super) fn text(&mut self, text: &str) {
        if let Some(blocks) = &mut self.blocks {
            blocks.text(text);
        }
    }

    pub(super) fn end(&mut self, scope: &Scope) -> Result<(), DecodeError> {
        self.blocks.as_mut().map_or(Ok(()), |blocks| blocks.end(scope))
    }

    /// This is an answer, so what its Header says counts.
    pub(super) fn settle(&mut self, decoder: &mut Decoder) -> Result<(), DecodeError> {
        let Some(blocks) = self.blocks.take() else { return Ok(()) };
        let settled = blocks.settle();
        self.fields = settled.fields;
        if let Some(around) = &mut self.around {
            around.lead = settled.lead;
        }
        decoder.absorb(settled.violations)
    }

    /// The detail of a fault that came in its Header.
    pub(super) fn take_fault(&mut self) -> Option<(usize, Vec<u8>)> {
        self.blocks.as_mut()?.take_fault()
    }

    pub(super) fn fields(&self) -> &[(Arc<str>, String)] {
        &self.fields
    }

    /// The members from the Header that have not been written yet.
    pub(super) fn lead(&mut self) -> Option<&mut Vec<u8>> {
        self.around.as_mut().map(|around| &mut around.lead)
    }

    /// The next of the body's JSON with what stands around it. `last`: all of it is there.
    pub(super) fn around(&mut self, json: Vec<u8>, last: bool) -> Vec<u8> {
        match &mut self.around {
            Some(around) => around.next(json, last),
            None => json,
        }
    }
}

/// Members from the Header and the body, put together into one JSON text as it comes.
#[derive(Debug)]
struct Around {
    /// `"session":{…},` for each member that came.
    lead: Vec<u8>,
    body_key: Option<Box<[u8]>>,
    /// The start of the body, as long as it does not tell how to go on.
    held: Vec<u8>,
    began: bool,
}

impl Around {
    fn new(lead: Vec<u8>, body_key: Option<Box<[u8]>>) -> Self {
        Self { lead, body_key, held: Vec::new(), began: false }
    }

    fn next(&mut self, json: Vec<u8>, last: bool) -> Vec<u8> {
        let json = if self.held.is_empty() {
            json
        } else {
            let mut held = std::mem::take(&mut self.held);
            held.extend_from_slice(&json);
            held
        };
        let mut out = if self.began {
            json
        } else if json.len() < 2 && !last {
            self.held = json;
            return Vec::new();
        } else {
            self.began = true;
            self.first(json)
        };
        if last && self.body_key.is_some() {
            out.push(b'}');
        }
        out
    }

    fn first(&mut self, json: Vec<u8>) -> Vec<u8> {
        let mut lead = std::mem::take(&mut self.lead);
        if let Some(key) = &self.body_key {
            let parts = [b"{".as_slice(), &lead, key, &json];
            return parts.concat();
        }
        let Some((b'{', rest)) = json.split_first() else { return json };
        if rest.first() == Some(&b'}') {
            lead.pop();
        }
        [b"{".as_slice(), &lead, rest].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_of_the_header_come_first_however_the_body_is_cut() {
        let check = |lead: &str, key: Option<&str>, body: &str, expected: &str| {
            for cut in 0..=body.len() {
                let key = key.map(|key| key.as_bytes().into());
                let mut around = Around::new(lead.as_bytes().to_vec(), key);
                let mut out = around.next(body.as_bytes()[..cut].to_vec(), false);
                out.extend(around.next(body.as_bytes()[cut..].to_vec(), true));
                assert_eq!(String::from_utf8(out).unwrap(), expected, "{body} cut at {cut}");
            }
        };
        let lead = r#""s":{"id":1},"#;
        check(lead, None, r#"{"a":1}"#, r#"{"s":{"id":1},"a":1}"#);
        check(lead, None, "{}", r#"{"s":{"id":1}}"#);
        check("", None, r#"{"a":1}"#, r#"{"a":1}"#);
        check("", None, "{}", "{}");
        // Nothing can be a member of what is not there.
        check(lead, None, "null", "null");
        check(lead, Some(r#""items":"#), "[1,2]", r#"{"s":{"id":1},"items":[1,2]}"#);
        check("", Some(r#""items":"#), "null", r#"{"items":null}"#);
    }
}
