//! Places in an answer, and patterns of places.

use std::fmt;

/// A place in an answer: from the root of its body down. `order.lines[2].price`; `@status`,
/// `@header.etag` for what is no body.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Path {
    pub(super) steps: Vec<Step>,
}

/// A step of a place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Step {
    Member(String),
    Item(usize),
}

/// A step of a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Segment {
    /// A member of this name.
    Member(String),
    /// Any member.
    AnyMember,
    /// Any item.
    AnyItem,
    /// Any number of steps, none too.
    Any,
}

/// A pattern of places, anchored at the root: `order.lines[*].price`, `*.id`, `meta.**`. A name
/// that holds one of `.[]*"` is written in quotes: `"a.b".c`. The root itself is `$`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pattern {
    pub(super) segments: Vec<Segment>,
    text: String,
}

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no path: {why}")]
pub struct PatternProblem {
    /// What was written.
    pub text: String,
    /// What is wrong.
    pub why: &'static str,
}

/// Segments of one pattern.
const SEGMENTS_MAX: usize = 64;

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// An empty name, an index (patterns are for all items), a quote that is not closed.
    pub fn parse(text: &str) -> Result<Self, PatternProblem> {
        let wrong = |why| PatternProblem { text: text.to_owned(), why };
        let mut segments = Vec::new();
        let mut rest = text.strip_prefix('$').unwrap_or(text);
        rest = rest.strip_prefix('.').unwrap_or(rest);
        while !rest.is_empty() {
            if let Some(inner) = rest.strip_prefix('[') {
                let after = inner.strip_prefix("*]").ok_or_else(|| wrong("write `[*]`"))?;
                segments.push(Segment::AnyItem);
                rest = after;
            } else {
                let (name, quoted, after) = name(rest).map_err(wrong)?;
                segments.push(match name.as_str() {
                    "*" if !quoted => Segment::AnyMember,
                    "**" if !quoted => Segment::Any,
                    _ if !quoted && name.contains('*') => {
                        return Err(wrong("a `*` stands for a whole name"));
                    }
                    _ => Segment::Member(name),
                });
                rest = after;
            }
            rest = match rest.as_bytes().first() {
                Some(b'.') if rest.len() == 1 => return Err(wrong("it ends with a dot")),
                Some(b'.') => &rest[1..],
                Some(b'[') | None => rest,
                Some(_) => return Err(wrong("a dot is missing")),
            };
            if segments.len() > SEGMENTS_MAX {
                return Err(wrong("it has too many steps"));
            }
        }
        if text.is_empty() {
            return Err(wrong("it is empty; the root is `$`"));
        }
        Ok(Self { segments, text: text.to_owned() })
    }

    /// How specific it is, to be compared: a pattern without `**` before one with, then the one
    /// with more steps, then the one with more names, then the one whose names come first.
    pub(super) fn specificity(&self) -> (bool, usize, usize, Vec<u8>) {
        let says_more =
            |segment: &Segment| matches!(segment, Segment::Member(_) | Segment::AnyItem);
        let fixed = self.segments.iter().filter(|s| **s != Segment::Any).count();
        let names = self.segments.iter().filter(|s| says_more(s)).count();
        let order = self.segments.iter().map(|s| match s {
            Segment::Member(_) | Segment::AnyItem => 2,
            Segment::AnyMember => 1,
            Segment::Any => 0,
        });
        (fixed == self.segments.len(), fixed, names, order.collect())
    }

    /// Its steps, from the root down.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Whether some place of another pattern is one of this one, or lies inside one.
    #[must_use]
    pub fn holds(&self, other: &Self) -> bool {
        let mut inside = self.segments.clone();
        inside.push(Segment::Any);
        overlaps(&inside, &other.segments)
    }

    /// Whether some place fits both.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        overlaps(&self.segments, &other.segments)
    }
}

/// A name at the start of a text: itself, whether it was in quotes, and what follows.
fn name(text: &str) -> Result<(String, bool, &str), &'static str> {
    if let Some(inner) = text.strip_prefix('"') {
        let (name, after) = inner.split_once('"').ok_or("a quote is not closed")?;
        if name.is_empty() {
            return Err("a name is empty");
        }
        return Ok((name.to_owned(), true, after));
    }
    let end = text.find(['.', '[', ']', '"']).unwrap_or(text.len());
    if end == 0 {
        return Err("a name is empty");
    }
    Ok((text[..end].to_owned(), false, &text[end..]))
}

/// Whether some sequence of steps fits both: row by row, as edit distances are computed.
fn overlaps(a: &[Segment], b: &[Segment]) -> bool {
    let mut row = vec![false; b.len() + 1];
    for i in (0..=a.len()).rev() {
        let below = row.clone();
        for j in (0..=b.len()).rev() {
            row[j] = match (a.get(i), b.get(j)) {
                (None, None) => true,
                (Some(Segment::Any), other) => below[j] || (other.is_some() && row[j + 1]),
                (other, Some(Segment::Any)) => row[j + 1] || (other.is_some() && below[j]),
                (Some(x), Some(y)) => compatible(x, y) && below[j + 1],
                (None, Some(_)) | (Some(_), None) => false,
            };
        }
    }
    row[0]
}

fn compatible(a: &Segment, b: &Segment) -> bool {
    match (a, b) {
        (Segment::Member(a), Segment::Member(b)) => a == b,
        (Segment::AnyItem, Segment::AnyItem) => true,
        (Segment::AnyItem, _) | (_, Segment::AnyItem) => false,
        (_, _) => true,
    }
}

impl Segment {
    /// Whether a step fits it.
    pub(super) fn fits(&self, step: &Step) -> bool {
        match (self, step) {
            (Self::Member(name), Step::Member(found)) => name == found,
            (Self::AnyMember, Step::Member(_))
            | (Self::AnyItem, Step::Item(_))
            | (Self::Any, _) => true,
            _ => false,
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Path {
    /// The place with every index as `[*]`: what mismatches are counted by.
    #[must_use]
    pub fn shape(&self) -> String {
        written(&self.steps, true)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&written(&self.steps, false))
    }
}

fn written(steps: &[Step], without_index: bool) -> String {
    let mut text = String::new();
    for step in steps {
        match step {
            Step::Item(_) if without_index => text.push_str("[*]"),
            Step::Item(at) => text.push_str(&format!("[{at}]")),
            Step::Member(name) => {
                text.push_str(if text.is_empty() { "" } else { "." });
                let plain = !name.is_empty() && !name.contains(['.', '[', ']', '*', '"']);
                if plain || name.starts_with('@') {
                    text.push_str(name);
                } else {
                    text.push_str(&format!("\"{name}\""));
                }
            }
        }
    }
    if text.is_empty() { "$".to_owned() } else { text }
}
