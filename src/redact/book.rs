//! Which value has which token.

use std::collections::HashMap;

use ring::hmac;

use super::{Kind, Token};

/// Values that have tokens. Past it numbers are given that nobody remembers: a value that comes
/// again has another token then.
const VALUES_MAX: usize = 1_000_000;

/// Gives values their tokens: the same value the same one, for as long as the book lives. It holds
/// no value, only its HMAC under a key that is drawn anew for each book.
#[derive(Debug)]
pub struct TokenBook {
    key: hmac::Key,
    tokens: HashMap<[u8; 16], Token>,
    last: HashMap<Kind, u32>,
}

impl TokenBook {
    /// An empty book. The key is to be random, and kept nowhere else.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, &key),
            tokens: HashMap::new(),
            last: HashMap::new(),
        }
    }

    /// Says that a token is in use already: what is new gets a higher number.
    pub fn seed(&mut self, token: Token) {
        let last = self.last.entry(token.kind).or_default();
        *last = token.number.max(*last);
    }

    /// The token of a value.
    pub(super) fn token(&mut self, kind: Kind, value: &str) -> Token {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(&[kind as u8]);
        context.update(value.as_bytes());
        let tag = context.sign();
        let mut hash = [0; 16];
        hash.copy_from_slice(&tag.as_ref()[..16]);
        if let Some(token) = self.tokens.get(&hash) {
            return *token;
        }
        let last = self.last.entry(kind).or_default();
        *last = last.saturating_add(1);
        let token = Token { kind, number: *last };
        if self.tokens.len() < VALUES_MAX {
            self.tokens.insert(hash, token);
        }
        token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_keeps_its_token_and_the_book_keeps_no_value() {
        let mut book = TokenBook::new([7; 32]);
        let first = book.token(Kind::Secret, "hunter2");
        assert_eq!(first, Token { kind: Kind::Secret, number: 1 });
        assert_eq!(book.token(Kind::Card, "hunter2").number, 1, "kinds count apart");
        book.seed(Token { kind: Kind::Secret, number: 40 });
        assert_eq!(book.token(Kind::Secret, "other").number, 41);
        assert_eq!(book.token(Kind::Secret, "hunter2"), first);
        assert!(!format!("{book:?}").contains("hunter2"));
    }
}
