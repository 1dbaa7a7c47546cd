//! The server's catalog, as far as types and NOT NULL go.

use std::collections::{HashMap, HashSet};

use tokio_postgres::{Client, Error, Row};

use crate::sql::{Composite, Enumeration, Type};

/// Types within types (array of composite of …), in number. Deeper ones are not supported.
const NESTING_MAX: usize = 16;
/// Characters of the longest `char(n)`; what an expression of that type has at most.
const CHAR_MAX: u32 = 10_485_760;
/// What a length is stored with on top.
const MODIFIER_OFFSET: i32 = 4;

/// `rngmultitypid` is of PostgreSQL 14; read as JSON, it may be missing.
const TYPES: &str = "
select t.oid, t.typname::text, t.typtype::text, t.typcategory = 'A', t.typelem, t.typbasetype,
       t.typtypmod,
       coalesce(r.rngsubtype, m.rngsubtype, 0::oid),
       array(select e.enumlabel::text from pg_catalog.pg_enum e
             where e.enumtypid = t.oid order by e.enumsortorder),
       array(select a.attname::text from pg_catalog.pg_attribute a
             where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
             order by a.attnum),
       array(select a.atttypid from pg_catalog.pg_attribute a
             where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
             order by a.attnum),
       array(select a.atttypmod from pg_catalog.pg_attribute a
             where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
             order by a.attnum),
       t.typnamespace = 'pg_catalog'::regnamespace
from pg_catalog.pg_type t
left join pg_catalog.pg_range r on r.rngtypid = t.oid
left join pg_catalog.pg_range m on (to_jsonb(m) ->> 'rngmultitypid')::oid = t.oid
where t.oid = any($1)";

/// Columns in which NULL cannot be. A table with children may have rows of theirs, which need
/// not agree with it; nobody checks a foreign table; and a constraint may be there and not
/// hold for what was there before it.
const NOT_NULL: &str = "
select a.attrelid, a.attnum
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
where a.attrelid = any($1) and a.attnotnull
  and (c.relkind = 'r' and not c.relhassubclass
       or c.relkind = 'p' and not exists (
           select from pg_catalog.pg_inherits i
           join pg_catalog.pg_class f on f.oid = i.inhrelid
           where i.inhparent = c.oid and f.relkind = 'f'))
  and not exists (
      select from pg_catalog.pg_constraint k
      where k.conrelid = a.attrelid and k.contype = 'n' and k.conkey = array[a.attnum]
        and not k.convalidated)";

/// Where a type stands. Only there is a difference for a `char` without a length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// A placeholder: what is compared with a `char(n)` has no length of its own.
    Parameter,
    /// A column of a result.
    Column,
}

/// Part of the catalog.
#[derive(Default)]
pub(super) struct Catalog {
    types: HashMap<u32, Entry>,
    not_null: HashSet<(u32, i16)>,
}

struct Entry {
    name: String,
    kind: String,
    is_array: bool,
    element: u32,
    base: u32,
    modifier: i32,
    subtype: u32,
    labels: Vec<String>,
    fields: Vec<(String, u32, i32)>,
    is_own: bool,
}

impl Catalog {
    /// Reads these types and all they are made of, and the columns of these tables.
    pub(super) async fn load(
        client: &Client,
        types: HashSet<u32>,
        tables: HashSet<u32>,
    ) -> Result<Self, Error> {
        let mut this = Self::default();
        let mut wanted: Vec<u32> = types.into_iter().collect();
        for _ in 0..NESTING_MAX {
            if wanted.is_empty() {
                break;
            }
            let rows = client.query(TYPES, &[&wanted]).await?;
            wanted.clear();
            for row in &rows {
                let entry = Entry::read(row)?;
                wanted.extend(entry.parts());
                this.types.insert(row.try_get(0)?, entry);
            }
            wanted.retain(|part| !this.types.contains_key(part));
            wanted.sort_unstable();
            wanted.dedup();
        }
        let tables: Vec<u32> = tables.into_iter().collect();
        for row in client.query(NOT_NULL, &[&tables]).await? {
            this.not_null.insert((row.try_get(0)?, row.try_get(1)?));
        }
        Ok(this)
    }

    /// Whether NULL cannot be in a column of a table.
    pub(super) fn is_not_null(&self, table: u32, column: i16) -> bool {
        self.not_null.contains(&(table, column))
    }

    /// A type with its modifier; -1 is none.
    pub(super) fn resolve(&self, oid: u32, modifier: i32, side: Side) -> Type {
        self.resolve_in(oid, modifier, side, 0)
    }

    fn resolve_in(&self, oid: u32, modifier: i32, side: Side, depth: usize) -> Type {
        let Some(entry) = self.types.get(&oid).filter(|_| depth < NESTING_MAX) else {
            return Type::Unsupported(format!("type {oid}"));
        };
        let part = |oid, modifier| self.resolve_in(oid, modifier, side, depth + 1);
        let boxed = |oid, modifier| Box::new(part(oid, modifier));
        match entry.kind.as_str() {
            "d" => part(entry.base, if modifier < 0 { entry.modifier } else { modifier }),
            "e" => {
                Type::Enum(Enumeration { name: entry.name.clone(), labels: entry.labels.clone() })
            }
            "r" => Type::Range(boxed(entry.subtype, -1)),
            "m" => Type::Multirange(boxed(entry.subtype, -1)),
            "c" => {
                let fields = entry.fields.iter();
                let field = |(name, oid, modifier): &(String, u32, i32)| {
                    (name.clone(), part(*oid, *modifier))
                };
                Type::Composite(Composite {
                    name: entry.name.clone(),
                    fields: fields.map(field).collect(),
                })
            }
            // Their text format is not an array's.
            _ if matches!(entry.name.as_str(), "int2vector" | "oidvector") => {
                Type::Unsupported(entry.name.clone())
            }
            "b" if entry.is_array => Type::Array(boxed(entry.element, modifier)),
            _ => simple(entry, modifier, side),
        }
    }
}

impl Entry {
    fn read(row: &Row) -> Result<Self, Error> {
        let names: Vec<String> = row.try_get(9)?;
        let types: Vec<u32> = row.try_get(10)?;
        let modifiers: Vec<i32> = row.try_get(11)?;
        let fields = names.into_iter().zip(types).zip(modifiers);
        Ok(Self {
            name: row.try_get(1)?,
            kind: row.try_get(2)?,
            is_array: row.try_get(3)?,
            element: row.try_get(4)?,
            base: row.try_get(5)?,
            modifier: row.try_get(6)?,
            subtype: row.try_get(7)?,
            labels: row.try_get(8)?,
            fields: fields.map(|((name, ty), modifier)| (name, ty, modifier)).collect(),
            is_own: row.try_get(12)?,
        })
    }

    /// Types it is made of.
    fn parts(&self) -> impl Iterator<Item = u32> {
        let one = [self.element, self.base, self.subtype].into_iter().filter(|oid| *oid != 0);
        one.chain(self.fields.iter().map(|(_, oid, _)| *oid))
    }
}

/// A type that is made of no other.
fn simple(entry: &Entry, modifier: i32, side: Side) -> Type {
    named(&entry.name, entry.is_own, modifier, side)
}

/// A type that is made of no other, by its name; `is_own` says whether it is PostgreSQL's.
pub(super) fn named(name: &str, is_own: bool, modifier: i32, side: Side) -> Type {
    let length = u32::try_from(modifier - MODIFIER_OFFSET).ok();
    match name {
        // An extension's; its values are texts in both formats.
        "citext" => return Type::Text { max: None },
        _ if !is_own => return Type::Unsupported(name.to_owned()),
        _ => {}
    }
    match name {
        "bool" => Type::Bool,
        "int2" => Type::Int2,
        "int4" => Type::Int4,
        "int8" => Type::Int8,
        // Four bytes without a sign, all three; `xmin` serves as a version of a row.
        "oid" | "xid" | "cid" => Type::Oid,
        "numeric" => numeric(modifier),
        "float4" => Type::Float4,
        "float8" => Type::Float8,
        "varchar" => Type::Text { max: length },
        "bpchar" => match (length, side) {
            (Some(length), _) => Type::Char { length },
            (None, Side::Parameter) => Type::Text { max: None },
            (None, Side::Column) => Type::Char { length: CHAR_MAX },
        },
        "char" => Type::Text { max: Some(1) },
        "text" | "name" | "xml" | "unknown" | "cstring" => Type::Text { max: None },
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
        "refcursor" => Type::Refcursor,
        "void" => Type::Void,
        other => Type::Unsupported(other.to_owned()),
    }
}

/// Precision in the upper half; the scale has eleven bits and a sign.
fn numeric(modifier: i32) -> Type {
    if modifier < MODIFIER_OFFSET {
        return Type::Numeric { precision: None, scale: None };
    }
    let packed = modifier - MODIFIER_OFFSET;
    let scale = ((packed & 0x7ff) ^ 0x400) - 0x400;
    Type::Numeric {
        precision: u16::try_from((packed >> 16) & 0xffff).ok(),
        scale: i16::try_from(scale).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_modifier_of_numeric_is_precision_and_scale() {
        let check = |modifier, precision, scale| {
            assert_eq!(numeric(modifier), Type::Numeric { precision, scale });
        };
        check(-1, None, None);
        check(0x000c_0003 + 4, Some(12), Some(3));
        check(0x03e8_03e8 + 4, Some(1000), Some(1000));
        check(0x0003_07fe + 4, Some(3), Some(-2));
    }
}
