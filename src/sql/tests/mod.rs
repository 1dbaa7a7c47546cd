//! Values both ways.

mod encode;
pub(crate) mod golden;
mod hostile;
mod recorded;
mod sqlite;
pub(crate) mod types;

use super::*;
use crate::codec::{Json, JsonLimits, parse_json};

/// JSON text as a caller sends it.
fn json(text: &str) -> Json<'_> {
    parse_json(text, JsonLimits::default()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A cell as JSON text.
fn written(ty: &Type, form: Form, cell: Cell<'_>) -> Result<String, String> {
    let mut out = b"[1,".to_vec();
    let result = write_json(ty, form, cell, &mut out);
    let text = String::from_utf8(out).expect("UTF-8");
    let text = text.strip_prefix("[1,").expect("what stood before").to_owned();
    assert!(result.is_ok() || text.is_empty(), "half written: {text}");
    result.map(|()| text).map_err(|error| error.to_string())
}
