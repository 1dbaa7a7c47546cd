//! Arrays as literals (PostgreSQL, section 8.15.6).

use super::postgres::{literal, push_quoted};
use super::value::not;
use crate::codec::Json;
use crate::sql::Type;

/// Dimensions of an array (`MAXDIM` of PostgreSQL).
const DIMENSIONS_MAX: usize = 6;

/// An array of any number of dimensions. The items of an array of JSON are JSON arrays or
/// not as they like: it has one dimension.
pub(super) fn array(item: &Type, json: &Json<'_>, depth: u32) -> Result<String, String> {
    let listed;
    let items = match json {
        Json::Array(items) => &items[..],
        Json::Lexical(text) => {
            listed = list(text);
            &listed[..]
        }
        other => return Err(not("an array", other)),
    };
    let mut writer = Writer { item, depth, sizes: Vec::new(), leaf: None, out: String::new() };
    writer.dimension(items, 0)?;
    Ok(writer.out)
}

/// Items separated by commas; an empty text has none.
pub(super) fn list(text: &str) -> Vec<Json<'_>> {
    if text.is_empty() {
        return Vec::new();
    }
    text.split(',').map(|item| Json::Lexical(item.into())).collect()
}

/// What is wrong with an item, numbered from 1.
pub(super) fn item_error(index: usize, error: &str) -> String {
    format!("has an item, number {}, that {error}", index + 1)
}

struct Writer<'t> {
    item: &'t Type,
    depth: u32,
    /// Of each dimension, how many items its arrays have.
    sizes: Vec<usize>,
    /// The dimension that holds values.
    leaf: Option<usize>,
    out: String,
}

impl Writer<'_> {
    fn dimension(&mut self, items: &[Json<'_>], at: usize) -> Result<(), String> {
        const UNEVEN: &str = "must have arrays of one length and one depth inside it";
        if at >= DIMENSIONS_MAX {
            return Err(format!("must have at most {DIMENSIONS_MAX} dimensions"));
        }
        match self.sizes.get(at) {
            None => self.sizes.push(items.len()),
            Some(size) if *size == items.len() => {}
            Some(_) => return Err(UNEVEN.to_owned()),
        }
        if items.is_empty() && at > 0 {
            return Err("must not have an empty array inside it".to_owned());
        }
        self.out.push('{');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            match item {
                Json::Array(inner) if !holds_arrays(self.item) => {
                    if self.leaf.is_some_and(|leaf| leaf <= at) {
                        return Err(UNEVEN.to_owned());
                    }
                    self.dimension(inner, at + 1)?;
                }
                value => {
                    if *self.leaf.get_or_insert(at) != at || self.sizes.len() > at + 1 {
                        return Err(UNEVEN.to_owned());
                    }
                    let text = literal(self.item, value, self.depth)
                        .map_err(|error| item_error(index, &error))?;
                    self.value(text.as_deref());
                }
            }
        }
        self.out.push('}');
        Ok(())
    }

    fn value(&mut self, text: Option<&str>) {
        match text {
            None => self.out.push_str("NULL"),
            Some(text) if is_bare(text) => self.out.push_str(text),
            Some(text) => push_quoted(&mut self.out, text),
        }
    }
}

/// Whether a value may be a JSON array itself.
fn holds_arrays(ty: &Type) -> bool {
    matches!(ty, Type::Json | Type::Jsonb | Type::Multirange(_) | Type::Array(_))
}

/// Whether a literal needs no quotes in an array: numbers, identifiers, dates.
fn is_bare(text: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'+' | b':');
    !text.is_empty() && text.bytes().all(is_plain) && !text.eq_ignore_ascii_case("null")
}
