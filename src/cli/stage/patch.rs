//! What changes in a text, as `patch` and `git apply` read it.

/// Lines around a change.
const CONTEXT: usize = 3;

/// A line before or after, or both.
enum Line<'t> {
    Same(&'t str),
    Gone(&'t str),
    New(&'t str),
}

/// A unified diff of a file in which lines were replaced or put in; empty where nothing changed.
pub(super) fn unified(path: &str, old: &str, new: &str) -> String {
    let lines = lines(old, new);
    let changed: Vec<usize> =
        (0..lines.len()).filter(|at| !matches!(lines[*at], Line::Same(_))).collect();
    let mut text = String::new();
    if !changed.is_empty() {
        text.push_str(&format!("--- a/{path}\n+++ b/{path}\n"));
    }
    let mut at = 0;
    while let Some(first) = changed.get(at) {
        let mut last = *first;
        while let Some(next) = changed.get(at).filter(|next| **next <= last + 2 * CONTEXT) {
            last = *next;
            at += 1;
        }
        hunk(
            &mut text,
            &lines,
            first.saturating_sub(CONTEXT),
            (last + CONTEXT + 1).min(lines.len()),
        );
    }
    text
}

/// Both texts side by side. Lines are replaced one by one, or put in one by one.
fn lines<'t>(old: &'t str, new: &'t str) -> Vec<Line<'t>> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let (mut i, mut j, mut lines) = (0, 0, Vec::new());
    while i < old.len() || j < new.len() {
        match (old.get(i), new.get(j)) {
            (Some(a), Some(b)) if a == b => {
                lines.push(Line::Same(a));
                (i, j) = (i + 1, j + 1);
            }
            (a, Some(b)) if a.is_none() || new.get(j + 1) == a => {
                lines.push(Line::New(b));
                j += 1;
            }
            (Some(a), b) => {
                lines.push(Line::Gone(a));
                lines.extend(b.map(|b| Line::New(b)));
                (i, j) = (i + 1, j + 1);
            }
            (None, _) => break,
        }
    }
    lines
}

fn hunk(text: &mut String, lines: &[Line<'_>], from: usize, to: usize) {
    let olds =
        |lines: &[Line<'_>]| lines.iter().filter(|line| !matches!(line, Line::New(_))).count();
    let news =
        |lines: &[Line<'_>]| lines.iter().filter(|line| !matches!(line, Line::Gone(_))).count();
    let (before, shown) = (&lines[..from], &lines[from..to]);
    text.push_str(&format!(
        "@@ -{},{} +{},{} @@\n",
        olds(before) + 1,
        olds(shown),
        news(before) + 1,
        news(shown)
    ));
    for line in shown {
        let (mark, line) = match line {
            Line::Same(line) => (' ', line),
            Line::Gone(line) => ('-', line),
            Line::New(line) => ('+', line),
        };
        text.push_str(&format!("{mark}{line}\n"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_shows_what_is_replaced_and_what_is_put_in() {
        let old = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n";
        let new = "a\nB\nc\nd\ne\nf\ng\nh\ni\nj\nnew\nk\nl\n";
        let expected = "--- a/m.yaml\n+++ b/m.yaml\n\
                        @@ -1,5 +1,5 @@\n a\n-b\n+B\n c\n d\n e\n\
                        @@ -8,5 +8,6 @@\n h\n i\n j\n+new\n k\n l\n";
        assert_eq!(unified("m.yaml", old, new), expected);
        assert_eq!(unified("m.yaml", old, old), "");
    }

    #[test]
    fn changes_close_to_one_another_are_one_hunk() {
        let shown = unified("m", "a\nb\nc\nd\n", "A\nb\nc\nnew\nd\n");
        assert_eq!(shown.lines().nth(2), Some("@@ -1,4 +1,5 @@"));
        assert_eq!(shown.matches("@@ ").count(), 1);
    }
}
