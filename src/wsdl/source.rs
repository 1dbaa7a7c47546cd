//! Where documents come from: a trait, so that nothing in this room reads a file.

/// A document as it was read.
#[derive(Debug, Clone)]
pub struct SourceDocument {
    /// Where it really came from; relative locations inside it start here.
    pub location: String,
    /// Its bytes as they were.
    pub bytes: Vec<u8>,
    /// The `charset` of its media type, where it came with one.
    pub charset: Option<String>,
}

/// Why a document could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceError {
    /// A lower-case fragment: what failed.
    pub message: String,
    /// How to mend it, where the source knows better than the importer.
    pub help: Option<String>,
}

/// Reads documents by their resolved location: a path, a `file:` URL or an http(s) URL.
pub trait DocumentSource {
    /// Reads a whole document.
    ///
    /// # Errors
    /// Whatever keeps it from being read.
    fn read(&self, location: &str) -> Result<SourceDocument, SourceError>;
}
