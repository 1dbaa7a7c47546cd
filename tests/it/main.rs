//! The integration tests: everything through the library's public face, one binary.
#![allow(
    clippy::unwrap_used,
    clippy::format_push_string,
    clippy::missing_panics_doc,
    missing_docs,
    reason = "tests"
)]

mod anything;
mod attachments;
mod auth;
mod caller;
mod candidates;
mod cases;
mod checking;
mod cli;
mod commands;
mod console;
mod contracts;
mod corpus;
mod diffing;
mod docs;
mod document;
mod encoded;
mod explaining;
mod fixtures;
mod header_parts;
mod hostile;
mod import_database;
mod leaving;
mod mappings;
mod matching;
mod migrating;
mod mocking;
mod moved;
mod opened;
mod postgres;
mod readme;
mod recording;
mod redaction;
mod reloading;
mod replaying;
mod rig;
mod rooms;
mod roundtrip;
mod schemas;
mod settling;
mod sql;
mod staged;
mod store;
mod strangling_cli;
mod strangling_demo;
mod streaming;
mod support;
mod tidy;
mod verifying;
