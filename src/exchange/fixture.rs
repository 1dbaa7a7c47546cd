//! `<slug>.yaml`: what a fixture says beside its messages.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The format's version.
pub(super) const FORMAT: u32 = 1;

/// A fixture file. Its messages lie beside it: `<slug>.req.xml`, `<slug>.res.xml`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Fixture {
    /// The version of the format: 1.
    pub fixture: u32,
    /// Why it exists. Tools never rewrite it.
    pub note: Option<String>,
    /// For people and for choosing some. Tools never rewrite them.
    pub tags: Vec<String>,
    /// The SOAP operation; absent for SQL and HTTP.
    pub operation: Option<String>,
    /// Which SOAP the messages are in, where it is not that of the port: `1.1`, `1.2`.
    pub soap: Option<String>,
    /// The statement with its values and rows; absent for SOAP.
    pub sql: Option<SqlExchange>,
    /// When and where it was recorded; absent where a person wrote it.
    pub recorded: Option<Recorded>,
    /// What callers of the facade asked and got when this was exchanged.
    pub rest: Vec<Rest>,
    /// Paths of the request that do not count, beside what never counts.
    pub ignore: Vec<String>,
    /// Paths of the request and patterns their text has to match instead of being equal.
    #[serde(rename = "where")]
    pub where_: BTreeMap<String, String>,
    /// How the answer is given.
    pub response: Response,
    /// Needs a state, sets a state.
    pub scenario: Option<Scenario>,
    /// Places of the answer that are filled anew at each replay.
    pub volatile: Vec<Volatile>,
    /// Kinds and places of what was redacted.
    pub redacted: Vec<String>,
    /// The day after which it is reported as old: `2027-01-01`.
    pub expires: Option<String>,
    /// Whether asking the real backend again changes nothing there, where the routes do not say.
    pub effect: Option<String>,
}

/// Where a recording comes from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Recorded {
    /// RFC 3339, UTC.
    pub at: String,
    /// The version of figleaf that wrote it.
    pub by: String,
    /// SHA-256 over the documents of the contract, the first 16 hexadecimal digits.
    pub contract: Option<String>,
    /// Until the answer was whole, in milliseconds.
    pub took_ms: u64,
}

/// One request to the facade and its answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Rest {
    /// `GET /api/v1/orders/42?expand=lines`
    pub request: String,
    /// Headers that matter: those a route takes values from.
    pub headers: BTreeMap<String, String>,
    /// The JSON body, as text, so that its digits stay.
    pub body: Option<String>,
    /// The status of the answer.
    pub status: u16,
    /// The file with its JSON body, beside this one.
    pub golden: Option<String>,
}

/// How the answer is given. Its envelope is `<slug>.res.xml`; no file is no body.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Response {
    /// The HTTP status; absent is 200, or 500 for a fault of SOAP 1.1.
    pub status: Option<u16>,
    /// The `Content-Type`, where it is not that of the SOAP version.
    pub content_type: Option<String>,
    /// Other headers.
    pub headers: BTreeMap<String, String>,
    /// Attachments: `Content-ID` and file, in their order.
    pub parts: Vec<Part>,
    /// How long the answer takes.
    pub delay: Option<Delay>,
    /// What goes wrong instead.
    pub simulate: Option<Simulated>,
}

/// An attachment of an answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Part {
    /// Without its angle brackets.
    pub content_id: Option<String>,
    /// Its `Content-Type`.
    pub content_type: String,
    /// The file beside this one.
    pub file: String,
}

/// How long an answer takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Delay {
    /// As long as when it was recorded.
    Recorded,
    /// Always this long: `250ms`.
    Fixed(String),
    /// Around a median, with a long tail.
    Lognormal {
        /// `90ms`
        median: String,
        /// The standard deviation of its logarithm, e.g. `0.4`.
        sigma: f64,
    },
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Simulated {
    /// The connection is reset before the answer.
    Reset,
    /// Half of the body, then the end of the connection.
    HalfBody,
    /// A body that is no XML.
    Malformed,
    /// The body in drops, all of it in this time: `2s`.
    Drip(String),
    /// This HTTP status and no envelope.
    Status(u16),
}

/// A state of a sequence of calls.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// The state it has to be in; absent is the first, `started`.
    pub needs: Option<String>,
    /// The state it is in afterwards; absent stays.
    pub sets: Option<String>,
}

/// A place of the answer that is filled anew.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Volatile {
    /// The place in the answer.
    pub path: String,
    /// `now`, `now+PT5M`, `uuid`, or `echo:` and a path of the request.
    pub value: String,
}

/// A statement, its values and what came.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SqlExchange {
    /// The statement as it was sent.
    pub statement: String,
    /// Its parameters, in order. A number and a text of its digits are the same.
    pub parameters: Vec<Cell>,
    /// Names of the parameters in the mapping, in order; empty where one has none.
    pub names: Vec<String>,
    /// The values of the statements before it in its transaction, where they count.
    pub before: Vec<Cell>,
    /// What came; absent where it failed.
    pub rows: Option<Rows>,
    /// Rows touched.
    pub affected: u64,
    /// SQLSTATE and message, where it failed.
    pub error: Option<SqlFailure>,
    /// Its place in its transaction, from 1; absent outside of one.
    pub step: Option<u32>,
}

/// Why a statement failed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SqlFailure {
    /// Five characters.
    pub sqlstate: String,
    /// What the database said.
    pub message: String,
    /// The constraint that was violated.
    pub constraint: Option<String>,
    /// The table concerned.
    pub table: Option<String>,
    /// The column concerned.
    pub column: Option<String>,
}

/// A result.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Rows {
    /// Names of columns.
    pub columns: Vec<String>,
    /// Types of columns as `figleaf.lock` writes them, where no mapping knows them: of what a
    /// cursor gave.
    pub types: Vec<String>,
    /// One list a row.
    pub rows: Vec<Vec<Cell>>,
}

/// A value: a text of JSON, digit for digit; bytes of no known type as `base64:…`. In the file it
/// stands without the quotes of JSON where nothing else could be meant: `abc`, `1.50`, `"42"`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "Json")]
pub struct Cell(pub String);
