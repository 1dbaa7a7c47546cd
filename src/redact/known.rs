//! Values of one exchange that a name or a path has shown to be secrets.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use super::{Kind, Token, names};

/// Values that are searched for inside of other texts; more are only compared as a whole.
const SEARCHED_MAX: usize = 256;
/// Bytes of the shortest that is searched for inside of other texts.
const SEARCHED_BYTES_MIN: usize = 6;

/// What is known of a value.
#[derive(Debug, Clone)]
pub(super) struct Known {
    /// What its place or its form said it was.
    pub kind: Kind,
    pub token: Token,
    /// What stands in its place.
    pub shown: String,
    /// The last message that showed it.
    pub message: u32,
    /// Joined names it had.
    pub names: Vec<String>,
}

/// They stand here in the clear, since they are searched for in texts, and go with the exchange.
#[derive(Default)]
pub(super) struct KnownValues {
    values: HashMap<String, Known>,
    searched: Vec<String>,
    /// Hashes of values that were left as they are, and the last message they stood in.
    seen: HashMap<u64, u32>,
    state: RandomState,
}

impl KnownValues {
    /// Remembers a value under a name; whether it is new and to be looked for, and the last message
    /// in which it was left as it is.
    pub(super) fn learn(&mut self, value: &str, name: &str, known: Known) -> (bool, Option<u32>) {
        let name = names::joined(name);
        if let Some(known) = self.values.get_mut(value) {
            if !known.names.contains(&name) {
                known.names.push(name);
            }
            return (false, None);
        }
        let is_telling = is_telling(known.kind, value);
        if is_telling && value.len() >= SEARCHED_BYTES_MIN && self.searched.len() < SEARCHED_MAX {
            self.searched.push(value.to_owned());
        }
        self.values.insert(value.to_owned(), Known { names: vec![name], ..known });
        let seen = self.seen.get(&self.state.hash_one(value)).copied();
        (is_telling, seen.filter(|_| is_telling))
    }

    /// Remembers that a message itself says that a value is a secret; whether no one knew.
    pub(super) fn meet(&mut self, value: &str, message: u32) -> bool {
        let known = self.values.get_mut(value);
        let before = known.map(|known| std::mem::replace(&mut known.message, message));
        before.is_some_and(|before| before < message)
    }

    /// What is known of a value at a place of this name. A short one is the same only under the
    /// same name: `1` is not a secret because somebody's password is.
    pub(super) fn get(&self, value: &str, name: &str) -> Option<&Known> {
        if self.values.is_empty() {
            return None;
        }
        let known = self.values.get(value)?;
        let is_same = || known.names.contains(&names::joined(name));
        (is_telling(known.kind, value) || (!name.is_empty() && is_same())).then_some(known)
    }

    /// Known values inside of a text.
    pub(super) fn find(&self, text: &str) -> Vec<(std::ops::Range<usize>, Known)> {
        let mut found = Vec::new();
        for value in self.searched.iter().filter(|value| value.len() <= text.len()) {
            let Some(known) = self.values.get(value) else { continue };
            let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            for (at, _) in text.match_indices(value.as_str()) {
                let end = at + value.len();
                let is_part = is_word(text[..at].chars().next_back())
                    && is_word(value.chars().next())
                    || is_word(text[end..].chars().next()) && is_word(value.chars().next_back());
                if !is_part {
                    found.push((at..end, known.clone()));
                }
            }
        }
        found
    }

    /// Remembers that a value was left as it is.
    pub(super) fn leave(&mut self, value: &str, message: u32) {
        if value.len() >= 4 {
            self.seen.insert(self.state.hash_one(value), message);
        }
    }
}

impl std::fmt::Debug for KnownValues {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} values", self.values.len())
    }
}

/// Whether a value is long and mixed enough to be the same one wherever it stands.
fn is_telling(kind: Kind, value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    match value.len() {
        10.. => true,
        length if digits == length => length >= if kind == Kind::Named { 4 } else { 6 },
        length => digits > 0 && length >= 5,
    }
}
