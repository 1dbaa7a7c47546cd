//! Which fixture a statement means.

use std::collections::HashMap;

use regex::Regex;

use super::find::other_state;
use super::sql_miss::miss;
use super::sql_value::redacted_text;
use super::{Cell, Collection, Entry, EntryId, Fixture, Hit, Miss, Rung, SqlExchange};
use crate::redact::{Redaction, Redactor};
use crate::sql::{Dialect, Given, essence};

/// A statement for a database.
#[derive(Debug, Clone, Copy)]
pub struct AskedSql<'a> {
    /// The backend.
    pub backend: &'a str,
    /// What it speaks.
    pub dialect: Dialect,
    /// The statement.
    pub statement: &'a str,
    /// Its values.
    pub given: &'a [Given],
    /// The values of the statements before it in its transaction.
    pub before: &'a [Given],
    /// Its place in its transaction, from 1.
    pub step: Option<u32>,
    /// As of [`Asked::states`](super::Asked).
    pub states: &'a HashMap<String, String>,
    /// Whether a fixture may stand in that has other values.
    pub lenient: bool,
}

/// What a statement is compared by: its values as they would have been recorded.
pub(super) struct Wanted<'a> {
    pub asked: AskedSql<'a>,
    pub given: Vec<Option<String>>,
    pub before: Vec<Option<String>>,
}

/// A fixture and in what it is not what is wanted.
pub(super) struct Near<'c> {
    pub id: EntryId,
    pub entry: &'c Entry,
    pub sql: &'c SqlExchange,
    pub unlike: Unlike,
}

/// In what a fixture is not what is wanted.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Unlike {
    /// Its statement is another.
    pub statement: bool,
    /// Its place in its transaction is another.
    pub step: bool,
    /// Values that are not the same, by place.
    pub values: Vec<usize>,
    /// Values of earlier statements that are not the same, by place.
    pub before: Vec<usize>,
    /// The scenario is in another state.
    pub state: bool,
    /// Whether it says nothing of earlier statements.
    pub is_vague: bool,
}

impl Unlike {
    fn fits(&self) -> bool {
        !self.statement && !self.step && !self.state && self.differs_by() == 0
    }

    /// Values that are not the same, in number.
    pub fn differs_by(&self) -> usize {
        self.values.len() + self.before.len()
    }
}

impl Collection {
    /// The fixture of a statement: the same text but for white space and comments, the same
    /// values in their redacted form, whatever their types, the same place in its transaction
    /// and, where the fixture names them, the same values before it.
    ///
    /// # Errors
    /// Where none fits, and what is nearest.
    pub fn find_sql(&self, asked: AskedSql<'_>) -> Result<Hit, Box<Miss>> {
        let redactor = self.redactors.get(asked.backend).map(|redactor| &**redactor);
        let wanted = Wanted::new(asked, redactor);
        // Nearly always the text is the very same, and nothing has to be read.
        let same = self.nearby(&wanted, redactor, |text| text != asked.statement);
        if let Some(hit) = best(&same) {
            return Ok(hit);
        }
        let own = essence(asked.dialect, asked.statement);
        let all = self.nearby(&wanted, redactor, |text| essence(asked.dialect, text) != own);
        if let Some(hit) = best(&all) {
            return Ok(hit);
        }
        let stands_in = |near: &&Near<'_>| {
            let Unlike { statement, step, state, .. } = near.unlike;
            asked.lenient && !statement && !step && !state
        };
        let nearest = all.iter().filter(stands_in).min_by_key(|near| near.unlike.differs_by());
        match nearest {
            Some(near) => Ok(Hit { entry: near.id, rung: Rung::Operation }),
            None => Err(Box::new(miss(&wanted, all))),
        }
    }

    /// Every fixture of the backend, compared.
    fn nearby(
        &self,
        wanted: &Wanted<'_>,
        redactor: Option<&Redactor>,
        is_other: impl Fn(&str) -> bool,
    ) -> Vec<Near<'_>> {
        let compare = |(at, entry): (u32, _)| {
            let entry: &Entry = entry;
            let sql = entry.fixture.sql.as_ref()?;
            if entry.backend != wanted.asked.backend {
                return None;
            }
            let unlike = wanted.compare(&entry.fixture, sql, redactor, is_other(&sql.statement));
            Some(Near { id: EntryId(at), entry, sql, unlike })
        };
        (0..).zip(&self.entries).filter_map(compare).collect()
    }
}

/// The one that fits best: which says most, then the first by name.
fn best(nearby: &[Near<'_>]) -> Option<Hit> {
    let fitting = nearby.iter().filter(|near| near.unlike.fits());
    let best = fitting.min_by_key(|near| near.unlike.is_vague)?;
    Some(Hit { entry: best.id, rung: Rung::Exact })
}

impl<'a> Wanted<'a> {
    fn new(asked: AskedSql<'a>, redactor: Option<&Redactor>) -> Self {
        let mut redacted = Redacted::new(redactor);
        // In the order in which a recording was redacted.
        let mut of = |given: &Given| redacted.text(&given.name, given.text.as_deref());
        let before = asked.before.iter().map(&mut of).collect();
        let given = asked.given.iter().map(&mut of).collect();
        Self { asked, given, before }
    }

    fn compare(
        &self,
        fixture: &Fixture,
        sql: &SqlExchange,
        redactor: Option<&Redactor>,
        statement: bool,
    ) -> Unlike {
        let state = other_state(fixture.scenario.as_ref(), self.asked.states).is_some();
        let (step, is_vague) = (sql.step != self.asked.step, sql.before.is_empty());
        // What differs in the first place needs no second one, unless somebody asks for it.
        let mut unlike = Unlike { statement, step, state, is_vague, ..Unlike::default() };
        if statement {
            return unlike;
        }
        let mut redacted = Redacted::new(redactor);
        let (given, before) = (self.asked.given, self.asked.before);
        if !is_vague {
            let recorded = texts(&mut redacted, &sql.before, before);
            unlike.before = differing(&recorded, &self.before, |at| {
                before.get(at).is_some_and(Given::is_volatile)
            });
        }
        let recorded = texts(&mut redacted, &sql.parameters, given);
        let told = Told { fixture, given };
        unlike.values = differing(&recorded, &self.given, |at| told.allows(at, self.text(at)));
        unlike
    }

    fn text(&self, at: usize) -> Option<&str> {
        self.given.get(at).and_then(Option::as_deref)
    }
}

/// What a fixture says of a parameter beside its value.
struct Told<'f> {
    fixture: &'f Fixture,
    given: &'f [Given],
}

impl Told<'_> {
    /// Whether a value may be another one than was recorded.
    fn allows(&self, at: usize, text: Option<&str>) -> bool {
        let Some(given) = self.given.get(at) else { return false };
        let numbered = format!("parameters[{}]", at + 1);
        let is_meant = |path: &str| path == numbered || (path == &*given.name && !path.is_empty());
        let matches = |pattern: &String| {
            let pattern = Regex::new(&format!("^(?:{pattern})$")).ok();
            pattern.is_some_and(|pattern| text.is_some_and(|text| pattern.is_match(text)))
        };
        given.is_volatile()
            || self.fixture.ignore.iter().any(|path| is_meant(path))
            || self.fixture.where_.iter().any(|(path, pattern)| is_meant(path) && matches(pattern))
    }
}

/// Values of a fixture as they are compared, with the names they have now.
fn texts(redacted: &mut Redacted<'_>, cells: &[Cell], given: &[Given]) -> Vec<Option<String>> {
    let name = |at: usize| given.get(at).map_or("", |given| &*given.name);
    let text = |(at, cell): (usize, &Cell)| redacted.text(name(at), cell.text().as_deref());
    cells.iter().enumerate().map(text).collect()
}

/// Places at which two lists differ and may not.
fn differing(
    recorded: &[Option<String>],
    wanted: &[Option<String>],
    may: impl Fn(usize) -> bool,
) -> Vec<usize> {
    let longer = recorded.len().max(wanted.len());
    (0..longer).filter(|at| recorded.get(*at) != wanted.get(*at) && !may(*at)).collect()
}

/// Values redacted one after another.
struct Redacted<'r>(Option<Redaction<'r>>);

impl<'r> Redacted<'r> {
    fn new(redactor: Option<&'r Redactor>) -> Self {
        Self(redactor.map(Redaction::new))
    }

    /// A value as a recording would have it. One that would not have been recorded fits none.
    fn text(&mut self, name: &str, text: Option<&str>) -> Option<String> {
        let text = text?;
        let Some(redaction) = &mut self.0 else { return Some(text.to_owned()) };
        Some(redacted_text(redaction, name, text).unwrap_or_else(|_| text.to_owned()))
    }
}
