//! A fixture as the text of its file.

use std::collections::BTreeMap;

use super::fixture::{FORMAT, Part, SqlFailure};
use super::{
    Cell, Delay, Fixture, Recorded, Response, Rest, Rows, Scenario, Simulated, SqlExchange,
    Volatile, read,
};
use crate::diagnostic::{Report, Sources};
use crate::yaml::{self, Tree};

impl Fixture {
    /// Writes a file: keys in the order of this type, those that say nothing left out, texts of
    /// several lines as blocks. Equal fixtures make equal texts.
    #[must_use]
    pub fn write(&self) -> String {
        yaml::write(&self.tree())
    }

    /// Writes the file `before` anew, changing only lines that say something else than this
    /// fixture: what a person wrote stays with its comments. `None` where `before` is no
    /// fixture, or is written in a way that cannot be changed in place (anchors).
    #[must_use]
    pub fn update(&self, before: &str) -> Option<String> {
        let (mut sources, mut report) = (Sources::default(), Report::default());
        let file = sources.add("", before);
        let root = read::tree(file, before, &mut report)?;
        let after = yaml::update(before, &root, &self.tree());
        let expected = Self { fixture: FORMAT, ..self.clone() };
        let read = Self::read(file, &after, &mut report);
        (read.as_ref() == Some(&expected)).then_some(after)
    }

    fn tree(&self) -> Tree {
        let mut map = Keys::default();
        map.json("fixture", FORMAT);
        map.text("note", self.note.as_deref());
        map.put("tags", row(&self.tags));
        map.text("operation", self.operation.as_deref());
        map.text("soap", self.soap.as_deref());
        map.put("sql", self.sql.as_ref().map_or_else(nothing, sql));
        map.put("recorded", self.recorded.as_ref().map_or_else(nothing, recorded));
        map.put("rest", Tree::List(self.rest.iter().map(rest).collect()));
        map.put("ignore", Tree::List(self.ignore.iter().cloned().map(Tree::Text).collect()));
        map.put("where", texts(&self.where_));
        map.put("response", response(&self.response));
        map.put("scenario", self.scenario.as_ref().map_or_else(nothing, scenario));
        map.put("volatile", Tree::List(self.volatile.iter().map(volatile).collect()));
        map.put("redacted", Tree::List(self.redacted.iter().cloned().map(Tree::Text).collect()));
        map.text("expires", self.expires.as_deref());
        map.text("effect", self.effect.as_deref());
        map.tree()
    }
}

/// Entries of an object; what says nothing is left out.
#[derive(Default)]
struct Keys(Vec<(String, Tree)>);

impl Keys {
    fn put(&mut self, key: &str, value: Tree) {
        if !value.is_empty() {
            self.0.push((key.to_owned(), value));
        }
    }

    fn text(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.put(key, Tree::Text(value.to_owned()));
        }
    }

    fn json(&mut self, key: &str, value: impl ToString) {
        self.put(key, Tree::Json(value.to_string()));
    }

    fn tree(self) -> Tree {
        Tree::Map(self.0)
    }
}

fn nothing() -> Tree {
    Tree::Map(Vec::new())
}

fn row(texts: &[String]) -> Tree {
    Tree::Row(texts.iter().cloned().map(Tree::Text).collect())
}

fn texts(map: &BTreeMap<String, String>) -> Tree {
    Tree::Map(map.iter().map(|(key, value)| (key.clone(), Tree::Text(value.clone()))).collect())
}

fn recorded(recorded: &Recorded) -> Tree {
    let mut map = Keys::default();
    map.text("at", Some(&recorded.at));
    map.text("by", Some(&recorded.by));
    map.text("contract", recorded.contract.as_deref());
    map.json("took_ms", recorded.took_ms);
    map.tree()
}

fn rest(rest: &Rest) -> Tree {
    let mut map = Keys::default();
    map.text("request", Some(&rest.request));
    map.put("headers", texts(&rest.headers));
    map.text("body", rest.body.as_deref());
    map.json("status", rest.status);
    map.text("golden", rest.golden.as_deref());
    map.tree()
}

fn response(response: &Response) -> Tree {
    let mut map = Keys::default();
    if let Some(status) = response.status {
        map.json("status", status);
    }
    map.text("content_type", response.content_type.as_deref());
    map.put("headers", texts(&response.headers));
    map.put("parts", Tree::List(response.parts.iter().map(part).collect()));
    map.put("delay", response.delay.as_ref().map_or_else(nothing, delay));
    map.put("simulate", response.simulate.as_ref().map_or_else(nothing, simulated));
    map.tree()
}

fn part(part: &Part) -> Tree {
    let mut map = Keys::default();
    map.text("content_id", part.content_id.as_deref());
    map.text("content_type", Some(&part.content_type));
    map.text("file", Some(&part.file));
    map.tree()
}

fn delay(delay: &Delay) -> Tree {
    let mut map = Keys::default();
    match delay {
        Delay::Recorded => return Tree::Text("recorded".to_owned()),
        Delay::Fixed(time) => map.text("fixed", Some(time)),
        Delay::Lognormal { median, sigma } => {
            let mut inner = Keys::default();
            inner.text("median", Some(median));
            inner.json("sigma", sigma);
            map.put("lognormal", inner.tree());
        }
    }
    map.tree()
}

fn simulated(simulated: &Simulated) -> Tree {
    let word = |word: &str| Tree::Text(word.to_owned());
    let mut map = Keys::default();
    match simulated {
        Simulated::Reset => return word("reset"),
        Simulated::HalfBody => return word("half_body"),
        Simulated::Malformed => return word("malformed"),
        Simulated::Drip(time) => map.text("drip", Some(time)),
        Simulated::Status(status) => map.json("status", status),
    }
    map.tree()
}

fn scenario(scenario: &Scenario) -> Tree {
    let mut map = Keys::default();
    map.text("name", Some(&scenario.name));
    map.text("needs", scenario.needs.as_deref());
    map.text("sets", scenario.sets.as_deref());
    map.tree()
}

fn volatile(volatile: &Volatile) -> Tree {
    let mut map = Keys::default();
    map.text("path", Some(&volatile.path));
    map.text("value", Some(&volatile.value));
    map.tree()
}

fn sql(sql: &SqlExchange) -> Tree {
    let mut map = Keys::default();
    map.text("statement", Some(&sql.statement));
    map.put("parameters", cells(&sql.parameters));
    map.put("names", row(&sql.names));
    map.put("before", cells(&sql.before));
    map.put("rows", sql.rows.as_ref().map_or_else(nothing, rows));
    if sql.affected > 0 {
        map.json("affected", sql.affected);
    }
    map.put("error", sql.error.as_ref().map_or_else(nothing, failure));
    if let Some(step) = sql.step {
        map.json("step", step);
    }
    map.tree()
}

fn rows(rows: &Rows) -> Tree {
    // Columns are there even where no row came: it is a result all the same.
    let all = if rows.rows.is_empty() { Tree::Json("[]".to_owned()) } else { lines(&rows.rows) };
    let mut map = Keys(vec![("columns".to_owned(), row(&rows.columns))]);
    map.put("types", row(&rows.types));
    map.0.push(("rows".to_owned(), all));
    map.tree()
}

fn lines(rows: &[Vec<Cell>]) -> Tree {
    Tree::List(rows.iter().map(|row| cells(row)).collect())
}

fn failure(failure: &SqlFailure) -> Tree {
    let mut map = Keys::default();
    map.text("sqlstate", Some(&failure.sqlstate));
    map.text("message", Some(&failure.message));
    map.text("constraint", failure.constraint.as_deref());
    map.text("table", failure.table.as_deref());
    map.text("column", failure.column.as_deref());
    map.tree()
}

fn cells(cells: &[Cell]) -> Tree {
    Tree::Row(cells.iter().map(|cell| Tree::Json(cell.0.clone())).collect())
}
