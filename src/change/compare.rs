//! Two documents compared.

use serde_json::Value;

use super::changes::Change;
use super::date::Day;
use super::routes::{Route, routes};
use super::rules::{self, Rule};
use super::schema::{Conjunction, Direction, Pairs, Reader};

/// A pair of schemas of an operation.
struct Root {
    /// Number of the operation.
    operation: usize,
    place: String,
    pair: usize,
    /// Whether it was always sent: nobody relied on its default.
    was_sent: bool,
}

/// One comparison.
pub(super) struct Comparison<'d> {
    pub(super) pairs: Pairs<'d>,
    pub(super) before: Reader<'d>,
    pub(super) after: Reader<'d>,
    /// The day sunsets are judged by.
    pub(super) on: Option<Day>,
    /// Names of operations, by number.
    operations: Vec<String>,
    changes: Vec<(usize, Change)>,
    roots: Vec<Root>,
}

/// What changes for callers from one document to another, in the order of the later one,
/// removed routes last. `on` is the day sunsets are judged by; without it no sunset has passed.
///
/// Both are OpenAPI 3.1 as figleaf writes it; keywords it does not write are compared as text.
#[must_use]
pub fn compare(before: &Value, after: &Value, on: Option<Day>) -> Vec<Change> {
    let (of_before, of_after) = (Reader::new(before), Reader::new(after));
    let mut comparison = Comparison {
        pairs: Pairs::new(of_before, of_after),
        before: of_before,
        after: of_after,
        on,
        operations: vec![String::new()],
        changes: Vec::new(),
        roots: Vec::new(),
    };
    comparison.document(before, after);
    let (old, new) = (routes(before), routes(after));
    for route in &new {
        comparison.operations.push(route.name());
        match old.iter().find(|other| other.is_same(route)) {
            Some(other) => comparison.operation(other, route),
            None => comparison.push(&rules::ROUTE_ADDED, "", "the route is new", ("", "route")),
        }
    }
    for route in old.iter().filter(|route| !new.iter().any(|other| other.is_same(route))) {
        comparison.operations.push(route.name());
        comparison.removed(route);
    }
    comparison.finish()
}

impl<'d> Comparison<'d> {
    /// Takes in a change of the operation at hand; `content` is what stood and stands there.
    pub(super) fn push(
        &mut self,
        rule: &'static Rule,
        place: &str,
        text: impl Into<String>,
        content: (&str, &str),
    ) {
        let at = self.operations.len() - 1;
        self.changes.push((at, change(rule, &self.operations[at], place, text.into(), content)));
    }

    /// Has two schemas of the operation at hand compared.
    pub(super) fn schemas(
        &mut self,
        place: String,
        before: Conjunction<'d>,
        after: Conjunction<'d>,
        direction: Direction,
    ) {
        let pair = self.pairs.pair(before, after, direction);
        let operation = self.operations.len() - 1;
        self.roots.push(Root { operation, place, pair, was_sent: false });
    }

    /// The same of a parameter that every call had to have.
    pub(super) fn required(
        &mut self,
        place: String,
        before: Conjunction<'d>,
        after: Conjunction<'d>,
    ) {
        self.schemas(place, before, after, Direction::Request);
        if let Some(root) = self.roots.last_mut() {
            root.was_sent = true;
        }
    }

    /// Says that words for people changed, where they did.
    pub(super) fn words(&mut self, place: &str, before: &Value, after: &Value, names: &[&str]) {
        let told = |of: &Value| {
            let told =
                |name: &&str| of.get(name).map(|v| format!("{name}:{}", super::text::canonical(v)));
            names.iter().filter_map(told).collect::<Vec<_>>().join("\n")
        };
        let (old, new) = (told(before), told(after));
        if old != new {
            let text = "words for people or examples";
            self.push(&rules::DOCUMENTATION_CHANGED, place, text, (&old, &new));
        }
    }

    fn document(&mut self, before: &'d Value, after: &'d Value) {
        self.words("info", &before["info"], &after["info"], &["title", "description", "version"]);
        let servers =
            |of: &Value| of.get("servers").map(super::text::canonical).unwrap_or_default();
        let (old, new) = (servers(before), servers(after));
        if old != new {
            let text = "the addresses of the servers changed";
            self.push(&rules::KEYWORD_CHANGED, "servers", text, (&old, &new));
        }
    }

    fn removed(&mut self, route: &Route<'_>) {
        let sunset = super::operation::sunset(self.before, route.operation);
        let has_passed = sunset.zip(self.on).is_some_and(|(sunset, on)| sunset <= on);
        let text = match sunset {
            Some(day) if has_passed => format!("the route is gone; its sunset was {day}"),
            Some(day) => format!("the route is gone before its sunset, {day}"),
            None => "the route is gone".to_owned(),
        };
        let rule =
            if has_passed { &rules::ROUTE_REMOVED_AFTER_SUNSET } else { &rules::ROUTE_REMOVED };
        self.push(rule, "", text, ("route", ""));
    }

    fn finish(mut self) -> Vec<Change> {
        self.pairs.settle();
        for root in &self.roots {
            let operation = &self.operations[root.operation];
            for (place, found) in self.pairs.found(root.pair) {
                if root.was_sent && place.is_empty() && found.rule == &rules::DEFAULT_CHANGED {
                    continue;
                }
                let place =
                    format!("{}{}{place}", root.place, if place.is_empty() { "" } else { " " });
                let content = (&*found.before, &*found.after);
                let change = change(found.rule, operation, &place, found.text.clone(), content);
                self.changes.push((root.operation, change));
            }
        }
        // Stable: within an operation, the order in which things were compared.
        self.changes.sort_by_key(|(operation, _)| *operation);
        summed_up(self.changes)
    }
}

fn change(
    rule: &'static Rule,
    operation: &str,
    place: &str,
    text: String,
    (before, after): (&str, &str),
) -> Change {
    Change {
        severity: rule.severity,
        rule: rule.id,
        operation: operation.to_owned(),
        place: place.to_owned(),
        text,
        before: before.to_owned(),
        after: after.to_owned(),
        advice: rule.advice,
    }
}

/// One change an operation for all its words.
fn summed_up(changes: Vec<(usize, Change)>) -> Vec<Change> {
    let mut out: Vec<Change> = Vec::new();
    let mut words: Option<(usize, Change, usize)> = None;
    let tell = |words: Option<(usize, Change, usize)>, out: &mut Vec<Change>| {
        let Some((_, mut change, count)) = words else { return };
        if count > 1 {
            change.text = format!("{}, in {count} places", change.text);
        }
        out.push(change);
    };
    for (operation, change) in changes {
        if words.as_ref().is_some_and(|(of, ..)| *of != operation) {
            tell(words.take(), &mut out);
        }
        if change.rule != rules::DOCUMENTATION_CHANGED.id {
            out.push(change);
            continue;
        }
        match &mut words {
            Some((_, first, count)) => {
                *count += 1;
                for (own, more) in
                    [(&mut first.before, &change.before), (&mut first.after, &change.after)]
                {
                    own.push('\n');
                    own.push_str(more);
                }
            }
            None => words = Some((operation, change, 1)),
        }
    }
    tell(words, &mut out);
    out
}
