//! A tree as the text of a file.

use super::scalar;

/// What a file says, in the order it is to say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tree {
    /// A text.
    Text(String),
    /// A value of JSON, as it is to stand there.
    Json(String),
    /// A list with a line for each item.
    List(Vec<Tree>),
    /// A list on one line.
    Row(Vec<Tree>),
    /// Keys and values.
    Map(Vec<(String, Tree)>),
}

impl Tree {
    /// Whether it says nothing: its key is left out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::List(items) | Self::Row(items) => items.is_empty(),
            Self::Map(entries) => entries.is_empty(),
            Self::Text(_) | Self::Json(_) => false,
        }
    }
}

/// Writes a file. Equal trees make equal texts, and trees that are alike texts that are alike:
/// a line a value, nothing aligned, nothing folded.
#[must_use]
pub fn write(tree: &Tree) -> String {
    let mut text = block(tree, 0);
    text.push('\n');
    text
}

/// A collection from its first key or dash on; what follows is indented.
pub(super) fn block(tree: &Tree, indent: usize) -> String {
    let margin = format!("\n{}", " ".repeat(indent));
    match tree {
        Tree::Map(entries) if !entries.is_empty() => {
            let lines = entries.iter().map(|(key, value)| entry(key, value, indent));
            lines.collect::<Vec<_>>().join(&margin)
        }
        Tree::List(items) if !items.is_empty() => {
            let lines = items.iter().map(|item| format!("- {}", block(item, indent + 2)));
            lines.collect::<Vec<_>>().join(&margin)
        }
        Tree::Text(text) => scalar::text(text, indent.saturating_sub(2)),
        tree => row(tree),
    }
}

/// `key: value`, the value below where it is a collection.
pub(super) fn entry(key: &str, value: &Tree, indent: usize) -> String {
    format!("{}:{}", scalar::line(key, false), behind(value, indent))
}

/// What stands behind the colon of a key.
pub(super) fn behind(value: &Tree, indent: usize) -> String {
    match value {
        Tree::Map(entries) if !entries.is_empty() => below(value, indent),
        Tree::List(items) if !items.is_empty() => below(value, indent),
        Tree::Text(text) => format!(" {}", scalar::text(text, indent)),
        value => format!(" {}", row(value)),
    }
}

fn below(value: &Tree, indent: usize) -> String {
    format!("\n{}{}", " ".repeat(indent + 2), block(value, indent + 2))
}

/// On one line.
pub(super) fn row(tree: &Tree) -> String {
    match tree {
        Tree::Text(text) => scalar::line(text, true),
        Tree::Json(json) => cell(json),
        Tree::List(items) | Tree::Row(items) => {
            format!("[{}]", items.iter().map(row).collect::<Vec<_>>().join(", "))
        }
        Tree::Map(entries) => {
            let entry = |(key, value): &(String, Tree)| {
                format!("{}: {}", scalar::line(key, true), row(value))
            };
            let entries: Vec<String> = entries.iter().map(entry).collect();
            if entries.is_empty() {
                "{}".to_owned()
            } else {
                format!("{{ {} }}", entries.join(", "))
            }
        }
    }
}

/// A value of JSON: a string without its quotes where it is plain, everything else as it is.
fn cell(json: &str) -> String {
    match serde_json::from_str::<String>(json) {
        Ok(text) => scalar::line(&text, true),
        Err(_) => scalar::escaped(json.to_owned()),
    }
}
