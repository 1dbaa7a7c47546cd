//! A fixture with its messages.

use super::Fixture;
use crate::canonical::Element;

/// An entry's place in its collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryId(pub u32);

/// A fixture with what lies beside it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its name in messages: `shop/GetOrder/everything`.
    pub name: String,
    /// The backend.
    pub backend: String,
    /// The file.
    pub fixture: Fixture,
    /// `<slug>.req.xml`, read.
    pub request: Option<Element>,
    /// `<slug>.res.xml` as bytes; empty where there is none.
    pub response: Vec<u8>,
    /// Attachments of the answer, in the order of the fixture's parts.
    pub parts: Vec<Vec<u8>>,
}
