//! Three-way merges: what a hand did stays, what a backend did is listed.

use super::*;
use crate::canonical::{Element, Item, NodePath, read};
use crate::xml::XmlLimits;

fn parse(text: &str) -> Element {
    read(text.as_bytes(), XmlLimits::default()).unwrap()
}

/// Names, attributes and texts, prefixes gone.
fn short(element: &Element) -> String {
    let attributes: String =
        element.attributes.iter().map(|a| format!(" @{}={}", a.name.local, a.value)).collect();
    let inner: String = element
        .content
        .iter()
        .map(|item| match item {
            Item::Text(text) => text.trim().to_owned(),
            Item::Element(element) => short(element),
        })
        .collect();
    format!("<{}{attributes}>{inner}", element.name.local)
}

fn run(base: Option<&str>, ours: &str, theirs: &str, accepted: &[&str]) -> (String, Vec<String>) {
    let base = base.map(|base| Leaves::of(&parse(base)).unwrap());
    // It survives being written and read.
    let base = base.map(|base| Leaves::parse(&base.text()).unwrap());
    let paths = accepted.iter().filter(|path| **path != "all");
    let accepted = Accepted {
        all: accepted.contains(&"all"),
        paths: paths.map(|path| NodePath::parse(path).unwrap()).collect(),
    };
    let rules = MergeRules {
        base: base.as_ref(),
        differing: &|_| true,
        volatile: &[NodePath::parse("now").unwrap()],
        accepted: &accepted,
    };
    let merged = merge(&parse(ours), &parse(theirs), rules);
    let line = |c: &Change| {
        let taken = if c.taken { "taken" } else { "open" };
        format!("{:?} {} {taken}", c.kind, c.path)
    };
    (short(&merged.envelope), merged.changes.iter().map(line).collect())
}

#[track_caller]
fn check(base: &str, ours: &str, theirs: &str, accepted: &[&str], expected: (&str, &[&str])) {
    let (merged, changes) = run(Some(base), ours, theirs, accepted);
    assert_eq!(
        (merged.as_str(), &changes[..]),
        (expected.0, &expected.1.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>()[..])
    );
}

#[test]
fn a_changed_value_is_listed_and_taken_only_when_accepted() {
    let (old, new) = ("<e><a>1</a><b>2</b></e>", "<e><a>9</a><b>2</b></e>");
    check(old, old, old, &[], ("<e><a>1<b>2", &[]));
    check(old, old, new, &[], ("<e><a>1<b>2", &["Changed a open"]));
    check(old, old, new, &["a"], ("<e><a>9<b>2", &["Changed a taken"]));
    check(old, old, new, &["all"], ("<e><a>9<b>2", &["Changed a taken"]));
    check(old, old, new, &["b"], ("<e><a>1<b>2", &["Changed a open"]));
}

#[test]
fn what_a_hand_changed_stays_and_both_is_a_conflict() {
    let (old, hand) = ("<e><a>1</a><b>2</b></e>", "<e><a>mine</a><b>2</b></e>");
    check(old, hand, old, &["all"], ("<e><a>mine<b>2", &["Kept a open"]));
    let new = "<e><a>9</a><b>3</b></e>";
    let both = &["Conflict a open", "Changed b taken"];
    check(old, hand, new, &["all"], ("<e><a>mine<b>3", both));
    check(old, hand, new, &["a"], ("<e><a>9<b>2", &["Conflict a taken", "Changed b open"]));
}

#[test]
fn an_addition_alone_is_taken_and_beside_a_change_it_is_not() {
    let old = "<e><a>1</a></e>";
    check(old, old, "<e><a>1</a><n>5</n></e>", &[], ("<e><a>1<n>5", &["Added n taken"]));
    check(old, old, "<e><a x='1'>1</a></e>", &[], ("<e><a @x=1>1", &["Added a/@x taken"]));
    let both = "<e><a>9</a><n>5</n></e>";
    check(old, old, both, &[], ("<e><a>1", &["Changed a open", "Added n open"]));
    check(old, old, both, &["a"], ("<e><a>9", &["Changed a taken", "Added n open"]));
    check(old, old, both, &["all"], ("<e><a>9<n>5", &["Changed a taken", "Added n taken"]));
}

#[test]
fn what_is_gone_is_listed_and_what_a_hand_took_out_stays_out() {
    let old = "<e><a>1</a><b><c>2</c></b></e>";
    check(old, old, "<e><a>1</a></e>", &[], ("<e><a>1<b><c>2", &["Removed b open"]));
    check(old, old, "<e><a>1</a></e>", &["b"], ("<e><a>1", &["Removed b taken"]));
    check(old, "<e><a>1</a></e>", old, &["all"], ("<e><a>1", &["Kept b open"]));
    // Taken out by hand and changed by the backend looks like an addition, and is none.
    let moved = "<e><a>1</a><b><c>3</c></b></e>";
    check(old, "<e><a>1</a></e>", moved, &[], ("<e><a>1", &["Added b open"]));
    let own = "<e><a>1</a><b><c>2</c></b><own>x</own></e>";
    check(old, own, old, &["all"], ("<e><a>1<b><c>2<own>x", &["Kept own open"]));
}

#[test]
fn order_is_a_change_and_items_keep_their_places() {
    let old = "<e><i>1</i><i>2</i><z>0</z></e>";
    let more = "<e><i>1</i><i>2</i><i>3</i><z>0</z></e>";
    check(old, old, more, &[], ("<e><i>1<i>2<i>3<z>0", &["Added i[3] taken"]));
    let moved = "<e><z>0</z><i>1</i><i>2</i></e>";
    check(old, old, moved, &[], ("<e><i>1<i>2<z>0", &["Order  open"]));
    check(old, old, moved, &["all"], ("<e><z>0<i>1<i>2", &["Order  taken"]));
    check(
        old,
        old,
        "<e><i>1</i><i>9</i><z>0</z></e>",
        &["i[2]"],
        ("<e><i>1<i>9<z>0", &["Changed i[2] taken"]),
    );
}

#[test]
fn volatile_places_are_no_changes_and_without_a_base_everything_is_a_conflict() {
    check(
        "<e><now>1</now></e>",
        "<e><now>1</now></e>",
        "<e><now>2</now></e>",
        &[],
        ("<e><now>1", &[]),
    );
    let (merged, changes) = run(None, "<e><a>1</a></e>", "<e><a>2</a><b/></e>", &["all"]);
    assert_eq!(merged, "<e><a>1");
    assert_eq!(changes, ["Conflict a open", "Conflict b open"]);
    let (merged, _) = run(None, "<e><a>1</a></e>", "<e><a>2</a></e>", &["a"]);
    assert_eq!(merged, "<e><a>2");
}

#[test]
fn what_is_taken_over_means_the_same_where_it_is_put() {
    let ours = "<e xmlns='urn:1' xmlns:p='urn:1'><a>1</a></e>";
    let theirs = "<x:e xmlns:x='urn:1' xmlns:p='urn:2'><x:a>1</x:a><p:b t='p:q'/></x:e>";
    let accepted = Accepted::default();
    let base = Leaves::of(&parse(ours)).unwrap();
    let rules =
        MergeRules { base: Some(&base), differing: &|_| true, volatile: &[], accepted: &accepted };
    let merged = merge(&parse(ours), &parse(theirs), rules);
    let added = merged.envelope.elements().nth(1).unwrap();
    assert!(added.bindings.iter().any(|(p, uri)| &**p == "p" && &**uri == "urn:2"), "{added:?}");
}

/// Merges twice with what the first merge says was recorded.
#[track_caller]
fn twice(old: &str, ours: &str, theirs: [&str; 2], accepted: &[&str], expected: &[&str]) {
    let base = Leaves::of(&parse(old)).unwrap();
    let accepted = Accepted {
        all: accepted.contains(&"all"),
        paths: accepted.iter().map(|path| NodePath::parse(path).unwrap()).collect(),
    };
    let [first, second] = theirs.map(parse);
    let differing: &dyn Fn(&str) -> bool = &|_| true;
    let rules = MergeRules { base: Some(&base), differing, volatile: &[], accepted: &accepted };
    let merged = merge(&parse(ours), &first, rules);
    let rules = MergeRules { base: merged.base.as_ref(), accepted: &Accepted::default(), ..rules };
    let changes = merge(&merged.envelope, &second, rules).changes;
    let found: Vec<String> = changes.iter().map(|c| format!("{:?} {}", c.kind, c.path)).collect();
    assert_eq!(found, expected, "{old} {ours} {theirs:?}");
}

#[test]
fn what_was_not_accepted_is_listed_again_and_what_was_is_the_recording_now() {
    let (old, new) = ("<e><a>1</a><b>2</b></e>", "<e><a>9</a><b>2</b></e>");
    twice(old, old, [new, new], &[], &["Changed a"]);
    twice(old, old, [new, new], &["a"], &[]);
    twice(old, old, [new, old], &["a"], &["Changed a"]);
    let hand = "<e><a>mine</a><b>2</b></e>";
    twice(old, hand, [old, old], &[], &["Kept a"]);
    twice(old, hand, [new, new], &[], &["Conflict a"]);
    twice(old, "<e><a>1</a></e>", [old, old], &[], &["Kept b"]);
    let less = "<e><a>1</a></e>";
    twice(old, old, [less, less], &[], &["Removed b"]);
    let several = "<e><i>1</i><i>2</i></e>";
    twice(several, several, ["<e><i>8</i><i>9</i></e>"; 2], &["i[2]"], &["Changed i[1]"]);
}
