//! Diagnostics for eyes and for machines.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::{Diagnostic, Place, Severity, Sources, Span};

/// How human output looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// No escape codes: pipes, files, tests.
    Plain,
    /// Colours, for a terminal.
    Colour,
}

/// Renders diagnostics the way compilers do: code, message, the line with the
/// offending text underlined, and how to fix it.
#[must_use]
pub fn render_human(diagnostics: &[&Diagnostic], sources: &Sources, style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Colour => Renderer::styled(),
    };
    let mut out = String::new();
    for diagnostic in diagnostics {
        out.push_str(&renderer.render(&groups(diagnostic, sources)));
        out.push_str("\n\n");
    }
    out
}

fn groups<'a>(d: &'a Diagnostic, sources: &'a Sources) -> Vec<annotate_snippets::Group<'a>> {
    let level = match d.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(d.message.as_str()).id(d.code.as_str());
    let mut group = match d.span {
        None => annotate_snippets::Group::with_title(title),
        Some(span) => {
            let snippet = snippet(sources, span).annotation(
                AnnotationKind::Primary.span(range(sources, span)).label(d.label.as_str()),
            );
            title.element(snippet)
        }
    };
    for note in &d.notes {
        group = group.element(snippet(sources, note.span).annotation(
            AnnotationKind::Context.span(range(sources, note.span)).label(note.text.as_str()),
        ));
    }
    if let Some(help) = &d.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    vec![group]
}

/// Lines longer than this are cut around the span: contracts come on one line.
const LINE_BYTES_MAX: usize = 240;

fn snippet(sources: &Sources, span: Span) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
    let window = window(sources, span);
    let text = sources.text(span.file).get(window.clone()).unwrap_or("");
    let line = sources.place(Span { start: u32::try_from(window.start).unwrap_or(0), ..span }).line;
    Snippet::source(text).path(sources.name(span.file)).line_start(line as usize)
}

/// The part of the file worth handing to the renderer: the lines of the span, or, where
/// they are very long, some characters around it.
fn window(sources: &Sources, span: Span) -> std::ops::Range<usize> {
    let text = sources.text(span.file);
    let start = (span.start as usize).min(text.len());
    let end = (span.end as usize).clamp(start, text.len());
    let line_start = memchr::memrchr(b'\n', &text.as_bytes()[..start]).map_or(0, |at| at + 1);
    let line_end = memchr::memchr(b'\n', &text.as_bytes()[end..]).map_or(text.len(), |at| end + at);
    let mut from = line_start.max(start.saturating_sub(LINE_BYTES_MAX / 2));
    let mut to = line_end.min(start + LINE_BYTES_MAX);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    from..to.max(from)
}

fn range(sources: &Sources, span: Span) -> std::ops::Range<usize> {
    let window = window(sources, span);
    let text = sources.text(span.file).get(window.clone()).unwrap_or("");
    let boundary = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = boundary((span.start as usize).saturating_sub(window.start));
    let end = boundary((span.end as usize).saturating_sub(window.start));
    start..end.max(start)
}

#[derive(serde::Serialize)]
struct JsonDiagnostic<'a> {
    code: &'a str,
    severity: Severity,
    message: &'a str,
    #[serde(flatten)]
    place: Option<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}

/// Renders diagnostics as one JSON array: code, severity, message, file, line, column, help.
#[must_use]
pub fn render_json(diagnostics: &[&Diagnostic], sources: &Sources) -> String {
    let rows: Vec<JsonDiagnostic<'_>> = diagnostics
        .iter()
        .map(|d| JsonDiagnostic {
            code: d.code.as_str(),
            severity: d.severity,
            message: &d.message,
            place: d.span.map(|span| sources.place(span)),
            help: d.help.as_deref(),
        })
        .collect();
    serde_json::to_string_pretty(&rows).unwrap_or_else(|_| "[]".to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::Code;
    use super::*;

    #[test]
    fn a_diagnostic_says_code_place_what_and_how_to_fix() {
        let mut sources = Sources::default();
        let file = sources.add("mappings/erp.yaml", "figleaf: 1\nrouts: {}\n");
        let d = Diagnostic::error(
            Code::MappingUnknownKey,
            Span::new(file, 11, 16),
            "`routs` is not a key",
        )
        .label("unknown")
        .help("did you mean `routes`?");
        insta::assert_snapshot!(render_human(&[&d], &sources, Style::Plain), @r"
        error[mapping-unknown-key]: `routs` is not a key
         --> mappings/erp.yaml:2:1
          |
        2 | routs: {}
          | ^^^^^ unknown
          |
          = help: did you mean `routes`?
        ");
        assert!(render_json(&[&d], &sources).contains("\"line\": 2"));
    }
}
