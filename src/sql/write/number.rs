//! Numbers. Nothing exact passes through a float.

use super::cell::{CellError, quoted, special, wrong};
use super::reader::Reader;
use crate::sql::Form;

/// Decimal digits of a group of `numeric`.
const GROUP_DIGITS: usize = 4;

/// Appends a whole number that every double holds.
#[inline]
pub(super) fn whole(number: impl itoa::Integer, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// Appends a whole number of 64 bits.
#[inline]
pub(super) fn int8(number: i64, form: Form, out: &mut Vec<u8>) {
    match form {
        Form::String => quoted(out, |out| whole(number, out)),
        _ => whole(number, out),
    }
}

/// Appends the shortest digits that read back as the same number.
#[inline]
pub(super) fn float8(number: f64, form: Form, out: &mut Vec<u8>) {
    if number.is_finite() {
        out.extend_from_slice(zmij::Buffer::new().format_finite(number).as_bytes());
    } else {
        not_finite(number, form, out);
    }
}

/// Appends the shortest digits that read back as the same number.
#[inline]
pub(super) fn float4(number: f32, form: Form, out: &mut Vec<u8>) {
    if number.is_finite() {
        out.extend_from_slice(zmij::Buffer::new().format_finite(number).as_bytes());
    } else {
        not_finite(number.into(), form, out);
    }
}

fn not_finite(number: f64, form: Form, out: &mut Vec<u8>) {
    let name = match number {
        f64::INFINITY => "Infinity",
        f64::NEG_INFINITY => "-Infinity",
        _ => "NaN",
    };
    special(name, form, out);
}

/// Appends a `numeric`: groups of four digits, a weight, and how many digits stand behind
/// the point.
#[inline]
pub(super) fn numeric(bytes: &[u8], form: Form, out: &mut Vec<u8>) -> Result<(), CellError> {
    let mut reader = Reader(bytes);
    let count = usize::from(u16::from_be_bytes(reader.array()?));
    let weight = i32::from(i16::from_be_bytes(reader.array()?));
    let sign = u16::from_be_bytes(reader.array()?);
    let scale = usize::from(u16::from_be_bytes(reader.array()?));
    let name = match sign {
        0x0000 | 0x4000 => None,
        0xC000 => Some("NaN"),
        0xD000 => Some("Infinity"),
        0xF000 => Some("-Infinity"),
        _ => return Err(wrong("a numeric has no such sign")),
    };
    if let Some(name) = name {
        special(name, form, out);
        return Ok(());
    }
    let (groups, []) = reader.0.as_chunks::<2>() else {
        return Err(wrong("a numeric has half a group of digits"));
    };
    if groups.len() != count {
        return Err(wrong("a numeric has not as many digits as it says"));
    }
    let groups = Groups { groups, weight };
    if form == Form::String {
        out.push(b'"');
    }
    if sign != 0 {
        out.push(b'-');
    }
    groups.write(scale, out)?;
    if form == Form::String {
        out.push(b'"');
    }
    Ok(())
}

struct Groups<'a> {
    groups: &'a [[u8; 2]],
    /// Power of 10 000 of the first group.
    weight: i32,
}

impl Groups<'_> {
    fn write(&self, scale: usize, out: &mut Vec<u8>) -> Result<(), CellError> {
        if self.weight < 0 {
            out.push(b'0');
        } else {
            let mut first = self.weight;
            while first > 0 && self.at(first)? == 0 {
                first -= 1;
            }
            whole(self.at(first)?, out);
            for power in (0..first).rev() {
                out.extend_from_slice(&digits(self.at(power)?));
            }
        }
        if scale == 0 {
            return Ok(());
        }
        out.push(b'.');
        let end = out.len() + scale;
        let mut power = -1;
        while out.len() < end {
            out.extend_from_slice(&digits(self.at(power)?));
            power -= 1;
        }
        out.truncate(end);
        Ok(())
    }

    /// The group of a power; those not sent are zero.
    #[inline]
    fn at(&self, power: i32) -> Result<u16, CellError> {
        let sent = usize::try_from(self.weight - power).ok().and_then(|at| self.groups.get(at));
        match sent.map_or(0, |group| u16::from_be_bytes(*group)) {
            group @ 0..=9_999 => Ok(group),
            _ => Err(wrong("a group of a numeric is above 9999")),
        }
    }
}

#[inline]
fn digits(group: u16) -> [u8; GROUP_DIGITS] {
    let ascii = |n: u16| b'0' + (n % 10).to_le_bytes()[0];
    [ascii(group / 1_000), ascii(group / 100), ascii(group / 10), ascii(group)]
}
