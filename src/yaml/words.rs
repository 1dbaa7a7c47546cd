//! What the problems of one kind of file are called.

use crate::diagnostic::Code;

/// Codes and names for the problems of one kind of file.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// It is no YAML.
    pub syntax: Code,
    /// Something required is not there.
    pub missing: Code,
    /// A key stands twice.
    pub duplicate: Code,
    /// A key is not known.
    pub unknown_key: Code,
    /// A value is of another type.
    pub wrong_type: Code,
    /// What the file is: `a mapping`.
    pub noun: &'static str,
    /// What it begins with.
    pub first_line: &'static str,
}
