//! All fixtures, and which one a request means.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Entry, EntryId, Miss};
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

/// A statement for a database.
#[derive(Debug, Clone, Copy)]
pub struct AskedSql<'a> {
    /// The backend.
    pub backend: &'a str,
    /// The statement.
    pub statement: &'a str,
    /// Its values.
    pub values: &'a [crate::sql::Value],
    /// Its place in its transaction, from 1.
    pub step: Option<u32>,
    /// As of [`Asked::states`].
    pub states: &'a HashMap<String, String>,
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
    /// An entry by id. Ids come from this collection, so the index is always there.
    #[must_use]
    pub fn entry(&self, id: EntryId) -> &Entry {
        &self.entries[id.0 as usize]
    }

    /// The fixture of a request.
    ///
    /// # Errors
    /// Where none fits, and what is nearest.
    pub fn find(&self, asked: Asked<'_>) -> Result<Hit, Box<Miss>> {
        // Interim: exact and untyped only; the session `canonical` has the real one.
        use crate::canonical::{Side, differences};
        let Some(vocabulary) = self.vocabularies.get(asked.backend) else {
            return Err(Box::default());
        };
        let payload = |envelope: &Element| {
            let body = envelope.elements().find(|element| &*element.name.local == "Body");
            body.and_then(|body| body.elements().next()).map(|payload| payload.name.clone())
        };
        let wanted = payload(asked.envelope);
        let of = |entry: &&Entry| {
            entry.backend == asked.backend && entry.request.as_ref().and_then(payload) == wanted
        };
        let known = self.entries.iter().find(of).and_then(|entry| entry.fixture.operation.clone());
        let known = known.or_else(|| wanted.as_ref().map(|name| name.local.to_string()));
        let operation = known.and_then(|name| vocabulary.operation(&name));
        let Some(operation) = operation else {
            return Err(Box::new(Miss { why: super::Why::NoOperation, ..Miss::default() }));
        };
        let name = &*vocabulary.operations[operation].name;
        let operation = Some(operation);
        let meaning =
            |envelope: &Element| vocabulary.meaning(operation, Side::Request, envelope, &[]);
        let own = meaning(asked.envelope);
        let mut miss = Miss { operation: Some(name.to_owned()), ..Miss::default() };
        let mut nearest = None;
        for (at, entry) in (0_u32..).zip(&self.entries) {
            let same =
                entry.backend == asked.backend && entry.fixture.operation.as_deref() == Some(name);
            let Some(request) = entry.request.as_ref().filter(|_| same) else { continue };
            let state = entry.fixture.scenario.as_ref().is_none_or(|scenario| {
                let is = asked.states.get(&scenario.name).map_or("started", String::as_str);
                is == scenario.needs.as_deref().unwrap_or("started")
            });
            let theirs = meaning(request);
            if theirs == own && state {
                return Ok(Hit { entry: EntryId(at), rung: Rung::Exact });
            }
            nearest = nearest.or(state.then_some(EntryId(at)));
            miss.why = if theirs == own { super::Why::State } else { super::Why::Value };
            let near = super::Near {
                entry: EntryId(at),
                name: entry.name.clone(),
                differences: differences(&theirs, &own),
                line: None,
            };
            if miss.why == super::Why::State {
                miss.nearest.insert(0, near);
            } else {
                miss.nearest.push(near);
            }
        }
        miss.nearest.truncate(3);
        match nearest.filter(|_| asked.lenient) {
            Some(entry) => Ok(Hit { entry, rung: Rung::Operation }),
            None => Err(Box::new(miss)),
        }
    }

    /// The fixture of a statement.
    ///
    /// # Errors
    /// Where none fits, and what is nearest.
    pub fn find_sql(&self, asked: AskedSql<'_>) -> Result<Hit, Box<Miss>> {
        let _ = asked;
        Err(Box::default())
    }
}
