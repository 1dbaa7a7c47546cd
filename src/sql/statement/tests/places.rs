use super::*;
use crate::sql::Part;

#[test]
fn parameters_are_found_in_their_texts() {
    let parts = Parts {
        base: "select :b, :a, :b /*filters*/",
        filters: vec!["x = :c and y = :a", "z = 1"],
        ..Parts::default()
    };
    let statement = made(Dialect::Sqlite, &parts);
    assert_eq!(statement.parameters(), ["b", "a", "c"]);
    assert_eq!(statement.parameters_of(Part::Base), [0, 1]);
    assert_eq!(statement.parameters_of(Part::Filter(0)), [2, 1]);
    for part in [Part::Filter(1), Part::Filter(2), Part::Filter(usize::MAX), Part::Sort(0)] {
        assert_eq!(statement.parameters_of(part), [] as [u16; 0]);
    }
    assert_eq!(statement.place_of(0), Some((Part::Base, 7..9)));
    assert_eq!(statement.place_of(2), Some((Part::Filter(0), 4..6)));
    assert_eq!(statement.place_of(3), None);
}

#[test]
fn a_byte_of_what_is_sent_leads_back_to_its_text() {
    let parts = Parts {
        base: r"select a[\:n], :a as ä from tt where true",
        filters: vec!["x = :x and yy"],
        sorts: sorts(&["id", "zz"]),
        casts: vec![("a", "date")],
    };
    let statement = made(Dialect::Postgres, &parts);
    let choice = Choice { filters: 1, sort: 1, page: PageChoice::After };
    let text = statement.assemble(choice).text;
    let check = |needle: &str, expected: Option<(Part, &str)>| {
        let found = statement.locate(choice, text.find(needle).unwrap());
        let shown = found.map(|(part, at)| match part {
            Part::Base => (part, &parts.base[at..]),
            Part::Filter(index) => (part, &parts.filters[index][at..]),
            Part::Sort(_) => (part, ""),
        });
        match (shown, expected) {
            (Some((part, rest)), Some((expected, start))) => {
                assert_eq!(part, expected, "{needle}");
                assert!(rest.starts_with(start), "{needle}: {rest}");
            }
            (shown, expected) => assert_eq!(shown, expected, "{needle}"),
        }
    };
    check("select a", Some((Part::Base, "select a")));
    check(":n]", Some((Part::Base, ":n]")));
    check("$1", Some((Part::Base, ":a as")));
    check("::date", Some((Part::Base, ":a as")));
    check("tt where", Some((Part::Base, "tt where")));
    check("x = $2", Some((Part::Filter(0), "x =")));
    check("$2", Some((Part::Filter(0), ":x")));
    check("yy", Some((Part::Filter(0), "yy")));
    check("\"zz\" >", Some((Part::Sort(1), "")));
    check("$3", None);
    check("as figleaf", None);
    check("limit", None);
    assert_eq!(statement.locate(choice, text.len()), None);
    assert_eq!(statement.locate(choice, usize::MAX), None);
}
