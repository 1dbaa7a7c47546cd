//! Types by the names PostgreSQL has for them.

use crate::sql::{Composite, Enumeration, Type};

/// The type of a name of `values.tsv`.
pub(crate) fn named(name: &str) -> Type {
    if let Some(item) = name.strip_suffix("[]") {
        return Type::Array(Box::new(named(item)));
    }
    let (base, modifier) = name.split_once('(').unwrap_or((name, ""));
    let mut numbers = modifier.trim_end_matches(')').split(',');
    let mut number = || numbers.next().filter(|n| !n.is_empty()).map(|n| n.parse::<i16>().unwrap());
    let range = |item| Box::new(named(item));
    match base {
        "bool" => Type::Bool,
        "int2" => Type::Int2,
        "int4" => Type::Int4,
        "int8" => Type::Int8,
        "oid" => Type::Oid,
        "numeric" => {
            Type::Numeric { precision: number().map(|n| n.try_into().unwrap()), scale: number() }
        }
        "float4" => Type::Float4,
        "float8" => Type::Float8,
        "text" | "name" => Type::Text { max: None },
        "varchar" => Type::Text { max: number().map(|n| n.try_into().unwrap()) },
        "code" => Type::Text { max: Some(4) },
        "bpchar" => Type::Char { length: number().unwrap().try_into().unwrap() },
        "bytea" => Type::Bytea,
        "date" => Type::Date,
        "time" => Type::Time,
        "timetz" => Type::TimeTz,
        "timestamp" => Type::Timestamp,
        "timestamptz" => Type::TimestampTz,
        "interval" => Type::Interval,
        "uuid" => Type::Uuid,
        "json" => Type::Json,
        "jsonb" => Type::Jsonb,
        "inet" => Type::Inet,
        "cidr" => Type::Cidr,
        "macaddr" => Type::Macaddr,
        "macaddr8" => Type::Macaddr8,
        "bit" | "varbit" => Type::Bit,
        "int4range" => Type::Range(range("int4")),
        "numrange" => Type::Range(range("numeric")),
        "daterange" => Type::Range(range("date")),
        "tsrange" => Type::Range(range("timestamp")),
        "tstzrange" => Type::Range(range("timestamptz")),
        "int4multirange" => Type::Multirange(range("int4")),
        "mood" => Type::Enum(Enumeration {
            name: "mood".to_owned(),
            labels: ["sad", "so-so", "it\"s"].map(str::to_owned).to_vec(),
        }),
        "pair" => composite("pair", &[("number", "int4"), ("Some Name", "text")]),
        "outer_row" => {
            composite("outer_row", &[("id", "int8"), ("pairs", "pair[]"), ("during", "daterange")])
        }
        other => panic!("no type {other}"),
    }
}

fn composite(name: &str, fields: &[(&str, &str)]) -> Type {
    let fields = fields.iter().map(|(name, ty)| ((*name).to_owned(), named(ty))).collect();
    Type::Composite(Composite { name: name.to_owned(), fields })
}
