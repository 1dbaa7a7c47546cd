//! Arrays, ranges and composites.

use super::cell::{CellError, binary, wrong};
use super::reader::Reader;
use crate::codec::write_string;
use crate::sql::{Composite, Form, Type};

/// Dimensions of an array (`MAXDIM` of PostgreSQL).
const DIMENSIONS_MAX: usize = 6;
/// Bytes of JSON one nested value may become: a `numeric` of ten bytes may have 131 072
/// digits, and an array many of those.
const JSON_BYTES_MAX: usize = 256 << 20;

/// Bits of a range's first byte (`src/include/utils/rangetypes.h`).
const EMPTY: u8 = 0x01;
const LOWER_INCLUSIVE: u8 = 0x02;
const UPPER_INCLUSIVE: u8 = 0x04;
const LOWER_INFINITE: u8 = 0x08;
const UPPER_INFINITE: u8 = 0x10;

pub(super) fn array(
    item: &Type,
    form: Form,
    bytes: &[u8],
    depth: u32,
    out: &mut Vec<u8>,
) -> Result<(), CellError> {
    let start = out.len();
    let mut reader = Reader(bytes);
    let dimensions = reader.count()?;
    // Whether there are NULLs, and the type of the items: both are known better.
    reader.take(8)?;
    if dimensions > DIMENSIONS_MAX {
        return Err(wrong("an array has more than 6 dimensions"));
    }
    // Items of one array of each dimension, innermost last.
    let mut sizes = [1_usize; DIMENSIONS_MAX];
    let sizes = &mut sizes[..dimensions];
    for size in sizes.iter_mut() {
        *size = reader.count()?;
        reader.take(4)?;
    }
    let mut count = usize::from(dimensions > 0);
    for size in sizes.iter_mut().rev() {
        count = count.checked_mul(*size).ok_or_else(|| wrong("an array has no such size"))?;
        *size = count;
    }
    // Every item has a length of four bytes.
    if count > reader.0.len() / 4 {
        return Err(wrong("an array has fewer items than it says"));
    }
    if count == 0 {
        out.extend_from_slice(b"[]");
        return reader.end();
    }
    for index in 0..count {
        if index > 0 {
            out.push(b',');
        }
        let opens = sizes.iter().filter(|size| index.is_multiple_of(**size)).count();
        out.resize(out.len() + opens, b'[');
        element(item, form, &mut reader, depth, start, out)?;
        let closes = sizes.iter().filter(|size| (index + 1).is_multiple_of(**size)).count();
        out.resize(out.len() + closes, b']');
    }
    reader.end()
}

/// The next value, which may be NULL.
#[inline]
fn element(
    ty: &Type,
    form: Form,
    reader: &mut Reader<'_>,
    depth: u32,
    start: usize,
    out: &mut Vec<u8>,
) -> Result<(), CellError> {
    match reader.value()? {
        None => out.extend_from_slice(b"null"),
        Some(bytes) => binary(ty, form, bytes, depth, out)?,
    }
    if out.len() - start > JSON_BYTES_MAX {
        return Err(wrong("it becomes more than 256 MiB of JSON"));
    }
    Ok(())
}

/// `{"lower":1,"upper":5,"lowerInclusive":true,"upperInclusive":false}`; a bound that is not
/// there is `null`.
pub(super) fn range(
    item: &Type,
    form: Form,
    bytes: &[u8],
    depth: u32,
    out: &mut Vec<u8>,
) -> Result<(), CellError> {
    let start = out.len();
    let mut reader = Reader(bytes);
    let [flags] = reader.array()?;
    let has = |flag: u8| flags & flag != 0;
    if has(EMPTY) {
        out.extend_from_slice(br#"{"empty":true}"#);
        return reader.end();
    }
    let bounds = [(br#"{"lower":"#, LOWER_INFINITE), (br#","upper":"#, UPPER_INFINITE)];
    for (key, infinite) in bounds {
        out.extend_from_slice(key);
        if has(infinite) {
            out.extend_from_slice(b"null");
        } else {
            element(item, form, &mut reader, depth, start, out)?;
        }
    }
    let inclusive = |flag| if has(flag) { "true" } else { "false" };
    for (key, flag) in
        [(",\"lowerInclusive\":", LOWER_INCLUSIVE), (",\"upperInclusive\":", UPPER_INCLUSIVE)]
    {
        out.extend_from_slice(key.as_bytes());
        out.extend_from_slice(inclusive(flag).as_bytes());
    }
    out.push(b'}');
    reader.end()
}

pub(super) fn multirange(
    item: &Type,
    form: Form,
    bytes: &[u8],
    depth: u32,
    out: &mut Vec<u8>,
) -> Result<(), CellError> {
    let start = out.len();
    let mut reader = Reader(bytes);
    let count = reader.count()?;
    out.push(b'[');
    for index in 0..count {
        if index > 0 {
            out.push(b',');
        }
        let Some(bytes) = reader.value()? else { return Err(wrong("a range is NULL")) };
        range(item, form, bytes, depth, out)?;
        if out.len() - start > JSON_BYTES_MAX {
            return Err(wrong("it becomes more than 256 MiB of JSON"));
        }
    }
    out.push(b']');
    reader.end()
}

/// An object, with the names of the fields as they are.
pub(super) fn composite(
    ty: &Composite,
    form: Form,
    bytes: &[u8],
    depth: u32,
    out: &mut Vec<u8>,
) -> Result<(), CellError> {
    let start = out.len();
    let mut reader = Reader(bytes);
    if reader.count()? != ty.fields.len() {
        return Err(CellError(format!("a `{}` has not as many fields as its type", ty.name)));
    }
    out.push(b'{');
    for (index, (name, field)) in ty.fields.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write_string(out, name);
        out.push(b':');
        // The field's type, which is known.
        reader.take(4)?;
        element(field, form, &mut reader, depth, start, out)?;
    }
    out.push(b'}');
    reader.end()
}
