//! Of several fixtures the right one, and of none what is nearest and what to write.

use std::collections::HashMap;
use std::sync::Arc;

use figleaf::canonical::{Cause, NodePath, read_message};
use figleaf::exchange::{Asked, Collection, Entry, Rung, Scenario, Why};
use figleaf::redact::{RedactRules, Redactor};
use figleaf::xml::XmlLimits;

use super::{DEPOT, Headers, PLACE, ask, collection, entry, envelope, hit_name, parsed, patterns};

fn quote(article: &str, count: &str) -> String {
    envelope(&format!(
        "<d:Quote><d:article>{article}</d:article><d:count>{count}</d:count></d:Quote>"
    ))
}

/// A fixture of a quote, changed.
fn fixture(name: &str, article: &str, change: impl FnOnce(&mut Entry)) -> Entry {
    let mut entry = entry(name, "Quote", &quote(article, "1"));
    change(&mut entry);
    entry
}

fn in_state(entry: &mut Entry, needs: Option<&str>) {
    let needs = needs.map(str::to_owned);
    entry.fixture.scenario = Some(Scenario { name: "stock".to_owned(), needs, sets: None });
}

fn asked(collection: &Collection, request: &str, state: Option<&str>) -> Result<String, Why> {
    let states: HashMap<String, String> =
        state.map(|state| ("stock".to_owned(), state.to_owned())).into_iter().collect();
    let request = parsed(request);
    let asked = Asked {
        backend: "depot",
        action: None,
        envelope: &request,
        states: &states,
        lenient: false,
    };
    hit_name(collection, collection.find(asked)).map_err(|miss| miss.why)
}

#[test]
fn what_a_fixture_leaves_out_does_not_count() {
    let all = collection(vec![
        fixture("any count", "a", |e| e.fixture.ignore = vec!["//count".to_owned()]),
        fixture("one", "a", |_| {}),
        fixture("digits", "b", |e| e.fixture.where_ = patterns(&[("Body/Quote/count", r"\d+")])),
        fixture("ten or more", "c", |e| {
            e.fixture.where_ = patterns(&[("//{urn:depot}count", r"\d{2,}")]);
        }),
        fixture("less", "c", |e| e.fixture.where_ = patterns(&[("//{urn:depot}count", r"\d")])),
    ]);
    let check = |article, count, expected: Result<&str, Why>| {
        let found = asked(&all, &quote(article, count), None);
        assert_eq!(found.as_deref().map_err(|why| *why), expected, "{article} {count}");
    };
    check("a", "7", Ok("any count"));
    check("a", "1", Ok("one"));
    check("b", "007", Ok("digits"));
    check("b", "-7", Err(Why::Where));
    check("c", "12", Ok("ten or more"));
    check("c", "3", Ok("less"));
    let without = envelope("<d:Quote><d:article>b</d:article></d:Quote>");
    assert_eq!(asked(&all, &without, None), Err(Why::Where));
    assert_eq!(all.shadowed(), []);
}

#[test]
fn the_state_of_a_scenario_chooses() {
    let all = collection(vec![
        fixture("always", "a", |_| {}),
        fixture("first", "a", |e| in_state(e, None)),
        fixture("then", "a", |e| in_state(e, Some("sold"))),
        fixture("sold only", "b", |e| in_state(e, Some("sold"))),
    ]);
    let check = |article, state, expected: Result<&str, Why>| {
        let found = asked(&all, &quote(article, "1"), state);
        assert_eq!(found.as_deref().map_err(|why| *why), expected, "{article} {state:?}");
    };
    check("a", None, Ok("first"));
    check("a", Some("started"), Ok("first"));
    check("a", Some("sold"), Ok("then"));
    check("a", Some("elsewhere"), Ok("always"));
    check("b", Some("sold"), Ok("sold only"));
    check("b", None, Err(Why::State));
    let request = parsed(&quote("b", "1"));
    let miss = *ask(&all, Headers::default(), &request, false).unwrap_err();
    let near = &miss.nearest[0];
    assert_eq!(near.name, "sold only");
    let state = near.state.clone().unwrap();
    assert_eq!((&*state.scenario, &*state.needs, &*state.is), ("stock", "sold", "started"));
    assert_eq!(near.line.as_deref(), Some("scenario: { name: 'stock', needs: 'started' }"));
}

#[test]
fn the_version_is_a_separate_question() {
    let all = collection(vec![
        fixture("either", "a", |_| {}),
        fixture("twelve", "a", |e| e.fixture.soap = Some("1.2".to_owned())),
        fixture("twelve only", "b", |e| e.fixture.soap = Some("1.2".to_owned())),
    ]);
    let twelve = |text: String| {
        text.replace(
            "http://schemas.xmlsoap.org/soap/envelope/",
            "http://www.w3.org/2003/05/soap-envelope",
        )
    };
    assert_eq!(asked(&all, &quote("a", "1"), None).as_deref(), Ok("either"));
    assert_eq!(asked(&all, &twelve(quote("a", "1")), None).as_deref(), Ok("twelve"));
    assert_eq!(asked(&all, &twelve(quote("b", "1")), None).as_deref(), Ok("twelve only"));
    assert_eq!(asked(&all, &quote("b", "1"), None), Err(Why::Version));
}

/// Fixtures of which articles are secrets.
fn with_secret_articles(entries: Vec<Entry>) -> Collection {
    let paths = vec![NodePath::parse("//article").unwrap()];
    let redactor = Redactor::new(RedactRules { paths, ..RedactRules::default() });
    let redactors = HashMap::from([("depot".to_owned(), Arc::new(redactor))]);
    let vocabularies = HashMap::from([("depot".to_owned(), Arc::clone(&DEPOT))]);
    Collection::new(entries, vocabularies, redactors)
}

#[test]
fn secrets_of_other_numbers_are_the_same_and_those_of_the_same_number_go_first() {
    let all = with_secret_articles(vec![
        fixture("a seven", "REDACTED-N7", |_| {}),
        fixture("b nine", "REDACTED-N9", |_| {}),
    ]);
    assert_eq!(asked(&all, &quote("REDACTED-N9", "1"), None).as_deref(), Ok("b nine"));
    assert_eq!(asked(&all, &quote("REDACTED-N1", "1"), None).as_deref(), Ok("a seven"));
    assert_eq!(asked(&all, &quote("the live secret", "1"), None).as_deref(), Ok("a seven"));
    assert_eq!(asked(&all, &quote("the live secret", "2"), None), Err(Why::Value));
    assert_eq!(all.shadowed(), []);
}

#[test]
fn a_lenient_question_gets_the_nearest_of_the_operation() {
    let mut all = vec![fixture("far", "z", |e| e.request = Some(parsed(&quote("z", "9"))))];
    all.push(fixture("near", "b", |_| {}));
    all.push(fixture("in a state", "b", |e| in_state(e, Some("sold"))));
    let all = collection(all);
    let request = parsed(&quote("a", "1"));
    let hit = ask(&all, Headers::default(), &request, true).unwrap();
    assert_eq!((hit.rung, &*all.entry(hit.entry).name), (Rung::Operation, "near"));
    let exact = ask(&all, Headers::default(), &parsed(&quote("z", "9")), true).unwrap();
    assert_eq!((exact.rung, &*all.entry(exact.entry).name), (Rung::Exact, "far"));
    let other = parsed(PLACE);
    assert_eq!(ask(&all, Headers::default(), &other, true).unwrap_err().why, Why::NoFixture);
    let without = collection(vec![fixture("answer only", "a", |e| e.request = None)]);
    let hit = ask(&without, Headers::default(), &request, true).unwrap();
    assert_eq!(hit.rung, Rung::Operation);
}

/// A request misses; the line that is told makes it hit.
fn mends(change: &[(&str, &str)], why: Why, expected: &str) {
    let request = change.iter().fold(PLACE.to_owned(), |text, (from, to)| text.replace(from, to));
    let request = parsed(&request);
    let all = collection(vec![entry("place", "Place", PLACE)]);
    let miss = *ask(&all, Headers::default(), &request, false).unwrap_err();
    assert_eq!(miss.why, why, "{change:?}");
    let line = miss.nearest[0].line.as_deref();
    assert_eq!(line, Some(expected), "{change:?}");
    let mut mended = entry("place", "Place", PLACE);
    let yaml = format!("fixture: 1\noperation: Place\n{expected}\n");
    mended.fixture = serde_saphyr::from_str(&yaml).unwrap();
    let all = collection(vec![mended]);
    assert!(ask(&all, Headers::default(), &request, false).is_ok(), "{expected}");
}

#[test]
fn the_line_that_is_told_makes_the_request_hit() {
    mends(&[("12.50", "13.5")], Why::Value, "where: { '//total': '.+' }");
    mends(
        &[(">2</d:count>", ">5</d:count>")],
        Why::Value,
        r"where: { 'Body/Place/goods[1]/count': '\d+' }",
    );
    mends(
        &[(">2</d:count>", ">5</d:count>"), (">1</d:count>", ">6</d:count>")],
        Why::Value,
        r"where: { '//count': '\d+' }",
    );
    mends(
        &[("2026-11-21T12:00:00+02:00", "2026-11-22T12:00:00+02:00")],
        Why::Value,
        r"where: { '//wanted': '\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})?' }",
    );
    mends(
        &[("</d:Place>", "<d:note>it's new</d:note></d:Place>")],
        Why::Structure,
        "ignore: ['//note']",
    );
    mends(&[("<d:Place>", "<d:Place tags='1 2'>")], Why::Structure, "ignore: ['//@tags']");
    mends(&[("</d:Place>", "<d:note xsi:nil='1'/></d:Place>")], Why::Nil, "ignore: ['//note']");
}

#[test]
fn only_what_changes_with_every_message_is_told_as_such() {
    let with = |id: &str| {
        PLACE.replace(
            "</d:Place>",
            &format!("<x:requestId xmlns:x='urn:x'>{id}</x:requestId></d:Place>"),
        )
    };
    let mut recorded = entry("place", "Place", &with("1"));
    recorded.fixture.ignore = vec!["//street".to_owned()];
    let all = collection(vec![recorded]);
    let miss = *ask(&all, Headers::default(), &parsed(&with("2")), false).unwrap_err();
    assert_eq!(miss.why, Why::Volatile);
    assert_eq!(miss.nearest[0].differences[0].cause, Cause::Volatile);
    assert_eq!(miss.nearest[0].line.as_deref(), Some("ignore: ['//street', '//requestId']"));
}

#[test]
fn the_nearest_come_first_and_the_fixture_stands_left() {
    let far =
        PLACE.replace("Delft", "Gouda").replace("Main St 1", "Side St 2").replace("foam", "box");
    let near = PLACE.replace("foam", "wood");
    let names = ["w", "x", "y", "z"];
    let mut entries: Vec<Entry> = names.iter().map(|name| entry(name, "Place", &far)).collect();
    entries.push(entry("near", "Place", &near));
    let all = collection(entries);
    let miss = *ask(&all, Headers::default(), &parsed(PLACE), false).unwrap_err();
    let told: Vec<&str> = miss.nearest.iter().map(|near| near.name.as_str()).collect();
    assert_eq!(told, ["near", "w", "x"]);
    let [difference] = &miss.nearest[0].differences[..] else { panic!() };
    assert_eq!(
        (difference.left.as_deref(), difference.right.as_deref()),
        (Some("wood"), Some("foam"))
    );
    assert_eq!(
        difference.path.to_string(),
        "Body/{urn:depot}Place/{urn:depot}goods[2]/{urn:depot}packing"
    );
}

#[test]
fn fixtures_that_no_request_reaches_are_told() {
    let all = collection(vec![
        fixture("b", "x", |_| {}),
        fixture("a", "x", |_| {}),
        fixture("in a state", "x", |e| in_state(e, Some("sold"))),
        fixture("other", "y", |_| {}),
    ]);
    let name = |id| all.entry(id).name.as_str();
    let shadowed: Vec<_> =
        all.shadowed().into_iter().map(|(one, by)| (name(one), name(by))).collect();
    assert_eq!(shadowed, [("b", "a")]);
}

#[test]
fn fixtures_that_cannot_be_matched_say_why() {
    let check = |change: fn(&mut Entry), expected: &str| {
        let vocabularies = HashMap::from([("depot".to_owned(), super::DEPOT.clone())]);
        let all = Collection::new(vec![fixture("f", "x", change)], vocabularies, HashMap::new());
        let told: Vec<String> = all.unusable().iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with(expected), "{told:?}");
    };
    check(
        |e| e.fixture.operation = Some("Nope".to_owned()),
        "the contract has no operation `Nope`",
    );
    check(
        |e| e.fixture.ignore = vec!["a[0]".to_owned()],
        "`a[0]` is no path: an index counts from 1",
    );
    check(|e| e.fixture.where_ = patterns(&[("//a", "(")]), "`(` is no pattern: ");
    check(|e| e.fixture.soap = Some("2".to_owned()), "`soap: 2` is neither 1.1 nor 1.2");
}

#[test]
fn parts_beside_the_envelope_count_by_what_is_in_them() {
    let message = |id: &str, bytes: &str| {
        let include = format!(
            "<d:note><x:Include href=\"cid:{id}\" xmlns:x=\"http://www.w3.org/2004/08/xop/include\"/></d:note></d:Place>"
        );
        let body = format!(
            "--b\r\nContent-ID: <{id}>\r\n\r\n{bytes}\r\n--b\r\nContent-ID: <root>\r\nContent-Type: application/xop+xml\r\n\r\n{}\r\n--b--\r\n",
            PLACE.replace("</d:Place>", &include)
        );
        let content_type = "multipart/related; boundary=b; start=\"<root>\"";
        read_message(Some(content_type), body.as_bytes(), XmlLimits::default()).unwrap()
    };
    let mut recorded = entry("place", "Place", PLACE);
    recorded.request = Some(message("1@x", "photo"));
    let all = collection(vec![recorded]);
    assert!(ask(&all, Headers::default(), &message("77@y", "photo"), false).is_ok());
    let miss = ask(&all, Headers::default(), &message("1@x", "other"), false).unwrap_err();
    assert_eq!(miss.why, Why::Value);
}
