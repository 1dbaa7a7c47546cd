//! Types → schemas.

use serde_json::Value;
use utoipa::openapi::schema::{
    AdditionalProperties, Array, KnownFormat, ObjectBuilder, SchemaFormat, SchemaType,
};
use utoipa::openapi::{RefOr, Schema, Type as JsonType};

use super::super::describe::{anything, constant, described, nullable, of_type};
use super::number::{decimal, float, whole};
use crate::sql::{Composite, Form, Type};

/// Where a value stands: its schema is what may stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Place {
    /// Text of a path, a query or a header.
    Parameter,
    /// A request's body.
    Body,
    /// An answer.
    Answer(Form),
}

impl Place {
    pub(super) fn is_answer(self) -> bool {
        matches!(self, Self::Answer(_))
    }

    /// Whether numbers beyond a double, and what is none, are strings.
    pub(super) fn is_string(self) -> bool {
        self == Self::Answer(Form::String)
    }
}

/// The schema of a type's values other than NULL.
pub(in super::super) fn value(ty: &Type, place: Place) -> RefOr<Schema> {
    match ty {
        Type::Bool => of_type(JsonType::Boolean).into(),
        Type::Int2 | Type::Int4 | Type::Int8 | Type::Oid => whole(ty, place).into(),
        Type::Numeric { precision, scale } => decimal(*precision, *scale, place),
        Type::Float4 | Type::Float8 => float(ty, place),
        Type::Text { max } => text(*max),
        Type::Char { length } => text(Some(*length)),
        Type::Enum(ty) => {
            let mut schema = of_type(JsonType::String);
            schema.enum_values = Some(ty.labels.iter().map(|l| Value::from(l.as_str())).collect());
            schema.into()
        }
        Type::Bytea => bytes(place),
        Type::Date => date(place, "date", r"^([+\-]\d+|\d{4})-\d{2}-\d{2}$"),
        Type::TimestampTz => date(place, "date-time", moment("Z").as_str()),
        Type::Timestamp => date(place, "", moment("").as_str()),
        Type::Time => pattern(r"^\d{2}:\d{2}:\d{2}(\.\d{1,6})?$"),
        Type::TimeTz => pattern(r"^\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+\-]\d{2}:\d{2}(:\d{2})?)$"),
        Type::Interval => described(
            pattern(
                r"^-?P(-?\d+Y)?(-?\d+M)?(-?\d+W)?(-?\d+D)?(T(-?\d+H)?(-?\d+M)?(-?\d+(\.\d+)?S)?)?$",
            ),
            Some("An ISO 8601 duration; each of its parts may be negative."),
        ),
        Type::Uuid => formatted("uuid"),
        Type::Inet | Type::Cidr => described(
            text(None),
            Some("An address of IPv4 or IPv6, with the bits of its network behind a slash."),
        ),
        Type::Macaddr => pattern("^([0-9a-fA-F]{2}[:\\-]){5}[0-9a-fA-F]{2}$"),
        Type::Macaddr8 => pattern("^([0-9a-fA-F]{2}[:\\-]){7}[0-9a-fA-F]{2}$"),
        Type::Bit => pattern("^[01]*$"),
        Type::Refcursor => text(None),
        Type::Void => of_type(JsonType::Null).into(),
        Type::Json | Type::Jsonb | Type::Composite(_) if place == Place::Parameter => {
            described(text(None), Some("JSON as text."))
        }
        Type::Range(_) | Type::Multirange(_) if place == Place::Parameter => described(
            pattern(r"^(empty|[\[(][^,]*,[^,]*[\])])$"),
            Some("A range such as `[1,5)`; a bound that is left out is none."),
        ),
        Type::Json | Type::Jsonb => anything("Any JSON value.").into(),
        Type::Array(item) => array(item, place),
        Type::Range(item) => range(item, place),
        Type::Multirange(item) => RefOr::T(Schema::Array(Array::new(range(item, place)))),
        Type::Composite(ty) => composite(ty, place),
        Type::Dynamic if place == Place::Parameter => text(None),
        Type::Dynamic if place.is_answer() => {
            let mut schema = of_type(JsonType::String);
            schema.schema_type = SchemaType::from_iter([JsonType::Number, JsonType::String]);
            schema.into()
        }
        Type::Dynamic | Type::Unsupported(_) => anything("Any value.").into(),
    }
}

fn array(item: &Type, place: Place) -> RefOr<Schema> {
    let item = value(item, place);
    let item = if place == Place::Parameter { item } else { nullable(item) };
    RefOr::T(Schema::Array(Array::new(item)))
}

fn range(item: &Type, place: Place) -> RefOr<Schema> {
    let bound = || nullable(value(item, place));
    let flag = || of_type(JsonType::Boolean);
    let schema = ObjectBuilder::new()
        .schema_type(JsonType::Object)
        .description(Some("A range; a bound that is `null` is none."))
        .property("lower", bound())
        .property("upper", bound())
        .property("lowerInclusive", flag())
        .property("upperInclusive", flag())
        .property("empty", constant(Value::Bool(true)));
    closed(schema, place)
}

fn composite(ty: &Composite, place: Place) -> RefOr<Schema> {
    let mut schema = ObjectBuilder::new().schema_type(JsonType::Object);
    for (name, field) in &ty.fields {
        schema = schema.property(name, nullable(value(field, place)));
        if place.is_answer() {
            schema = schema.required(name);
        }
    }
    closed(schema, place)
}

/// An object: a request's has no members but those named.
pub(super) fn closed(schema: ObjectBuilder, place: Place) -> RefOr<Schema> {
    let schema = match place {
        Place::Answer(_) => schema,
        _ => schema.additional_properties(Some(AdditionalProperties::FreeForm(false))),
    };
    RefOr::T(Schema::Object(schema.build()))
}

fn text(max: Option<u32>) -> RefOr<Schema> {
    let mut schema = of_type(JsonType::String);
    schema.max_length = max.and_then(|max| usize::try_from(max).ok());
    schema.into()
}

fn pattern(pattern: &str) -> RefOr<Schema> {
    let mut schema = of_type(JsonType::String);
    schema.pattern = Some(pattern.to_owned());
    schema.into()
}

fn formatted(format: &str) -> RefOr<Schema> {
    let mut schema = of_type(JsonType::String);
    schema.format = Some(match format {
        "date" => SchemaFormat::KnownFormat(KnownFormat::Date),
        "date-time" => SchemaFormat::KnownFormat(KnownFormat::DateTime),
        other => SchemaFormat::Custom(other.to_owned()),
    });
    schema.into()
}

/// Dates that may be infinite by name have no format.
fn date(place: Place, format: &str, form: &str) -> RefOr<Schema> {
    match format {
        _ if place.is_string() => pattern(&format!("{form}|^-?infinity$")),
        "" => pattern(form),
        format => formatted(format),
    }
}

fn moment(zone: &str) -> String {
    format!(r"^([+\-]\d+|\d{{4}})-\d{{2}}-\d{{2}}T\d{{2}}:\d{{2}}(:\d{{2}}(\.\d+)?)?{zone}$")
}

fn bytes(place: Place) -> RefOr<Schema> {
    let encoding = match place {
        Place::Answer(Form::Hex) => return pattern("^([0-9a-f]{2})*$"),
        Place::Answer(Form::Base64Url) => "base64url",
        _ => "base64",
    };
    let mut schema = of_type(JsonType::String);
    encoding.clone_into(&mut schema.content_encoding);
    schema.into()
}
