//! SQL routes as data.

use std::sync::Arc;

use super::{BackendId, LocationPlan, PagePlan, ParameterPlace, RowPlan};
use crate::codec::Naming;
use crate::sql::{Dialect, Form, Statement, Type};

/// Statements behind a route: one, or several in one transaction.
#[derive(Debug, Clone)]
pub struct SqlCall {
    /// Whom to ask.
    pub backend: BackendId,
    /// What it speaks.
    pub dialect: Dialect,
    /// Parameters the caller may send.
    pub parameters: Vec<SqlParameter>,
    /// The JSON body the caller sends; `None` where there is none.
    pub body: Option<SqlBody>,
    /// The statements, in order; at least one.
    pub steps: Vec<StepPlan>,
    /// Set where the steps run in a transaction of their own: always where there are several.
    pub transaction: Option<TransactionPlan>,
    /// The step whose result is the answer.
    pub answer: usize,
    /// Paging, of routes with one step.
    pub page: Option<PagePlan>,
    /// Keys of the orders callers may ask for by `sort`, in the statement's order; the first
    /// is the default. Empty: `sort` is not a parameter.
    pub sorts: Vec<String>,
    /// Filters of the statement, in its order, and the parameters each needs.
    pub filters: Vec<FilterPlan>,
    /// Status of an answer that is no problem.
    pub status: u16,
    /// The `Location` of a created resource.
    pub location: Option<LocationPlan>,
    /// The column whose value is the `ETag`, by its index in the answer's row.
    pub etag: Option<u16>,
    /// Whether the request must carry `If-Match`: a statement that touched no row is 412.
    pub if_match: bool,
    /// How columns are named that are only known when they come: a cursor's.
    pub naming: Naming,
    /// How `int8` and `numeric` of such columns are written.
    pub large_numbers: Form,
    /// The mapping's rules for errors of the database, first match wins.
    pub error_rules: Vec<SqlErrorRule>,
    /// Rows of one answer; one more is an error, never a shorter answer.
    pub rows_max: u64,
    /// Bytes of JSON of one answer.
    pub bytes_max: u64,
    /// Bytes of JSON kept back before an answer is sent as it comes.
    pub whole_bytes: usize,
    /// Whether it has a connection of the pool for long answers.
    pub stream: bool,
}

/// A parameter of a SQL route.
#[derive(Debug, Clone)]
pub struct SqlParameter {
    /// Its name: the path segment's, the query key, or the lower-case header name.
    pub name: String,
    /// Where it is sent.
    pub place: ParameterPlace,
    /// The type of its value (of one of them, where it repeats).
    pub ty: Type,
    /// Whether it may come several times: the value is an array.
    pub repeats: bool,
    /// Whether the request is refused without it.
    pub required: bool,
    /// Its value where it is absent.
    pub default: Option<String>,
    /// Least and greatest value, where the mapping says so.
    pub bounds: (Option<i64>, Option<i64>),
    /// For people.
    pub documentation: Option<Arc<str>>,
}

/// The members of a body. A member that is not here is refused.
#[derive(Debug, Clone)]
pub struct SqlBody {
    /// In the order of the statement.
    pub members: Vec<BodyMember>,
}

/// A member of a body.
#[derive(Debug, Clone)]
pub struct BodyMember {
    /// Its name.
    pub name: Box<str>,
    /// Whether the request is refused without it. One that may be absent binds NULL, or its
    /// default.
    pub required: bool,
    /// Whether `null` is a value.
    pub nullable: bool,
    /// What it is.
    pub kind: BodyKind,
}

/// What a member of a body is.
#[derive(Debug, Clone)]
pub enum BodyKind {
    /// A value of a type.
    Value(Type),
    /// An object.
    Object(Vec<BodyMember>),
}

/// One statement of a call.
#[derive(Debug, Clone)]
pub struct StepPlan {
    /// Its name; empty where it is the only one.
    pub name: String,
    /// Its text, with everything that may be chosen about it.
    pub statement: Arc<Statement>,
    /// Where the values of its parameters come from, in the statement's order.
    pub bindings: Vec<SqlBinding>,
    /// How many rows it gives.
    pub result: ResultKind,
    /// What one of its rows becomes.
    pub row: Arc<RowPlan>,
    /// Rows it may touch; more and everything is rolled back.
    pub affected_max: Option<u64>,
    /// Statements that fetch what belongs to its rows.
    pub includes: Vec<IncludePlan>,
}

/// One value of a statement.
#[derive(Debug, Clone)]
pub struct SqlBinding {
    /// Where it comes from.
    pub source: SqlSource,
    /// Its type, as the database described it.
    pub ty: Type,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SqlSource {
    /// A parameter, by index into [`SqlCall::parameters`]. Absent is NULL where it is not
    /// required.
    Parameter(usize),
    /// A member of the caller's body.
    Body(Vec<Box<str>>),
    /// A constant: text as a caller would write it in a query.
    Text(String),
    /// A constant number, boolean or null, as JSON.
    Json(String),
    /// The correlation id.
    RequestId,
    /// The time of the request, RFC 3339 in UTC.
    RequestTime,
    /// A claim of the caller's token.
    Claim(Box<str>),
    /// A member of the result of an earlier step.
    Step(usize, Vec<Box<str>>),
    /// A member of the answer of another part of a composed route, by index.
    Part(usize, Vec<Box<str>>),
    /// The `If-Match` header: an entity tag without its quotes.
    IfMatch,
    /// Of an include: the keys of the rows it belongs to, as an array.
    Keys,
}

/// How many rows a statement gives, and what becomes of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultKind {
    /// Exactly one row, an object. None is 404; two are a 500.
    One,
    /// One row or none: an object, or 204.
    Optional,
    /// Any number, an array.
    Many,
    /// The first column of exactly one row.
    Scalar,
    /// No rows, but their number: `{"affected": n}`. None is 404.
    Affected,
    /// Nothing: 204.
    None,
    /// One row of refcursors; each becomes an array of its rows, under its name.
    Cursors,
}

/// A statement that fetches what belongs to the rows of another, all at once.
#[derive(Debug, Clone)]
pub struct IncludePlan {
    /// The member it becomes.
    pub name: String,
    /// Its statement; one of its parameters is [`SqlSource::Keys`].
    pub statement: Arc<Statement>,
    /// Where its values come from.
    pub bindings: Vec<SqlBinding>,
    /// The column of the outer row that is the key.
    pub key: u16,
    /// The type of the keys.
    pub key_type: Type,
    /// The column of the inner row that is the key.
    pub on: u16,
    /// What an inner row becomes.
    pub row: Arc<RowPlan>,
    /// Whether it is an object or `null` instead of an array.
    pub single: bool,
}

/// A transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionPlan {
    /// Its isolation; `None` is the database's default.
    pub isolation: Option<Isolation>,
    /// Settings of its session, local to it (`set_config`): names and sources.
    pub session: Vec<(String, SqlSource)>,
}

/// Isolation levels (SQL:2016 part 2, section 4.41.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Isolation {
    /// READ COMMITTED
    ReadCommitted,
    /// REPEATABLE READ
    RepeatableRead,
    /// SERIALIZABLE
    Serializable,
}

/// A filter of a statement.
#[derive(Debug, Clone)]
pub struct FilterPlan {
    /// Its name in the mapping.
    pub name: String,
    /// Parameters of the call it needs; all of them there, and it applies.
    pub parameters: Vec<usize>,
}

/// A rule of the mapping for errors of the database.
#[derive(Debug, Clone)]
pub struct SqlErrorRule {
    /// A SQLSTATE, the first two characters of one, or the name of a constraint.
    pub pattern: String,
    /// The status.
    pub status: u16,
    /// The title; `None` takes the code's.
    pub title: Option<String>,
}
