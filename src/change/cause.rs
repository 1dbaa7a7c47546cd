//! Which edit a change comes from, by trial: an edit is a cause if the change is not there
//! without it, or is there with it alone. Nothing is guessed from names.

use std::collections::{BTreeSet, HashMap};

use super::changes::Change;
use super::edits::{Edit, Piece};

/// Places that may be named together as a cause.
const TOGETHER_MAX: usize = 3;

/// A change, whatever its exact words: undoing one of several edits may change these.
pub type Identity = (&'static str, String, String, String);

/// What is the same of a change in every trial.
#[must_use]
pub fn identity(change: &Change) -> Identity {
    // Several of these may stand at one place.
    let many = [
        "-value-added",
        "-value-removed",
        "-alternative-added",
        "-alternative-removed",
        "-limit-tightened",
        "-limit-loosened",
        "-media-type-added",
        "-media-type-removed",
    ];
    let content = if many.iter().any(|end| change.rule.ends_with(end)) {
        format!("{}\0{}", change.before, change.after)
    } else {
        String::new()
    };
    (change.rule, change.operation.clone(), change.place.clone(), content)
}

/// Where a change comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// The file.
    pub file: String,
    /// The line in the later revision; in the earlier one, where nothing is left.
    pub line: u32,
    /// What was there; `None` where nothing was.
    pub before: Option<String>,
    /// What is there; `None` where nothing is.
    pub after: Option<String>,
    /// Lines that changed together and cannot be told apart: these are the telling ones.
    pub together: usize,
}

/// The causes of each change; none where none was found. `trial` compiles the later revision
/// with some edits undone and answers the changes that are then left; `None` where it does not
/// compile, or no more trials are made.
pub fn trace(
    changes: &[Change],
    edits: &[Edit],
    trial: &mut dyn FnMut(&[bool]) -> Option<BTreeSet<Identity>>,
) -> Vec<Vec<Cause>> {
    let identities = changes.iter().map(identity).collect();
    let known = HashMap::new();
    let mut search = Search { identities, count: edits.len(), trial, known };
    let mut found: Vec<Vec<usize>> = vec![Vec::new(); changes.len()];
    if !edits.is_empty() {
        let all: Vec<usize> = (0..edits.len()).collect();
        search.explain(edits, all, (0..changes.len()).collect(), &mut found);
    }
    let causes = changes.iter().zip(found);
    causes.map(|(change, edits_of)| causes_of(change, edits, edits_of)).collect()
}

struct Search<'t> {
    identities: Vec<Identity>,
    count: usize,
    trial: &'t mut dyn FnMut(&[bool]) -> Option<BTreeSet<Identity>>,
    known: HashMap<Vec<bool>, Option<BTreeSet<Identity>>>,
}

impl Search<'_> {
    /// Some of these edits, together or alone, are the cause of the changes: finds which.
    fn explain(
        &mut self,
        all: &[Edit],
        edits: Vec<usize>,
        changes: Vec<usize>,
        found: &mut [Vec<usize>],
    ) {
        let mut pending = vec![(edits, changes)];
        while let Some((edits, changes)) = pending.pop() {
            if changes.is_empty() {
                continue;
            }
            if edits.len() == 1 {
                for change in changes {
                    found[change].extend(&edits);
                }
                continue;
            }
            let (left, right) = halves(all, &edits);
            let (mut of_left, mut of_right) = (Vec::new(), Vec::new());
            for change in changes {
                let needed = (self.is_needed(&left, change), self.is_needed(&right, change));
                let (is_left, is_right) = match needed {
                    (true, false) | (false, true) => needed,
                    _ => {
                        let enough =
                            (self.is_enough(&left, change), self.is_enough(&right, change));
                        match (needed, enough) {
                            (_, (true, false) | (false, true)) => enough,
                            // Each would do: one is named.
                            ((false, false), (true, true)) => (true, false),
                            (needed, _) => needed,
                        }
                    }
                };
                if is_left {
                    of_left.push(change);
                }
                if is_right {
                    of_right.push(change);
                }
                if !is_left && !is_right && pieces(all, &edits) <= TOGETHER_MAX {
                    found[change].extend(&edits);
                }
            }
            pending.push((right, of_right));
            pending.push((left, of_left));
        }
    }

    /// Whether a change is gone without these edits.
    fn is_needed(&mut self, edits: &[usize], change: usize) -> bool {
        let mut undone = vec![false; self.count];
        for at in edits {
            undone[*at] = true;
        }
        self.has(&undone, change) == Some(false)
    }

    /// Whether a change is there with these edits alone.
    fn is_enough(&mut self, edits: &[usize], change: usize) -> bool {
        let mut undone = vec![true; self.count];
        for at in edits {
            undone[*at] = false;
        }
        self.has(&undone, change) == Some(true)
    }

    fn has(&mut self, undone: &[bool], change: usize) -> Option<bool> {
        if !self.known.contains_key(undone) {
            let left = (self.trial)(undone);
            self.known.insert(undone.to_vec(), left);
        }
        let left = self.known.get(undone)?.as_ref()?;
        Some(left.contains(&self.identities[change]))
    }
}

/// Edits in two halves: between two files, where there are several.
fn halves(all: &[Edit], edits: &[usize]) -> (Vec<usize>, Vec<usize>) {
    let middle = edits.len() / 2;
    let is_border = |at: &usize| all[edits[at - 1]].file != all[edits[*at]].file;
    let border = (1..edits.len()).filter(is_border).min_by_key(|at| at.abs_diff(middle));
    let (left, right) = edits.split_at(border.unwrap_or(middle));
    (left.to_vec(), right.to_vec())
}

/// Runs of edits that follow one another in one file.
fn pieces(all: &[Edit], edits: &[usize]) -> usize {
    1 + edits.windows(2).filter(|pair| !follows(all, pair[0], pair[1])).count()
}

fn follows(all: &[Edit], first: usize, second: usize) -> bool {
    let (one, other) = (&all[first], &all[second]);
    let next = |piece: &Piece| piece.line + u32::try_from(piece.lines.len()).unwrap_or(0);
    one.file == other.file
        && (next(&one.after) == other.after.line || next(&one.before) == other.before.line)
}

/// The edits of a change as places: of a run of them, the line that names what changed.
fn causes_of(change: &Change, all: &[Edit], mut edits: Vec<usize>) -> Vec<Cause> {
    edits.sort_unstable();
    edits.dedup();
    let mut runs: Vec<Vec<usize>> = Vec::new();
    for at in edits {
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|last| follows(all, *last, at)) => run.push(at),
            _ => runs.push(vec![at]),
        }
    }
    let words = words(change);
    runs.iter().map(|run| cause(run.iter().map(|at| &all[*at]), &words)).collect()
}

/// What a line that speaks of a change has in it, the most telling first.
fn words(change: &Change) -> Vec<String> {
    let member = change.place.rsplit(['/', ' ', '(', ')']).find(|word| !matches!(*word, "" | "*"));
    let content = [&change.before, &change.after];
    let content =
        content.into_iter().filter(|text| !text.is_empty()).map(|text| text.trim_matches('"'));
    let path = change.operation.split_once(' ').map_or("", |(_, path)| path);
    // The mapping has the path without the prefix of its version.
    let tail = path.strip_prefix("/api/").and_then(|rest| rest.split_once('/'));
    let tail = tail.map(|(_, tail)| format!("/{tail}"));
    let all = member.map(str::to_owned).into_iter().chain(content.map(str::to_owned)).chain(tail);
    all.map(|word| folded(&word)).filter(|word| !word.is_empty()).collect()
}

/// Letters and digits alone: names are spelt in many styles.
fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A line of one side.
type Row<'e> = (u32, &'e str);

fn cause<'e>(run: impl Iterator<Item = &'e Edit>, words: &[String]) -> Cause {
    let run: Vec<&Edit> = run.collect();
    let together = run.iter().map(|e| e.before.lines.len().max(e.after.lines.len())).sum();
    let says = |row: &Row<'e>, word: &str| folded(row.1).contains(word);
    let sides = |edit: &'e Edit| (rows(&edit.before), rows(&edit.after));
    let named = |word: &String| {
        let both = run.iter().map(|edit| sides(edit));
        both.into_iter().find_map(|(old, new)| {
            let found = |rows: &[Row<'e>]| rows.iter().find(|row| says(row, word)).copied();
            let found = (found(&old), found(&new));
            // A line and what stands in its place belong together.
            let is_pair = old.len() <= 1 && new.len() <= 1;
            let found_any = found.0.is_some() || found.1.is_some();
            found_any
                .then(|| if is_pair { (old.first().copied(), new.first().copied()) } else { found })
        })
    };
    let first = |rows: Vec<Row<'e>>| rows.into_iter().find(|row| !row.1.trim().is_empty());
    let any = || {
        let both = run.iter().map(|edit| sides(edit));
        let mut both = both.map(|(old, new)| (first(old), first(new)));
        both.find(|(old, new)| old.is_some() || new.is_some()).unwrap_or((None, None))
    };
    let (before, after) = words.iter().find_map(named).unwrap_or_else(any);
    let text = |row: Option<Row<'_>>| row.map(|row| row.1.trim().to_owned());
    let file = run.first().map_or("", |edit| &edit.file).to_owned();
    let line = after.or(before).map_or(1, |row| row.0);
    Cause { file, line, before: text(before), after: text(after), together }
}

/// Every line of one side with its number.
fn rows(piece: &Piece) -> Vec<Row<'_>> {
    let number = |at| piece.line + u32::try_from(at).unwrap_or(0);
    piece.lines.iter().enumerate().map(|(at, line)| (number(at), &**line)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::edits::{Files, edited, edits};
    use super::*;
    use crate::change::Severity;

    /// A file of lines `name` or `name!`; a line with `!` makes a change of that name, unless
    /// `needs name` says that another line has to be there. `{` needs a `}`.
    fn compiled(text: &str) -> Option<BTreeSet<Identity>> {
        if text.matches('{').count() != text.matches('}').count() {
            return None;
        }
        let made = text.lines().filter_map(|line| line.trim().strip_suffix('!'));
        let made = made.filter(|line| {
            line.split_once(" needs ").is_none_or(|(_, other)| text.lines().any(|l| l == other))
        });
        Some(made.map(|line| identity(&change(line.split(' ').next().unwrap_or("")))).collect())
    }

    fn change(name: &str) -> Change {
        Change {
            severity: Severity::Safe,
            rule: "r",
            operation: format!("GET /api/v1/{name}"),
            place: String::new(),
            text: String::new(),
            before: String::new(),
            after: String::new(),
            advice: "",
        }
    }

    fn told(causes: &[Cause]) -> String {
        let side = |text: &Option<String>| text.clone().unwrap_or_default();
        let one = |c: &Cause| format!("{} {}>{}", c.line, side(&c.before), side(&c.after));
        causes.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    #[track_caller]
    fn check(before: &str, after: &str, expected: &[(&str, &str)]) {
        let files = |text: &str| Files::from([("f".to_owned(), text.as_bytes().to_vec())]);
        let (old, new) = (files(before), files(after));
        let all = edits(&old, &new);
        let mut trials = 0;
        let mut trial = |undone: &[bool]| {
            trials += 1;
            let file = edited(&old, &new, &all, undone).remove("f").flatten();
            compiled(&String::from_utf8(file.unwrap_or(new["f"].clone())).unwrap())
        };
        let changes: Vec<Change> = expected.iter().map(|(name, _)| change(name)).collect();
        let found = trace(&changes, &all, &mut trial);
        for ((name, expected), causes) in expected.iter().zip(found) {
            assert_eq!(told(&causes), *expected, "{name}");
        }
        assert!(trials <= 4 * 2 * all.len(), "{trials} trials for {} edits", all.len());
    }

    #[test]
    fn each_change_is_traced_to_the_line_without_which_it_is_not_there() {
        check("a\nb\nc\nd\n", "a!\nb\nc?\nd!\n", &[("a", "1 a>a!"), ("d", "4 d>d!")]);
    }

    #[test]
    fn lines_that_only_stand_together_are_one_cause_and_its_telling_line_is_shown() {
        check("a\nz\n", "a\n{\nb\nname!\n}\nz\n", &[("name", "4 >name!")]);
    }

    #[test]
    fn a_line_that_another_needs_is_a_cause_as_well() {
        check("a\nz\n", "x\nz\nb needs x!\n", &[("b", "1 a>x, 3 >b needs x!")]);
    }

    #[test]
    fn where_each_of_two_lines_would_do_one_is_named() {
        check("1\n2\n3\n", "a!\n2\na!\n", &[("a", "1 1>a!")]);
    }

    #[test]
    fn what_no_line_explains_has_no_cause() {
        check("a\n", "b\n", &[]);
        let files = |text: &str| Files::from([("f".to_owned(), text.as_bytes().to_vec())]);
        let all = edits(&files("a\nb\nc\n"), &files("x\nb\ny\n"));
        let mut never = |_: &[bool]| None;
        // Both together differ for sure: they are named, and more would not be.
        assert_eq!(told(&trace(&[change("a")], &all, &mut never)[0]), "1 a>x, 3 c>y");
        let many =
            |word: &str| (0..20).map(|n| format!("{word}{n}\nsame{n}\n")).collect::<String>();
        let all = edits(&files(&many("a")), &files(&many("b")));
        assert_eq!(trace(&[change("a")], &all, &mut never)[0], []);
    }
}
