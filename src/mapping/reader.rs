//! Typed reading of nodes: what does not fit is reported, left out, and reading goes on.

use super::fields::Fields;
use super::interpolate::{Environment, Text, interpolate};
use super::keys::Shape;
use super::node::{Entry, Node, Scalar, Spanned, Value};
use crate::diagnostic::{Code, Diagnostic, Report, Span, did_you_mean};

/// What reading one file needs besides its nodes.
pub(super) struct Context<'a> {
    pub report: &'a mut Report,
    pub env: &'a dyn Environment,
    /// The file's text, to find places inside scalars.
    pub source: &'a str,
}

impl Context<'_> {
    pub fn error(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.report.push(Diagnostic::error(code, span, message));
    }

    /// Reports a value of the wrong type. What came from outside is not shown.
    pub fn expected(&mut self, node: &Node, at: Span, what: &str) {
        let span = if node.span.start == node.span.end { at } else { node.span };
        let message = format!("expected {what}, found {}", describe(node));
        self.error(Code::MappingType, span, message);
    }

    /// The place of a part of a scalar; the whole scalar where escapes make it uncertain.
    pub fn inside(&self, span: Span, text: &str, from: usize, to: usize) -> Span {
        if text.len() > SCALAR_BYTES_SEARCHED_MAX {
            return span;
        }
        let written = self.source.get(span.start as usize..span.end as usize).unwrap_or("");
        let shift = if written.starts_with(text) {
            Some(from)
        } else if written.starts_with(['"', '\'']) && written[1..].starts_with(text) {
            Some(from + 1)
        } else {
            // Folded over lines or escaped: exact only if the part stands there just once.
            let mut found = text.get(from..to).into_iter().flat_map(|p| written.match_indices(p));
            found.next().filter(|_| found.next().is_none()).map(|(at, _)| at)
        };
        let Some(shift) = shift else { return span };
        let start = span.start as usize + shift;
        Span::new(span.file, start, start + (to - from))
    }

    /// A text with its `${…}` filled in. `at` is the key's place.
    pub fn text(&mut self, node: &Node, at: Span) -> Option<Spanned<Text>> {
        match &node.value {
            Value::Scalar(scalar) if !scalar.is_nothing() => self.fill(node.span, scalar),
            _ => {
                self.expected(node, at, "a text");
                None
            }
        }
    }

    fn fill(&mut self, span: Span, scalar: &Scalar) -> Option<Spanned<Text>> {
        match interpolate(&scalar.text, self.env) {
            Ok(text) => Some(Spanned::new(text, span)),
            Err(gaps) => {
                for gap in gaps {
                    let at = self.inside(span, &scalar.text, gap.range.start, gap.range.end);
                    let (code, help) = if gap.malformed {
                        (
                            Code::MappingValue,
                            "write ${NAME}, ${NAME:-default} or ${file:/path}; $${ stands for a plain ${",
                        )
                    } else {
                        (Code::MappingVariable, Code::MappingVariable.fix())
                    };
                    self.report.push(Diagnostic::error(code, at, gap.message).help(help));
                }
                None
            }
        }
    }

    /// A value that `parse` turns into its type. Quotes make a text of what is written out,
    /// so they are refused unless the value comes from `${…}`.
    pub fn typed<T>(
        &mut self,
        entry: &Entry,
        what: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<Spanned<T>> {
        self.typed_node(&entry.value, entry.key.span, what, parse)
    }

    /// The same of an item of a list; `at` is the key's place.
    pub fn typed_node<T>(
        &mut self,
        node: &Node,
        at: Span,
        what: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<Spanned<T>> {
        let Value::Scalar(scalar) = &node.value else {
            self.expected(node, at, what);
            return None;
        };
        let text = self.fill(node.span, scalar)?;
        let written_out = scalar.quoted && !scalar.text.contains("${");
        let value = parse(&text.value.value).filter(|_| !written_out);
        if value.is_none() {
            self.expected(node, at, what);
        }
        Some(Spanned::new(value?, node.span))
    }

    /// The entries of an object with keys of the author's own.
    pub fn entries<'n>(&mut self, node: &'n Node, at: Span, what: &str) -> &'n [Entry] {
        let Value::Mapping(entries) = &node.value else {
            self.expected(node, at, what);
            return &[];
        };
        entries
    }

    /// An object with known keys; every key not known is reported.
    pub fn fields<'n>(
        &mut self,
        node: &'n Node,
        at: Span,
        shape: &'static Shape,
    ) -> Option<Fields<'n>> {
        let Value::Mapping(entries) = &node.value else {
            self.expected(node, at, &format!("the keys of {}", shape.noun));
            return None;
        };
        let mut fields = Fields { entries, at, shape, later: false };
        // A required key that is only misspelt is not reported as missing as well.
        let mut meant = Vec::new();
        for entry in entries {
            let key = entry.key.value.as_str();
            if shape.later.contains(&key) {
                fields.later = true;
                self.not_yet(&entry.key);
            } else if !shape.keys.iter().any(|known| known.name == key) {
                meant.extend(self.unknown(&entry.key, shape));
            }
        }
        for key in shape.keys.iter().filter(|key| key.required) {
            if fields.get(key.name).is_none() && !meant.contains(&key.name) {
                let message = format!("{} needs `{}`", shape.noun, key.name);
                self.error(Code::MappingMissing, at, message);
            }
        }
        Some(fields)
    }

    fn not_yet(&mut self, key: &Spanned<String>) {
        let diagnostic = if key.value == "expr" {
            let message = "expressions are not available yet";
            Diagnostic::error(Code::MappingValue, key.span, message)
                .help("a plain move or a constant, or a change of the backend")
        } else {
            let message = format!("`{}` is not built in this version", key.value);
            Diagnostic::error(Code::MappingUnknownKey, key.span, message)
                .help("remove the key; the changelog names the version that brings it")
        };
        self.report.push(diagnostic);
    }

    /// Reports a key that is not known; the one that was meant is returned.
    fn unknown(&mut self, key: &Spanned<String>, shape: &'static Shape) -> Option<&'static str> {
        let names = || shape.keys.iter().map(|key| key.name);
        let near = did_you_mean(&key.value, names());
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the keys here are {}", list(names())),
        };
        let message = format!("`{}` is not a key of {}", key.value, shape.noun);
        let diagnostic = Diagnostic::error(Code::MappingUnknownKey, key.span, message);
        self.report.push(diagnostic.help(help));
        near
    }
}

/// A whole number in a range; one outside is a wrong value, anything else a wrong type.
pub(super) fn number<T: TryFrom<i64>>(
    cx: &mut Context<'_>,
    entry: &Entry,
    min: i64,
    max: i64,
) -> Option<Spanned<T>> {
    let read = cx.typed(entry, "a whole number", whole_number)?;
    let fits = (min..=max).contains(&read.value).then(|| T::try_from(read.value).ok()).flatten();
    if fits.is_none() {
        let message = if min == max {
            format!("`{}` must be {min}", entry.key.value)
        } else {
            format!("`{}` must be between {min} and {max}", entry.key.value)
        };
        cx.error(Code::MappingValue, read.span, message);
    }
    Some(Spanned::new(fits?, read.span))
}

/// Decimal digits with an optional minus, no leading zeros: `0777` means nothing here.
pub(super) fn whole_number(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.is_empty();
    let leading = digits.len() > 1 && digits.starts_with('0');
    if plain && !leading { text.parse().ok() } else { None }
}

/// `` `a`, `b` ``.
pub(super) fn list<'s>(names: impl Iterator<Item = &'s str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Scalars longer than this are underlined as a whole.
const SCALAR_BYTES_SEARCHED_MAX: usize = 4096;
/// Characters of a value that a message repeats.
const SHOWN_CHARS_MAX: usize = 60;

/// A node for a message, as it was written: what `${…}` stood for is not shown.
pub(super) fn describe(node: &Node) -> String {
    match &node.value {
        Value::Scalar(scalar) if !scalar.is_nothing() => {
            let quote = if scalar.quoted { "\"" } else { "" };
            let mut shown: String = scalar.text.chars().take(SHOWN_CHARS_MAX).collect();
            if shown.len() < scalar.text.len() {
                shown.push('…');
            }
            format!("`{quote}{shown}{quote}`")
        }
        value => value.noun().to_owned(),
    }
}
