//! What differs between the files of two revisions, in pieces that can be undone one by one.

use std::collections::BTreeMap;
use std::ops::Range;

use super::lines::hunks;

/// Bytes of a line above which its tags count as lines: contracts come on one line.
const LINE_BYTES_LONG: usize = 400;
/// Lines added or removed together that are undone one by one.
const LINES_APART_MAX: usize = 12;
/// Edits above which lines changed together stay together.
const EDITS_MAX: usize = 2_000;

/// Files of one revision, by their paths from the repository's root with `/`.
pub type Files = BTreeMap<String, Vec<u8>>;

/// One difference between two revisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The file.
    pub file: String,
    /// What was there.
    pub before: Piece,
    /// What is there.
    pub after: Piece,
    /// Whether the file itself came or went.
    pub is_whole_file: bool,
}

/// A piece of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The line it begins at, from 1.
    pub line: u32,
    /// Its lines as text.
    pub lines: Vec<String>,
    /// Its bytes.
    range: Range<usize>,
}

/// Every difference between two revisions, in the order of files and lines.
#[must_use]
pub fn edits(before: &Files, after: &Files) -> Vec<Edit> {
    let fine = all(before, after, true);
    if fine.len() > EDITS_MAX { all(before, after, false) } else { fine }
}

fn all(before: &Files, after: &Files, apart: bool) -> Vec<Edit> {
    let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut edits = Vec::new();
    for name in names {
        match (before.get(name), after.get(name)) {
            (Some(old), Some(new)) if old != new => of_file(name, old, new, apart, &mut edits),
            (Some(_), Some(_)) => {}
            (old, new) => {
                let whole = |bytes: Option<&Vec<u8>>| {
                    let bytes = bytes.map_or(&[][..], Vec::as_slice);
                    let units = Units::of(bytes);
                    units.piece(0..units.ends.len())
                };
                let (before, after) = (whole(old), whole(new));
                edits.push(Edit { file: name.clone(), before, after, is_whole_file: true });
            }
        }
    }
    edits
}

fn of_file(name: &str, old: &[u8], new: &[u8], apart: bool, edits: &mut Vec<Edit>) {
    let (b, a) = (Units::of(old), Units::of(new));
    for hunk in hunks(&b.slices(), &a.slices()) {
        let lengths = (hunk.before.len(), hunk.after.len());
        let is_apart = apart
            && match lengths {
                (old, new) if old == new => true,
                (0, count) | (count, 0) => count <= LINES_APART_MAX,
                _ => false,
            };
        let mut push = |before: Range<usize>, after: Range<usize>| {
            let (before, after) = (b.piece(before), a.piece(after));
            edits.push(Edit { file: name.to_owned(), before, after, is_whole_file: false });
        };
        if !is_apart {
            push(hunk.before, hunk.after);
            continue;
        }
        for at in 0..lengths.0.max(lengths.1) {
            let one = |range: &Range<usize>| {
                let start = (range.start + at).min(range.end);
                start..(start + 1).min(range.end)
            };
            push(one(&hunk.before), one(&hunk.after));
        }
    }
}

/// The lines of a file, long ones tag by tag.
struct Units<'f> {
    bytes: &'f [u8],
    /// Where each ends.
    ends: Vec<usize>,
    /// The line each begins in, from 1.
    lines: Vec<u32>,
}

impl<'f> Units<'f> {
    fn of(bytes: &'f [u8]) -> Self {
        let mut units = Self { bytes, ends: Vec::new(), lines: Vec::new() };
        let mut start = 0;
        for (number, line) in (1..).zip(bytes.split_inclusive(|byte| *byte == b'\n')) {
            let is_long = line.len() > LINE_BYTES_LONG;
            for unit in line.split_inclusive(|byte| is_long && *byte == b'>') {
                start += unit.len();
                units.ends.push(start);
                units.lines.push(number);
            }
        }
        units
    }

    fn start(&self, at: usize) -> usize {
        at.checked_sub(1).map_or(0, |before| self.ends[before])
    }

    fn slices(&self) -> Vec<&'f [u8]> {
        (0..self.ends.len()).map(|at| &self.bytes[self.start(at)..self.ends[at]]).collect()
    }

    fn piece(&self, range: Range<usize>) -> Piece {
        let text = |at: usize| {
            let text = String::from_utf8_lossy(&self.bytes[self.start(at)..self.ends[at]]);
            text.trim_end_matches(['\r', '\n']).to_owned()
        };
        let past = self.lines.last().map_or(1, |last| last + 1);
        Piece {
            line: self.lines.get(range.start).copied().unwrap_or(past),
            lines: range.clone().map(text).collect(),
            range: self.start(range.start)..self.start(range.end),
        }
    }
}

/// The files of the later revision with some edits undone: only those that differ from
/// it, `None` for one that is not there. `undone` says it of each edit.
#[must_use]
pub fn edited(
    before: &Files,
    after: &Files,
    edits: &[Edit],
    undone: &[bool],
) -> BTreeMap<String, Option<Vec<u8>>> {
    let mut out: BTreeMap<String, Option<Vec<u8>>> = BTreeMap::new();
    let chosen = edits.iter().zip(undone).filter(|(_, undone)| **undone).map(|(edit, _)| edit);
    let mut of_file: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
    for edit in chosen {
        if edit.is_whole_file {
            out.insert(edit.file.clone(), before.get(&edit.file).cloned());
        } else {
            of_file.entry(&edit.file).or_default().push(edit);
        }
    }
    for (name, edits) in of_file {
        let (Some(old), Some(new)) = (before.get(name), after.get(name)) else { continue };
        let mut bytes = Vec::with_capacity(new.len());
        let mut at = 0;
        for edit in edits {
            bytes.extend_from_slice(&new[at..edit.after.range.start]);
            bytes.extend_from_slice(&old[edit.before.range.clone()]);
            at = edit.after.range.end;
        }
        bytes.extend_from_slice(&new[at..]);
        out.insert(name.to_owned(), Some(bytes));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> Files {
        list.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
    }

    fn told(edit: &Edit) -> String {
        let side = |piece: &Piece| format!("{}:{}", piece.line, piece.lines.join("|"));
        format!("{} {} > {}", edit.file, side(&edit.before), side(&edit.after))
    }

    #[test]
    fn lines_changed_together_can_be_undone_apart() {
        let before = files(&[("a", "1\n2\n3\n4\n"), ("gone", "x\n")]);
        let after = files(&[("a", "1\nb\nc\n4\nnew\n")]);
        let edits = edits(&before, &after);
        let lines: Vec<String> = edits.iter().map(told).collect();
        assert_eq!(lines, ["a 2:2 > 2:b", "a 3:3 > 3:c", "a 5: > 5:new", "gone 1:x > 1:"]);
        let check = |undone: &[bool], expected: &[(&str, Option<&str>)]| {
            let found = edited(&before, &after, &edits, undone);
            let text =
                |bytes: &Option<Vec<u8>>| bytes.clone().map(|b| String::from_utf8(b).unwrap());
            let found: Vec<(&str, Option<String>)> =
                found.iter().map(|(name, bytes)| (&**name, text(bytes))).collect();
            let expected: Vec<(&str, Option<String>)> =
                expected.iter().map(|(name, text)| (*name, text.map(str::to_owned))).collect();
            assert_eq!(found, expected);
        };
        check(&[false; 4], &[]);
        check(&[true, false, false, false], &[("a", Some("1\n2\nc\n4\nnew\n"))]);
        check(&[true, true, true, false], &[("a", Some("1\n2\n3\n4\n"))]);
        check(&[false, false, false, true], &[("gone", Some("x\n"))]);
    }

    #[test]
    fn a_contract_on_one_line_is_compared_tag_by_tag() {
        let text = |ty: &str| format!("<a>{}<e name='n' type='{ty}'/><b/></a>", "<c/>".repeat(200));
        let edits = edits(&files(&[("a", &text("s"))]), &files(&[("a", &text("i"))]));
        let lines: Vec<String> = edits.iter().map(told).collect();
        assert_eq!(lines, ["a 1:<e name='n' type='s'/> > 1:<e name='n' type='i'/>"]);
    }
}
