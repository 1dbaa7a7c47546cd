//! What there is in a database: tables, views and routines, for a proposal of routes.

use serde::{Deserialize, Serialize};

use super::{Column, Dialect, Type};

/// What a database has that a role may use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalog {
    /// What it speaks.
    pub dialect: Dialect,
    /// Tables and views, by schema and name.
    pub relations: Vec<Relation>,
    /// Functions and procedures, by schema and name.
    pub routines: Vec<Routine>,
}

/// A table or a view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// Its schema; `None` where it is found without.
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: RelationKind,
    /// What its author says of it.
    pub comment: Option<String>,
    /// Its columns, in their order.
    pub columns: Vec<RelationColumn>,
    /// The columns of its primary key, or of another unique one without NULL; empty where it
    /// has none.
    pub key: Vec<String>,
    /// Whether its role may insert, update and delete.
    pub writable: bool,
    /// Columns that alone refer to a row of another table.
    pub references: Vec<String>,
    /// Why it cannot be read, where it cannot.
    pub problem: Option<String>,
}

/// The kinds of relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RelationKind {
    /// Rows can be written.
    Table,
    /// Rows are read.
    View,
}

/// A column of a relation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelationColumn {
    /// Its name.
    pub name: String,
    /// Its type as it was declared.
    pub declared: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: Type,
    /// Whether NULL may stand in it.
    pub nullable: bool,
    /// Who gives it a value where a statement does not.
    pub filled: Filled,
    /// What its author says of it.
    pub comment: Option<String>,
}

/// Who gives a column a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Filled {
    /// Nobody: it is NULL.
    No,
    /// The database, where the statement does not.
    Default,
    /// The database, always.
    Always,
}

/// A function or a procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Routine {
    /// Its schema; `None` where it is found without.
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// Whether it is called by CALL.
    pub procedure: bool,
    /// Whether it promises to change nothing.
    pub reads: bool,
    /// Whether it gives any number of rows.
    pub many: bool,
    /// What its author says of it.
    pub comment: Option<String>,
    /// What it is given, in order.
    pub parameters: Vec<RoutineParameter>,
    /// What it gives.
    pub columns: Vec<Column>,
    /// Why it cannot be called, where it cannot.
    pub problem: Option<String>,
}

/// A parameter of a routine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutineParameter {
    /// Its name; empty where it has none.
    pub name: String,
    /// Its type as it was declared.
    pub declared: String,
    /// How it is passed.
    pub mode: ParameterMode,
    /// Whether a call may leave it out, with all that follow.
    pub defaulted: bool,
}

/// How a parameter is passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ParameterMode {
    /// A value.
    In,
    /// A value, and it comes back.
    InOut,
    /// It comes back; a procedure is given NULL for it.
    Out,
    /// An array of all further values.
    Variadic,
}
