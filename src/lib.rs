//! figleaf: a modern, versioned REST API in front of SOAP services and SQL databases, and a
//! safe way to replace them one endpoint at a time.
//!
//! Rooms from the bottom up; a room imports only rooms above it in this list (a tidy test
//! enforces it): `diagnostic`, `yaml`, `xml`, `mime`, `xsd`, `wsdl`, `codec`, `soap`,
//! `canonical`, `redact`, `strangler`, `sql`, `plan`, `exchange`, `openapi`, `change`,
//! `mapping`, `engine` – the purity line – `telemetry`, `backend`, `database`, `store`,
//! `migration`, `reload`, `server`, `console`, `fixture`, `demo`, `cli`.

pub mod backend;
pub mod canonical;
pub mod change;
pub mod cli;
pub mod codec;
pub mod console;
pub mod database;
pub mod demo;
pub mod diagnostic;
pub mod engine;
pub mod exchange;
pub mod fixture;
pub mod mapping;
pub mod migration;
pub mod mime;
pub mod openapi;
pub mod plan;
pub mod redact;
pub mod reload;
pub mod server;
pub mod soap;
pub mod sql;
pub mod store;
pub mod strangler;
pub mod telemetry;
pub mod wsdl;
pub mod xml;
pub mod xsd;
pub mod yaml;

/// The Rust of the README, run as a test of its documentation.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
