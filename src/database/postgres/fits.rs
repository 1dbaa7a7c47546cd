//! Whether what a prepared statement gives is what its description said.
//!
//! A table may change between the two. In the binary format an `integer` that has become a
//! `real` is four bytes all the same, so it has to be noticed here.

use tokio_postgres::types::{Kind, Type as Found};

use crate::sql::Type;

/// Whether cells of `found` are read right as `expected`.
pub(super) fn fits(found: &Found, expected: &Type) -> bool {
    match (found.kind(), expected) {
        (Kind::Domain(base), _) => fits(base, expected),
        (Kind::Array(found), Type::Array(expected))
        | (Kind::Range(found), Type::Range(expected))
        | (Kind::Multirange(found), Type::Multirange(expected)) => fits(found, expected),
        (Kind::Enum(_), Type::Enum(expected)) => found.name() == expected.name,
        (Kind::Composite(fields), Type::Composite(expected)) => {
            let same = |(found, (name, ty)): (&tokio_postgres::types::Field, &(String, Type))| {
                found.name() == name && fits(found.type_(), ty)
            };
            fields.len() == expected.fields.len() && fields.iter().zip(&expected.fields).all(same)
        }
        // The driver does not resolve multiranges that are no part of PostgreSQL.
        (Kind::Simple, Type::Multirange(_)) => found.schema() != "pg_catalog",
        (Kind::Simple | Kind::Pseudo, _) => simple(found, expected),
        _ => false,
    }
}

fn simple(found: &Found, expected: &Type) -> bool {
    match expected {
        Type::Bool => *found == Found::BOOL,
        Type::Int2 => *found == Found::INT2,
        Type::Int4 => *found == Found::INT4,
        Type::Int8 => *found == Found::INT8,
        Type::Oid => [Found::OID, Found::XID, Found::CID].contains(found),
        Type::Numeric { .. } => *found == Found::NUMERIC,
        Type::Float4 => *found == Found::FLOAT4,
        Type::Float8 => *found == Found::FLOAT8,
        Type::Text { .. } | Type::Char { .. } => is_text(found),
        Type::Bytea => *found == Found::BYTEA,
        Type::Date => *found == Found::DATE,
        Type::Time => *found == Found::TIME,
        Type::TimeTz => *found == Found::TIMETZ,
        Type::Timestamp => *found == Found::TIMESTAMP,
        Type::TimestampTz => *found == Found::TIMESTAMPTZ,
        Type::Interval => *found == Found::INTERVAL,
        Type::Uuid => *found == Found::UUID,
        Type::Json => *found == Found::JSON,
        Type::Jsonb => *found == Found::JSONB,
        Type::Inet => *found == Found::INET,
        Type::Cidr => *found == Found::CIDR,
        Type::Macaddr => *found == Found::MACADDR,
        Type::Macaddr8 => *found == Found::MACADDR8,
        Type::Bit => [Found::BIT, Found::VARBIT].contains(found),
        Type::Refcursor => *found == Found::REFCURSOR,
        Type::Void => *found == Found::VOID,
        _ => false,
    }
}

/// Types whose binary format is their text.
fn is_text(found: &Found) -> bool {
    let own = [
        Found::TEXT,
        Found::VARCHAR,
        Found::BPCHAR,
        Found::NAME,
        Found::XML,
        Found::CHAR,
        Found::UNKNOWN,
        Found::CSTRING,
    ];
    own.contains(found) || (found.name() == "citext" && found.schema() != "pg_catalog")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_one_width_are_told_apart() {
        let check = |found: &Found, ty: Type, expected| {
            assert_eq!(fits(found, &ty), expected, "{found} {ty:?}");
        };
        let array = |ty| Type::Array(Box::new(ty));
        check(&Found::INT4, Type::Int4, true);
        check(&Found::FLOAT4, Type::Int4, false);
        check(&Found::TIMESTAMP, Type::TimestampTz, false);
        check(&Found::VARCHAR, Type::Text { max: Some(3) }, true);
        check(&Found::JSONB, Type::Text { max: None }, false);
        check(&Found::INT4_ARRAY, array(Type::Int4), true);
        check(&Found::INT4_ARRAY, array(Type::Date), false);
        check(&Found::INT4_ARRAY, Type::Int4, false);
        check(&Found::INT4_RANGE, Type::Range(Box::new(Type::Int4)), true);
        check(&Found::INT4MULTI_RANGE, Type::Multirange(Box::new(Type::Int4)), true);
        check(&Found::RECORD, Type::Void, false);
    }
}
