//! Proposals for databases.
