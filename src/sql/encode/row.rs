//! Composites as literals (PostgreSQL, section 8.16.6).

use super::postgres::literal;
use super::value::not;
use crate::codec::Json;
use crate::diagnostic::did_you_mean;
use crate::sql::Composite;

/// A composite of an object. A field that is not there is NULL.
pub(super) fn row(ty: &Composite, json: &Json<'_>, depth: u32) -> Result<String, String> {
    let parsed;
    let entries = match json {
        Json::Object(entries) => entries,
        Json::Lexical(text) => {
            let limits = crate::codec::JsonLimits::default();
            parsed = crate::codec::parse_json(text, limits)
                .map_err(|error| format!("must be a JSON object: {error}"))?;
            match &parsed {
                Json::Object(entries) => entries,
                other => return Err(not("an object", other)),
            }
        }
        other => return Err(not("an object", other)),
    };
    let names = || ty.fields.iter().map(|(name, _)| name.as_str());
    if let Some((name, _)) = entries.iter().find(|(name, _)| !names().any(|n| n == name)) {
        return Err(unknown_member(name, names()));
    }
    let mut out = String::from("(");
    for (index, (name, field)) in ty.fields.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        let Some((_, value)) = entries.iter().find(|(key, _)| key == name) else { continue };
        let text = literal(field, value, depth).map_err(|error| member_error(name, &error))?;
        if let Some(text) = text {
            push_doubled(&mut out, &text);
        }
    }
    out.push(')');
    Ok(out)
}

/// Appends a field in double quotes, `"` and `\` twice.
fn push_doubled(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            out.push(c);
        }
        out.push(c);
    }
    out.push('"');
}

/// What is wrong with a member.
pub(super) fn member_error(name: &str, error: &str) -> String {
    format!("has a member `{name}` that {error}")
}

/// That a member is not of the type.
pub(super) fn unknown_member<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    let hint =
        did_you_mean(name, names).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    format!("has a member `{name}` that its type does not have{hint}")
}
