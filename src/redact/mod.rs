//! Secrets and personal data out of what is written down.
//!
//! A [`Redactor`] knows by which names, places and types to find them; a [`Redaction`] goes
//! through the messages of one exchange and puts a token in the place of each value, the same
//! token for the same value wherever it stands. What looks like a secret where the rules do not
//! say that it is one is [`Unsure`], and nothing is written.
//!
//! A message is taken apart (`element`, `json`, `markup`, `url`, `headers`, `encoded`) into values
//! at places; a value (`value`, `scan`) is judged by its place (`names`, `place`), by its form
//! (`form` and the files of each), by names beside it (`pairs`), and by what the exchange has
//! shown already (`known`). A token has the form of its value (`shape`).
//!
//! This room must not know files, fixtures or routes, and keeps no value longer than it must.

mod book;
mod card;
mod dates;
mod edits;
mod element;
mod email;
mod encoded;
mod form;
mod headers;
mod iban;
mod json;
mod jwt;
mod keys;
mod known;
mod markup;
mod names;
mod pairs;
mod person;
mod place;
mod plain;
mod random;
mod redaction;
mod reference;
mod rules;
mod scan;
mod shape;
mod token;
mod url;
mod value;

pub use book::TokenBook;
pub use redaction::{Finding, Redaction, Unsure};
pub use reference::reference;
pub use rules::{RedactRules, Redactor};
pub use token::{Kind, NoToken, Token};

#[cfg(test)]
mod tests;
