//! Where in a message the search is, and what its place says about a value.

use std::fmt;
use std::sync::Arc;

use super::names::{self, Sort};
use super::{Kind, Redactor};
use crate::canonical::{NodePath, PathStep};
use crate::xml::QName;

/// What a place says about the value that stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// Nothing.
    Anything,
    /// What looks like a secret here is none.
    Kept,
    /// All of it is a secret.
    Whole(Kind),
    /// By its name, of this sort, if it looks like it.
    Named(Sort),
}

/// A step of the place where the search is; written out only where something is found.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Element(Arc<str>),
    Attribute(Arc<str>),
    Text(String),
    /// A line of a text.
    Line(usize),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Element(name) => f.write_str(name),
            Self::Attribute(name) => write!(f, "@{name}"),
            Self::Text(text) => f.write_str(text),
            Self::Line(line) => write!(f, "line {line}"),
        }
    }
}

/// A place as a value is judged at it.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<'n> {
    /// The nearest name; empty for none.
    pub name: &'n str,
    /// What the place says.
    pub holds: Holds,
    /// How many forms the text was taken out of: base64 in JSON in XML is 2.
    pub depth: u8,
    /// Whether what stands there has to be a JSON number.
    pub is_number: bool,
}

impl<'n> At<'n> {
    pub(super) fn new(name: &'n str, holds: Holds) -> Self {
        Self { name, holds, depth: 0, is_number: false }
    }

    /// Text of no name.
    pub(super) fn text() -> Self {
        Self::new("", Holds::Anything)
    }

    /// Text of no name that was taken out of so many forms.
    pub(super) fn text_at(depth: u8) -> Self {
        Self { depth, ..Self::text() }
    }

    /// What was taken out of this text.
    pub(super) fn deeper(self) -> Self {
        Self { depth: self.depth.saturating_add(1), is_number: false, ..self }
    }
}

/// Lines of a text, to name places in it.
#[derive(Debug)]
pub(super) struct Lines {
    starts: Vec<usize>,
    /// Where in the text the part begins that is searched.
    pub from: usize,
}

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let starts = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1).collect();
        Self { starts, from: 0 }
    }

    /// The number of the line of a place in the part.
    pub(super) fn number(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= self.from + at) + 1
    }
}

impl Redactor {
    /// What a name alone says.
    pub(super) fn holds(&self, name: &str) -> (Holds, bool) {
        if self.keeps(name) {
            return (Holds::Kept, true);
        }
        if self.names(name) {
            return (Holds::Whole(Kind::Named), true);
        }
        match names::sort(name) {
            None => (Holds::Anything, false),
            Some((Sort::Secret, is_whole)) => (Holds::Whole(Kind::Secret), is_whole),
            Some((sort, _)) => (Holds::Named(sort), false),
        }
    }

    /// What the elements around it and its name say about an element or an attribute.
    pub(super) fn holds_at(
        &self,
        trail: &[(QName, usize)],
        attribute: Option<&QName>,
    ) -> (Holds, bool) {
        let any = |paths: &[NodePath]| paths.iter().any(|path| is_at(path, trail, attribute));
        if any(&self.rules.keep) {
            return (Holds::Kept, true);
        }
        if any(&self.rules.paths) {
            return (Holds::Whole(Kind::Named), true);
        }
        let name = attribute.or(trail.last().map(|(name, _)| name));
        let name = name.map_or("", |name| &*name.local);
        if self.names(name) {
            return (Holds::Whole(Kind::Named), true);
        }
        match names::sort(name) {
            None => (Holds::Anything, false),
            Some((Sort::Secret, is_whole)) => (Holds::Whole(Kind::Secret), is_whole),
            Some((sort, _)) => (Holds::Named(sort), false),
        }
    }
}

/// Whether a path ends at an element, or at an attribute of it. The outermost element is the
/// envelope, which paths do not name.
fn is_at(path: &NodePath, trail: &[(QName, usize)], attribute: Option<&QName>) -> bool {
    let (last, elements) = match (path.steps.split_last(), attribute) {
        (Some((last, elements)), Some(name)) if last.is_attribute => {
            (is_name(last, name), elements)
        }
        (Some((last, _)), None) if !last.is_attribute => (true, &path.steps[..]),
        _ => return false,
    };
    let trail = trail.get(1..).unwrap_or_default();
    // Some people begin with the envelope.
    let elements = match elements {
        [first, rest @ ..] if !path.anywhere && &*first.local == "Envelope" => rest,
        elements => elements,
    };
    let from = if path.anywhere { trail.len().saturating_sub(elements.len()) } else { 0 };
    let trail = &trail[from..];
    let is_step = |(step, (name, index)): (&PathStep, &(QName, usize))| {
        is_name(step, name) && step.index.is_none_or(|wanted| wanted == *index)
    };
    last && trail.len() == elements.len() && elements.iter().zip(trail).all(is_step)
}

fn is_name(step: &PathStep, name: &QName) -> bool {
    (&*step.local == "*" || step.local == name.local)
        && step.namespace.as_ref().is_none_or(|namespace| *namespace == name.namespace)
}
