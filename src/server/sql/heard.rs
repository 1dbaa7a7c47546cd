//! What record and replay know of a call beside its statements; nothing in production.

use std::sync::Arc;

use super::asked::Asked;
use crate::database::{Hearing, ParameterNames, Transaction, Witness};
use crate::plan::{SqlBinding, SqlSource};
use crate::sql::{Assembled, REQUEST_ID, REQUEST_TIME, Slot, Statement, Value};

/// A statement with its values, ready to be sent.
pub(super) struct Sent {
    pub text: Arc<str>,
    pub values: Vec<Value>,
    /// Names of its parameters, where somebody hears of it.
    pub names: Option<ParameterNames>,
}

impl Asked<'_> {
    /// A statement of the mapping with its values.
    pub(super) fn sent(
        &self,
        assembled: Assembled,
        values: Vec<Value>,
        (statement, bindings): (&Statement, &[SqlBinding]),
    ) -> Sent {
        let names = self.names(&assembled, statement, bindings);
        Sent { text: assembled.text, values, names }
    }

    /// Names of a statement's parameters; `None` where nobody wants to know.
    pub(super) fn names(
        &self,
        assembled: &Assembled,
        statement: &Statement,
        bindings: &[SqlBinding],
    ) -> Option<ParameterNames> {
        let name = |slot: &Slot| match slot {
            Slot::Parameter(at) => {
                let at = usize::from(*at);
                let named = statement.parameters().get(at).map_or("", String::as_str);
                named_after(bindings.get(at).map(|binding| &binding.source)).unwrap_or(named)
            }
            Slot::Key(_) => "cursor",
            Slot::Limit => "limit",
            Slot::Offset => "offset",
        };
        let name = |slot| Box::from(name(slot));
        self.is_heard().then(|| assembled.slots.iter().map(name).collect())
    }

    /// Names of the parameters of the statement that makes the transaction's settings.
    pub(super) fn setting_names(&self, settings: &[(String, SqlSource)]) -> Option<ParameterNames> {
        let name = |(name, source): &(String, SqlSource)| {
            ["", named_after(Some(source)).unwrap_or(name)].map(Box::from)
        };
        self.is_heard().then(|| settings.iter().flat_map(name).collect())
    }

    /// Who hears of a statement; `None` where nobody does.
    pub(super) fn hearing(&self, names: Option<ParameterNames>) -> Option<Hearing> {
        if !self.is_heard() {
            return None;
        }
        Some(Hearing {
            witness: self.exchange.recording.clone().map(|recording| recording as Arc<dyn Witness>),
            session: self.exchange.session.clone(),
            names,
        })
    }

    /// The same transaction, and who hears of it.
    pub(super) fn heard(&self, transaction: Transaction) -> Transaction {
        match self.hearing(None) {
            Some(hearing) => {
                transaction.heard(&hearing, (self.database.name(), self.database.dialect()))
            }
            None => transaction,
        }
    }

    fn is_heard(&self) -> bool {
        self.exchange.recording.is_some() || self.exchange.running.hooks.databases.is_some()
    }
}

/// A value that is another one at each request is named after what it is.
fn named_after(source: Option<&SqlSource>) -> Option<&'static str> {
    match source {
        Some(SqlSource::RequestId) => Some(REQUEST_ID),
        Some(SqlSource::RequestTime) => Some(REQUEST_TIME),
        _ => None,
    }
}
