//! A caller's value → what is bound, checked on the way.

use super::{Dialect, Type, Value};
use crate::codec::Json;

/// A JSON value, or text of a path, a query or a header ([`Json::Lexical`]), as a value of a
/// type. The error is what a caller may read, a fragment such as `is not a whole number`.
pub fn encode(dialect: Dialect, ty: &Type, json: &Json<'_>) -> Result<Value, String> {
    let _ = (dialect, ty, json);
    Err("cannot be sent yet".to_owned())
}
