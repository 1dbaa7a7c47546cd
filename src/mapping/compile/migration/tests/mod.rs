//! Routes with candidates, in front of the demo's contract, a service and a table.

mod mistakes;
mod plans;
mod schema;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use crate::cli::FileSource;
use crate::diagnostic::{Report, Severity, Sources};
use crate::mapping::{Compiled, Environment, Known, SqlFiles, compile, read_set, statements};
use crate::plan::{MigrationPlan, Plan};
use crate::sql::{Column, Description, Type};
use crate::wsdl::load;

struct Nothing;

impl Environment for Nothing {
    fn var(&self, _: &str) -> Option<String> {
        None
    }

    fn file(&self, _: &str) -> Result<String, String> {
        Err("no files here".to_owned())
    }
}

impl SqlFiles for Nothing {
    fn read(&mut self, _: &Path) -> Result<String, String> {
        Err("no files here".to_owned())
    }
}

/// The head of a mapping; `auth` goes before `routes:`, whose first route is in line 12.
const HEAD: &str = "figleaf: 1
api: shop
version: v1
backends:
  shop: { soap: shop.wsdl, service: OrderService, port: OrderServiceSoap11 }
  shop12: { soap: shop.wsdl, service: OrderService, port: OrderServiceSoap12 }
  modern: { http: 'http://modern.test' }
  ledger: { postgres: 'postgres://h/d' }
";
const AUTH: &str = "auth: { jwt: { algorithm: HS256, key: 01234567890123456789012345678901 } }\n";

/// Compiles routes, indented as they stand in a file.
fn compiled_with(before: &str, routes: &str) -> (Option<Compiled>, Vec<String>) {
    compiled(&[&format!("{HEAD}{before}routes:\n{routes}")])
}

fn compiled(files: &[&str]) -> (Option<Compiled>, Vec<String>) {
    let (mut sources, mut report) = (Sources::default(), Report::default());
    let named = files.iter().enumerate().map(|(at, text)| (format!("{at}"), (*text).to_owned()));
    let files: Vec<(String, String)> = named.collect();
    let set = read_set(&files, &Nothing, &mut sources, &mut report);
    let found = statements(&set, &mut Nothing, &mut sources, &mut report);
    let wsdl = Path::new(env!("CARGO_MANIFEST_DIR")).join("wsdl/shop/OrderService.wsdl");
    let contract = Arc::new(load(wsdl.to_str().unwrap(), &FileSource).unwrap().contract);
    let contracts = ["shop", "shop12"].map(|name| (name.to_owned(), Arc::clone(&contract))).into();
    // Whatever is asked, the table has these columns.
    let column = |name: &str| {
        let ty = Type::Text { max: None };
        Column { name: name.to_owned(), ty, nullable: false }
    };
    let columns = ["order_id", "status"].map(column).to_vec();
    let mut descriptions = HashMap::new();
    for asked in found.asked() {
        for text in &asked.texts {
            let parameters = vec![Type::Text { max: None }; text.matches('$').count()];
            let description = Description { parameters, columns: columns.clone() };
            descriptions.insert((asked.database.name.clone(), Arc::clone(text)), Ok(description));
        }
    }
    let schemas = HashMap::new();
    let known = Known {
        contracts: &contracts,
        schemas: &schemas,
        statements: &found,
        descriptions: &descriptions,
    };
    let compiled = compile(&set, known, &sources, &mut report);
    let line = |d: &&crate::diagnostic::Diagnostic| {
        let under = d
            .span
            .map_or("", |span| &sources.text(span.file)[span.start as usize..span.end as usize]);
        let warning = if d.severity == Severity::Warning { "warning " } else { "" };
        format!("{warning}{} <{under}>: {}", d.code.as_str(), d.message)
    };
    (compiled, report.sorted().iter().map(line).collect())
}

/// The plan of routes in which there is nothing to say.
fn plan(routes: &str) -> Plan {
    let (compiled, problems) = compiled_with("", routes);
    assert_eq!(problems, Vec::<String>::new());
    compiled.unwrap().plan
}

/// What the first route's mapping says of its migration.
fn migration(routes: &str) -> Arc<MigrationPlan> {
    Arc::clone(plan(routes).routes[0].migration.as_ref().unwrap())
}

/// All problems of routes, one a line.
fn check(routes: &str, expected: &[&str]) {
    let (_, problems) = compiled_with("", routes);
    assert_eq!(problems, expected, "{routes}");
}
