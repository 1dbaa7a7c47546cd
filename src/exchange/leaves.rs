//! What a message was when it was recorded, in a line: the base of a three-way merge.
//!
//! To tell a hand edit from a change of the backend, a merge need not have the recorded text;
//! it only has to know of a value whether it is the recorded one. So a fixture keeps 24 bits of
//! the hash of each leaf: four characters a leaf, no second copy of the message.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use sha2::{Digest, Sha256};

use super::places::{join, placed};
use crate::canonical::{Attribute, Element, Item};

/// Bytes kept of a leaf's hash: another value is taken for the recorded one once in 2^24 times
/// the number of leaves.
const LEAF_BYTES: usize = 3;
/// Leaves of one message. Of a larger one nothing is kept, and a refresh asks about each value.
pub const LEAVES_MAX: usize = 2_000;

/// The hashes of a message's leaves: of each attribute, and of the text of each element that has
/// no other content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Leaves(BTreeSet<[u8; LEAF_BYTES]>);

impl Leaves {
    /// Those of a message; `None` where there are too many.
    #[must_use]
    pub fn of(envelope: &Element) -> Option<Self> {
        Self::collect(Self::under("", envelope).into_iter())
    }

    /// Those of places and values; `None` where there are too many.
    pub(super) fn collect(leaves: impl Iterator<Item = (String, String)>) -> Option<Self> {
        let hashes: BTreeSet<_> = leaves.map(|(path, value)| hash(&path, &value)).collect();
        (hashes.len() <= LEAVES_MAX).then_some(Self(hashes))
    }

    /// As it stands in a fixture.
    ///
    /// # Errors
    /// Where it is none that was written.
    pub fn parse(text: &str) -> Result<Self, String> {
        let bytes = STANDARD_NO_PAD.decode(text).map_err(|error| error.to_string())?;
        let (hashes, rest) = bytes.as_chunks::<LEAF_BYTES>();
        if !rest.is_empty() {
            return Err(format!("{} bytes too many", rest.len()));
        }
        Ok(Self(hashes.iter().copied().collect()))
    }

    /// As it is written into a fixture: base64 without padding.
    #[must_use]
    pub fn text(&self) -> String {
        STANDARD_NO_PAD.encode(self.0.iter().flatten().copied().collect::<Vec<u8>>())
    }

    /// Whether a place had this value.
    pub(super) fn has(&self, path: &str, value: &str) -> bool {
        self.0.contains(&hash(path, value))
    }

    /// Leaves that are in none of the others.
    pub(super) fn lost(&self, others: &[&Self]) -> usize {
        self.0.iter().filter(|hash| others.iter().all(|other| !other.0.contains(*hash))).count()
    }

    /// All leaves of a subtree, with their places.
    pub(super) fn under(path: &str, element: &Element) -> Vec<(String, String)> {
        let mut found = Vec::new();
        let mut pending = vec![(path.to_owned(), element)];
        while let Some((path, element)) = pending.pop() {
            found.extend(leaves(&path, element));
            pending.extend(placed(element).iter().map(|inner| (inner.key(&path), inner.element)));
        }
        found
    }
}

/// The leaves that an element has itself.
fn leaves(path: &str, element: &Element) -> Vec<(String, String)> {
    let attribute = |a: &Attribute| (join(path, &format!("@{}", a.name.local)), a.value.clone());
    let mut found: Vec<_> = element.attributes.iter().map(attribute).collect();
    if let Some(text) = own_text(element) {
        found.push((path.to_owned(), text));
    }
    found
}

/// The text that is an element's own value: of one without elements in it, or beside them where
/// it is more than white space.
pub(super) fn own_text(element: &Element) -> Option<String> {
    let text = element.text();
    let trimmed = text.trim();
    let has_elements = element.content.iter().any(|item| matches!(item, Item::Element(_)));
    (!has_elements || !trimmed.is_empty()).then(|| trimmed.to_owned())
}

fn hash(path: &str, value: &str) -> [u8; LEAF_BYTES] {
    let mut hasher = Sha256::new();
    hasher.update(path);
    hasher.update([0]);
    hasher.update(value);
    let hash = hasher.finalize();
    let mut kept = [0; LEAF_BYTES];
    kept.copy_from_slice(&hash[..LEAF_BYTES]);
    kept
}
