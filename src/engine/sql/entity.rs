//! Entity tags (RFC 9110, section 8.8.3): a column's value as a validator.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use crate::codec::{Json, JsonLimits, parse_json};
use crate::diagnostic::Code;
use crate::engine::Problem;
use crate::engine::input::{Input, InputProblem, ProblemPlace};
use crate::plan::{ColumnPlan, RowMember, RowPlan, RowValue};
use crate::sql::{Cell, Cells, write_json};

use super::RowError;

/// The header of conditional writes.
const IF_MATCH: &str = "if-match";
/// What an entity tag cannot hold as it is.
const NOT_IN_TAGS: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'%').add(b',');

/// The entity tag of a row, quotes included.
///
/// # Errors
/// Where its column is NULL or cannot be read.
pub fn entity_tag(plan: &RowPlan, column: u16, row: &impl Cells) -> Result<String, RowError> {
    let Some(column) = find(&plan.members, column) else {
        return Err(RowError::NoColumn(column));
    };
    let cell = row.cell(usize::from(column.index));
    if cell == Cell::Null {
        return Err(RowError::Null(column.column.to_string()));
    }
    let mut json = Vec::new();
    write_json(&column.ty, column.form, cell, &mut json)
        .map_err(|e| RowError::Cell(column.column.to_string(), e.0))?;
    let json = String::from_utf8_lossy(&json);
    let text = match parse_json(&json, JsonLimits::default()) {
        Ok(Json::String(text)) => text.into_owned(),
        _ => json.into_owned(),
    };
    Ok(format!("\"{}\"", utf8_percent_encode(&text, NOT_IN_TAGS)))
}

/// A column among members, and the members of members.
pub(super) fn find(members: &[RowMember], index: u16) -> Option<&ColumnPlan> {
    members.iter().find_map(|member| match &member.value {
        RowValue::Column(column) => (column.index == index).then_some(column),
        RowValue::Object(members) => find(members, index),
        RowValue::Include(_) => None,
    })
}

/// Whether an `If-None-Match` names this tag: the caller has it already.
#[must_use]
pub fn matches_none(header: &str, tag: &str) -> bool {
    let plain = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    header.trim() == "*" || header.split(',').any(|listed| plain(listed) == plain(tag))
}

/// The value an `If-Match` names: one strong tag, without its quotes.
pub(super) fn if_match(input: &Input<'_>) -> Result<String, Box<Problem>> {
    let Some((_, header)) = input.headers.iter().find(|h| h.0 == IF_MATCH) else {
        return Err(Problem::new(Code::PreconditionRequired, "If-Match is required").into());
    };
    let refuse = |detail: &str| {
        let wrong = InputProblem::parameter(IF_MATCH, ProblemPlace::Header, detail);
        Err(Box::new(Problem::invalid(vec![wrong])))
    };
    let header = header.trim();
    if header == "*" {
        return refuse("must name a version: `*` names any");
    }
    if header.starts_with("W/") {
        return refuse("must be a strong entity tag");
    }
    let tag = header.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match tag {
        Some(tag) if !tag.contains('"') => Ok(percent_decode_str(tag)
            .decode_utf8()
            .map(std::borrow::Cow::into_owned)
            .unwrap_or_default()),
        _ => refuse("must be one entity tag in quotes, as the ETag of a read is"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_who_has_the_tag_already_is_told_so() {
        let check = |header: &str, expected| {
            assert_eq!(matches_none(header, "\"7\""), expected, "{header}");
        };
        check("\"7\"", true);
        check("\"6\", W/\"7\"", true);
        check("*", true);
        check("\"77\"", false);
        check("7", false);
    }

    #[test]
    fn a_conditional_write_names_one_version() {
        let check = |header: &str, expected: Result<&str, &str>| {
            let input = Input { headers: vec![("if-match", header.into())], ..Input::default() };
            let got = if_match(&input).map_err(|p| p.errors[0].detail.clone());
            match (got, expected) {
                (Ok(tag), Ok(expected)) => assert_eq!(tag, expected),
                (Err(detail), Err(part)) => assert!(detail.contains(part), "{detail}"),
                (got, _) => panic!("{header}: {got:?}"),
            }
        };
        check("\"7\"", Ok("7"));
        check(" \"a%20b%25\" ", Ok("a b%"));
        check("*", Err("`*` names any"));
        check("W/\"7\"", Err("strong"));
        check("\"7\", \"8\"", Err("one entity tag"));
        check("7", Err("in quotes"));
        let none = if_match(&Input::default()).unwrap_err();
        assert_eq!((none.code, none.status), (Code::PreconditionRequired, 428));
    }
}
