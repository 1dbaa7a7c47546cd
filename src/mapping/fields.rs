//! Typed reading of an object with known keys, by the rows of its table.

use super::interpolate::Text;
use super::keys::{Key, Kind, Shape};
use super::node::{Entry, Spanned, Value};
use super::reader::{Context, describe, list, number};
use crate::diagnostic::{Code, Diagnostic, Span};

/// An object whose keys have been checked against their table.
pub(super) struct Fields<'n> {
    pub entries: &'n [Entry],
    /// The place to name where something is missing: the key above, or the file's start.
    pub at: Span,
    pub shape: &'static Shape,
    /// Whether a key was used that is decided but not built yet.
    pub later: bool,
}

impl<'n> Fields<'n> {
    /// Whether the object may have a key at all.
    pub fn knows(&self, name: &str) -> bool {
        self.key(name).is_some()
    }

    /// The entry of a key, if it is there.
    pub fn get(&self, name: &str) -> Option<&'n Entry> {
        debug_assert!(self.shape.keys.iter().any(|k| k.name == name), "{name} has no row");
        self.entries.iter().find(|entry| entry.key.value == name)
    }

    fn key(&self, name: &str) -> Option<&'static Key> {
        self.shape.keys.iter().find(|key| key.name == name)
    }

    /// The object behind a key.
    pub fn section(&self, cx: &mut Context<'_>, name: &str, shape: &'static Shape) -> Option<Self> {
        let entry = self.get(name)?;
        cx.fields(&entry.value, entry.key.span, shape)
    }

    /// The object behind a key again, whose keys have been checked.
    pub fn known_section(&self, name: &str, shape: &'static Shape) -> Option<Self> {
        let entry = self.get(name)?;
        let Value::Mapping(entries) = &entry.value.value else { return None };
        Some(Self { entries, at: entry.key.span, shape, later: false })
    }

    /// A text that may hold what came from outside.
    pub fn text(&self, cx: &mut Context<'_>, name: &str) -> Option<Spanned<Text>> {
        let entry = self.get(name)?;
        cx.text(&entry.value, entry.key.span)
    }

    /// A text that is no secret.
    pub fn string(&self, cx: &mut Context<'_>, name: &str) -> Option<Spanned<String>> {
        Some(self.text(cx, name)?.map(|text| text.value))
    }

    /// `true` or `false`.
    pub fn boolean(&self, cx: &mut Context<'_>, name: &str) -> Option<Spanned<bool>> {
        let entry = self.get(name)?;
        cx.typed(entry, "`true` or `false`", |text| match text {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        })
    }

    /// `true`, where the only other choice is to leave the key out.
    pub fn truth(&self, cx: &mut Context<'_>, name: &str) -> Option<Span> {
        let entry = self.get(name)?;
        let read = cx.typed(entry, "`true`, or the key left out", |t| (t == "true").then_some(()));
        read.map(|read| read.span)
    }

    /// A whole number in the range of its key.
    pub fn integer<T: TryFrom<i64>>(&self, cx: &mut Context<'_>, name: &str) -> Option<Spanned<T>> {
        let entry = self.get(name)?;
        let (min, max) = self.key(name).map_or((i64::MIN, i64::MAX), |key| range(&key.kind));
        number(cx, entry, min, max)
    }

    /// One of the words of its key, as its index there.
    pub fn word<T: Copy>(
        &self,
        cx: &mut Context<'_>,
        name: &str,
        values: &[T],
    ) -> Option<Spanned<T>> {
        let entry = self.get(name)?;
        let words = match self.key(name).map(|key| &key.kind) {
            Some(Kind::Words(words)) => *words,
            _ => &[],
        };
        debug_assert_eq!(words.len(), values.len(), "{name}");
        let text = cx.text(&entry.value, entry.key.span)?;
        let found = words.iter().position(|word| *word == text.value.value);
        if let Some(value) = found.and_then(|at| values.get(at)) {
            return Some(Spanned::new(*value, text.span));
        }
        let message = format!("{} is no choice for `{name}`", describe(&entry.value));
        let help = format!("the choices are {}", list(words.iter().copied()));
        cx.report.push(Diagnostic::error(Code::MappingValue, text.span, message).help(help));
        None
    }

    /// A value with its own spelling: `parse` knows it, `what` shows it.
    pub fn parsed<T>(
        &self,
        cx: &mut Context<'_>,
        name: &str,
        what: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<Spanned<T>> {
        let entry = self.get(name)?;
        cx.typed(entry, what, parse)
    }

    /// Exactly one of the keys of the table's rule must be there; which one is returned.
    pub fn only(&self, cx: &mut Context<'_>) -> Option<&'n Entry> {
        let mut there = self.shape.one_of.iter().filter_map(|name| self.get(name));
        let Some(first) = there.next() else {
            if !self.later {
                // `removed` is the exception, not what is missing.
                let names = self.shape.one_of.iter().copied().filter(|name| *name != "removed");
                let names = list(names);
                let message = format!("{} needs one of {names}", self.shape.noun);
                cx.error(Code::MappingMissing, self.at, message);
            }
            return None;
        };
        for second in there {
            let message = format!("`{}` beside `{}`", second.key.value, first.key.value);
            cx.report.push(
                Diagnostic::error(Code::MappingValue, second.key.span, message)
                    .note(first.key.span, "one of the two")
                    .help(format!("{} has exactly one of them", self.shape.noun)),
            );
        }
        Some(first)
    }

    /// Reports each of the keys that is there, as one that `owner` has no use for.
    pub fn refuse(&self, cx: &mut Context<'_>, names: &[&str], owner: &str) {
        for entry in names.iter().filter_map(|name| self.get(name)) {
            let message = format!("`{}` means nothing for {owner}", entry.key.value);
            // Until 0.2 it was the query at an HTTP backend.
            let was = entry.key.value == "query" && matches!(entry.value.value, Value::Mapping(_));
            let help =
                if was { "the query at an HTTP backend is `query_string`" } else { "remove it" };
            cx.report.push(
                Diagnostic::error(Code::MappingUnknownKey, entry.key.span, message).help(help),
            );
        }
    }
}

fn range(kind: &Kind) -> (i64, i64) {
    match kind {
        Kind::Integer(min, max) => (*min, *max),
        _ => (i64::MIN, i64::MAX),
    }
}
