//! A text changed where it says something else, and nowhere else.

use super::json::json;
use super::node::{Entry, Node, Value};
use super::write::{Tree, behind, block, entry, row};

/// What a text says after a change: its tree is `tree`, and every line that did not have to
/// change is as it was, with its comments. `root` is the tree of the text. Keys that say nothing
/// stay where they are written out.
#[must_use]
pub fn update(text: &str, root: &Node, tree: &Tree) -> String {
    let whole = if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") };
    let text = whole.as_str();
    let mut edits = Edits { text, all: Vec::new() };
    edits.node(root, tree, None);
    edits.all.sort_by_key(|edit| edit.0);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (from, to, new) in edits.all {
        // Nothing where what is put in stands among lines that are taken out.
        out.push_str(text.get(at..from).unwrap_or(""));
        out.push_str(&new);
        at = to.max(at);
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out
}

struct Edits<'t> {
    text: &'t str,
    all: Vec<(usize, usize, String)>,
}

impl Edits<'_> {
    /// `key` is the entry it stands in, where it is no item.
    fn node(&mut self, node: &Node, tree: &Tree, key: Option<&Entry>) {
        match (&node.value, tree) {
            _ if says(node, tree) => {}
            (Value::Mapping(old), Tree::Map(new)) if !self.is_flow(node) && !new.is_empty() => {
                self.map(old, new);
            }
            (Value::Sequence(old), Tree::List(new))
                if !self.is_flow(node) && !old.is_empty() && !new.is_empty() =>
            {
                self.list(old, new);
            }
            _ => self.replace(node, tree, key),
        }
    }

    fn replace(&mut self, node: &Node, tree: &Tree, key: Option<&Entry>) {
        let mut end = node.span.end as usize;
        let rest = &self.text[end..self.line_end(end)];
        // White space behind a block is a part of it.
        end += if rest.trim().is_empty() { rest.len() } else { 0 };
        let Some(key) = key else {
            let indent = self.column(node.span.start as usize);
            return self.all.push((node.span.start as usize, end, block(tree, indent)));
        };
        let from = self.colon(key);
        let mut new = behind(tree, self.column(key.key.span.start as usize));
        let rest = &self.text[end.max(from)..self.line_end(end.max(from))];
        if new.contains('\n') && !rest.trim().is_empty() {
            // A comment behind the value would become a part of a block.
            new = format!(" {}", row(tree));
        }
        self.all.push((from, end.max(from), new));
    }

    fn map(&mut self, old: &[Entry], new: &[(String, Tree)]) {
        let find = |key: &str| old.iter().find(|entry| entry.key.value == key);
        let mut before: Option<&Entry> = None;
        for (key, value) in new {
            match find(key) {
                Some(there) => {
                    self.node(&there.value, value, Some(there));
                    before = Some(there);
                }
                None => self.insert(old, before, key, value),
            }
        }
        for (at, there) in old.iter().enumerate() {
            let gone = !new.iter().any(|(key, _)| *key == there.key.value);
            if gone && !is_nothing(&there.value) {
                self.remove(there, old.get(at + 1));
            }
        }
    }

    fn insert(&mut self, old: &[Entry], before: Option<&Entry>, key: &str, value: &Tree) {
        let Some(first) = old.first() else { return };
        let column = self.column(first.key.span.start as usize);
        let line = entry(key, value, column);
        let margin = " ".repeat(column);
        match before {
            Some(before) => {
                let end = self.line_end(self.end(before)) + 1;
                self.all.push((end, end, format!("{margin}{line}\n")));
            }
            None => {
                let start = first.key.span.start as usize;
                self.all.push((start, start, format!("{line}\n{margin}")));
            }
        }
    }

    fn remove(&mut self, entry: &Entry, next: Option<&Entry>) {
        let start = entry.key.span.start as usize;
        let line = self.line_start(start);
        let alone = self.text[line..start].trim().is_empty();
        match next {
            Some(next) if !alone => {
                self.all.push((start, next.key.span.start as usize, String::new()));
            }
            _ => {
                let end = self.line_end(self.end(entry)) + 1;
                self.all.push((line, end, String::new()));
            }
        }
    }

    fn list(&mut self, old: &[Node], new: &[Tree]) {
        for (there, tree) in old.iter().zip(new) {
            self.node(there, tree, None);
        }
        let Some(last) = old.last() else { return };
        let dash = |item: &Node| {
            let start = item.span.start as usize;
            self.text[..start].rfind('-').unwrap_or(start)
        };
        let column = self.column(dash(last));
        if let Some(gone) = old.get(new.len()) {
            let from = self.line_start(dash(gone));
            let to = self.line_end(last.span.end as usize) + 1;
            self.all.push((from, to, String::new()));
        }
        let margin = " ".repeat(column);
        let added: String = new
            .iter()
            .skip(old.len())
            .map(|tree| format!("{margin}- {}\n", block(tree, column + 2)))
            .collect();
        if !added.is_empty() {
            let end = self.line_end(last.span.end as usize) + 1;
            self.all.push((end, end, added));
        }
    }

    fn is_flow(&self, node: &Node) -> bool {
        self.text[node.span.start as usize..].starts_with(['{', '['])
    }

    /// The place right behind the colon of a key.
    fn colon(&self, entry: &Entry) -> usize {
        let end = entry.key.span.end as usize;
        self.text[end..].find(':').map_or(end, |at| end + at + 1)
    }

    fn end(&self, entry: &Entry) -> usize {
        (entry.value.span.end as usize).max(self.colon(entry))
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    fn line_end(&self, at: usize) -> usize {
        self.text[at..].find('\n').map_or(self.text.len(), |newline| at + newline)
    }

    fn column(&self, at: usize) -> usize {
        self.text[self.line_start(at)..at].chars().count()
    }
}

/// Whether a node says what a tree says.
fn says(node: &Node, tree: &Tree) -> bool {
    match (&node.value, tree) {
        (Value::Scalar(scalar), Tree::Text(text)) => !scalar.is_nothing() && scalar.text == *text,
        (_, Tree::Json(text)) => json(node) == *text,
        (Value::Sequence(items), Tree::List(new) | Tree::Row(new)) => {
            items.len() == new.len() && items.iter().zip(new).all(|(old, new)| says(old, new))
        }
        (Value::Mapping(old), Tree::Map(new)) => {
            let has = |(key, tree): &(String, Tree)| {
                old.iter().any(|entry| entry.key.value == *key && says(&entry.value, tree))
            };
            old.len() == new.len() && new.iter().all(has)
        }
        _ => false,
    }
}

/// Whether a value says no more than a key that is left out.
fn is_nothing(node: &Node) -> bool {
    match &node.value {
        Value::Scalar(scalar) => scalar.is_nothing() || (!scalar.quoted && scalar.text == "0"),
        Value::Sequence(items) => items.is_empty(),
        Value::Mapping(entries) => entries.iter().all(|entry| is_nothing(&entry.value)),
    }
}
