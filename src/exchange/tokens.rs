//! Tokens in the place of secrets, numbered anew: the secrets of a live request have other
//! numbers than those of the recording, and mean the same.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::canonical::{Element, Meaning};
use crate::redact::{Kind, Redaction, Redactor, Token};

/// What stood in the place of each mark of a message: a token, or `None` for a value.
pub(super) type Originals = HashMap<Token, Option<Token>>;

/// A message with marks in the place of its secrets and of its tokens. Where the detectors are
/// unsure nothing is written; to be matched, as much as they did is enough, since they do the
/// same to both sides.
pub(super) fn redacted(envelope: &Element, redactor: Option<&Redactor>) -> (Element, Originals) {
    let mut envelope = envelope.clone();
    let mut originals = Originals::new();
    if let Some(redactor) = redactor {
        let mut redaction = Redaction::for_key(redactor);
        let _ = redaction.element(&mut envelope);
        originals = redaction.tokens().zip(redaction.originals().iter().copied()).collect();
    }
    (envelope, originals)
}

/// A message with its marks numbered by their first places, in the order of the canonical form
/// and less what is ignored, and what stood there.
pub(super) fn renumbered<'m>(
    meaning: &'m Meaning,
    originals: &Originals,
) -> (Cow<'m, Meaning>, Vec<Option<Token>>) {
    if originals.is_empty() {
        return (Cow::Borrowed(meaning), Vec::new());
    }
    let mut numbering = Numbering::default();
    let mut meaning = meaning.clone();
    numbering.replace(&mut meaning);
    let had = numbering.met.iter().map(|token| originals.get(token).copied().flatten());
    (Cow::Owned(meaning), had.collect())
}

#[derive(Default)]
struct Numbering {
    met: Vec<Token>,
    new: HashMap<Token, Token>,
    next: HashMap<Kind, u32>,
}

impl Numbering {
    fn of(&mut self, token: Token) -> Token {
        *self.new.entry(token).or_insert_with(|| {
            self.met.push(token);
            let number = self.next.entry(token.kind).or_default();
            *number += 1;
            Token { kind: token.kind, number: *number }
        })
    }

    /// Depth is bounded by that of the message.
    fn replace(&mut self, meaning: &mut Meaning) {
        for text in meaning.attributes.values_mut().chain(&mut meaning.text) {
            let mut out = String::new();
            let mut from = 0;
            for (range, token) in Token::marks(text) {
                out.push_str(&text[from..range.start]);
                out.push_str(&self.of(token).mark());
                from = range.end;
            }
            if from > 0 {
                out.push_str(&text[from..]);
                *text = out;
            }
        }
        meaning.children.iter_mut().for_each(|child| self.replace(child));
    }
}
