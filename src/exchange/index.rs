//! Fixtures by the keys of their requests, computed once.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use regex::{Regex, RegexBuilder};

use super::tokens::renumbered;
use super::{Entry, EntryId};
use crate::canonical::{Element, Key, Meaning, NodePath, Side, Vocabulary};
use crate::redact::{Redaction, Redactor, Token};
use crate::wsdl::SoapVersion;

/// Different lists of `ignore` and `where` among the fixtures of one operation: a request has a
/// key for each.
const LISTS_MAX: usize = 64;
/// Hashes kept of the nodes of one request, to find what is near.
const SIGNATURE_MAX: usize = 4_096;
/// Bytes a compiled pattern of `where` may take.
const PATTERN_BYTES_MAX: usize = 1 << 20;

/// A fixture that no request can be matched with, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Unusable {
    /// Which.
    pub entry: EntryId,
    /// What is wrong with it.
    pub what: String,
}

/// The fixtures of one operation.
#[derive(Debug, Default)]
pub(super) struct OperationIndex {
    pub(super) lists: Vec<List>,
    pub(super) entries: Vec<Indexed>,
}

/// Fixtures of which the same places do not count.
#[derive(Debug)]
pub(super) struct List {
    pub(super) paths: Vec<NodePath>,
    /// Entries of the operation, by their place among them.
    pub(super) by_key: HashMap<Key, Vec<usize>>,
}

/// A fixture with what is known of its request.
#[derive(Debug)]
pub(super) struct Indexed {
    pub(super) id: EntryId,
    /// Its place in [`OperationIndex::lists`].
    pub(super) list: usize,
    pub(super) patterns: Vec<(NodePath, Regex)>,
    pub(super) soap: Option<SoapVersion>,
    pub(super) tokens: Vec<Token>,
    pub(super) key: Option<Key>,
    pub(super) signature: Signature,
}

/// Hashes of the nodes of a message, sorted: what two have in common is counted in one pass.
#[derive(Debug, Default)]
pub(super) struct Signature(Vec<u64>);

/// All fixtures by backend and operation.
#[derive(Debug, Default)]
pub(super) struct Index {
    pub(super) backends: HashMap<String, HashMap<usize, OperationIndex>>,
    pub(super) unusable: Vec<Unusable>,
}

impl Index {
    /// Adds a fixture of a SOAP operation.
    pub(super) fn add(
        &mut self,
        id: EntryId,
        entry: &Entry,
        vocabulary: &Vocabulary,
        redactor: Option<&Redactor>,
    ) {
        if let Err(what) = self.try_add(id, entry, vocabulary, redactor) {
            self.unusable.push(Unusable { entry: id, what });
        }
    }

    fn try_add(
        &mut self,
        id: EntryId,
        entry: &Entry,
        vocabulary: &Vocabulary,
        redactor: Option<&Redactor>,
    ) -> Result<(), String> {
        let operation = operation_of(entry, vocabulary)?;
        let fixture = &entry.fixture;
        let path = |text: &String| NodePath::parse(text).map_err(|problem| problem.to_string());
        let mut paths = fixture.ignore.iter().map(path).collect::<Result<Vec<_>, _>>()?;
        let mut patterns = Vec::with_capacity(fixture.where_.len());
        for (text, pattern) in &fixture.where_ {
            let path = path(text)?;
            paths.push(path.clone());
            patterns.push((path, compiled(pattern)?));
        }
        paths.sort_by_cached_key(ToString::to_string);
        paths.dedup();
        let soap = match fixture.soap.as_deref() {
            None => None,
            Some("1.1") => Some(SoapVersion::V11),
            Some("1.2") => Some(SoapVersion::V12),
            Some(other) => return Err(format!("`soap: {other}` is neither 1.1 nor 1.2")),
        };
        let meaning = entry.request.as_ref().map(|request| {
            let redacted = redacted(request, redactor);
            vocabulary.meaning(Some(operation), Side::Request, &redacted, &paths)
        });
        let index = self.backends.entry(entry.backend.clone()).or_default();
        let index = index.entry(operation).or_default();
        let list = index.list(paths)?;
        let at = index.entries.len();
        let mut indexed = Indexed {
            id,
            list,
            patterns,
            soap,
            tokens: Vec::new(),
            key: None,
            signature: Signature::default(),
        };
        if let Some(meaning) = meaning {
            let (meaning, tokens) = renumbered(&meaning);
            let key = Key::of(&vocabulary.operations[operation].name, &meaning);
            index.lists[list].by_key.entry(key).or_default().push(at);
            indexed.signature = Signature::of(&meaning);
            (indexed.key, indexed.tokens) = (Some(key), tokens);
        }
        index.entries.push(indexed);
        Ok(())
    }
}

impl OperationIndex {
    fn list(&mut self, paths: Vec<NodePath>) -> Result<usize, String> {
        if let Some(known) = self.lists.iter().position(|list| list.paths == paths) {
            return Ok(known);
        }
        if self.lists.len() == LISTS_MAX {
            let what = "fixtures of this operation have different lists of `ignore` and `where`";
            return Err(format!("more than {LISTS_MAX} {what}: give some of them the same"));
        }
        self.lists.push(List { paths, by_key: HashMap::new() });
        Ok(self.lists.len() - 1)
    }
}

/// The operation a fixture names; without a name that of its request.
fn operation_of(entry: &Entry, vocabulary: &Vocabulary) -> Result<usize, String> {
    match (&entry.fixture.operation, &entry.request) {
        (Some(name), _) => vocabulary
            .operation(name)
            .ok_or_else(|| format!("the contract has no operation `{name}`")),
        (None, Some(request)) => {
            let found = vocabulary.identify(request, None);
            found.map(|found| found.operation).map_err(|error| error.to_string())
        }
        (None, None) => Err("it names no operation and has no request".to_owned()),
    }
}

/// A pattern that a whole text has to match.
fn compiled(pattern: &str) -> Result<Regex, String> {
    let mut builder = RegexBuilder::new(&format!("^(?:{pattern})$"));
    builder.size_limit(PATTERN_BYTES_MAX).dot_matches_new_line(true);
    builder.build().map_err(|error| format!("`{pattern}` is no pattern: {error}"))
}

/// A message as it would be written down. Where the detectors are unsure nothing is written; to
/// be matched, as much as they did is enough, since they do the same to both sides.
pub(super) fn redacted(envelope: &Element, redactor: Option<&Redactor>) -> Element {
    let mut envelope = envelope.clone();
    if let Some(redactor) = redactor {
        let _ = Redaction::new(redactor).element(&mut envelope);
    }
    envelope
}

impl Signature {
    /// Hashes each node with the names around it, from what stands in the body inward.
    pub(super) fn of(envelope: &Meaning) -> Self {
        let mut hashes = Vec::new();
        for part in &envelope.children {
            for payload in &part.children {
                payload.children.iter().for_each(|child| hash(child, 0, &mut hashes));
                hash_own(payload, 0, &mut hashes);
            }
        }
        hashes.sort_unstable();
        hashes.truncate(SIGNATURE_MAX);
        Self(hashes)
    }

    /// How many nodes only one of two has, and how many both have.
    pub(super) fn apart(&self, other: &Self) -> (usize, usize) {
        let (mut l, mut r, mut both) = (0, 0, 0);
        while let (Some(left), Some(right)) = (self.0.get(l), other.0.get(r)) {
            let order = left.cmp(right);
            l += usize::from(order.is_le());
            r += usize::from(order.is_ge());
            both += usize::from(order.is_eq());
        }
        (self.0.len() + other.0.len() - 2 * both, both)
    }
}

/// Depth is bounded by that of the message.
fn hash(meaning: &Meaning, around: u64, hashes: &mut Vec<u64>) {
    let mut hasher = DefaultHasher::new();
    around.hash(&mut hasher);
    meaning.name.local.hash(&mut hasher);
    let own = hasher.finish();
    hash_own(meaning, own, hashes);
    meaning.children.iter().for_each(|child| hash(child, own, hashes));
}

fn hash_own(meaning: &Meaning, own: u64, hashes: &mut Vec<u64>) {
    let mut hasher = DefaultHasher::new();
    own.hash(&mut hasher);
    meaning.text.hash(&mut hasher);
    hashes.push(hasher.finish());
    for attribute in &meaning.attributes {
        let mut hasher = DefaultHasher::new();
        (own, attribute).hash(&mut hasher);
        hashes.push(hasher.finish());
    }
}
