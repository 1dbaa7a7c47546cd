//! Numbers → schemas.

use utoipa::openapi::schema::{KnownFormat, SchemaFormat, SchemaType};
use utoipa::openapi::{Object, RefOr, Schema, Type as JsonType};

use super::super::describe::{described, of_type};
use super::value::Place;
use crate::sql::Type;

/// A whole number of a type.
pub(super) fn whole(ty: &Type, place: Place) -> Object {
    let (format, bounds) = match ty {
        Type::Int2 => (KnownFormat::Int32, Some((-32_768, 32_767))),
        Type::Int4 => (KnownFormat::Int32, None),
        Type::Oid => (KnownFormat::Int64, Some((0, 4_294_967_295))),
        _ if place.is_string() => {
            let mut schema = of_type(JsonType::String);
            schema.pattern = Some("^-?[0-9]+$".to_owned());
            return schema;
        }
        _ => (KnownFormat::Int64, None),
    };
    let mut schema = of_type(JsonType::Integer);
    schema.format = Some(SchemaFormat::KnownFormat(format));
    let number = |n: i64| isize::try_from(n).ok().map(utoipa::Number::Int);
    schema.minimum = bounds.and_then(|(low, _)| number(low));
    schema.maximum = bounds.and_then(|(_, high)| number(high));
    schema
}

/// A `numeric`, with its digits in words: a double does not hold its bounds.
pub(super) fn decimal(precision: Option<u16>, scale: Option<i16>, place: Place) -> RefOr<Schema> {
    let mut schema = if place.is_string() {
        let mut schema = of_type(JsonType::String);
        schema.format = Some(SchemaFormat::Custom("decimal".to_owned()));
        schema.pattern = Some(r"^(-?[0-9]+(\.[0-9]+)?|NaN|-?Infinity)$".to_owned());
        schema
    } else {
        of_type(JsonType::Number)
    };
    let digits = precision.map(|precision| match scale.unwrap_or(0) {
        0 => format!("At most {precision} digits, none behind the point."),
        scale => format!("At most {precision} digits, {scale} of them behind the point."),
    });
    let mut notes: Vec<String> = digits.filter(|_| scale.unwrap_or(0) >= 0).into_iter().collect();
    if place == Place::Body {
        schema.schema_type = SchemaType::from_iter([JsonType::Number, JsonType::String]);
        schema.pattern = Some(r"^([+\-]?[0-9.]+([eE][+\-]?[0-9]+)?|NaN|-?Infinity)$".to_owned());
        notes.push("A string keeps digits that a double does not.".to_owned());
    }
    described(schema.into(), Some(&notes.join(" ")))
}

/// A floating-point number; JSON has none that is not finite.
pub(super) fn float(ty: &Type, place: Place) -> RefOr<Schema> {
    let mut schema = of_type(JsonType::Number);
    let format = if *ty == Type::Float4 { KnownFormat::Float } else { KnownFormat::Double };
    schema.format = Some(SchemaFormat::KnownFormat(format));
    let note = match place {
        Place::Parameter => None,
        Place::Answer(_) if !place.is_string() => {
            schema.schema_type = SchemaType::from_iter([JsonType::Number, JsonType::Null]);
            Some("`null` stands for what is no finite number.")
        }
        _ => {
            schema.schema_type = SchemaType::from_iter([JsonType::Number, JsonType::String]);
            schema.pattern = Some("^(NaN|-?Infinity)$".to_owned());
            None
        }
    };
    described(schema.into(), note)
}
