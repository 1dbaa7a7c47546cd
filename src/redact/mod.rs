//! Secrets and personal data out of what is written down.
//!
//! A [`Redactor`] knows by which names, places and types to find them; a [`Redaction`] goes
//! through the messages of one exchange and puts a token in the place of each value, the same
//! token for the same value wherever it stands. What looks like a secret where the rules do not
//! say that it is one is [`Unsure`], and nothing is written.
//!
//! This room must not know files, fixtures or routes, and keeps no value longer than it must.

mod redaction;
mod rules;
mod token;

pub use redaction::{Finding, Redaction, Unsure};
pub use rules::{RedactRules, Redactor};
pub use token::{Kind, Token};
