use proptest::prelude::*;

use super::*;
use crate::sql::Part;

/// Pieces that stay as they are, with colons in them.
fn quoted_postgres() -> impl Strategy<Value = String> {
    prop_oneof![
        "[:a-z ?$\"(\\\\;-]{0,8}".prop_map(|text| format!("'{}'", text.replace('\'', "''"))),
        "[:a-z' ?]{0,8}".prop_map(|text| format!("\"x{text}\"")),
        "[:a-z'\" ?;]{0,8}".prop_map(|text| format!("$q${text}$q$")),
        "[:a-z'\" ?;$]{0,8}".prop_map(|text| format!("/* {text} /* :n */ */")),
        "[:a-z'\" ?;$/*]{0,8}".prop_map(|text| format!("--{text}\n")),
        "[:a-z\" ]{0,6}".prop_map(|text| format!("E'{text}\\' :e'")),
        Just("x::int".to_owned()),
    ]
}

/// Text that looks like SQL more often than not.
fn anything() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,40}",
        "[\\x00-\\x7f]{0,40}",
        prop::collection::vec(
            prop::sample::select(vec![
                "select ",
                "'",
                "\"",
                "`",
                "[",
                "]",
                "(",
                ")",
                "$",
                "$a$",
                "$1",
                "?",
                ":",
                ":a",
                "::",
                "\\:",
                "E'",
                "\\",
                "--",
                "/*",
                "*/",
                "/*filters*/",
                "\n",
                "\r",
                ";",
                " ",
                "ä",
                "1",
                ".",
                "e",
                "order by ",
                "limit ",
                "with ",
                "for update ",
                "json_object(",
                ",",
            ]),
            0..30,
        )
        .prop_map(|pieces| pieces.concat()),
    ]
}

proptest! {
    #[test]
    fn no_text_panics_and_every_place_is_in_its_text(
        base in anything(),
        filter in anything(),
        order in anything(),
        postgres: bool,
        filters: u64,
        sort in 0usize..3,
    ) {
        let dialect = DIALECTS[usize::from(postgres)];
        let _ = super::super::named(&base);
        let keys = super::super::parse_order(&order);
        if let Err((range, _)) = &keys {
            prop_assert!(order.get(range.clone()).is_some());
        }
        let sorts = keys.into_iter().collect();
        let casts = vec![("a", &*filter)];
        let parts = Parts { base: &base, filters: vec![&filter], sorts, casts };
        for parts in [parts, of(&base)] {
            match Statement::new(dialect, &parts) {
                Ok(statement) => for page in PageChoice::ALL {
                    let choice = Choice { filters, sort, page };
                    let text = statement.assemble(choice).text;
                    for offset in 0..=text.len() {
                        let _ = statement.locate(choice, offset);
                    }
                },
                Err(problems) => for problem in problems {
                    let text = match problem.part {
                        Part::Base => &*base,
                        Part::Filter(_) => &*filter,
                        Part::Sort(_) => "",
                    };
                    prop_assert!(text.get(problem.range.clone()).is_some(), "{problem:?}");
                    prop_assert!(!problem.message.is_empty() && !problem.help.is_empty());
                },
            }
        }
    }

    #[test]
    fn all_but_the_parameters_is_sent_byte_for_byte(
        pieces in prop::collection::vec((quoted_postgres(), prop::option::of("[a-c]{1,2}")), 1..8),
    ) {
        // With commas: PostgreSQL joins strings that only a line break parts.
        let mut base = "select 1 ".to_owned();
        let mut kept = base.clone();
        for (quoted, name) in &pieces {
            base.extend([", ", quoted, " "]);
            kept.extend([", ", quoted, " "]);
            if let Some(name) = name {
                base.extend([":", name, " "]);
                kept.push(' ');
            }
        }
        let statement = made(Dialect::Postgres, &of(&base));
        let assembled = statement.assemble(Choice::default());
        // Placeholders were at the colons; nothing else is a `$` and a digit.
        let mut sent = assembled.text.to_string();
        for number in (1..=assembled.slots.len()).rev() {
            sent = sent.replace(&format!("${number}"), "");
        }
        prop_assert_eq!(sent, kept);
        let names: std::collections::BTreeSet<_> = pieces.iter().flat_map(|(_, name)| name).collect();
        prop_assert_eq!(statement.parameters().len(), names.len());
    }
}
