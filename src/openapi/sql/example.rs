//! Example values, valid by their types.

use serde_json::{Map, Value, json};

use super::value::Place;
use crate::sql::{Form, Type};

/// An example of a type's values; `None` where there is none.
pub(in super::super) fn example(ty: &Type, place: Place) -> Option<Value> {
    Some(match ty {
        Type::Bool => json!(true),
        Type::Int8 if place.is_string() => json!("1"),
        Type::Int2 | Type::Int4 | Type::Int8 | Type::Oid => json!(1),
        Type::Numeric { precision, scale } => decimal(*precision, *scale, place),
        Type::Float4 | Type::Float8 => json!(12.5),
        Type::Text { max } => text(*max),
        Type::Char { length } => text(Some(*length)),
        Type::Enum(ty) => json!(ty.labels.first()?),
        Type::Bytea => match place {
            Place::Answer(Form::Hex) => json!("6669676c656166"),
            Place::Answer(Form::Base64Url) => json!("ZmlnbGVhZg"),
            _ => json!("ZmlnbGVhZg=="),
        },
        Type::Date => json!("2026-11-21"),
        Type::Time => json!("09:30:00"),
        Type::TimeTz => json!("09:30:00Z"),
        Type::Timestamp => json!("2026-11-21T09:30:00"),
        Type::TimestampTz => json!("2026-11-21T09:30:00Z"),
        Type::Interval => json!("P1DT2H"),
        Type::Uuid => json!("0197f0c4-3d5e-7c1a-9f57-2b8e61d0a4c3"),
        Type::Inet => json!("192.0.2.7"),
        Type::Cidr => json!("192.0.2.0/24"),
        Type::Macaddr => json!("08:00:2b:01:02:03"),
        Type::Macaddr8 => json!("08:00:2b:01:02:03:04:05"),
        Type::Bit => json!("0110"),
        Type::Json | Type::Jsonb => json!({}),
        Type::Array(item) => json!([example(item, place)?]),
        Type::Range(item) => range(item, place)?,
        Type::Multirange(item) => json!([range(item, place)?]),
        Type::Composite(ty) => {
            let field = |(name, ty): &(String, Type)| Some((name.clone(), example(ty, place)?));
            Value::Object(ty.fields.iter().map(field).collect::<Option<Map<_, _>>>()?)
        }
        Type::Refcursor | Type::Dynamic | Type::Unsupported(_) => json!("text"),
        Type::Void => Value::Null,
    })
}

/// The example a declared schema gives itself.
pub(super) fn declared(schema: &Value) -> Option<Value> {
    let first = |name: &str| schema.get(name)?.as_array()?.first().cloned();
    let own = |name: &str| schema.get(name).cloned();
    first("examples").or_else(|| own("example")).or_else(|| own("const")).or_else(|| first("enum"))
}

/// A number that fits: 12.5 wherever it does.
fn decimal(precision: Option<u16>, scale: Option<i16>, place: Place) -> Value {
    let scale = scale.unwrap_or(0);
    let whole = precision.map(|precision| i32::from(precision) - i32::from(scale));
    let number = match (whole, scale) {
        (None, _) | (Some(2..), 1..) => "12.5",
        (Some(1), 1..) => "2.5",
        (Some(1..), 0) => "1",
        _ => "0",
    };
    if place.is_string() {
        return Value::from(number);
    }
    serde_json::from_str(number).unwrap_or(Value::Null)
}

fn text(max: Option<u32>) -> Value {
    let max = max.and_then(|max| usize::try_from(max).ok()).unwrap_or(usize::MAX);
    Value::from(&"text"[..max.min(4)])
}

fn range(item: &Type, place: Place) -> Option<Value> {
    let lower = example(item, place)?;
    Some(json!({ "lower": lower, "upper": null, "lowerInclusive": true, "upperInclusive": false }))
}
