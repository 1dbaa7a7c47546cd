//! Which fixture a statement means.

use std::collections::HashMap;

use regex::Regex;

use super::sql_miss::miss;
use super::sql_value::redacted_text;
use super::tokens::token;
use super::{
    Cell, Collection, Entry, EntryId, Fixture, Hit, Miss, OtherState, Rung, STATE_FIRST,
    SqlExchange,
};
use crate::redact::{Redaction, Redactor, Token};
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
    /// Its own values as they are compared where a fixture says nothing of earlier ones.
    alone: Vec<Option<String>>,
}

/// A fixture and in what it is not what is wanted.
pub(super) struct Near<'c> {
    pub id: EntryId,
    pub entry: &'c Entry,
    pub sql: &'c SqlExchange,
    pub unlike: Unlike,
}

impl Near<'_> {
    /// The state its fixture needs, where its scenario is in another.
    pub fn state(&self, wanted: &Wanted<'_>) -> Option<OtherState> {
        let scenario = self.entry.fixture.scenario.as_ref().filter(|_| self.unlike.state)?;
        let is = wanted.asked.states.get(&scenario.name).map_or(STATE_FIRST, String::as_str);
        Some(OtherState {
            scenario: scenario.name.clone(),
            needs: scenario.needs.as_deref().unwrap_or(STATE_FIRST).to_owned(),
            is: is.to_owned(),
        })
    }
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
        let all = |lists: [&[Given]; 2]| {
            let mut redacted = Redacted::new(redactor);
            let mut of = |given: &Given| redacted.text(&given.name, given.text.as_deref());
            lists.map(|list| list.iter().map(&mut of).collect::<Vec<_>>())
        };
        // In the order in which a recording was redacted.
        let [before, given] = all([asked.before, asked.given]);
        let [_, alone] =
            if before.is_empty() { [Vec::new(), given.clone()] } else { all([&[], asked.given]) };
        Self { asked, given, before, alone }
    }

    fn compare(
        &self,
        fixture: &Fixture,
        sql: &SqlExchange,
        redactor: Option<&Redactor>,
        statement: bool,
    ) -> Unlike {
        let state = fixture.scenario.as_ref().is_some_and(|scenario| {
            let is = self.asked.states.get(&scenario.name).map_or(STATE_FIRST, String::as_str);
            is != scenario.needs.as_deref().unwrap_or(STATE_FIRST)
        });
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
        let own = if is_vague { &self.alone } else { &self.given };
        unlike.values = differing(&recorded, own, |at| told.allows(at));
        unlike
    }
}

/// What a fixture says of a parameter beside its value.
struct Told<'f> {
    fixture: &'f Fixture,
    given: &'f [Given],
}

impl Told<'_> {
    /// Whether a value may be another one than was recorded.
    fn allows(&self, at: usize) -> bool {
        let Some(given) = self.given.get(at) else { return false };
        let numbered = format!("parameters[{}]", at + 1);
        let is_meant = |path: &str| path == numbered || (path == &*given.name && !path.is_empty());
        let matches = |pattern: &String| {
            let pattern = Regex::new(&format!("^(?:{pattern})$")).ok();
            let text = given.text.as_deref();
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

/// Values redacted one after another, and their secrets numbered by their first places: those
/// of a live statement have other numbers than those of a recording, and mean the same.
struct Redacted<'r> {
    redaction: Option<Redaction<'r>>,
    known: Vec<Token>,
}

impl<'r> Redacted<'r> {
    fn new(redactor: Option<&'r Redactor>) -> Self {
        Self { redaction: redactor.map(Redaction::new), known: Vec::new() }
    }

    /// A value as a recording would have it. One that would not have been recorded fits none.
    fn text(&mut self, name: &str, text: Option<&str>) -> Option<String> {
        let text = text?;
        let redacted = match &mut self.redaction {
            Some(redaction) => redacted_text(redaction, name, text).ok(),
            None => None,
        };
        let redacted = redacted.unwrap_or_else(|| text.to_owned());
        let Some(token) = token(&redacted) else { return Some(redacted) };
        let at = self.known.iter().position(|known| *known == token).unwrap_or_else(|| {
            self.known.push(token);
            self.known.len() - 1
        });
        // No text of a database has these letters.
        Some(format!("\u{0}{:?} {at}", token.kind))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Rows, Scenario, Why};
    use super::*;

    const TEXT: &str = "select a from t where b = $1 and c = $2";

    fn given(all: &[(&str, Option<&str>)]) -> Vec<Given> {
        let one = |(name, text): &(&str, Option<&str>)| Given {
            name: (*name).into(),
            text: text.map(str::to_owned),
        };
        all.iter().map(one).collect()
    }

    fn entry(name: &str, sql: SqlExchange) -> Entry {
        Entry {
            name: format!("db/{name}"),
            backend: "db".to_owned(),
            fixture: Fixture { fixture: 1, sql: Some(sql), ..Fixture::default() },
            request: None,
            response: Vec::new(),
            parts: Vec::new(),
        }
    }

    fn exchange(statement: &str, parameters: &[Option<&str>]) -> SqlExchange {
        SqlExchange {
            statement: statement.to_owned(),
            parameters: parameters.iter().map(|text| Cell::of_text(*text)).collect(),
            rows: Some(Rows::default()),
            ..SqlExchange::default()
        }
    }

    fn collection(entries: Vec<Entry>) -> Collection {
        Collection::new(entries, HashMap::new(), HashMap::new())
    }

    /// The name of what is found, or why nothing is.
    fn find(
        collection: &Collection,
        change: impl FnOnce(&mut AskedSql<'_>),
        values: &[(&str, Option<&str>)],
    ) -> Result<String, (Why, Box<Miss>)> {
        let (states, given) = (HashMap::new(), given(values));
        let mut asked = AskedSql {
            backend: "db",
            dialect: Dialect::Postgres,
            statement: TEXT,
            given: &given,
            before: &[],
            step: None,
            states: &states,
            lenient: false,
        };
        change(&mut asked);
        let found = collection.find_sql(asked);
        found.map(|hit| collection.entry(hit.entry).name.clone()).map_err(|miss| (miss.why, miss))
    }

    #[test]
    fn a_statement_is_found_by_its_words_and_values() {
        let all = collection(vec![
            entry("one", exchange(TEXT, &[Some("1"), Some("x")])),
            entry("null", exchange(TEXT, &[Some("1"), None])),
            entry("empty", exchange(TEXT, &[Some("1"), Some("")])),
            entry("spaced", exchange("select a\n  from t -- all\n where b=$1", &[Some("00018")])),
        ]);
        let check = |statement: &'static str,
                     values: &[Option<&str>],
                     expected: Result<&str, Why>| {
            let values: Vec<_> = values.iter().map(|text| ("", *text)).collect();
            let found = find(&all, |asked| asked.statement = statement, &values);
            let found = found.map_err(|(why, _)| why);
            assert_eq!(found, expected.map(|name| format!("db/{name}")), "{statement} {values:?}");
        };
        check(TEXT, &[Some("1"), Some("x")], Ok("one"));
        check(TEXT, &[Some("1"), None], Ok("null"));
        check(TEXT, &[Some("1"), Some("")], Ok("empty"));
        check(TEXT, &[Some("1"), Some("null")], Err(Why::Value));
        check(TEXT, &[Some("1")], Err(Why::Value));
        check("select a from t where b = $1", &[Some("00018")], Ok("spaced"));
        check("select a from t where b = $1", &[Some("18")], Err(Why::Value));
        check("select A from t where b = $1", &[Some("00018")], Err(Why::Statement));
        let other = find(&all, |asked| asked.backend = "other", &[]);
        assert_eq!(other.unwrap_err().0, Why::NoFixture);
    }

    #[test]
    fn what_changes_each_time_and_what_a_fixture_leaves_open_does_not_count() {
        let mut one = entry("one", exchange(TEXT, &[Some("1"), Some("x")]));
        one.fixture.ignore = vec!["since".to_owned()];
        one.fixture.where_ = [("parameters[1]".to_owned(), "[0-9]+".to_owned())].into();
        let all = collection(vec![one]);
        let check = |values: &[(&str, Option<&str>)], expected: bool| {
            assert_eq!(find(&all, |_| (), values).is_ok(), expected, "{values:?}");
        };
        check(&[("id", Some("77")), ("since", Some("now"))], true);
        check(&[("id", Some("77a")), ("since", Some("now"))], false);
        check(&[("id", Some("77")), ("until", Some("now"))], false);
        check(&[("id", Some("77")), (crate::sql::REQUEST_TIME, Some("now"))], true);
    }

    #[test]
    fn a_statement_of_a_transaction_depends_on_what_came_before() {
        let step = |before: &[&str]| SqlExchange {
            step: Some(2),
            before: before.iter().map(|text| Cell::of_text(Some(text))).collect(),
            ..exchange(TEXT, &[])
        };
        let all = collection(vec![entry("anybody", step(&[])), entry("bob", step(&["bob"]))]);
        let check = |step: Option<u32>, before: &[Given], expected: Result<&str, Why>| {
            let found = find(&all, |asked| (asked.step, asked.before) = (step, leak(before)), &[]);
            let found = found.map_err(|(why, _)| why);
            assert_eq!(found, expected.map(|name| format!("db/{name}")));
        };
        check(Some(2), &given(&[("user", Some("bob"))]), Ok("bob"));
        check(Some(2), &given(&[("user", Some("alice"))]), Ok("anybody"));
        check(None, &[], Err(Why::Structure));
    }

    fn leak(before: &[Given]) -> &'static [Given] {
        Box::leak(before.to_vec().into_boxed_slice())
    }

    #[test]
    fn a_miss_says_what_differs_and_which_line_mends_it() {
        let all = collection(vec![
            entry("a", exchange(TEXT, &[Some("1"), Some("x")])),
            entry("b", exchange(TEXT, &[Some("2"), Some("y")])),
            entry("c", exchange("select a from t where b = $1 or c = $2", &[Some("1"), Some("x")])),
            entry("d", exchange("delete from t", &[])),
        ]);
        let (why, miss) = find(&all, |_| (), &[("id", Some("1")), ("", Some("z"))]).unwrap_err();
        assert_eq!(why, Why::Value);
        let near: Vec<&str> = miss.nearest.iter().map(|near| near.name.as_str()).collect();
        assert_eq!(near, ["db/a", "db/b", "db/c"]);
        let difference = &miss.nearest[0].differences[0];
        assert_eq!(difference.path.to_string(), "parameters[2]");
        assert_eq!(
            (difference.left.as_deref(), difference.right.as_deref()),
            (Some("x"), Some("z"))
        );
        assert_eq!(miss.nearest[0].line.as_deref(), Some("ignore: [\"parameters[2]\"]"));
        assert_eq!(miss.nearest[1].differences[0].path.to_string(), "id");
        let statement = &miss.nearest[2].differences[0];
        assert_eq!(
            (statement.left.as_deref(), statement.right.as_deref()),
            (Some("or"), Some("and"))
        );
        assert_eq!(miss.operation.as_deref(), Some("`select a from t where b = $1 and c = $2`"));
    }

    #[test]
    fn a_scenario_has_to_be_where_the_fixture_needs_it() {
        let mut paid = entry("paid", exchange(TEXT, &[]));
        let needs = Some("paid".to_owned());
        paid.fixture.scenario = Some(Scenario { name: "order".to_owned(), needs, sets: None });
        let all = collection(vec![paid]);
        let (why, miss) = find(&all, |_| (), &[]).unwrap_err();
        let state = miss.nearest[0].state.clone().unwrap();
        assert_eq!((why, state.needs.as_str(), state.is.as_str()), (Why::State, "paid", "started"));
    }

    #[test]
    fn leniently_the_nearest_values_do() {
        let all = collection(vec![entry("a", exchange(TEXT, &[Some("1"), Some("x")]))]);
        let values = [("", Some("1")), ("", Some("z"))];
        assert_eq!(find(&all, |asked| asked.lenient = true, &values).unwrap(), "db/a");
    }
}
