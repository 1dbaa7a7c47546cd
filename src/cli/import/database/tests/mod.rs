//! Proposals for databases.

mod files;
mod fixtures;
mod proposals;
