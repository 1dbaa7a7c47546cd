//! Tokens in the place of secrets, numbered anew: the secrets of a live request have other
//! numbers than those of the recording, and mean the same.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::canonical::Meaning;
use crate::redact::{Kind, Token};

/// The token a whole text is.
fn token(text: &str) -> Option<Token> {
    const KINDS: [Kind; 7] = [
        Kind::Secret,
        Kind::Jwt,
        Kind::Card,
        Kind::Email,
        Kind::NationalId,
        Kind::Iban,
        Kind::Named,
    ];
    let (_, number) = text.rsplit_once('-')?;
    let number = number.parse().ok().filter(|number| *number > 0)?;
    let all = KINDS.into_iter().map(|kind| Token { kind, number });
    all.into_iter().find(|token| token.to_string() == text)
}

/// A message with its tokens numbered by their first places, and the tokens it had, in the order
/// of their places.
pub(super) fn renumbered(meaning: &Meaning) -> (Cow<'_, Meaning>, Vec<Token>) {
    let mut had = Vec::new();
    collect(meaning, &mut had);
    if had.is_empty() {
        return (Cow::Borrowed(meaning), had);
    }
    let mut next: HashMap<Kind, u32> = HashMap::new();
    let mut new: HashMap<Token, Token> = HashMap::new();
    for token in &had {
        new.entry(*token).or_insert_with(|| {
            let number = next.entry(token.kind).or_default();
            *number += 1;
            Token { kind: token.kind, number: *number }
        });
    }
    let mut meaning = meaning.clone();
    replace(&mut meaning, &new);
    (Cow::Owned(meaning), had)
}

/// Depth is bounded by that of the message, here and below.
fn collect(meaning: &Meaning, had: &mut Vec<Token>) {
    let texts = meaning.attributes.values().chain(&meaning.text);
    had.extend(texts.filter_map(|text| token(text)));
    meaning.children.iter().for_each(|child| collect(child, had));
}

fn replace(meaning: &mut Meaning, new: &HashMap<Token, Token>) {
    for text in meaning.attributes.values_mut().chain(&mut meaning.text) {
        if let Some(token) = token(text).and_then(|token| new.get(&token)) {
            *text = token.to_string();
        }
    }
    meaning.children.iter_mut().for_each(|child| replace(child, new));
}
