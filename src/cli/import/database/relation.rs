//! A table or a view → routes: list, read one, insert, update, delete.

use super::super::proposal::words::{identifier, scalar};
use super::names::{collection, parameters, qualified, quoted, results, unwritable};
use super::object::{Object, Reason, Route, Say, without_form};
use super::statement::{enclosed, listed};
use crate::codec::camel;
use crate::diagnostic::Code;
use crate::mapping::Method;
use crate::sql::{Dialect, Filled, Relation, RelationColumn, RelationKind, Type};

/// Names of columns that count the changes of a row.
const VERSIONS: &[&str] = &["version", "row_version", "rowversion", "lock_version"];

/// What becomes of a relation.
pub fn relation(dialect: Dialect, relation: &Relation) -> Object {
    let name = match &relation.schema {
        Some(schema) => format!("{schema}.{}", relation.name),
        None => relation.name.clone(),
    };
    let schema = relation.schema.as_deref().map(|schema| format!("/{}", identifier(schema)));
    let mut object = Object {
        kind: kind(relation),
        comment: relation.comment.clone(),
        reasons: Vec::new(),
        routes: Vec::new(),
        folder: format!("{}/{}", schema.unwrap_or_default(), collection(&relation.name)),
        name,
    };
    if let Some(why) = refused(relation) {
        object.reasons.push(Reason { code: Code::DatabaseObjectRefused, message: why });
        return object;
    }
    let drafting = Drafting::new(dialect, relation);
    object.reasons = drafting.losses();
    object.routes = drafting.routes();
    object
}

/// What a relation is called.
pub fn kind(relation: &Relation) -> &'static str {
    match relation.kind {
        RelationKind::Table => "table",
        RelationKind::View => "view",
    }
}

fn refused(relation: &Relation) -> Option<String> {
    if let Some(problem) = &relation.problem {
        return Some(problem.clone());
    }
    if relation.columns.is_empty() {
        return Some("it has no columns".to_owned());
    }
    let own = relation.schema.iter().chain([&relation.name]);
    let all = own.chain(relation.columns.iter().map(|column| &column.name));
    let mut wrong = all.filter_map(|name| unwritable(name));
    wrong.next().map(|why| format!("a name of it {why}"))
}

/// A column with its names.
struct Member<'r> {
    column: &'r RelationColumn,
    /// As SQL.
    sql: String,
    /// In the result.
    result: String,
    /// As a parameter.
    parameter: String,
    in_key: bool,
}

struct Drafting<'r> {
    dialect: Dialect,
    relation: &'r Relation,
    table: String,
    members: Vec<Member<'r>>,
    /// The key's members, in its order; empty where there is none that a path can carry.
    key: Vec<usize>,
    version: Option<usize>,
}

impl<'r> Drafting<'r> {
    fn new(dialect: Dialect, relation: &'r Relation) -> Self {
        let names = || relation.columns.iter().map(|column| column.name.as_str());
        let (parameters, results) = (parameters(names()), results(names()));
        let members: Vec<Member<'r>> = relation
            .columns
            .iter()
            .zip(parameters.into_iter().zip(results))
            .map(|(column, (parameter, result))| Member {
                column,
                sql: quoted(dialect, &column.name),
                in_key: relation.key.contains(&column.name),
                result,
                parameter,
            })
            .collect();
        let place = |name: &String| members.iter().position(|m| m.column.name == *name);
        let key: Option<Vec<usize>> = relation.key.iter().map(place).collect();
        let key = key.unwrap_or_default();
        let carried = key.iter().all(|at| in_path(&members[*at].column.ty));
        let key = if carried { key } else { Vec::new() };
        let version = members.iter().position(|m| {
            VERSIONS.contains(&m.column.name.to_ascii_lowercase().as_str())
                && matches!(m.column.ty, Type::Int2 | Type::Int4 | Type::Int8)
                && !m.column.nullable
                && !m.in_key
                && m.column.filled != Filled::Always
        });
        let table = qualified(dialect, relation.schema.as_deref(), &relation.name);
        Self { dialect, relation, table, members, key, version }
    }

    fn losses(&self) -> Vec<Reason> {
        let mut losses: Vec<Reason> = Vec::new();
        for member in &self.members {
            if let Some(ty) = without_form(&member.column.ty) {
                let message = format!("{}: `{ty}` is carried as text", member.column.name);
                losses.push(Reason { code: Code::LossSqlType, message });
            }
        }
        if self.relation.kind == RelationKind::Table && self.key.is_empty() {
            let message = if self.relation.key.is_empty() {
                "it has no key: no reading of one row, no writes"
            } else {
                "its key cannot stand in a path: no reading of one row, no writes"
            };
            losses.push(Reason { code: Code::LossSqlKey, message: message.to_owned() });
        }
        losses
    }

    fn routes(&self) -> Vec<Route> {
        let mut routes = vec![self.list()];
        if self.key.is_empty() {
            return routes;
        }
        routes.push(self.read());
        if self.relation.writable && self.relation.kind == RelationKind::Table {
            routes.extend(self.insert());
            routes.extend(self.update());
            routes.push(self.delete());
        }
        routes
    }

    /// All columns, those without a JSON form as text.
    fn columns(&self) -> Vec<String> {
        let column = |member: &Member<'_>| {
            let result = quoted(self.dialect, &member.result);
            if without_form(&member.column.ty).is_some() {
                format!("{}::text AS {result}", member.sql)
            } else if member.result == member.column.name {
                member.sql.clone()
            } else {
                format!("{} AS {result}", member.sql)
            }
        };
        self.members.iter().map(column).collect()
    }

    /// A parameter as the column takes it.
    fn value(member: &Member<'_>) -> String {
        if without_form(&member.column.ty).is_some() {
            format!("(:{}::text)::{}", member.parameter, member.column.declared)
        } else {
            format!(":{}", member.parameter)
        }
    }

    fn list(&self) -> Route {
        let filters: Vec<&Member<'_>> = self
            .members
            .iter()
            .filter(|member| self.relation.references.contains(&member.column.name))
            .filter(|member| in_path(&member.column.ty))
            .collect();
        let mut query = listed("SELECT", &self.columns(), "");
        query.push_str(&format!("\n  FROM {}", self.table));
        let mut keys = Vec::new();
        if !filters.is_empty() {
            query.push_str("\n WHERE true /*filters*/");
            let filter = |m: &&Member<'_>| (m.parameter.clone(), scalar(&self.equals(m)));
            keys.push(("filters", Say::Map(filters.iter().map(filter).collect())));
            keys.extend(self.types(filters.into_iter()));
        }
        let by: Vec<&str> = self.key.iter().map(|at| self.members[*at].result.as_str()).collect();
        let plain = |name: &&str| name.chars().all(|c| c.is_alphanumeric() || c == '_');
        if !by.is_empty() && by.iter().all(plain) {
            keys.extend(self.never_null());
            keys.push(("page", Say::Flow(format!("{{ by: [{}] }}", by.join(", ")))));
        }
        Route { method: Method::Get, below: String::new(), notes: Vec::new(), query, keys }
    }

    /// SQLite lets NULL into a primary key that does not forbid it; pages do not.
    fn never_null(&self) -> Option<(&'static str, Say)> {
        let loose = self.key_members().filter(|m| m.column.nullable);
        let says = |m: &Member<'_>| (camel(&m.result), "{ nullable: false }".to_owned());
        let loose: Vec<_> = loose.map(says).collect();
        (!loose.is_empty()).then_some(("out", Say::Map(loose)))
    }

    fn read(&self) -> Route {
        let query = listed("SELECT", &self.columns(), "")
            + &format!("\n  FROM {}\n WHERE {}", self.table, self.condition());
        let mut keys = self.types(self.key_members());
        keys.push(("result", Say::Text("one".to_owned())));
        keys.extend(self.etag());
        self.one(Method::Get, query, keys)
    }

    fn insert(&self) -> Option<Route> {
        let given: Vec<&Member<'_>> =
            self.members.iter().filter(|m| m.column.filled == Filled::No).collect();
        if given.is_empty() {
            return None;
        }
        let names: Vec<String> = given.iter().map(|m| m.sql.clone()).collect();
        let values: Vec<String> = given.iter().map(|m| Self::value(m)).collect();
        let query = [
            enclosed(&format!("INSERT INTO {}", self.table), &names),
            enclosed("VALUES", &values),
            listed("RETURNING", &self.columns(), ""),
        ]
        .join("\n");
        let mut keys = inputs(&given);
        keys.extend(self.types(given.into_iter()));
        keys.push(("result", Say::Text("one".to_owned())));
        keys.push(("status", Say::Text("201".to_owned())));
        let by_result = |at: &usize| {
            let member = &self.members[*at];
            camel(&member.result) == member.parameter
        };
        if self.key.iter().all(by_result) {
            keys.push(("location", Say::Text(self.below())));
        }
        let left: Vec<&str> = self
            .members
            .iter()
            .filter(|m| m.column.filled == Filled::Default)
            .map(|m| m.column.name.as_str())
            .collect();
        let notes = match left[..] {
            [] => Vec::new(),
            _ => vec![format!("The database fills {}.", left.join(", "))],
        };
        Some(Route { method: Method::Post, below: String::new(), notes, query, keys })
    }

    fn update(&self) -> Option<Route> {
        let changed: Vec<&Member<'_>> = self
            .members
            .iter()
            .enumerate()
            .filter(|(at, m)| {
                !self.key.contains(at)
                    && Some(*at) != self.version
                    && m.column.filled != Filled::Always
            })
            .map(|(_, m)| m)
            .collect();
        if changed.is_empty() {
            return None;
        }
        let mut set: Vec<String> =
            changed.iter().map(|m| format!("{} = {}", m.sql, Self::value(m))).collect();
        let mut condition = self.condition();
        let version = self.version.map(|at| &self.members[at]);
        if let Some(version) = version {
            let Member { sql, parameter, .. } = version;
            set.push(format!("{sql} = {sql} + 1"));
            condition.push_str(&format!(" AND {sql} = :{parameter}"));
        }
        let query = [
            format!("UPDATE {}", self.table),
            listed("   SET", &set, ""),
            format!(" WHERE {condition}"),
            listed("RETURNING", &self.columns(), ""),
        ]
        .join("\n");
        let mut keys = inputs(&changed);
        keys.extend(self.types(self.key_members().chain(changed).chain(version)));
        keys.push(("result", Say::Text("one".to_owned())));
        if let Some(version) = version {
            keys.push(("if_match", Say::Text(version.parameter.clone())));
        }
        keys.extend(self.etag());
        Some(self.one(Method::Put, query, keys))
    }

    fn delete(&self) -> Route {
        let query = format!("DELETE FROM {}\n WHERE {}", self.table, self.condition());
        let mut keys = self.types(self.key_members());
        keys.push(("max_affected", Say::Text("1".to_owned())));
        self.one(Method::Delete, query, keys)
    }

    fn one(&self, method: Method, query: String, keys: Vec<(&'static str, Say)>) -> Route {
        Route { method, below: self.below(), notes: Vec::new(), query, keys }
    }

    fn key_members(&self) -> impl Iterator<Item = &Member<'r>> {
        self.key.iter().map(|at| &self.members[*at])
    }

    /// `/{company}/{invNo}`
    fn below(&self) -> String {
        self.key_members().map(|m| format!("/{{{}}}", m.parameter)).collect()
    }

    fn condition(&self) -> String {
        let conditions: Vec<String> = self.key_members().map(|m| self.equals(m)).collect();
        conditions.join(" AND ")
    }

    /// SQLite keeps the spaces of a padded code, which callers never see.
    fn equals(&self, member: &Member<'_>) -> String {
        let Member { column, sql, parameter, .. } = member;
        if self.dialect == Dialect::Sqlite && matches!(column.ty, Type::Char { length: 2.. }) {
            format!("rtrim({sql}) = :{parameter}")
        } else {
            format!("{sql} = :{parameter}")
        }
    }

    fn etag(&self) -> Option<(&'static str, Say)> {
        let version = &self.members[self.version?];
        Some(("etag", Say::Text(camel(&version.result))))
    }

    /// SQLite does not say what its parameters are; the columns do.
    fn types<'m>(&self, members: impl Iterator<Item = &'m Member<'r>>) -> Vec<(&'static str, Say)>
    where
        'r: 'm,
    {
        if self.dialect == Dialect::Postgres {
            return Vec::new();
        }
        let declared =
            |m: &Member<'_>| Some((m.parameter.clone(), sqlite_type(&m.column.ty)?.to_owned()));
        let types: Vec<_> = members.filter_map(declared).collect();
        if types.is_empty() { Vec::new() } else { vec![("types", Say::Map(types))] }
    }
}

/// Members that may be absent say so.
fn inputs(members: &[&Member<'_>]) -> Vec<(&'static str, Say)> {
    let optional: Vec<(String, String)> = members
        .iter()
        .filter(|m| m.column.nullable)
        .map(|m| (m.parameter.clone(), format!("{{ body: {}, optional: true }}", m.parameter)))
        .collect();
    if optional.is_empty() { Vec::new() } else { vec![("in", Say::Map(optional))] }
}

/// Whether a value can stand in a path, and be compared there.
fn in_path(ty: &Type) -> bool {
    !matches!(
        ty,
        Type::Float4
            | Type::Float8
            | Type::Bytea
            | Type::Json
            | Type::Jsonb
            | Type::Array(_)
            | Type::Range(_)
            | Type::Multirange(_)
            | Type::Composite(_)
            | Type::Refcursor
            | Type::Void
            | Type::Unsupported(_)
    )
}

fn sqlite_type(ty: &Type) -> Option<&'static str> {
    Some(match ty {
        Type::Bool => "boolean",
        Type::Int2 | Type::Int4 | Type::Int8 => "integer",
        Type::Numeric { .. } => "numeric",
        Type::Float4 | Type::Float8 => "\"double precision\"",
        Type::Text { .. } | Type::Char { .. } => "text",
        Type::Bytea => "blob",
        Type::Date => "date",
        Type::Time => "time",
        Type::Timestamp => "timestamp",
        Type::TimestampTz => "timestamptz",
        Type::Uuid => "uuid",
        Type::Json | Type::Jsonb => "json",
        _ => return None,
    })
}
