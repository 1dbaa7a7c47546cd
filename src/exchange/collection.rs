//! All fixtures, and which one a request means.

use std::collections::HashMap;
use std::sync::Arc;

use super::index::Index;
use super::{Entry, EntryId, Unusable};
use crate::canonical::{Element, Vocabulary};
use crate::redact::Redactor;

/// All fixtures of a folder, ready to be asked.
#[derive(Debug, Default)]
pub struct Collection {
    /// By [`EntryId`].
    pub entries: Vec<Entry>,
    /// What each SOAP backend's contract says, by the backend's name.
    pub vocabularies: HashMap<String, Arc<Vocabulary>>,
    /// What each backend's secrets are, by the backend's name.
    pub redactors: HashMap<String, Arc<Redactor>>,
    pub(super) index: Index,
}

/// A request to a SOAP backend, read.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The backend.
    pub backend: &'a str,
    /// The action, where one came.
    pub action: Option<&'a str>,
    /// The envelope as it came.
    pub envelope: &'a Element,
    /// The states of scenarios, by name; one that is missing is in `started`.
    pub states: &'a HashMap<String, String>,
    /// Whether a fixture may stand in that is only of the same operation.
    pub lenient: bool,
}

/// How well a fixture fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rung {
    /// The same message, in meaning.
    Exact,
    /// The nearest of the operation.
    Operation,
}

/// A fixture for a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// Which.
    pub entry: EntryId,
    /// How well it fits.
    pub rung: Rung,
}

impl Collection {
    /// Fixtures with what is needed to match them. Their keys are computed here, once.
    #[must_use]
    pub fn new(
        entries: Vec<Entry>,
        vocabularies: HashMap<String, Arc<Vocabulary>>,
        redactors: HashMap<String, Arc<Redactor>>,
    ) -> Self {
        let mut all = Self { entries, vocabularies, redactors, index: Index::default() };
        (0..all.entries.len()).for_each(|at| all.index(at));
        all
    }

    /// Adds a fixture: from now on requests are matched with it, too.
    pub fn add(&mut self, entry: Entry) {
        self.entries.push(entry);
        self.index(self.entries.len() - 1);
    }

    fn index(&mut self, at: usize) {
        let entry = &self.entries[at];
        let (Ok(id), None) = (u32::try_from(at), &entry.fixture.sql) else { return };
        let redactor = self.redactors.get(&entry.backend).map(|redactor| &**redactor);
        if let Some(vocabulary) = self.vocabularies.get(&entry.backend) {
            self.index.add(EntryId(id), entry, vocabulary, redactor);
        }
    }

    /// Fixtures of SOAP operations that no request can be matched with, and why.
    #[must_use]
    pub fn unusable(&self) -> &[Unusable] {
        &self.index.unusable
    }

    /// An entry by id. Ids come from this collection, so the index is always there.
    #[must_use]
    pub fn entry(&self, id: EntryId) -> &Entry {
        &self.entries[id.0 as usize]
    }
}
