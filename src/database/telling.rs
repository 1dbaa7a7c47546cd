//! Telling a witness of statements: one alone, or those of a transaction.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::sheet::{Portals, Sheet};
use super::{
    COMMIT, Hearing, ParameterNames, RecordedRows, ResultSet, Row, SqlError, StatementExchange,
    Witness,
};
use crate::sql::{DatabaseFailure, Dialect, Given, Value};

/// Refusals of the moment: the next time there is an answer, so these are none to keep.
const TRANSIENT: [&str; 4] = ["40001", "40P01", "55P03", "57014"];

/// Values with the names of their parameters.
pub(super) fn given(names: Option<&ParameterNames>, values: &[Value]) -> Vec<Given> {
    let name = |at: usize| names.and_then(|names| names.get(at)).map_or("", |name| &**name);
    values.iter().enumerate().map(|(at, value)| Given::new(name(at), value)).collect()
}

/// What a database said, where it is worth keeping.
fn refusal(error: &SqlError) -> Option<Box<DatabaseFailure>> {
    match error {
        SqlError::Database(failure) if !TRANSIENT.contains(&failure.sqlstate.as_str()) => {
            Some(failure.clone())
        }
        _ => None,
    }
}

/// One statement that stands alone, while its rows come.
pub(super) struct Telling {
    witness: Arc<dyn Witness>,
    exchange: StatementExchange,
    sheet: Sheet,
    portals: Portals,
    started: Instant,
}

impl Telling {
    /// Of a statement that is about to run; `None` where nobody hears.
    pub(super) fn begin(
        hearing: Option<&Hearing>,
        (database, dialect): (&str, Dialect),
        (text, values): (&Arc<str>, &[Value]),
    ) -> Option<Box<Self>> {
        let hearing = hearing?;
        let witness = Arc::clone(hearing.witness.as_ref()?);
        let exchange = StatementExchange {
            database: database.into(),
            dialect,
            text: Arc::clone(text),
            given: given(hearing.names.as_ref(), values),
            before: Vec::new(),
            step: None,
            result: Ok(RecordedRows::default()),
            took: Duration::ZERO,
        };
        let sheet = Sheet::new(witness.rows_max());
        let started = Instant::now();
        Some(Box::new(Self { witness, exchange, sheet, portals: Portals::default(), started }))
    }

    pub(super) fn row(&mut self, row: &Row) {
        self.sheet.add(row, &mut self.portals);
    }

    pub(super) fn ended(mut self, affected: u64) {
        let Some(rows) = self.sheet.finish(affected, false) else {
            return self.witness.omitted();
        };
        self.exchange.result = Ok(rows);
        self.exchange.took = self.started.elapsed();
        self.witness.stated(self.exchange);
    }

    pub(super) fn failed(mut self, error: &SqlError) {
        let Some(failure) = refusal(error) else { return };
        self.exchange.result = Err(failure);
        self.exchange.took = self.started.elapsed();
        self.witness.stated(self.exchange);
    }
}

/// What has happened in a transaction. It is told when the transaction is over: where it only
/// met others, another attempt may be the one that counts.
pub(super) struct Story {
    witness: Option<Arc<dyn Witness>>,
    pub(super) session: Option<Arc<str>>,
    database: Arc<str>,
    dialect: Dialect,
    pub(super) step: u32,
    pub(super) before: Vec<Given>,
    portals: Portals,
    told: Vec<Option<StatementExchange>>,
}

/// A statement of a transaction that runs.
pub(super) struct Telltale {
    text: Arc<str>,
    pub(super) given: Vec<Given>,
    started: Instant,
}

impl Story {
    pub(super) fn new(hearing: &Hearing, (database, dialect): (&str, Dialect)) -> Box<Self> {
        Box::new(Self {
            witness: hearing.witness.clone(),
            session: hearing.session.clone(),
            database: database.into(),
            dialect,
            step: 0,
            before: Vec::new(),
            portals: Portals::default(),
            told: Vec::new(),
        })
    }

    /// The next statement is about to run.
    pub(super) fn begin(&mut self, text: &str, given: Vec<Given>) -> Telltale {
        self.step += 1;
        Telltale { text: text.into(), given, started: Instant::now() }
    }

    /// The name of a cursor in a recording.
    pub(super) fn cursor(&self, name: &str) -> String {
        self.portals.recorded(name)
    }

    /// It has ended. Rows are whole where there are no more than `rows_max`.
    pub(super) fn ended(
        &mut self,
        telltale: Telltale,
        result: &Result<ResultSet, SqlError>,
        (rows_max, with_types): (u64, bool),
    ) {
        let result = match result {
            Err(error) => match refusal(error) {
                Some(failure) => Some(Err(failure)),
                None => return self.forget(),
            },
            Ok(set) if set.rows.len() as u64 > rows_max => None,
            Ok(set) => {
                let wanted = self.witness.as_ref().map_or(0, |witness| witness.rows_max());
                let mut sheet = Sheet::new(wanted);
                if self.witness.is_some() {
                    set.rows.iter().for_each(|row| sheet.add(row, &mut self.portals));
                }
                sheet.finish(set.affected, with_types).map(Ok)
            }
        };
        let Telltale { text, given, started } = telltale;
        if self.witness.is_some() {
            self.told.push(result.map(|result| StatementExchange {
                database: Arc::clone(&self.database),
                dialect: self.dialect,
                text,
                given: given.clone(),
                before: self.before.clone(),
                step: Some(self.step),
                result,
                took: started.elapsed(),
            }));
        }
        self.before.extend(given);
    }

    /// The commit was refused.
    pub(super) fn not_committed(&mut self, error: &SqlError) {
        let telltale = self.begin(COMMIT, Vec::new());
        let result = Err(error.clone());
        self.ended(telltale, &result, (0, false));
    }

    /// What was the matter is of the moment, or not known.
    fn forget(&mut self) {
        self.told = Vec::new();
        self.witness = None;
    }
}

impl Drop for Story {
    fn drop(&mut self) {
        let Some(witness) = &self.witness else { return };
        for told in self.told.drain(..) {
            match told {
                Some(exchange) => witness.stated(exchange),
                None => witness.omitted(),
            }
        }
    }
}
