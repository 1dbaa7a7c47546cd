//! Pages, and what leads from one to the next.

use super::*;
use crate::engine::sql::{Links, envelope};

const DAY: u64 = 24 * 60 * 60;

fn paged(style: PageStyle) -> SqlCall {
    let parts = Parts {
        base: "select number, customer from invoice",
        filters: vec!["customer = :customer"],
        sorts: vec![vec![OrderKey { column: "number".into(), descending: false }]],
        casts: Vec::new(),
    };
    let bindings = [(SqlSource::Parameter(0), TEXT)];
    let mut call = call(vec![step(&parts, &bindings, ResultKind::Many)]);
    call.parameters = vec![parameter("customer", ParameterPlace::Query, TEXT)];
    call.filters = vec![FilterPlan { name: "customer".into(), parameters: vec![0] }];
    call.page = Some(PagePlan { style, size: 2, max: 10, envelope: false, total: Total::None });
    call
}

fn keyset() -> SqlCall {
    let key = KeyColumn { index: 0, ty: Type::Int8, column: "number".into() };
    paged(PageStyle::Keyset(vec![vec![key]]))
}

/// A page of the numbers 1 to 5, as a database would give it.
fn page(call: &SqlCall, query: &str) -> (Vec<i64>, Links) {
    let bound = bind(call, query, None).unwrap_or_else(|p| panic!("{query}: {:?}", wrong(&p)));
    let choice = bound.choice(call, 0);
    let assembled = call.steps[0].statement.assemble(choice);
    let values = bound.values(call, 0, &[], &assembled).unwrap();
    let of = |wanted: Slot| {
        let at = assembled.slots.iter().position(|slot| *slot == wanted)?;
        let Value::Integer(number) = values[at] else { panic!("{values:?}") };
        Some(number)
    };
    let mut numbers: Vec<i64> = (1..=5).collect();
    match choice.page {
        PageChoice::After => numbers.retain(|n| *n > of(Slot::Key(0)).unwrap()),
        PageChoice::Before => {
            numbers.retain(|n| *n < of(Slot::Key(0)).unwrap());
            numbers.reverse();
        }
        PageChoice::Offset => {
            let offset = usize::try_from(of(Slot::Offset).unwrap()).unwrap();
            numbers = numbers.split_off(offset.min(5));
        }
        _ => {}
    }
    numbers.truncate(usize::try_from(of(Slot::Limit).unwrap()).unwrap());
    let mut rows: Vec<Vec<Field>> = numbers.into_iter().map(|n| row![n, "A"]).collect();
    let cursors = CursorKey::new(b"for tests");
    let asked = bound.page.as_ref().unwrap();
    let links = asked.turn(call.page.as_ref().unwrap(), &mut rows, &cursors, 0).unwrap();
    let number = |row: &Vec<Field>| match row[0] {
        Field::Integer(number) => number,
        _ => panic!(),
    };
    (rows.iter().map(number).collect(), links)
}

fn query(link: Option<&(&'static str, String)>) -> String {
    let (name, value) = link.unwrap();
    format!("{name}={value}")
}

#[test]
fn pages_by_key_lead_forth_and_back() {
    let call = keyset();
    let (first, to_second) = page(&call, "");
    assert_eq!((first, to_second.prev.is_some(), to_second.first), (vec![1, 2], false, false));
    let (second, to_third) = page(&call, &query(to_second.next.as_ref()));
    assert_eq!((second, to_third.first), (vec![3, 4], true));
    let (third, end) = page(&call, &query(to_third.next.as_ref()));
    assert_eq!((third, end.next), (vec![5], None));
    let (back, around) = page(&call, &query(end.prev.as_ref()));
    assert_eq!(back, [3, 4]);
    let (start, links) = page(&call, &query(around.prev.as_ref()));
    assert_eq!((start, links.prev.is_some(), links.next.is_some()), (vec![1, 2], false, true));
    let (more, links) = page(&call, "limit=10");
    assert_eq!((more.len(), links.next), (5, None));
}

#[test]
fn pages_by_number_lead_forth_and_back() {
    let call = paged(PageStyle::Offset);
    let links = |query: &str| page(&call, query);
    let to = |number: &str| Some(("page", number.to_owned()));
    assert_eq!(links(""), (vec![1, 2], Links { next: to("2"), prev: None, first: false }));
    assert_eq!(links("page=3"), (vec![5], Links { next: None, prev: to("2"), first: true }));
    assert!(links("page=9").0.is_empty());
}

#[test]
fn a_cursor_is_good_for_one_question() {
    let call = keyset();
    let (_, links) = page(&call, "customer=A");
    let cursor = query(links.next.as_ref());
    let refused = |call: &SqlCall, query: &str, now| {
        bind_at(call, query, None, now).map_err(|problem| wrong(&problem)).err()
    };
    assert_eq!(refused(&call, &format!("customer=A&{cursor}&limit=5"), DAY), None);
    let other = vec!["cursor belongs to another order or other filters".to_owned()];
    assert_eq!(refused(&call, &format!("customer=B&{cursor}"), 0), Some(other.clone()));
    assert_eq!(refused(&call, &cursor, 0), Some(other));
    let expired = vec!["cursor has expired".to_owned()];
    assert_eq!(refused(&call, &format!("customer=A&{cursor}"), DAY + 1), Some(expired));
    let unknown = vec!["cursor is not a cursor of this route".to_owned()];
    assert_eq!(refused(&call, "cursor=x", 0), Some(unknown));
}

#[test]
fn a_page_has_a_size_and_no_more() {
    let refused = |query: &str| wrong(&bind(&keyset(), query, None).unwrap_err());
    for limit in ["0", "11", "-1", "x", "1.0", "4294967296"] {
        let detail = "limit must be a whole number from 1 to 10";
        assert_eq!(refused(&format!("limit={limit}")), [detail]);
    }
    assert_eq!(refused("page=2"), ["page is not a parameter here"]);
    let numbered = paged(PageStyle::Offset);
    let problem = bind(&numbered, "page=0", None).unwrap_err();
    assert_eq!(wrong(&problem), ["page must be a whole number, 1 or more"]);
}

#[test]
fn a_page_in_an_envelope_says_what_is_known() {
    let json = |next, total| String::from_utf8(envelope(b"[1]", next, None, total)).unwrap();
    assert_eq!(json(None, None), r#"{"items":[1]}"#);
    assert_eq!(json(Some("/a?b=\"c"), Some(7)), r#"{"items":[1],"next":"/a?b=\"c","total":7}"#);
}
