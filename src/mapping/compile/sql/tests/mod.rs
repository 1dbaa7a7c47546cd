//! Routes of statements, with descriptions given by hand.

mod mistakes;
mod places;
mod shapes;

use std::collections::HashMap;
use std::path::Path;

use super::{Descriptions, SqlFiles, statements};
use crate::diagnostic::{Report, Sources};
use crate::mapping::{Compiled, Contracts, Environment, Known, compile, read_set};
use crate::sql::{Column, DescribeError, Description, Slot, Type};

struct Env;

impl Environment for Env {
    fn var(&self, _: &str) -> Option<String> {
        None
    }

    fn file(&self, _: &str) -> Result<String, String> {
        Err("no files here".to_owned())
    }
}

/// Files of SQL by name.
struct Files(&'static [(&'static str, &'static str)]);

impl SqlFiles for Files {
    fn read(&mut self, path: &Path) -> Result<String, String> {
        let found = self.0.iter().find(|(name, _)| path.ends_with(name));
        found.map(|(_, text)| (*text).to_owned()).ok_or_else(|| "no such file".to_owned())
    }
}

/// Columns: name, type, and whether NULL may stand in it.
type Columns = &'static [(&'static str, Type, bool)];

/// What the database of the tests says.
#[derive(Default)]
struct Says {
    /// Types of parameters by name; text where they are not here.
    parameters: &'static [(&'static str, Type)],
    /// Columns of statements that have this text in them; the first that fits.
    columns: &'static [(&'static str, Columns)],
    /// A word it refuses wherever it stands.
    refuses: Option<&'static str>,
    files: &'static [(&'static str, &'static str)],
}

const INT: Type = Type::Int4;
const TEXT: Type = Type::Text { max: None };
const CUSTOMER: Columns =
    &[("customer_id", INT, false), ("name", TEXT, false), ("note", TEXT, true)];
const LINES: Columns = &[
    ("order_no", INT, false),
    ("customer_id", INT, false),
    ("line_no", INT, true),
    ("article", TEXT, true),
];
const SAYS: Says = Says {
    parameters: &[("customer_id", INT), ("id", INT), ("since", Type::Date), ("limit_to", INT)],
    columns: &[("customers", CUSTOMER), ("order_lines", LINES), ("count(*)", &[("n", INT, true)])],
    refuses: None,
    files: &[],
};

/// The head of a mapping; routes begin at its line 7.
const HEAD: &str =
    "figleaf: 1\napi: a\nversion: v1\nbackends:\n  db: { postgres: \"postgres://h/d\" }\nroutes:\n";

/// Compiles routes, indented as they stand in a file; problems as
/// `line:column code <what is underlined>: message`.
fn compiled(says: &Says, routes: &str) -> (Option<Compiled>, String) {
    let (mut sources, mut report) = (Sources::default(), Report::default());
    let files = [("m.yaml".to_owned(), format!("{HEAD}{routes}"))];
    let set = read_set(&files, &Env, &mut sources, &mut report);
    let found = statements(&set, &mut Files(says.files), &mut sources, &mut report);
    let mut descriptions = Descriptions::new();
    for ((backend, _), parsed) in &found.parsed {
        for variant in &parsed.variants {
            let names = parsed.statement.parameters();
            let described = says.describe(&variant.text, &variant.slots, names);
            descriptions.insert((backend.clone(), variant.text.clone()), described);
        }
    }
    let contracts: Contracts = HashMap::new();
    let schemas = HashMap::new();
    let known = Known {
        contracts: &contracts,
        schemas: &schemas,
        statements: &found,
        descriptions: &descriptions,
    };
    let compiled = compile(&set, known, &sources, &mut report);
    let line = |d: &&crate::diagnostic::Diagnostic| {
        let place = d.span.map(|span| sources.place(span)).unwrap();
        let file = if place.file == "m.yaml" { String::new() } else { format!("{}:", place.file) };
        let under = d
            .span
            .map_or("", |span| &sources.text(span.file)[span.start as usize..span.end as usize]);
        let (line, column, code) = (place.line, place.column, d.code.as_str());
        format!("{file}{line}:{column} {code} <{under}>: {}\n", d.message)
    };
    (compiled, report.sorted().iter().map(line).collect())
}

impl Says {
    fn describe(
        &self,
        text: &str,
        slots: &[Slot],
        names: &[String],
    ) -> Result<Description, DescribeError> {
        if let Some(offset) = self.refuses.and_then(|word| text.find(word)) {
            let (sqlstate, message) = (Some("42703".to_owned()), "no such column".to_owned());
            return Err(DescribeError::Refused {
                sqlstate,
                message,
                hint: None,
                offset: Some(offset),
            });
        }
        let parameter = |slot: &Slot| match slot {
            Slot::Parameter(at) => {
                let name = &names[usize::from(*at)];
                if name == "ids" {
                    return Type::Array(Box::new(INT));
                }
                let found = self.parameters.iter().find(|(known, _)| known == name);
                found.map_or(TEXT, |(_, ty)| ty.clone())
            }
            _ => Type::Int8,
        };
        let columns = self.columns.iter().find(|(part, _)| text.contains(part));
        let column = |(name, ty, nullable): &(&str, Type, bool)| Column {
            name: (*name).to_owned(),
            ty: ty.clone(),
            nullable: *nullable,
        };
        Ok(Description {
            parameters: slots.iter().map(parameter).collect(),
            columns: columns.map_or(&[][..], |(_, c)| c).iter().map(column).collect(),
        })
    }
}
