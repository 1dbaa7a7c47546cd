//! Contracts read whole: features one by one, the demo's, and real ones.

mod contracts;
mod corpus;
mod features;
