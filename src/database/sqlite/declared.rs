//! Declared types of columns: words without force in SQLite, but the author's word.

use crate::sql::Type;

/// The type a column is declared with; what nobody knows is decided at each value.
pub(super) fn declared(text: &str) -> Type {
    let text = text.trim().to_ascii_lowercase();
    let (name, arguments) = match text.split_once('(') {
        Some((name, rest)) => (name, rest.split(')').next().unwrap_or_default()),
        None => (text.as_str(), ""),
    };
    let first = arguments.split(',').next().and_then(|n| n.trim().parse::<u32>().ok());
    let second = arguments.split(',').nth(1).and_then(|n| n.trim().parse::<i16>().ok());
    let words: Vec<&str> = name.split_whitespace().collect();
    let has = |word: &str| words.contains(&word);
    match words.join(" ").as_str() {
        "" => Type::Dynamic,
        "bool" | "boolean" => Type::Bool,
        "date" => Type::Date,
        "time" => Type::Time,
        "datetime" | "smalldatetime" | "timestamp" | "timestamp without time zone" => {
            Type::Timestamp
        }
        "timestamptz" | "timestamp with time zone" => Type::TimestampTz,
        "json" | "jsonb" => Type::Json,
        "uuid" | "guid" | "uniqueidentifier" => Type::Uuid,
        "char" | "character" | "nchar" | "native character" | "bpchar" => match first {
            Some(length) => Type::Char { length },
            None => Type::Text { max: None },
        },
        "numeric" | "decimal" | "number" | "dec" | "money" | "smallmoney" => Type::Numeric {
            precision: first.and_then(|digits| u16::try_from(digits).ok()),
            scale: second.or(first.map(|_| 0)),
        },
        "real" | "float" | "double" | "double precision" => Type::Float8,
        // Below here as SQLite itself reads a name (Datatypes, section 3.1).
        name if name.contains("int") && !has("interval") && !name.starts_with("point") => {
            Type::Int8
        }
        name if ["char", "clob", "text"].iter().any(|part| name.contains(part)) => {
            Type::Text { max: first }
        }
        name if ["blob", "binary", "image", "bytea"].iter().any(|part| name.contains(part)) => {
            Type::Bytea
        }
        name if ["real", "floa", "doub"].iter().any(|part| name.contains(part)) => Type::Float8,
        _ => Type::Dynamic,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declared_type_is_what_its_words_say() {
        let check = |text: &str, expected: Type| assert_eq!(declared(text), expected, "{text}");
        check("INTEGER", Type::Int8);
        check("UNSIGNED BIG INT", Type::Int8);
        check("smallint", Type::Int8);
        check("tinyint(1)", Type::Int8);
        check("NUMERIC(12,3)", Type::Numeric { precision: Some(12), scale: Some(3) });
        check("decimal( 10 , 2 )", Type::Numeric { precision: Some(10), scale: Some(2) });
        check("NUMERIC(9)", Type::Numeric { precision: Some(9), scale: Some(0) });
        check("NUMERIC", Type::Numeric { precision: None, scale: None });
        check("Double Precision", Type::Float8);
        check("CHAR(4)", Type::Char { length: 4 });
        check("NVARCHAR(40)", Type::Text { max: Some(40) });
        check("character varying(7)", Type::Text { max: Some(7) });
        check("CLOB", Type::Text { max: None });
        check("varbinary(16)", Type::Bytea);
        check("BLOB", Type::Bytea);
        check("BOOLEAN", Type::Bool);
        check("date", Type::Date);
        check("DATETIME", Type::Timestamp);
        check("timestamp with time zone", Type::TimestampTz);
        check("json", Type::Json);
        check("", Type::Dynamic);
        check("GEOMETRY", Type::Dynamic);
        check("POINT", Type::Dynamic);
    }
}
