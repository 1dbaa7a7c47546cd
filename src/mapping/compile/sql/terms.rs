//! Types by their SQL names, for people.

use crate::sql::Type;

/// The type an SQL name stands for, as `types` writes it; `None` where only the database
/// knows it.
pub(super) fn named_type(name: &str) -> Option<Type> {
    let name = name.trim().to_ascii_lowercase();
    if let Some(item) = name.strip_suffix("[]") {
        return named_type(item).map(|item| Type::Array(Box::new(item)));
    }
    let base = name.split('(').next().unwrap_or("").trim_end();
    Some(match base {
        "boolean" | "bool" => Type::Bool,
        "smallint" | "int2" => Type::Int2,
        "integer" | "int" | "int4" => Type::Int4,
        "bigint" | "int8" => Type::Int8,
        "numeric" | "decimal" => Type::Numeric { precision: None, scale: None },
        "real" | "float4" => Type::Float4,
        "double precision" | "float8" | "double" => Type::Float8,
        "text" | "varchar" | "character varying" => Type::Text { max: None },
        "bytea" | "blob" => Type::Bytea,
        "date" => Type::Date,
        "time" => Type::Time,
        "timestamp" | "datetime" => Type::Timestamp,
        "timestamptz" | "timestamp with time zone" => Type::TimestampTz,
        "interval" => Type::Interval,
        "uuid" => Type::Uuid,
        "json" => Type::Json,
        "jsonb" => Type::Jsonb,
        _ => return None,
    })
}

/// The SQL name of a type.
pub fn type_name(ty: &Type) -> String {
    let name = match ty {
        Type::Bool => "boolean",
        Type::Int2 => "smallint",
        Type::Int4 => "integer",
        Type::Int8 => "bigint",
        Type::Oid => "oid",
        Type::Numeric { .. } => "numeric",
        Type::Float4 => "real",
        Type::Float8 => "double precision",
        Type::Text { .. } => "text",
        Type::Char { .. } => "char",
        Type::Bytea => "bytea",
        Type::Date => "date",
        Type::Time => "time",
        Type::TimeTz => "timetz",
        Type::Timestamp => "timestamp",
        Type::TimestampTz => "timestamptz",
        Type::Interval => "interval",
        Type::Uuid => "uuid",
        Type::Json => "json",
        Type::Jsonb => "jsonb",
        Type::Inet => "inet",
        Type::Cidr => "cidr",
        Type::Macaddr => "macaddr",
        Type::Macaddr8 => "macaddr8",
        Type::Bit => "bit",
        Type::Enum(enumeration) => return enumeration.name.clone(),
        Type::Array(item) => return format!("{}[]", type_name(item)),
        Type::Range(of) => return format!("range of {}", type_name(of)),
        Type::Multirange(of) => return format!("multirange of {}", type_name(of)),
        Type::Composite(composite) => return composite.name.clone(),
        Type::Refcursor => "refcursor",
        Type::Void => "void",
        Type::Dynamic => "a type of its value",
        Type::Unsupported(name) => return name.clone(),
    };
    name.to_owned()
}

/// The type inside a type that nothing carries. Types are no deeper than a catalog has them.
pub(super) fn unsupported(ty: &Type) -> Option<&str> {
    match ty {
        Type::Unsupported(name) => Some(name),
        Type::Array(of) | Type::Range(of) | Type::Multirange(of) => unsupported(of),
        Type::Composite(composite) => composite.fields.iter().find_map(|(_, ty)| unsupported(ty)),
        _ => None,
    }
}

/// The type of the items of an array of any number of dimensions.
pub(super) fn item(ty: &Type) -> &Type {
    match ty {
        Type::Array(of) => item(of),
        other => other,
    }
}
