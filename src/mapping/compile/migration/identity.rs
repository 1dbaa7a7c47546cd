//! What the two sides of a route are.

use std::sync::LazyLock;

use regex::Regex;
use sha2::{Digest, Sha256};

use super::Migrating;
use crate::mapping::{Route, RouteDocs};

/// Bytes of the hash that are kept.
const BYTES: usize = 8;

/// Where in a file something was written.
static PLACES: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"Span \{[^{}]*\}").ok());

/// The beginning of a hash of what the mapping says of both sides and of how they are compared,
/// wherever in the file it says so. What is known of other sides, or by other rules, says
/// nothing of these. Addresses of backends are not in it: instances may have their own.
pub(super) fn identity(one: &Migrating<'_>) -> String {
    let own = |route: &Route| Route {
        docs: RouteDocs::default(),
        deprecated: None,
        sunset: None,
        migration: None,
        ..route.clone()
    };
    let (legacy, candidate) = (own(one.route), own(&one.migration.candidate));
    let said = format!("{legacy:?} {candidate:?} {:?}", one.migration.compare);
    let said = PLACES.as_ref().map_or_else(|| said.clone().into(), |p| p.replace_all(&said, ""));
    let hash: [u8; 32] = Sha256::digest(said.as_bytes()).into();
    hash[..BYTES].iter().map(|byte| format!("{byte:02x}")).collect()
}
