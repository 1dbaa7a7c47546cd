//! What the request path tells.

use std::sync::Arc;
use std::time::Duration;

use super::Migrations;
use crate::strangler::{Comparison, Side};

/// An answer of one side, to a caller or on the side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// Which side.
    pub side: Side,
    /// Whether a caller got it.
    pub to_caller: bool,
    /// Its status; 0 where there was none.
    pub status: u16,
    /// Until its last byte.
    pub took: Duration,
}

/// Two answers that were compared.
#[derive(Debug)]
pub struct Pair<'a> {
    /// What was found.
    pub comparison: &'a Comparison,
    /// The shape of the request: which parameters are there, values of enumerations.
    pub shape: &'a str,
    /// The class of the legacy answer's status: 2, 4, 5.
    pub status_class: u16,
    /// Whether both are the legacy system's: this is noise.
    pub noise: bool,
    /// Whether it came from a recording.
    pub recorded: bool,
}

/// Leave to ask the other side about one request. Its place is free again when it is dropped.
#[derive(Debug)]
pub struct Admission {
    _place: Arc<()>,
}

impl Migrations {
    /// Notes an answer.
    pub fn answered(&self, route: &str, answered: Answered) {
        let _ = (route, answered);
    }

    /// Whether the other side is asked about this request: by the sample, the queue and, where
    /// it is the legacy system, its budget. What finds no place is counted.
    pub fn admit(&self, route: &str, other: Side) -> Option<Admission> {
        let _ = (route, other);
        None
    }

    /// Notes a comparison. Values are masked before they are kept.
    pub fn compared(&self, route: &str, pair: &Pair<'_>) {
        let _ = (route, pair);
    }
}
