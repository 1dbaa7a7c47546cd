//! Documents over contracts made by hand.

mod contract;

mod schema;
