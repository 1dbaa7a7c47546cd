//! What is bound to a placeholder.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A value on its way to a database.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// NULL
    Null,
    /// PostgreSQL: any type in its text format. SQLite: TEXT.
    Text(String),
    /// SQLite only: INTEGER.
    Integer(i64),
    /// SQLite only: REAL.
    Real(f64),
    /// SQLite only: BLOB.
    Blob(Vec<u8>),
}

/// What a correlation id is given as: it is another one at each request.
pub const REQUEST_ID: &str = "request.id";
/// What the time of a request is given as.
pub const REQUEST_TIME: &str = "request.time";

/// A value as recordings know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The name of its parameter in the statement; empty where it has none. What is another
    /// value at each request is [`REQUEST_ID`] or [`REQUEST_TIME`].
    pub name: Box<str>,
    /// Its text, whatever its type is; bytes as `base64:…`. `None` is NULL.
    pub text: Option<String>,
}

impl Given {
    /// A value and the name of its parameter.
    #[must_use]
    pub fn new(name: &str, value: &Value) -> Self {
        let text = match value {
            Value::Null => None,
            Value::Text(text) => Some(text.clone()),
            Value::Integer(number) => Some(number.to_string()),
            Value::Real(number) => Some(number.to_string()),
            Value::Blob(bytes) => Some(format!("base64:{}", STANDARD.encode(bytes))),
        };
        Self { name: name.into(), text }
    }

    /// Whether it is another one at each request.
    #[must_use]
    pub fn is_volatile(&self) -> bool {
        [REQUEST_ID, REQUEST_TIME].contains(&&*self.name)
    }
}
