//! The command line. What reads files for a contract is here, outside the pure rooms.

pub mod contract_source;
