//! A tree into a type, every problem of it named.

use std::cell::RefCell;

use serde::de::DeserializeOwned;

use super::de::Reading;
use super::node::Node;
use super::words::Words;
use crate::diagnostic::{Diagnostic, Report, Span};

/// Values of one file that are left out because they cannot be read.
const LEFT_OUT_MAX: usize = 50;

/// Reads a value of any type whose absent fields have defaults. Keys it does not have are
/// reported and passed over; a value that does not fit is reported and left out, and the rest
/// is read. `None` where anything was reported.
pub fn read<T: DeserializeOwned>(node: &Node, words: &Words, report: &mut Report) -> Option<T> {
    let state = State { words, left_out: RefCell::default(), found: RefCell::default() };
    let mut value = None;
    for _ in 0..LEFT_OUT_MAX {
        let at = words.noun.split_once(' ').map_or(words.noun, |(_, noun)| noun);
        match T::deserialize(Reading { node, at, state: &state }) {
            Ok(read) => {
                value = Some(read);
                break;
            }
            Err(wrong) => {
                let span = wrong.span.unwrap_or(node.span);
                let mut diagnostic = Diagnostic::error(words.wrong_type, span, wrong.message);
                diagnostic.help = wrong.help;
                state.tell(diagnostic);
                if span == node.span || state.left_out.borrow().contains(&span) {
                    break;
                }
                state.left_out.borrow_mut().push(span);
            }
        }
    }
    let found = state.found.into_inner();
    let value = value.filter(|_| found.is_empty());
    found.into_iter().for_each(|diagnostic| report.push(diagnostic));
    value
}

/// What all places of one file share while it is read.
pub(super) struct State<'w> {
    pub words: &'w Words,
    /// Values that did not fit.
    pub left_out: RefCell<Vec<Span>>,
    found: RefCell<Vec<Diagnostic>>,
}

impl State<'_> {
    /// Takes a problem, once.
    pub fn tell(&self, diagnostic: Diagnostic) {
        let mut found = self.found.borrow_mut();
        if !found.contains(&diagnostic) {
            found.push(diagnostic);
        }
    }
}
