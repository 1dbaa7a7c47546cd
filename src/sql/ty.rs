//! Types of parameters and columns, resolved: no catalog is needed to use one.

use serde::{Deserialize, Serialize};

/// The kinds of database, where they differ in what they are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// Placeholders `$1`; results in PostgreSQL's binary format, parameters in its text format.
    Postgres,
    /// Placeholders `?1`; values are what SQLite's storage classes are.
    Sqlite,
}

/// A type. Domains are their base types; aliases are what they stand for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Type {
    /// `boolean`
    Bool,
    /// `smallint`
    Int2,
    /// `integer`
    Int4,
    /// `bigint`
    Int8,
    /// `oid`: 0 to 2^32 - 1
    Oid,
    /// `numeric(precision, scale)`; both `None` without a modifier.
    Numeric {
        /// Digits in all.
        precision: Option<u16>,
        /// Digits after the point; negative rounds before it.
        scale: Option<i16>,
    },
    /// `real`
    Float4,
    /// `double precision`
    Float8,
    /// `text`, `varchar(n)`, `name`, `citext`, `xml`
    Text {
        /// Characters, where there is a bound.
        max: Option<u32>,
    },
    /// `char(n)`: padded with spaces, which are no part of the value.
    Char {
        /// Characters.
        length: u32,
    },
    /// `bytea`, `blob`
    Bytea,
    /// `date`
    Date,
    /// `time`
    Time,
    /// `time with time zone`
    TimeTz,
    /// `timestamp`: no zone, and none is invented
    Timestamp,
    /// `timestamp with time zone`
    TimestampTz,
    /// `interval`
    Interval,
    /// `uuid`
    Uuid,
    /// `json`: as it is, digit for digit
    Json,
    /// `jsonb`
    Jsonb,
    /// `inet`
    Inet,
    /// `cidr`
    Cidr,
    /// `macaddr`
    Macaddr,
    /// `macaddr8`
    Macaddr8,
    /// `bit(n)`, `bit varying(n)`: a text of 0 and 1
    Bit,
    /// An enum.
    Enum(Enumeration),
    /// An array of any number of dimensions.
    Array(Box<Type>),
    /// A range of this subtype.
    Range(Box<Type>),
    /// A multirange of this subtype.
    Multirange(Box<Type>),
    /// A row type.
    Composite(Composite),
    /// `refcursor`: the name of an open cursor.
    Refcursor,
    /// `void`: a function without a result.
    Void,
    /// What the value is, decided at each value: an expression of SQLite.
    Dynamic,
    /// A type there is no rule for, by its name. `check` refuses it.
    Unsupported(String),
}

/// An enum and its labels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enumeration {
    /// Its name.
    pub name: String,
    /// In their order.
    pub labels: Vec<String>,
}

/// A row type and its fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Composite {
    /// Its name.
    pub name: String,
    /// Names and types, in their order.
    pub fields: Vec<(String, Type)>,
}
