//! Two schemas compared where they are, and the pairs inside them.

use std::collections::BTreeSet;

use super::limits::Bound;
use super::pairs::{Direction, Found};
use super::read::{Conjunction, Reader};
use super::types::Types;
use super::view::View;
use crate::change::rules::{self, Rule};
use crate::change::text::shown;

/// A pair inside a pair.
pub(super) struct Edge<'d> {
    pub(super) step: String,
    pub(super) before: Conjunction<'d>,
    pub(super) after: Conjunction<'d>,
}

/// One comparison.
pub(super) struct Local<'d> {
    pub(super) before: Reader<'d>,
    pub(super) after: Reader<'d>,
    pub(super) direction: Direction,
    /// Whether kinds of value without labels stand for one another by their order alone.
    pub(super) by_order: bool,
    pub(super) found: Vec<Found>,
    pub(super) edges: Vec<Edge<'d>>,
}

impl<'d> Local<'d> {
    pub(super) fn new(before: Reader<'d>, after: Reader<'d>, direction: Direction) -> Self {
        Self { before, after, direction, by_order: false, found: Vec::new(), edges: Vec::new() }
    }

    /// Compares two schemas.
    pub(super) fn compare(
        &mut self,
        before: &[&'d serde_json::Value],
        after: &[&'d serde_json::Value],
    ) {
        let (b, a) = (self.before.view(before), self.after.view(after));
        self.words(&b, &a);
        self.null(&b, &a);
        let (old, new) = (b.types.without(Types::NULL), a.types.without(Types::NULL));
        if old != new && !self.types(old, new) {
            return;
        }
        if self.unions(&b, &a, before, after) {
            return;
        }
        self.values(&b, &a);
        if old == new {
            self.formats(&b, &a);
        }
        self.patterns(&b, &a);
        self.limits(&b, &a);
        self.objects(&b, &a);
        self.choices(&b, &a);
        self.keywords(&b, &a);
        if old.meets(Types::ARRAY) && new.meets(Types::ARRAY) {
            self.edges.push(Edge { step: "/*".to_owned(), before: b.items, after: a.items });
        }
    }

    pub(super) fn push(&mut self, rule: &'static Rule, text: String, before: &str, after: &str) {
        let (before, after) = (before.to_owned(), after.to_owned());
        self.found.push(Found { rule, place: String::new(), text, before, after });
    }

    /// A difference that has a rule for each direction.
    pub(super) fn either(
        &mut self,
        rules: (&'static Rule, &'static Rule),
        text: String,
        before: &str,
        after: &str,
    ) {
        self.push(self.direction.of(rules.0, rules.1), text, before, after);
    }

    fn null(&mut self, b: &View<'d>, a: &View<'d>) {
        // Where there are no values at all, or all, `null` says nothing by itself.
        if b.types.without(Types::NULL) == Types::NONE
            || a.types.without(Types::NULL) == Types::NONE
        {
            return;
        }
        match (b.types.has(Types::NULL), a.types.has(Types::NULL)) {
            (true, false) if b.types != Types::ANY => self.either(
                (&rules::REQUEST_NULL_REFUSED, &rules::RESPONSE_NULL_REMOVED),
                "`null` is no longer a value".to_owned(),
                "null",
                "",
            ),
            (false, true) if a.types != Types::ANY => self.either(
                (&rules::REQUEST_NULL_TAKEN, &rules::RESPONSE_NULL_ADDED),
                "`null` is a value now".to_owned(),
                "",
                "null",
            ),
            _ => {}
        }
    }

    /// Compares types; whether comparing the rest makes sense.
    fn types(&mut self, old: Types, new: Types) -> bool {
        let (was, is) = (old.to_string(), new.to_string());
        let text = format!("it was {was}, and is {is}");
        let rules = if old == Types::ARRAY && !new.meets(Types::ARRAY) {
            (&rules::REQUEST_BECAME_SINGLE, &rules::RESPONSE_BECAME_SINGLE)
        } else if new == Types::ARRAY && !old.meets(Types::ARRAY) {
            (&rules::REQUEST_BECAME_ARRAY, &rules::RESPONSE_BECAME_ARRAY)
        } else if old.has(new) {
            (&rules::REQUEST_TYPE_NARROWED, &rules::RESPONSE_TYPE_NARROWED)
        } else if new.has(old) {
            (&rules::REQUEST_TYPE_WIDENED, &rules::RESPONSE_TYPE_WIDENED)
        } else {
            (&rules::REQUEST_TYPE_CHANGED, &rules::RESPONSE_TYPE_CHANGED)
        };
        self.either(rules, text, &was, &is);
        old.meets(new)
    }

    fn values(&mut self, b: &View<'d>, a: &View<'d>) {
        let list =
            |values: &BTreeSet<String>| values.iter().cloned().collect::<Vec<_>>().join(", ");
        match (&b.values, &a.values) {
            (old, new) if old == new => {}
            (None, None) => {}
            (None, Some(new)) => {
                let new = list(new);
                let text = format!("only {} is a value now, where any was", shown(&new));
                let rules = (&rules::REQUEST_VALUES_CLOSED, &rules::RESPONSE_VALUES_CLOSED);
                self.either(rules, text, "", &new);
            }
            (Some(old), None) => {
                let old = list(old);
                let text = format!("any value is possible, where only {} was", shown(&old));
                let rules = (&rules::REQUEST_VALUES_OPENED, &rules::RESPONSE_VALUES_OPENED);
                self.either(rules, text, &old, "");
            }
            (Some(old), Some(new)) if old.is_disjoint(new) => {
                let (old, new) = (list(old), list(new));
                let text = format!("it was {}, and is {}", shown(&old), shown(&new));
                let rules = (&rules::REQUEST_TYPE_CHANGED, &rules::RESPONSE_TYPE_CHANGED);
                self.either(rules, text, &old, &new);
            }
            (Some(old), Some(new)) => {
                for value in old.difference(new) {
                    let text = format!("{} is no longer a value", shown(value));
                    let rules = (&rules::REQUEST_VALUE_REMOVED, &rules::RESPONSE_VALUE_REMOVED);
                    self.either(rules, text, value, "");
                }
                for value in new.difference(old) {
                    let text = format!("{} is a new value", shown(value));
                    let rules = (&rules::REQUEST_VALUE_ADDED, &rules::RESPONSE_VALUE_ADDED);
                    self.either(rules, text, "", value);
                }
            }
        }
    }

    fn formats(&mut self, b: &View<'d>, a: &View<'d>) {
        let only = |of: &BTreeSet<&'d str>, other: &BTreeSet<&'d str>| {
            of.difference(other).copied().collect::<Vec<_>>().join(", ")
        };
        let (old, new) = (only(&b.formats, &a.formats), only(&a.formats, &b.formats));
        let tightened = (&rules::REQUEST_FORMAT_TIGHTENED, &rules::RESPONSE_FORMAT_TIGHTENED);
        let loosened = (&rules::REQUEST_FORMAT_LOOSENED, &rules::RESPONSE_FORMAT_LOOSENED);
        let changed = (&rules::REQUEST_FORMAT_CHANGED, &rules::RESPONSE_FORMAT_CHANGED);
        let (rules, text) = match (&*old, &*new) {
            ("", "") => return,
            ("", new) => (tightened, format!("its format is {} now", shown(new))),
            (old, "") => (loosened, format!("its format is no longer {}", shown(old))),
            (old, new) => {
                let rules = match (old, new) {
                    ("int32", "int64") | ("float", "double") => loosened,
                    ("int64", "int32") | ("double", "float") => tightened,
                    _ => changed,
                };
                (rules, format!("its format was {}, and is {}", shown(old), shown(new)))
            }
        };
        self.either(rules, text, &old, &new);
    }

    fn patterns(&mut self, b: &View<'d>, a: &View<'d>) {
        let only = |of: &BTreeSet<&'d str>, other: &BTreeSet<&'d str>| {
            of.difference(other).copied().collect::<Vec<_>>().join(" and ")
        };
        let (old, new) = (only(&b.patterns, &a.patterns), only(&a.patterns, &b.patterns));
        let (rules, text) = match (&*old, &*new) {
            ("", "") => return,
            ("", new) => (
                (&rules::REQUEST_PATTERN_ADDED, &rules::RESPONSE_PATTERN_ADDED),
                format!("it matches the pattern {} now", shown(new)),
            ),
            (old, "") => (
                (&rules::REQUEST_PATTERN_REMOVED, &rules::RESPONSE_PATTERN_REMOVED),
                format!("it no longer has to match the pattern {}", shown(old)),
            ),
            (old, new) => (
                (&rules::REQUEST_PATTERN_CHANGED, &rules::RESPONSE_PATTERN_CHANGED),
                format!("its pattern was {}, and is {}", shown(old), shown(new)),
            ),
        };
        self.either(rules, text, &old, &new);
    }

    fn limits(&mut self, b: &View<'d>, a: &View<'d>) {
        let bounds: BTreeSet<Bound> = b.limits.keys().chain(a.limits.keys()).copied().collect();
        for bound in bounds {
            let (old, new) = (b.limits.get(&bound), a.limits.get(&bound));
            let is_tighter = match (old, new) {
                (Some(old), Some(new)) if old == new => continue,
                (Some(old), Some(new)) => new.is_tighter(*old, bound),
                (old, _) => old.is_none(),
            };
            let rules = if is_tighter {
                (&rules::REQUEST_LIMIT_TIGHTENED, &rules::RESPONSE_LIMIT_TIGHTENED)
            } else {
                (&rules::REQUEST_LIMIT_LOOSENED, &rules::RESPONSE_LIMIT_LOOSENED)
            };
            let name = bound.name();
            let (was, is) = (old.map(ToString::to_string), new.map(ToString::to_string));
            let text = match (&was, &is) {
                (Some(was), Some(is)) => format!("its `{name}` was {was}, and is {is}"),
                (Some(was), None) => format!("it no longer has the `{name}` {was}"),
                (_, is) => format!("it has the `{name}` {} now", is.as_deref().unwrap_or("")),
            };
            let content =
                |limit: Option<String>| limit.map_or(String::new(), |l| format!("{name} {l}"));
            self.either(rules, text, &content(was), &content(is));
        }
    }

    fn choices(&mut self, b: &View<'d>, a: &View<'d>) {
        let old: Vec<_> = b.choices.difference(&a.choices).collect();
        let new: Vec<_> = a.choices.difference(&b.choices).collect();
        let text = |choices: &[&(&'static str, BTreeSet<String>)]| {
            let one = |(word, of): &&(&str, BTreeSet<String>)| {
                format!("{word} {}", of.iter().cloned().collect::<Vec<_>>().join(" "))
            };
            choices.iter().map(one).collect::<Vec<_>>().join(" and ")
        };
        let (was, is) = (text(&old), text(&new));
        let tightened = (&rules::REQUEST_CHOICE_TIGHTENED, &rules::RESPONSE_CHOICE_TIGHTENED);
        let loosened = (&rules::REQUEST_CHOICE_LOOSENED, &rules::RESPONSE_CHOICE_LOOSENED);
        let (rules, text) = match (&*old, &*new) {
            ([], []) => return,
            ([], _) => {
                (tightened, format!("members now exclude or demand one another: {}", shown(&is)))
            }
            (_, []) => (
                loosened,
                format!("members no longer exclude or demand one another: {}", shown(&was)),
            ),
            // One more way to combine members, or one less.
            ([(old, before)], [(new, after)])
                if old == new && *old != "not" && before.is_subset(after) =>
            {
                (loosened, "members may be combined in more ways".to_owned())
            }
            ([(old, before)], [(new, after)])
                if old == new && *old != "not" && after.is_subset(before) =>
            {
                (tightened, "members may be combined in fewer ways".to_owned())
            }
            _ => {
                let text = "members exclude or demand one another in another way".to_owned();
                return self.push(&rules::CHOICE_CHANGED, text, &was, &is);
            }
        };
        self.either(rules, text, &was, &is);
    }

    fn keywords(&mut self, b: &View<'d>, a: &View<'d>) {
        let names: BTreeSet<&str> = b.keywords.keys().chain(a.keywords.keys()).copied().collect();
        for name in names {
            let text = |view: &View<'d>| {
                let values = view.keywords.get(name).into_iter().flatten();
                values.cloned().collect::<Vec<_>>().join(" and ")
            };
            let (old, new) = (text(b), text(a));
            if old != new {
                let content = |text: &str| {
                    if text.is_empty() { String::new() } else { format!("{name} {text}") }
                };
                let text =
                    format!("the keyword `{name}` was {}, and is {}", shown(&old), shown(&new));
                self.push(&rules::KEYWORD_CHANGED, text, &content(&old), &content(&new));
            }
        }
        if b.default != a.default && self.direction == Direction::Request {
            let side = |default: &Option<String>| default.clone().unwrap_or_default();
            let words =
                |default: &Option<String>| default.as_deref().map_or("none".to_owned(), shown);
            let text =
                format!("its default was {}, and is {}", words(&b.default), words(&a.default));
            self.push(&rules::DEFAULT_CHANGED, text, &side(&b.default), &side(&a.default));
        }
    }

    fn words(&mut self, b: &View<'d>, a: &View<'d>) {
        if a.deprecated && !b.deprecated {
            let text = "it is deprecated now".to_owned();
            self.push(&rules::MEMBER_DEPRECATED, text, "", "deprecated");
        }
        let told = |view: &View<'d>| {
            let mut words: Vec<String> = view.words.iter().cloned().collect();
            // What a default in an answer says is for people.
            let default = view.default.iter().filter(|_| self.direction == Direction::Response);
            words.extend(default.map(|d| format!("default:{d}")));
            words.join("\n")
        };
        let (old, new) = (told(b), told(a));
        if old != new {
            let text = "words for people or examples".to_owned();
            self.push(&rules::DOCUMENTATION_CHANGED, text, &old, &new);
        }
    }
}
