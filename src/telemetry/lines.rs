//! Spans and events into lines. A span's fields become text when they are recorded, and are
//! only copied afterwards; a line is put together in a buffer of its thread.

use std::cell::RefCell;
use std::sync::Arc;

use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::{LookupSpan, SpanRef};

use super::clock;
use super::fields::{Fields, Writer};
use super::queue::Queue;
use super::style::Style;

/// Bytes a thread keeps for its next line.
const KEPT_BYTES_MAX: usize = 16 << 10;

thread_local! {
    static LINE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The layer that writes.
pub(super) struct Lines {
    pub(super) style: Style,
    pub(super) queue: Arc<Queue>,
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Lines {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            let mut fields = Fields::new();
            attributes.record(&mut fields.writer(self.style));
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(&mut fields.writer(self.style));
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let span = context.event_span(event);
        LINE.with(|line| match line.try_borrow_mut() {
            Ok(mut line) => self.write(event, span.as_ref(), &mut line),
            // A value that is being written has something to say itself.
            Err(_) => self.write(event, span.as_ref(), &mut String::new()),
        });
    }
}

impl Lines {
    fn write<'a, S>(&self, event: &Event<'_>, span: Option<&SpanRef<'a, S>>, line: &mut String)
    where
        S: Subscriber + LookupSpan<'a>,
    {
        line.clear();
        match self.style {
            Style::Json => json(event, span, line),
            Style::Human { .. } => human(self.style, event, span, line),
        }
        line.push('\n');
        self.queue.push(line.as_bytes());
        line.shrink_to(KEPT_BYTES_MAX);
    }
}

/// `2026-11-21T10:00:00.123456Z  INFO request{route="GET /a"}: answered a=1`
fn human<'a, S>(style: Style, event: &Event<'_>, span: Option<&SpanRef<'a, S>>, line: &mut String)
where
    S: Subscriber + LookupSpan<'a>,
{
    style.push_look(line, "2");
    clock::push_now(line);
    style.push_look(line, "0");
    line.push(' ');
    style.push_level(line, *event.metadata().level());
    if let Some(span) = span {
        line.push(' ');
        path(style, span, line);
    }
    event.record(&mut Writer::new(style, line));
}

/// `request{route="GET /a"}:backend call{attempts=2}:`; our spans are two deep.
fn path<'a, S>(style: Style, span: &SpanRef<'a, S>, line: &mut String)
where
    S: Subscriber + LookupSpan<'a>,
{
    if let Some(parent) = span.parent() {
        path(style, &parent, line);
    }
    style.push_look(line, "1");
    line.push_str(span.name());
    style.push_look(line, "0");
    let extensions = span.extensions();
    if let Some(fields) = extensions.get::<Fields>().and_then(|fields| fields.text.get(1..)) {
        line.push('{');
        line.push_str(fields);
        line.push('}');
    }
    line.push(':');
}

/// `{"timestamp":"…","level":"INFO","message":"answered","target":"…","span":{"name":"request",…}}`;
/// the spans around that one, if any, stand in `spans`, outermost first.
fn json<'a, S>(event: &Event<'_>, span: Option<&SpanRef<'a, S>>, line: &mut String)
where
    S: Subscriber + LookupSpan<'a>,
{
    line.push_str("{\"timestamp\":\"");
    clock::push_now(line);
    line.push_str("\",\"level\":\"");
    Style::Json.push_level(line, *event.metadata().level());
    line.push('"');
    event.record(&mut Writer::new(Style::Json, line));
    line.push_str(",\"target\":");
    Style::Json.push_text(line, event.metadata().target());
    if let Some(span) = span {
        line.push_str(",\"span\":");
        object(span, line);
        if let Some(parent) = span.parent() {
            line.push_str(",\"spans\":");
            for (at, span) in parent.scope().from_root().enumerate() {
                line.push(if at == 0 { '[' } else { ',' });
                object(&span, line);
            }
            line.push(']');
        }
    }
    line.push('}');
}

fn object<'a, S: LookupSpan<'a>>(span: &SpanRef<'a, S>, line: &mut String) {
    line.push_str("{\"name\":");
    Style::Json.push_text(line, span.name());
    if let Some(fields) = span.extensions().get::<Fields>() {
        line.push_str(&fields.text);
    }
    line.push('}');
}

/// What stands in the log where lines were lost.
pub(super) fn lost(style: Style, count: u64) -> Vec<u8> {
    let words = "log lines were lost: what reads them is too slow";
    let mut line = String::new();
    if style == Style::Json {
        line.push_str("{\"timestamp\":\"");
        clock::push_now(&mut line);
        line.push_str("\",\"level\":\"WARN\",\"message\":\"");
        line.push_str(words);
        line.push_str(&format!("\",\"lines\":{count}}}\n"));
    } else {
        clock::push_now(&mut line);
        line.push(' ');
        style.push_level(&mut line, Level::WARN);
        line.push_str(&format!(" {words} lines={count}\n"));
    }
    line.into_bytes()
}
