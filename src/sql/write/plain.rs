//! Booleans, texts, bytes, identifiers, addresses and JSON.

use core::net::{Ipv4Addr, Ipv6Addr};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::cell::{CellError, quoted, wrong};
use super::number::whole;
use super::reader::Reader;
use crate::codec::write_string;
use crate::sql::Form;

const HEX: &[u8; 16] = b"0123456789abcdef";
/// Families of addresses, as PostgreSQL numbers them (`src/include/utils/inet.h`).
const INET: u8 = 2;
const INET6: u8 = 3;

#[inline]
pub(super) fn boolean(bytes: &[u8], out: &mut Vec<u8>) -> Result<(), CellError> {
    out.extend_from_slice(match bytes {
        [0] => b"false",
        [1] => b"true",
        _ => return Err(wrong("a boolean is neither 0 nor 1")),
    });
    Ok(())
}

#[inline]
pub(super) fn text(bytes: &[u8], out: &mut Vec<u8>) -> Result<(), CellError> {
    write_string(out, utf8(bytes)?);
    Ok(())
}

/// A text whose spaces at its end are padding.
#[inline]
pub(super) fn padded(bytes: &[u8], out: &mut Vec<u8>) -> Result<(), CellError> {
    let end = bytes.iter().rposition(|b| *b != b' ').map_or(0, |last| last + 1);
    text(&bytes[..end], out)
}

#[inline]
pub(super) fn push_json_text(text: &str, out: &mut Vec<u8>) {
    write_string(out, text);
}

#[inline]
pub(super) fn utf8(bytes: &[u8]) -> Result<&str, CellError> {
    std::str::from_utf8(bytes)
        .map_err(|error| CellError(format!("it is not UTF-8 at byte {}", error.valid_up_to())))
}

pub(super) fn bytea(bytes: &[u8], form: Form, out: &mut Vec<u8>) {
    quoted(out, |out| match form {
        Form::Hex => push_hex(bytes, out),
        Form::Base64Url => push_base64(&URL_SAFE_NO_PAD, bytes, out),
        Form::Plain | Form::String | Form::Recorded => push_base64(&STANDARD, bytes, out),
    });
}

fn push_base64(engine: &impl Engine, bytes: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start + bytes.len().div_ceil(3) * 4, b'=');
    // The room is enough for every length, so nothing can be left unwritten.
    let written = engine.encode_slice(bytes, &mut out[start..]).unwrap_or(0);
    out.truncate(start + written);
}

fn push_hex(bytes: &[u8], out: &mut Vec<u8>) {
    out.reserve(bytes.len() * 2);
    for byte in bytes {
        out.extend_from_slice(&[HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
    }
}

#[inline]
pub(super) fn uuid(bytes: [u8; 16], out: &mut Vec<u8>) {
    let mut text = [b'-'; 38];
    let mut at = 0;
    text[at] = b'"';
    for (index, byte) in bytes.iter().enumerate() {
        at += if matches!(index, 4 | 6 | 8 | 10) { 2 } else { 1 };
        text[at] = HEX[usize::from(byte >> 4)];
        at += 1;
        text[at] = HEX[usize::from(byte & 15)];
    }
    text[37] = b'"';
    out.extend_from_slice(&text);
}

/// PostgreSQL has checked it. A line break can stand only between tokens: as a space it is
/// the same value, and a row stays a line of NDJSON.
pub(super) fn json(bytes: &[u8], out: &mut Vec<u8>) -> Result<(), CellError> {
    let text = utf8(bytes)?;
    if text.trim_ascii().is_empty() {
        return Err(wrong("it is JSON without a value"));
    }
    let start = out.len();
    out.extend_from_slice(bytes);
    let mut from = start;
    while let Some(found) = memchr::memchr2(b'\n', b'\r', &out[from..]) {
        out[from + found] = b' ';
        from += found + 1;
    }
    Ok(())
}

pub(super) fn jsonb(bytes: &[u8], out: &mut Vec<u8>) -> Result<(), CellError> {
    match bytes.split_first() {
        Some((1, text)) => json(text, out),
        _ => Err(wrong("a jsonb is not of version 1")),
    }
}

/// An address and how many of its bits are the network's; `inet` leaves all of them unsaid.
pub(super) fn network(bytes: &[u8], is_cidr: bool, out: &mut Vec<u8>) -> Result<(), CellError> {
    let mut reader = Reader(bytes);
    let [family, bits, _, _] = reader.array()?;
    let (address, all) = match family {
        INET => (Ipv4Addr::from(reader.array::<4>()?).to_string(), 32),
        INET6 => (Ipv6Addr::from(reader.array::<16>()?).to_string(), 128),
        _ => return Err(wrong("an address is of no known family")),
    };
    reader.end()?;
    if bits > all {
        return Err(wrong("an address has more bits than its family"));
    }
    quoted(out, |out| {
        out.extend_from_slice(address.as_bytes());
        if is_cidr || bits != all {
            out.push(b'/');
            whole(bits, out);
        }
    });
    Ok(())
}

pub(super) fn macaddr(bytes: &[u8], out: &mut Vec<u8>) {
    quoted(out, |out| {
        for (index, byte) in bytes.iter().enumerate() {
            if index > 0 {
                out.push(b':');
            }
            push_hex(&[*byte], out);
        }
    });
}

pub(super) fn bits(bytes: &[u8], out: &mut Vec<u8>) -> Result<(), CellError> {
    let mut reader = Reader(bytes);
    let count = reader.count()?;
    let bytes = reader.take(count.div_ceil(8))?;
    reader.end()?;
    quoted(out, |out| {
        let bit = |at: usize| b'0' + (bytes[at / 8] >> (7 - at % 8) & 1);
        out.extend((0..count).map(bit));
    });
    Ok(())
}
