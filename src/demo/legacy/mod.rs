//! The legacy shop: a SOAP system of the old school, small, deterministic and in memory.
//!
//! It has its own XML reading (`inbound`), its own writing (`outbound`, `answers`) and its
//! own opinions: odd prefixes, tabs, CDATA, a header nobody asked for. It must not use
//! figleaf's `xml`, `xsd`, `wsdl`, `codec` or `soap` rooms.
//!
//! `POST /shop` takes SOAP 1.1 and 1.2, `GET /shop?wsdl` gives the contract, and
//! `/shop/_chaos` (see [`Mode`]) makes it misbehave on demand.

mod answers;
mod chaos;
mod contract;
pub(super) mod data;
mod decimal;
mod dispatch;
pub(super) mod fault;
mod inbound;
mod outbound;
pub(super) mod seed;
mod server;
mod shop;
mod stream;

#[cfg(test)]
mod tests;

pub use chaos::{Chaos, Mode};
pub use contract::CONTRACT;
pub use server::legacy;
pub use shop::Shop;
