//! The type of a column as the driver knows it, without the catalog.

use tokio_postgres::types::{Kind, Type as Found};

use super::catalog::{Side, named};
use crate::sql::{Composite, Enumeration, Type};

/// Lengths of types are not known: no modifier.
const NO_MODIFIER: i32 = -1;

/// The type of what a cursor gives.
pub(super) fn found(ty: &Found) -> Type {
    match ty.kind() {
        Kind::Domain(base) => found(base),
        Kind::Array(item) => Type::Array(Box::new(found(item))),
        Kind::Range(of) => Type::Range(Box::new(found(of))),
        Kind::Multirange(of) => Type::Multirange(Box::new(found(of))),
        Kind::Enum(labels) => {
            Type::Enum(Enumeration { name: ty.name().to_owned(), labels: labels.clone() })
        }
        Kind::Composite(fields) => Type::Composite(Composite {
            name: ty.name().to_owned(),
            fields: fields.iter().map(|f| (f.name().to_owned(), found(f.type_()))).collect(),
        }),
        _ => named(ty.name(), ty.schema() == "pg_catalog", NO_MODIFIER, Side::Column),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_known_by_its_name() {
        let check = |ty: &Found, expected: Type| assert_eq!(found(ty), expected);
        check(&Found::INT8, Type::Int8);
        check(&Found::NUMERIC, Type::Numeric { precision: None, scale: None });
        check(&Found::TEXT_ARRAY, Type::Array(Box::new(Type::Text { max: None })));
        check(&Found::INT4_RANGE, Type::Range(Box::new(Type::Int4)));
        check(&Found::POINT, Type::Unsupported("point".to_owned()));
    }
}
