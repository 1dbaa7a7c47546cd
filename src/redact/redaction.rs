//! The messages of one exchange, one after another.

use super::{Redactor, Token};
use crate::canonical::Element;

/// A value that looks like a secret where no rule says what it is: nothing may be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path} may hold {what}")]
pub struct Unsure {
    /// Where it stands: a path of the message, the name of a header, a JSON pointer.
    pub path: String,
    /// What it looks like; never the value.
    pub what: String,
}

/// A value that was replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where it stood, as of [`Unsure::path`].
    pub place: String,
    /// What stands there now.
    pub token: Token,
}

/// Goes through the messages of one exchange. The same value gets the same token in all of them.
#[derive(Debug)]
pub struct Redaction<'r> {
    redactor: &'r Redactor,
    tokens: Vec<(String, Token)>,
}

impl<'r> Redaction<'r> {
    /// Begins an exchange.
    #[must_use]
    pub fn new(redactor: &'r Redactor) -> Self {
        Self { redactor, tokens: Vec::new() }
    }

    /// Tokens put so far, in the order of their first places.
    pub fn tokens(&self) -> impl Iterator<Item = Token> {
        self.tokens.iter().map(|(_, token)| *token)
    }

    /// What was replaced so far, in the order of the places.
    pub fn findings(&self) -> &[Finding] {
        &[]
    }

    /// What may be a secret, everywhere so far; the first of each message was its error.
    pub fn doubts(&self) -> &[Unsure] {
        &[]
    }

    /// A SOAP envelope, or any XML.
    ///
    /// # Errors
    /// Where something may be a secret.
    pub fn element(&mut self, element: &mut Element) -> Result<(), Unsure> {
        let _ = (element, self.redactor);
        Ok(())
    }

    /// A header; `None` where it is not to be written at all.
    ///
    /// # Errors
    /// Where something may be a secret.
    pub fn header(&mut self, name: &str, value: &str) -> Result<Option<String>, Unsure> {
        let _ = name;
        Ok(Some(value.to_owned()))
    }

    /// Path and query of a request.
    ///
    /// # Errors
    /// Where something may be a secret.
    pub fn target(&mut self, target: &str) -> Result<String, Unsure> {
        Ok(target.to_owned())
    }

    /// A JSON text: every scalar keeps its digits, every member its place.
    ///
    /// # Errors
    /// Where something may be a secret.
    pub fn json(&mut self, text: &str) -> Result<String, Unsure> {
        Ok(text.to_owned())
    }

    /// A value of a parameter or a column, by its name.
    ///
    /// # Errors
    /// Where something may be a secret.
    pub fn named(&mut self, name: &str, value: &str) -> Result<String, Unsure> {
        let _ = name;
        Ok(value.to_owned())
    }

    /// Text of no known form: a page of HTML, an attachment.
    ///
    /// # Errors
    /// Where something may be a secret.
    pub fn text(&mut self, place: &str, text: &str) -> Result<String, Unsure> {
        let _ = place;
        Ok(text.to_owned())
    }
}
