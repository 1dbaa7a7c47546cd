//! What must never become an answer, and real envelopes of any kind.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use figleaf::codec::{Builder, Naming, Node, NodeId, Rules};
use figleaf::soap::{EnvelopeReader, Received, SoapError};
use figleaf::xml::{XmlError, XmlLimits, ns};
use figleaf::xsd::SchemaSet;

use super::infoset;
use super::place::{each, files};
use crate::support::options;

/// Reads a text whose body may hold anything.
pub fn read_any(bytes: &[u8]) -> Result<(Received, Vec<u8>), SoapError> {
    let schema = SchemaSet::default();
    let mut builder = Builder::new(&schema, &[], options(Naming::Preserve));
    let node: NodeId = builder.push(Node::Any(Rules::Literal));
    let graph = Arc::new(builder.finish());
    let limits = XmlLimits::default();
    let mut reader = EnvelopeReader::new(graph, Some(node), Arc::from([]), None, limits, false);
    reader.feed(bytes)?;
    let received = reader.finish()?;
    Ok((received, reader.take()))
}

/// What a parser that is not ours says of a text.
fn is_sound_envelope(bytes: &[u8]) -> Option<bool> {
    let text = figleaf::xml::encoding::decode(bytes, None).ok()?;
    let Ok(document) = infoset::parse(&text) else { return Some(false) };
    let root = document.root_element();
    let namespace = root.tag_name().namespace().unwrap_or("");
    let known = [ns::SOAP11, ns::SOAP12].contains(&namespace);
    let bodies = root
        .children()
        .filter(|n| n.tag_name().name() == "Body" && n.tag_name().namespace() == Some(namespace));
    Some(known && root.tag_name().name() == "Envelope" && bodies.count() == 1)
}

#[derive(Debug, Default, Clone)]
pub struct Hostile {
    pub files: usize,
    pub refused: usize,
    pub read: usize,
    pub doctypes: usize,
    /// Files that ours and the other parser judge differently.
    pub disagreements: Vec<String>,
}

/// Reads every file below some folders as an answer.
pub fn measure(folders: &[&Path]) -> Hostile {
    let all: Vec<_> = folders.iter().flat_map(|folder| files(folder)).collect();
    let judged = each(&all, |path| {
        let bytes = std::fs::read(path).unwrap();
        let ours = catch_unwind(AssertUnwindSafe(|| read_any(&bytes)));
        (path.display().to_string(), ours.map_err(|_| ()), is_sound_envelope(&bytes))
    });
    let mut hostile = Hostile::default();
    for (path, ours, theirs) in judged {
        hostile.files += 1;
        let Ok(ours) = ours else {
            hostile.disagreements.push(format!("{path}: a panic"));
            continue;
        };
        match &ours {
            Ok(_) => hostile.read += 1,
            Err(error) => {
                hostile.refused += 1;
                hostile.doctypes +=
                    usize::from(matches!(error, SoapError::Xml(XmlError::Doctype { .. })));
            }
        }
        if theirs.is_some_and(|sound| sound != ours.is_ok()) {
            let ours = ours.as_ref().map(|(received, _)| received);
            hostile.disagreements.push(format!("{path}: ours {ours:?}, theirs {theirs:?}"));
        }
        if let Ok((Received::Answer, json)) = &ours
            && serde_json::from_slice::<serde_json::Value>(json).is_err()
        {
            hostile.disagreements.push(format!("{path}: an answer that is no JSON"));
        }
    }
    hostile
}
