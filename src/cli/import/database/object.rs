//! A table, view or routine with its verdict and its routes.

use crate::diagnostic::Code;
use crate::mapping::Method;
use crate::soap::VerdictKind;
use crate::sql::Type;

/// A table, view or routine and what becomes of it.
#[derive(Debug)]
pub struct Object {
    /// Its name, with its schema where it needs one.
    pub name: String,
    /// `table`, `view`, `function` or `procedure`.
    pub kind: &'static str,
    /// What its author says of it.
    pub comment: Option<String>,
    /// Why it is refused, or what is lost; empty where it works.
    pub reasons: Vec<Reason>,
    /// Its routes, their paths below [`Object::folder`].
    pub routes: Vec<Route>,
    /// The path its routes begin with.
    pub folder: String,
}

/// Why something is lost or refused.
#[derive(Debug, PartialEq, Eq)]
pub struct Reason {
    /// A row of the one table.
    pub code: Code,
    /// A lower-case fragment.
    pub message: String,
}

/// A route as it is proposed.
#[derive(Debug)]
pub struct Route {
    pub method: Method,
    /// What follows the object's folder; empty for the collection.
    pub below: String,
    /// Sentences for whoever reads the mapping.
    pub notes: Vec<String>,
    /// The statement.
    pub query: String,
    /// Keys and what stands behind them, in order.
    pub keys: Vec<(&'static str, Say)>,
}

/// What stands behind a key of a route.
#[derive(Debug, PartialEq, Eq)]
pub enum Say {
    /// A scalar.
    Text(String),
    /// Written as it is.
    Flow(String),
    /// Keys of the author's and flow values behind them.
    Map(Vec<(String, String)>),
}

impl Object {
    /// What becomes of it.
    pub fn verdict(&self) -> VerdictKind {
        match (self.routes.is_empty(), self.reasons.is_empty()) {
            (true, _) => VerdictKind::Refused,
            (false, true) => VerdictKind::Works,
            (false, false) => VerdictKind::Loss,
        }
    }
}

/// The name of a type, or of one inside it, that has no JSON form.
pub fn without_form(ty: &Type) -> Option<&str> {
    match ty {
        Type::Unsupported(name) => Some(name),
        Type::Array(item) | Type::Range(item) | Type::Multirange(item) => without_form(item),
        Type::Composite(row) => row.fields.iter().find_map(|(_, ty)| without_form(ty)),
        _ => None,
    }
}
