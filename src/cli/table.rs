//! Rows of texts below one another, as wide as the terminal at most.

/// What stands in a row, and how it looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    text: String,
    style: &'static str,
}

/// Between two columns.
const GAP: usize = 2;
/// The narrowest a last column is cut to.
const LAST_CHARS_MIN: usize = 20;
const OFF: &str = "\u{1b}[0m";

impl Cell {
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self { text: printable(&text.into()), style: "" }
    }

    /// A column's name.
    pub(super) fn head(text: &str) -> Self {
        Self { text: text.to_owned(), style: "\u{1b}[2m" }
    }

    pub(super) fn bold(text: impl Into<String>) -> Self {
        Self { text: printable(&text.into()), style: "\u{1b}[1m" }
    }

    pub(super) fn good(text: impl Into<String>) -> Self {
        Self { text: printable(&text.into()), style: "\u{1b}[32m" }
    }

    pub(super) fn unsure(text: impl Into<String>) -> Self {
        Self { text: printable(&text.into()), style: "\u{1b}[33m" }
    }

    pub(super) fn bad(text: impl Into<String>) -> Self {
        Self { text: printable(&text.into()), style: "\u{1b}[1;31m" }
    }

    fn chars(&self) -> usize {
        self.text.chars().count()
    }

    /// As it is shown: where colours are wanted, with them.
    pub(super) fn shown(&self, colours: bool) -> String {
        if !colours || self.style.is_empty() || self.text.is_empty() {
            return self.text.clone();
        }
        format!("{}{}{OFF}", self.style, self.text)
    }
}

/// A text whose characters can all be seen, on one line: reasons are people's and names of members
/// a backend's, and neither may move the cursor, change colours or turn the direction of a line.
pub(super) fn printable(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    for c in text.chars() {
        let turns = matches!(
            c,
            '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        );
        if c.is_control() || turns || matches!(c, '\u{2028}' | '\u{2029}') {
            seen.extend(c.escape_default());
        } else {
            seen.push(c);
        }
    }
    seen
}

/// How wide it is, and whether it is in colours; of no terminal neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Page {
    /// Characters of a line; `None` is as many as there are.
    pub width: Option<usize>,
    /// Whether there are colours.
    pub colours: bool,
}

/// Characters a table takes.
pub(super) fn width(rows: &[Vec<Cell>]) -> usize {
    columns(rows).iter().map(|width| width + GAP).sum::<usize>().saturating_sub(GAP)
}

fn columns(rows: &[Vec<Cell>]) -> Vec<usize> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |at: usize| {
        // A cell alone in its row may be as long as it is.
        rows.iter()
            .filter(|row| row.len() > at + 1 || at + 1 == count)
            .filter_map(|row| row.get(at))
            .map(Cell::chars)
            .max()
    };
    (0..count).map(|at| widest(at).unwrap_or(0)).collect()
}

/// The rows as lines. Where the page is too narrow, the last column is cut.
pub(super) fn text(rows: &[Vec<Cell>], page: Page) -> String {
    let columns = columns(rows);
    let mut text = String::new();
    for row in rows {
        for (at, (cell, width)) in row.iter().zip(&columns).enumerate() {
            let is_last = at + 1 == row.len();
            let before: usize = columns[..at].iter().map(|width| width + GAP).sum();
            let shown = match page.width.filter(|_| is_last) {
                Some(page) => cell.cut(page.saturating_sub(before).max(LAST_CHARS_MIN)),
                None => cell.clone(),
            };
            text.push_str(&shown.shown(page.colours));
            if !is_last {
                text.push_str(&" ".repeat(width - cell.chars().min(*width) + GAP));
            }
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    text
}

impl Cell {
    fn cut(&self, chars_max: usize) -> Self {
        if self.chars() <= chars_max {
            return self.clone();
        }
        let mut text: String = self.text.chars().take(chars_max.saturating_sub(1)).collect();
        text.push('…');
        Self { text, style: self.style }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Vec<Cell>> {
        vec![
            vec![Cell::head("ROUTE"), Cell::head("STAGE"), Cell::head("WHY")],
            vec![
                Cell::plain("GET /a"),
                Cell::good("shadow"),
                Cell::plain("it was time to begin with it"),
            ],
            vec![Cell::plain("a row of one cell is no column")],
            vec![Cell::plain("GET /long"), Cell::plain("canary 5%"), Cell::plain("")],
        ]
    }

    #[test]
    fn columns_are_as_wide_as_they_have_to_be() {
        let expected = "ROUTE      STAGE      WHY\n\
                        GET /a     shadow     it was time to begin with it\n\
                        a row of one cell is no column\n\
                        GET /long  canary 5%\n";
        assert_eq!(text(&rows(), Page::default()), expected);
        assert_eq!(width(&rows()), 11 + 11 + 28);
    }

    #[test]
    fn a_narrow_page_cuts_the_last_column() {
        let page = Page { width: Some(42), colours: false };
        let shown = text(&rows(), page);
        assert_eq!(shown.lines().nth(1), Some("GET /a     shadow     it was time to begi…"));
        assert!(shown.lines().all(|line| line.chars().count() <= 42));
    }

    #[test]
    fn colours_take_no_room() {
        let page = Page { width: None, colours: true };
        let shown = text(&rows(), page);
        assert!(shown.contains("GET /a     \u{1b}[32mshadow\u{1b}[0m     it"), "{shown}");
    }

    #[test]
    fn what_others_wrote_stays_in_its_cell() {
        let check = |given: &str, expected: &str| {
            let shown = text(&[vec![Cell::plain(given), Cell::plain("next")]], Page::default());
            assert_eq!(shown, format!("{expected}  next\n"));
        };
        check("two\nlines\tand \u{1b}[31mred", "two\\nlines\\tand \\u{1b}[31mred");
        check("\u{9b}2J\u{202e}drawkcab", "\\u{9b}2J\\u{202e}drawkcab");
        check("Müller 100 % 日本", "Müller 100 % 日本");
    }
}
