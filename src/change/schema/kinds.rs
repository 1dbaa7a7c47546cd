//! What a parameter's schema is, as far as its text in a request tells.

use super::read::{Conjunction, Reader};
use super::types::Types;

/// What a parameter is as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Kind {
    /// Whether it is an array.
    pub(in super::super) is_array: bool,
    /// Whether any text is a value of it.
    pub(in super::super) is_any_text: bool,
}

/// What a parameter is; and the schemas of its items.
pub(in super::super) fn kind<'d>(
    reader: Reader<'d>,
    schema: &[&'d serde_json::Value],
) -> (Kind, Conjunction<'d>) {
    let view = reader.view(schema);
    let types = view.types.without(Types::NULL);
    let is_free = view.values.is_none()
        && view.formats.is_empty()
        && view.patterns.is_empty()
        && view.limits.is_empty()
        && view.keywords.is_empty();
    let kind =
        Kind { is_array: types == Types::ARRAY, is_any_text: types.has(Types::STRING) && is_free };
    (kind, view.items)
}
