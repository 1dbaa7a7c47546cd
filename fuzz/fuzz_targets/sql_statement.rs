//! Any texts as a statement: refused with places in them, or assembled in every way, and what
//! was sent leads back to the texts.
#![no_main]

use figleaf::sql::{Choice, Dialect, PageChoice, Part, Parts, Statement, named, parse_order};
use libfuzzer_sys::fuzz_target;

const PAGES: [PageChoice; 6] = [
    PageChoice::All,
    PageChoice::First,
    PageChoice::After,
    PageChoice::Before,
    PageChoice::Offset,
    PageChoice::Count,
];

fuzz_target!(|input: (bool, &str, &str, &str)| {
    let (postgres, base, filter, order) = input;
    let dialect = if postgres { Dialect::Postgres } else { Dialect::Sqlite };
    for (_, range) in named(base).unwrap_or_default() {
        assert!(base.get(range).is_some());
    }
    let sorts = parse_order(order).into_iter().collect();
    let filters = if filter.is_empty() { Vec::new() } else { vec![filter] };
    let parts = Parts { base, filters, sorts, casts: vec![("a", filter)] };
    for parts in [&parts, &Parts { base, ..Parts::default() }] {
        let statement = match Statement::new(dialect, parts) {
            Ok(statement) => statement,
            Err(problems) => {
                for problem in problems {
                    let text = match problem.part {
                        Part::Base => base,
                        Part::Filter(_) => filter,
                        Part::Sort(_) => "",
                    };
                    assert!(text.get(problem.range).is_some(), "a place outside of its text");
                }
                continue;
            }
        };
        for page in PAGES {
            for filters in [0, 1] {
                let choice = Choice { filters, sort: 0, page };
                let assembled = statement.assemble(choice);
                for offset in [0, assembled.text.len() / 2, assembled.text.len()] {
                    let _ = statement.locate(choice, offset);
                }
            }
        }
    }
});
