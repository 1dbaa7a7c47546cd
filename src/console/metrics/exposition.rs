//! Writing the text format of Prometheus, version 0.0.4.

use std::fmt::{Display, Write};

/// What a family is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// It only grows.
    Counter,
    /// It goes up and down.
    Gauge,
    /// Counts up to bounds, a sum and a count.
    Histogram,
}

/// Labels of a sample.
pub(super) type Labels<'a> = &'a [(&'static str, &'a str)];

/// A text in the making. All samples of a family are written one after another.
#[derive(Default)]
pub(super) struct Exposition(String);

impl Exposition {
    /// Begins a family. Help is one line, without a backslash.
    pub(super) fn family(&mut self, name: &str, kind: Kind, help: &str) {
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    /// A sample of the family begun last.
    pub(super) fn sample(&mut self, name: &str, labels: Labels<'_>, value: impl Display) {
        self.0.push_str(name);
        for (at, (label, value)) in labels.iter().enumerate() {
            let before = if at == 0 { '{' } else { ',' };
            let _ = write!(self.0, "{before}{label}=\"");
            escape(value, &mut self.0);
            self.0.push('"');
        }
        if !labels.is_empty() {
            self.0.push('}');
        }
        let _ = writeln!(self.0, " {value}");
    }

    /// The whole text.
    pub(super) fn finish(self) -> String {
        self.0
    }
}

/// Backslash, quote and line feed are the three that have to be.
fn escape(value: &str, out: &mut String) {
    for c in value.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_labels_are_escaped() {
        let mut text = Exposition::default();
        text.family("figleaf_x_total", Kind::Counter, "X.");
        text.sample("figleaf_x_total", &[("route", "GET /a\"b\\c\nd"), ("side", "é")], 3);
        text.sample("figleaf_x_total", &[], 0.5);
        let expected = "# HELP figleaf_x_total X.\n# TYPE figleaf_x_total counter\n\
                        figleaf_x_total{route=\"GET /a\\\"b\\\\c\\nd\",side=\"é\"} 3\n\
                        figleaf_x_total 0.5\n";
        assert_eq!(text.finish(), expected);
    }
}
