//! Which lines of a text are another's: the shortest edit, as `diff` finds it.

use std::collections::HashMap;
use std::ops::Range;

/// Lines that differ before a shorter edit is not looked for any more.
const DISTANCE_MAX: usize = 600;

/// Lines of one text and those that stand in their place in the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hunk {
    pub(super) before: Range<usize>,
    pub(super) after: Range<usize>,
}

/// Every place where two texts differ, in order.
pub(super) fn hunks(before: &[&[u8]], after: &[&[u8]]) -> Vec<Hunk> {
    let mut out = Vec::new();
    // Pieces still to compare, the first last.
    let mut pending = vec![(0..before.len(), 0..after.len())];
    while let Some((b, a)) = pending.pop() {
        let (b, a) = trimmed(before, after, b, a);
        if b.is_empty() && a.is_empty() {
            continue;
        }
        if b.is_empty() || a.is_empty() {
            out.push(Hunk { before: b, after: a });
        } else if let Some(found) = shortest(&before[b.clone()], &after[a.clone()]) {
            let shift = |h: Hunk| Hunk {
                before: h.before.start + b.start..h.before.end + b.start,
                after: h.after.start + a.start..h.after.end + a.start,
            };
            out.extend(found.into_iter().map(shift));
        } else {
            let pieces = split(before, after, &b, &a);
            if pieces.len() == 1 {
                out.push(Hunk { before: b, after: a });
            } else {
                pending.extend(pieces.into_iter().rev());
            }
        }
    }
    out
}

fn trimmed(
    before: &[&[u8]],
    after: &[&[u8]],
    mut b: Range<usize>,
    mut a: Range<usize>,
) -> (Range<usize>, Range<usize>) {
    while !b.is_empty() && !a.is_empty() && before[b.start] == after[a.start] {
        (b.start, a.start) = (b.start + 1, a.start + 1);
    }
    while !b.is_empty() && !a.is_empty() && before[b.end - 1] == after[a.end - 1] {
        (b.end, a.end) = (b.end - 1, a.end - 1);
    }
    (b, a)
}

/// The shortest edit (Myers, "An O(ND) difference algorithm"); `None` where it is too long.
fn shortest(before: &[&[u8]], after: &[&[u8]]) -> Option<Vec<Hunk>> {
    let (n, m) = (before.len(), after.len());
    let limit = (n + m).min(DISTANCE_MAX);
    // How far each diagonal reached, by its number plus `limit + 1`; one table a distance.
    let mut reached = vec![0_usize; 2 * limit + 3];
    let mut tables = Vec::new();
    for distance in 0..=limit {
        tables.push(reached.clone());
        for step in 0..=distance {
            let at = limit + 1 + 2 * step - distance;
            let is_down = step == 0 || (step != distance && reached[at - 1] < reached[at + 1]);
            let mut x = if is_down { reached[at + 1] } else { reached[at - 1] + 1 };
            // The diagonal is `x - y`.
            let Some(mut y) = (x + limit + 1).checked_sub(at) else { continue };
            while x < n && y < m && before[x] == after[y] {
                (x, y) = (x + 1, y + 1);
            }
            reached[at] = x;
            if x >= n && y >= m {
                return Some(walked_back(&tables, limit, (n, m)));
            }
        }
    }
    None
}

/// The edits, from the end to the beginning.
fn walked_back(tables: &[Vec<usize>], limit: usize, end: (usize, usize)) -> Vec<Hunk> {
    let (mut x, mut y) = end;
    let mut hunks: Vec<Hunk> = Vec::new();
    for distance in (1..tables.len()).rev() {
        let reached = &tables[distance];
        let at = x + limit + 1 - y;
        let lowest = limit + 1 - distance;
        let is_down =
            at == lowest || (at != limit + 1 + distance && reached[at - 1] < reached[at + 1]);
        let from = if is_down { at + 1 } else { at - 1 };
        let old_x = reached[from];
        let old_y = old_x + limit + 1 - from;
        let (step_x, step_y) = if is_down { (old_x, old_y + 1) } else { (old_x + 1, old_y) };
        match hunks.last_mut() {
            Some(last) if last.before.start == step_x && last.after.start == step_y => {
                (last.before.start, last.after.start) = (old_x, old_y);
            }
            _ => hunks.push(Hunk { before: old_x..step_x, after: old_y..step_y }),
        }
        (x, y) = (old_x, old_y);
    }
    hunks.reverse();
    hunks
}

/// Pieces between lines that stand once in both texts, in the same order.
fn split(
    before: &[&[u8]],
    after: &[&[u8]],
    b: &Range<usize>,
    a: &Range<usize>,
) -> Vec<(Range<usize>, Range<usize>)> {
    let mut seen: HashMap<&[u8], (usize, usize, usize, usize)> = HashMap::new();
    for at in b.clone() {
        let known = seen.entry(before[at]).or_default();
        (known.0, known.1) = (known.0 + 1, at);
    }
    for at in a.clone() {
        let known = seen.entry(after[at]).or_default();
        (known.2, known.3) = (known.2 + 1, at);
    }
    let mut once: Vec<(usize, usize)> =
        seen.values().filter(|k| k.0 == 1 && k.2 == 1).map(|k| (k.1, k.3)).collect();
    once.sort_unstable();
    let mut pieces = Vec::new();
    let (mut from_b, mut from_a) = (b.start, a.start);
    for (at_b, at_a) in rising(&once) {
        pieces.push((from_b..at_b, from_a..at_a));
        (from_b, from_a) = (at_b, at_a);
    }
    pieces.push((from_b..b.end, from_a..a.end));
    pieces
}

/// The longest run of pairs whose second numbers rise as well.
fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // For each length: the pair that ends such a run earliest.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous = vec![None; pairs.len()];
    for (at, (_, second)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].1 < *second);
        previous[at] = length.checked_sub(1).map(|shorter| ends[shorter]);
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut run = Vec::new();
    let mut at = ends.last().copied();
    while let Some(here) = at {
        run.push(pairs[here]);
        at = previous[here];
    }
    run.reverse();
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<&[u8]> {
        text.split_inclusive(' ').map(str::as_bytes).collect()
    }

    #[test]
    fn the_shortest_edit_is_found() {
        let check = |before: &str, after: &str, expected: &str| {
            let found: Vec<String> = hunks(&lines(before), &lines(after))
                .iter()
                .map(|h| format!("{:?}>{:?}", h.before, h.after))
                .collect();
            assert_eq!(found.join(" "), expected, "{before} | {after}");
        };
        check("a b c ", "a b c ", "");
        check("a b c ", "a x c ", "1..2>1..2");
        check("a b c ", "a c ", "1..2>1..1");
        check("a c ", "a b c ", "1..1>1..2");
        check("a b c d e ", "a x c e f ", "1..2>1..2 3..4>3..3 5..5>4..5");
        check("", "a ", "0..0>0..1");
    }

    #[test]
    fn texts_too_different_for_the_shortest_edit_are_split_at_lines_both_have() {
        let numbered = |from: usize, word: &str| -> Vec<String> {
            (from..from + 2_000).map(|n| format!("{word}{n}\n")).collect()
        };
        let text =
            |of: &str| [numbered(0, of), vec!["middle\n".to_owned()], numbered(9_000, of)].concat();
        let (before, after) = (text("a"), text("b"));
        let bytes =
            |lines: &[String]| lines.iter().map(|l| l.clone().into_bytes()).collect::<Vec<_>>();
        let (before, after) = (bytes(&before), bytes(&after));
        let slices = |lines: &'_ [Vec<u8>]| -> Vec<Vec<u8>> { lines.to_vec() };
        let (b, a) = (slices(&before), slices(&after));
        let found = hunks(
            &b.iter().map(Vec::as_slice).collect::<Vec<_>>(),
            &a.iter().map(Vec::as_slice).collect::<Vec<_>>(),
        );
        let expected = [
            Hunk { before: 0..2_000, after: 0..2_000 },
            Hunk { before: 2_001..4_001, after: 2_001..4_001 },
        ];
        assert_eq!(found, expected);
    }

    proptest::proptest! {
        #[test]
        fn what_is_left_alone_is_equal_and_what_is_not_differs(
            before in proptest::collection::vec(0_u8..4, 0..40),
            after in proptest::collection::vec(0_u8..4, 0..40),
        ) {
            let one = |of: &[u8]| of.iter().map(|byte| vec![*byte]).collect::<Vec<_>>();
            let (before, after) = (one(&before), one(&after));
            let (b, a): (Vec<&[u8]>, Vec<&[u8]>) =
                (before.iter().map(Vec::as_slice).collect(), after.iter().map(Vec::as_slice).collect());
            let mut rebuilt = Vec::new();
            let mut at = 0;
            for hunk in hunks(&b, &a) {
                rebuilt.extend_from_slice(&b[at..hunk.before.start]);
                rebuilt.extend_from_slice(&a[hunk.after]);
                at = hunk.before.end;
            }
            rebuilt.extend_from_slice(&b[at..]);
            proptest::prop_assert_eq!(rebuilt, a);
        }
    }
}
