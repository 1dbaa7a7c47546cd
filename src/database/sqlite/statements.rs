//! Statements a connection has prepared already.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::{Connection, Statement};

/// Statements kept prepared, in number.
const KEPT_MAX: usize = 64;

/// Prepared statements by their text; the one unused for longest makes room.
pub(super) struct Statements<'c> {
    connection: &'c Connection,
    kept: HashMap<Arc<str>, (u64, Statement<'c>)>,
    uses: u64,
}

impl<'c> Statements<'c> {
    pub(super) fn new(connection: &'c Connection) -> Self {
        Self { connection, kept: HashMap::new(), uses: 0 }
    }

    pub(super) fn connection(&self) -> &'c Connection {
        self.connection
    }

    /// A statement, ready to be bound.
    ///
    /// # Errors
    /// Where SQLite refuses the text.
    pub(super) fn get(&mut self, text: &Arc<str>) -> Result<&mut Statement<'c>, rusqlite::Error> {
        self.uses += 1;
        if !self.kept.contains_key(text) {
            let statement = self.connection.prepare(text)?;
            if self.kept.len() >= KEPT_MAX {
                self.forget_oldest();
            }
            self.kept.insert(Arc::clone(text), (self.uses, statement));
        }
        match self.kept.get_mut(text) {
            Some((used, statement)) => {
                *used = self.uses;
                Ok(statement)
            }
            None => Err(rusqlite::Error::InvalidQuery),
        }
    }

    fn forget_oldest(&mut self) {
        let oldest = self.kept.iter().min_by_key(|(_, (used, _))| *used);
        if let Some(text) = oldest.map(|(text, _)| Arc::clone(text)) {
            self.kept.remove(&text);
        }
    }
}
