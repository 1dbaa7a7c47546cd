//! YAML text → spanned tree.
//!
//! serde-saphyr deserializes into a type known beforehand and stops at its first problem;
//! a tree in which every key and value has a place, and a run that reports everything, need
//! its parser's events instead, which it re-exports. Nothing here recurses: open
//! collections are a stack of our own.

use std::collections::HashMap;

use serde_saphyr::granit_parser::{self, Event, Parser, ScalarStyle, StructureStyle};

use super::mask::Mask;
use super::{Entry, Node, Scalar, Spanned, Value, Words};
use crate::diagnostic::{Diagnostic, FileId, Report, Span};

/// Bytes of one file.
pub const FILE_BYTES_MAX: usize = 4 << 20;
/// Collections inside one another. An alias cannot get deeper than the square root of the
/// nodes, because each level of aliases is counted in full.
const DEPTH_MAX: usize = 32;
/// Nodes of one file, those an alias repeats included.
const NODES_MAX: usize = 200_000;

/// Reads one file; `None` where its YAML is broken, which has been reported.
pub fn parse(file: FileId, text: &str, words: &Words, report: &mut Report) -> Option<Node> {
    let whole = Span::new(file, 0, 0);
    if text.len() > FILE_BYTES_MAX {
        let message = format!("the file has {} bytes, more than {FILE_BYTES_MAX}", text.len());
        report.push(Diagnostic::error(words.syntax, whole, message));
        return None;
    }
    let masked = Mask::apply(text);
    let (input, mask) = match &masked {
        Some((input, mask)) => (input.as_str(), Some(*mask)),
        None => (text, None),
    };
    let mut options = granit_parser::options! {
        emit_unresolved_aliases: true,
        disallow_directives: true,
        flow_nesting_limit: DEPTH_MAX,
        block_nesting_limit: DEPTH_MAX,
    };
    options.set_emit_comments(false);
    let mut tree = Tree {
        file,
        text,
        mask,
        words,
        report,
        open: Vec::new(),
        root: None,
        anchors: HashMap::new(),
        nodes: 0,
        documents: 0,
        broken: false,
    };
    for event in Parser::new_from_str_with_options(input, options) {
        match event {
            Ok((event, span)) => tree.take(event, &span),
            Err(error) => tree.scan_error(&error),
        }
        if tree.broken {
            return None;
        }
    }
    if tree.documents == 0 {
        let message = "the file is empty";
        let empty = Diagnostic::error(words.missing, whole, message);
        tree.report.push(empty.help(format!("begin with `{}`", words.first_line)));
    }
    tree.root
}

/// A collection that is still open.
struct Open {
    start: usize,
    flow: bool,
    anchor: usize,
    kind: OpenKind,
}

enum OpenKind {
    Sequence(Vec<Node>),
    Mapping { entries: Vec<Entry>, seen: HashMap<String, Span>, key: Option<Spanned<String>> },
}

struct Tree<'t> {
    file: FileId,
    text: &'t str,
    mask: Option<Mask>,
    words: &'t Words,
    report: &'t mut Report,
    open: Vec<Open>,
    root: Option<Node>,
    /// Finished nodes with an anchor, and how many nodes each is.
    anchors: HashMap<usize, (Node, usize)>,
    nodes: usize,
    documents: usize,
    broken: bool,
}

impl Tree<'_> {
    fn take(&mut self, event: Event<'_>, at: &granit_parser::Span) {
        let span = self.span(at);
        if event.tag().is_some() {
            self.error(span, "tags are not used here", "write the value without its tag");
        }
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents == 2 {
                    self.fatal(span, "a second document", "write one file per document");
                }
            }
            Event::Scalar(text, style, anchor, _) => {
                let text =
                    self.mask.map_or_else(|| text.clone(), |m| m.lift(&text).into_owned().into());
                let quoted = style != ScalarStyle::Plain;
                let scalar = Scalar { text: text.into_owned(), quoted };
                self.finish(Node { span, value: Value::Scalar(scalar) }, anchor);
            }
            Event::SequenceStart(style, anchor, _) => {
                self.begin(span, style, anchor, OpenKind::Sequence(Vec::new()));
            }
            Event::MappingStart(style, anchor, _) => {
                let (entries, seen) = (Vec::new(), HashMap::new());
                let kind = OpenKind::Mapping { entries, seen, key: None };
                self.begin(span, style, anchor, kind);
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(anchor) => self.alias(span, anchor),
            Event::UnresolvedAlias(name) => {
                self.error(
                    span,
                    format!("no anchor `&{name}` stands before"),
                    "write the value itself",
                );
                self.leave_out(span);
            }
            _ => {}
        }
    }

    fn begin(&mut self, span: Span, style: StructureStyle, anchor: usize, kind: OpenKind) {
        if self.open.len() >= DEPTH_MAX {
            return self.fatal(
                span,
                format!("more than {DEPTH_MAX} levels inside one another"),
                "the format is flat; see the documentation of the keys",
            );
        }
        let flow = style == StructureStyle::Flow;
        self.open.push(Open { start: span.start as usize, flow, anchor, kind });
    }

    fn end(&mut self, span: Span) {
        let Some(open) = self.open.pop() else { return };
        let (value, last) = match open.kind {
            OpenKind::Sequence(items) => {
                let last = items.last().map(|item| item.span.end);
                (Value::Sequence(items), last)
            }
            OpenKind::Mapping { entries, .. } => {
                let last = entries.last().map(|e| e.value.span.end.max(e.key.span.end));
                (Value::Mapping(entries), last)
            }
        };
        // The end event of a block lies where the next token starts.
        let end = if open.flow { span.end as usize } else { last.unwrap_or(span.start) as usize };
        let node = Node { span: Span::new(self.file, open.start, end), value };
        self.finish(node, open.anchor);
    }

    fn alias(&mut self, span: Span, anchor: usize) {
        let Some((node, weight)) = self.anchors.get(&anchor) else {
            self.error(span, "an alias inside its own anchor", "write the value itself");
            return self.leave_out(span);
        };
        // Counted before it is copied: this is what an alias bomb runs into.
        if self.nodes + weight > NODES_MAX {
            return self.too_many(span);
        }
        let (node, weight) = (node.clone(), *weight);
        self.nodes += weight;
        self.finish(node, 0);
    }

    /// Goes on after a value that could not be read and has been reported.
    fn leave_out(&mut self, span: Span) {
        if let Some(OpenKind::Mapping { key, .. }) = self.open.last_mut().map(|open| &mut open.kind)
            && key.take().is_none()
        {
            self.fatal(span, "a key must be a single value", "write the key itself");
        }
    }

    /// Puts a whole node where it belongs.
    fn finish(&mut self, node: Node, anchor: usize) {
        self.nodes += 1;
        if self.nodes > NODES_MAX {
            return self.too_many(node.span);
        }
        if anchor != 0 {
            let weight = weight(&node);
            self.nodes += weight;
            self.anchors.insert(anchor, (node.clone(), weight));
        }
        match self.open.last_mut().map(|open| &mut open.kind) {
            None => self.root = Some(node),
            Some(OpenKind::Sequence(items)) => items.push(node),
            Some(OpenKind::Mapping { entries, seen, key }) => match key.take() {
                Some(key) => {
                    if let Some(first) = seen.get(&key.value).copied() {
                        return self.duplicate(&key, first);
                    }
                    seen.insert(key.value.clone(), key.span);
                    entries.push(Entry { key, value: node });
                }
                None => match node.value {
                    Value::Scalar(scalar) => *key = Some(Spanned::new(scalar.text, node.span)),
                    _ => self.fatal(
                        node.span,
                        "a key must be a single value",
                        "quote it if it is text",
                    ),
                },
            },
        }
    }

    fn duplicate(&mut self, key: &Spanned<String>, first: Span) {
        let message = format!("`{}` is written twice", key.value);
        self.report.push(
            Diagnostic::error(self.words.duplicate, key.span, message)
                .label("again")
                .note(first, "first here")
                .help("keep one of the two"),
        );
    }

    fn too_many(&mut self, span: Span) {
        let message =
            format!("the file holds more than {NODES_MAX} values, aliases counted in full");
        self.fatal(span, message, "split the file, or write fewer aliases");
    }

    fn scan_error(&mut self, error: &granit_parser::ScanError) {
        let at = error.marker().byte_offset().unwrap_or(0).min(self.text.len());
        let mut start = floor(self.text, at);
        let info = error.info();
        // The scanner names the end of what stands before a tab.
        if info.contains("tab") {
            start = self.text[start..].find('\t').map_or(start, |tab| start + tab);
        }
        let next =
            self.text[start..].chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
        let span = Span::new(self.file, start, start + next);
        let message = if info.is_empty() { "this is not YAML".to_owned() } else { info };
        self.fatal(span, message, "a missing quote, a tab or the indentation is the usual cause");
    }

    fn error(&mut self, span: Span, message: impl Into<String>, help: &str) {
        self.report.push(Diagnostic::error(self.words.syntax, span, message).help(help));
    }

    fn fatal(&mut self, span: Span, message: impl Into<String>, help: &str) {
        self.error(span, message, help);
        self.broken = true;
    }

    /// The parser's span as ours, inside the text and on character boundaries.
    fn span(&self, at: &granit_parser::Span) -> Span {
        let range = at.byte_range().unwrap_or(0..0);
        let start = floor(self.text, range.start);
        let end = floor(self.text, range.end).max(start);
        let trimmed = self.text[start..end].trim_end().len();
        Span::new(self.file, start, start + trimmed)
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// How many nodes a node is. Recursive, but no deeper than the tree may be.
fn weight(node: &Node) -> usize {
    1 + match &node.value {
        Value::Scalar(_) => 0,
        Value::Sequence(items) => items.iter().map(weight).sum(),
        Value::Mapping(entries) => entries.iter().map(|e| weight(&e.value)).sum(),
    }
}
