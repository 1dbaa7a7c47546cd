//! Texts that are no value of their type, and yet say which one they mean.
//!
//! Only what can mean one thing: `True`, `3.0` for a whole number, `1E3` for a decimal,
//! `Infinity`, `2026-11-21 09:30:00`, midnight for a date. A comma in a number and the order of day and month are guesses.

use super::super::form::Form;
use super::super::lexical::{Lexical, NumberForm, trim, write_number};
use super::write_string;

/// Appends the JSON value that is meant. Answers `false`, having written nothing, where that
/// is not plain.
pub(super) fn write_meant(out: &mut Vec<u8>, lexical: Lexical, quoted: bool, text: &str) -> bool {
    let text = trim(text);
    match lexical {
        Lexical::Boolean if text.eq_ignore_ascii_case("true") => out.extend_from_slice(b"true"),
        Lexical::Boolean if text.eq_ignore_ascii_case("false") => out.extend_from_slice(b"false"),
        Lexical::Float => {
            let name = text.trim_start_matches(['+', '-']).to_ascii_lowercase();
            if !["inf", "infinity", "nan"].contains(&name.as_str()) {
                return false;
            }
            out.extend_from_slice(b"null");
        }
        Lexical::Integer { .. } => {
            let Some((whole, fraction)) = text.split_once('.') else { return false };
            let nothing = fraction.bytes().all(|b| b == b'0');
            return nothing && write_quoted(out, whole, NumberForm::Integer, quoted);
        }
        Lexical::Form(form @ (Form::Date | Form::DateTime)) => {
            let Some(time) = meant_time(form, text) else { return false };
            write_string(out, &time);
        }
        Lexical::Decimal => return write_quoted(out, text, NumberForm::Float, quoted),
        _ => return false,
    }
    true
}

/// A time with a space for its `T`; a date with a time that is midnight.
fn meant_time(form: Form, text: &str) -> Option<String> {
    let (date, time) = text.split_once(['T', ' '])?;
    let meant = match form {
        Form::Date => {
            let zone = time.strip_prefix("00:00:00")?;
            let zone = zone.strip_prefix('.').map_or(zone, |z| z.trim_start_matches('0'));
            format!("{date}{zone}")
        }
        _ => format!("{date}T{time}"),
    };
    form.accepts(&meant).then_some(meant)
}

fn write_quoted(out: &mut Vec<u8>, text: &str, form: NumberForm, quoted: bool) -> bool {
    let start = out.len();
    let quote = if quoted { b"\"".as_slice() } else { b"" };
    out.extend_from_slice(quote);
    if write_number(out, text, form) {
        out.extend_from_slice(quote);
        return true;
    }
    out.truncate(start);
    false
}
