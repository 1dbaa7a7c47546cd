//! How much one contract may be made of.

/// Documents of one contract.
pub const DOCUMENTS_MAX: usize = 500;
/// Bytes of all documents together, as read.
pub const CONTRACT_BYTES_TOTAL_MAX: usize = 64 * 1024 * 1024;
/// Imports from the root to a document.
pub const IMPORT_DEPTH_MAX: usize = 64;
