//! Texts as JSON values.

use crate::codec::form::Form;
use crate::codec::graph::{Graph, Node, NodeId, Numbers, Text, TextKind};
use crate::codec::lexical::{
    Lexical, NumberForm, apply_white_space, boolean, is_beyond_numbers, is_space, trim,
    write_number,
};
use crate::xml::Scope;
use crate::xsd::WhiteSpace;

/// Unions inside lists inside unions; deeper ones are strings.
const TEXT_DEPTH_MAX: u32 = 16;

/// Appends a JSON string.
pub(crate) fn write_string(out: &mut Vec<u8>, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.reserve(text.len() + 2);
    out.push(b'"');
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(found) = first_escaped(&bytes[from..]) {
        let at = from + found;
        out.extend_from_slice(&bytes[from..at]);
        from = at + 1;
        let byte = bytes[at];
        let short = match byte {
            b'"' => b'"',
            b'\\' => b'\\',
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            _ => {
                out.extend_from_slice(b"\\u00");
                out.push(HEX[usize::from(byte >> 4)]);
                out.push(HEX[usize::from(byte & 15)]);
                continue;
            }
        };
        out.extend_from_slice(&[b'\\', short]);
    }
    out.extend_from_slice(&bytes[from..]);
    out.push(b'"');
}

/// The first byte that JSON must escape. Eight bytes at a time: most texts have none.
#[inline]
fn first_escaped(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let zero_byte = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let escaped = |byte: u8| byte < 0x20 || byte == b'"' || byte == b'\\';
    let mut at = 0;
    let mut words = bytes.chunks_exact(8);
    for chunk in &mut words {
        let Ok(eight) = <[u8; 8]>::try_from(chunk) else { break };
        let word = u64::from_le_bytes(eight);
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let quote = zero_byte(word ^ (ONES * u64::from(b'"')));
        let slash = zero_byte(word ^ (ONES * u64::from(b'\\')));
        if control | quote | slash != 0 {
            return chunk.iter().position(|b| escaped(*b)).map(|found| at + found);
        }
        at += 8;
    }
    words.remainder().iter().position(|b| escaped(*b)).map(|found| at + found)
}

/// Appends the JSON value of a text by its type. Answers `false`, having written nothing,
/// where the text is no value of the type.
#[inline]
pub(super) fn write_text(
    out: &mut Vec<u8>,
    graph: &Graph,
    ty: &Text,
    text: &str,
    scope: Option<&Scope>,
) -> bool {
    match ty.kind {
        TextKind::Atomic(lexical) => write_atomic(out, graph, lexical, text, scope),
        _ => write_nested(out, graph, ty, text, scope, TEXT_DEPTH_MAX),
    }
}

fn write_nested(
    out: &mut Vec<u8>,
    graph: &Graph,
    ty: &Text,
    text: &str,
    scope: Option<&Scope>,
    depth: u32,
) -> bool {
    let node = |id: &NodeId| match graph.node(*id) {
        Node::Text(text) => Some(text),
        _ => None,
    };
    match &ty.kind {
        TextKind::Atomic(lexical) => write_atomic(out, graph, *lexical, text, scope),
        TextKind::List(item) => {
            let (Some(item), Some(depth)) = (node(item), depth.checked_sub(1)) else {
                return false;
            };
            let start = out.len();
            out.push(b'[');
            for (at, word) in text.split(is_space).filter(|w| !w.is_empty()).enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                if !write_nested(out, graph, item, word, scope, depth) {
                    out.truncate(start);
                    return false;
                }
            }
            out.push(b']');
            true
        }
        TextKind::Union(members) => {
            let Some(depth) = depth.checked_sub(1) else { return false };
            members.iter().filter_map(node).any(|member| {
                accepts(graph, member, text, depth)
                    && write_nested(out, graph, member, text, scope, depth)
            })
        }
    }
}

/// Whether a text is a value of a type, facets included: how a union chooses.
fn accepts(graph: &Graph, ty: &Text, text: &str, depth: u32) -> bool {
    let lexical_ok = match &ty.kind {
        TextKind::Atomic(Lexical::Form(form)) => form.accepts(trim(text)),
        TextKind::Atomic(Lexical::Integer { min, max, .. }) => {
            let number = trim(text).parse::<i128>().ok();
            let above = min.is_none_or(|min| number.is_none_or(|n| n >= min));
            above && max.is_none_or(|max| number.is_none_or(|n| n <= max))
        }
        _ => true,
    };
    let value = match ty.kind {
        TextKind::Atomic(Lexical::String(rule)) => apply_white_space(rule, text),
        _ => trim(text).into(),
    };
    lexical_ok
        && depth > 0
        && (ty.check.is_empty() || ty.check.problem(&value).is_none())
        && write_nested(&mut Vec::new(), graph, ty, text, None, depth)
}

#[inline]
fn write_atomic(
    out: &mut Vec<u8>,
    graph: &Graph,
    lexical: Lexical,
    text: &str,
    scope: Option<&Scope>,
) -> bool {
    let number = |out: &mut Vec<u8>, form| {
        if !lexical.is_string(graph.numbers) {
            return write_number(out, trim(text), form);
        }
        let start = out.len();
        out.push(b'"');
        if write_number(out, trim(text), form) {
            out.push(b'"');
            return true;
        }
        out.truncate(start);
        false
    };
    match lexical {
        Lexical::String(WhiteSpace::Preserve) => write_string(out, text),
        Lexical::String(rule) => write_string(out, &apply_white_space(rule, text)),
        Lexical::Form(Form::Base64) => write_base64(out, trim(text)),
        Lexical::Form(form) => {
            let text = trim(text);
            if form.is_of_time() && !form.accepts(text) {
                return false;
            }
            write_string(out, text);
        }
        Lexical::Boolean => match boolean(trim(text)) {
            Some(true) => out.extend_from_slice(b"true"),
            Some(false) => out.extend_from_slice(b"false"),
            None => return false,
        },
        Lexical::Integer { .. } => return number(out, NumberForm::Integer),
        Lexical::Decimal => return number(out, NumberForm::Decimal),
        Lexical::Float => {
            let text = trim(text);
            if is_beyond_numbers(text) || text == "+INF" {
                match graph.numbers {
                    Numbers::Exact => out.extend_from_slice(b"null"),
                    Numbers::String => write_string(out, text.trim_start_matches('+')),
                }
                return true;
            }
            return number(out, NumberForm::Float);
        }
        Lexical::QName => write_qname(out, trim(text), scope),
    }
    true
}

/// White space inside base64 is no part of the value (Part 2, section 3.2.16), and many
/// readers of JSON refuse it.
fn write_base64(out: &mut Vec<u8>, text: &str) {
    if text.contains(is_space) {
        write_string(out, &text.split(is_space).collect::<String>());
    } else {
        write_string(out, text);
    }
}

/// A `QName` is carried as its expanded name, because its prefix means nothing outside.
fn write_qname(out: &mut Vec<u8>, text: &str, scope: Option<&Scope>) {
    let (prefix, local) = text.split_once(':').unwrap_or(("", text));
    match scope.and_then(|s| s.uri(prefix)) {
        Some("") | None => write_string(out, text),
        Some(uri) => write_string(out, &format!("{{{uri}}}{local}")),
    }
}
