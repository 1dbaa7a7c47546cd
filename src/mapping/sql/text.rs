//! A text of SQL, and where each byte of it was written.

use std::ops::Range;

use super::super::node::{Entry, Spanned, Value};
use super::super::reader::Context;
use crate::diagnostic::{Code, Diagnostic, FileId, Span};

/// A text of SQL. Nothing is filled in: a `${` in it is an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlText {
    /// The characters, after YAML's own escapes.
    pub text: String,
    /// All of it.
    pub span: Span,
    /// From a byte of the text on, this is the byte of the file; ascending. Empty where no
    /// byte's place is known.
    runs: Vec<(usize, usize)>,
}

impl SqlText {
    /// A piece of a file, as it is.
    pub fn of_file(file: FileId, text: &str, range: Range<usize>) -> Self {
        let span = Span::new(file, range.start, range.end);
        let runs = vec![(0, range.start)];
        Self { text: text[range].to_owned(), span, runs }
    }

    /// A scalar of a mapping, whose file is `source`.
    fn of_scalar(text: &str, span: Span, source: &str) -> Self {
        let written = source.get(span.start as usize..span.end as usize).unwrap_or("");
        let runs = align(text, written, span.start as usize).unwrap_or_default();
        Self { text: text.to_owned(), span, runs }
    }

    /// Where some bytes of the text were written; all of it where that is not known.
    pub fn place(&self, range: Range<usize>) -> Span {
        let (Some(start), Some(end)) = (self.byte(range.start), self.byte(range.end)) else {
            return self.span;
        };
        // A range over a fold of lines ends where its last byte does.
        let end = if end < start { start } else { end };
        Span::new(self.span.file, start, end)
    }

    /// Its first line: where something about all of it is told.
    pub fn head(&self) -> Span {
        let start = skip_space(&self.text, 0);
        let line = self.text[start..].lines().next().unwrap_or("").trim_end();
        self.place(start..start + line.len())
    }

    fn byte(&self, at: usize) -> Option<usize> {
        let run = self.runs.partition_point(|(text, _)| *text <= at).checked_sub(1)?;
        let (text, file) = self.runs.get(run)?;
        let end = self.runs.get(run + 1).map_or(self.span.end as usize, |(_, file)| *file);
        Some((file + (at - text)).min(end))
    }
}

/// Where each run of a scalar's characters stands in what was written: indentation, quotes
/// and the backslash of an escape lie between runs. `None` where they do not fit.
fn align(text: &str, written: &str, start: usize) -> Option<Vec<(usize, usize)>> {
    let mut at = match written.as_bytes().first()? {
        // The first line of a block has only its header.
        b'|' | b'>' => written.find('\n')? + 1,
        b'"' | b'\'' => 1,
        _ => 0,
    };
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (offset, c) in text.char_indices() {
        if !c.is_whitespace() {
            at = skip_space(written, at);
            if !written[at..].starts_with(c) {
                // `''` and `\"` stand for one character.
                at += written[at..].chars().next()?.len_utf8();
                at = skip_space(written, at);
            }
            if !written[at..].starts_with(c) {
                return None;
            }
        } else if !written[at..].starts_with(c) {
            continue;
        }
        let shift = (start + at).wrapping_sub(offset);
        if runs.last().is_none_or(|(text, file)| file.wrapping_sub(*text) != shift) {
            runs.push((offset, start + at));
        }
        at += c.len_utf8();
    }
    Some(runs)
}

fn skip_space(text: &str, at: usize) -> usize {
    text.len() - text[at..].trim_start().len()
}

/// The text of SQL behind a key.
pub(super) fn sql_text(cx: &mut Context<'_>, entry: &Entry) -> Option<SqlText> {
    let Value::Scalar(scalar) = &entry.value.value else {
        cx.expected(&entry.value, entry.key.span, "a text of SQL");
        return None;
    };
    if scalar.is_nothing() {
        cx.expected(&entry.value, entry.key.span, "a text of SQL");
        return None;
    }
    let text = SqlText::of_scalar(&scalar.text, entry.value.span, cx.source);
    if let Some(at) = scalar.text.find("${") {
        let message = "nothing is filled into a statement";
        cx.report.push(
            Diagnostic::error(Code::SqlSyntax, text.place(at..at + 2), message)
                .help("send the value as a parameter, `:name`, with `in: { name: { const: … } }`"),
        );
        return None;
    }
    Some(text)
}

/// Lines of names and texts of SQL.
pub(super) fn sql_texts(
    cx: &mut Context<'_>,
    entry: Option<&Entry>,
) -> Vec<(Spanned<String>, SqlText)> {
    let Some(entry) = entry else { return Vec::new() };
    let lines = cx.entries(&entry.value, entry.key.span, "names and texts of SQL");
    lines.iter().filter_map(|line| Some((line.key.clone(), sql_text(cx, line)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where `part` of a scalar's text stands in the file.
    fn check(written: &str, text: &str, part: &str, expected: &str) {
        let source = format!("q: {written}\n");
        let span = Span::new(FileId(0), 3, source.trim_end().len());
        let sql = SqlText::of_scalar(text, span, &source);
        let at = text.find(part).unwrap();
        let place = sql.place(at..at + part.len());
        assert_eq!(&source[place.start as usize..place.end as usize], expected, "{written}");
    }

    #[test]
    fn a_byte_of_a_statement_has_its_place_in_every_style_of_scalar() {
        check("select :id", "select :id", ":id", ":id");
        check("'a ''b'' :id'", "a 'b' :id", ":id", ":id");
        check("\"a \\\"b\\\" :id\"", "a \"b\" :id", ":id", ":id");
        check(
            "|\n    select a,\n      :id\n    from t\n",
            "select a,\n  :id\nfrom t\n",
            ":id",
            ":id",
        );
        check("|\n    select a,\n\n    from t\n", "select a,\n\nfrom t\n", "from", "from");
        check(">\n    select a\n    where :id\n", "select a where :id\n", "where :id", "where :id");
        check("|\n  größe\n  = :größe\n", "größe\n= :größe\n", ":größe", ":größe");
        check("\"\\x61 :id\"", "a :id", ":id", "\"\\x61 :id\"");
    }
}
