//! The successor of the shop: a modern HTTP service over the same data as the legacy shop and
//! the ledger, as one that is being written has it.
//!
//! Every answer is computed from the shop, so what one side writes, the other reads. How each
//! route behaves is told by its path alone:
//!
//! | route | behaves |
//! |---|---|
//! | `GET /customers/{id}`, `POST /orders/{id}/cancellations` | right |
//! | `GET /orders/{id}`, `GET /orders` | right in substance, and differs in the five ways of [`order`] |
//! | `GET /articles/{number}/stock` | right, and slow ([`SLOW`]) |
//! | `GET /customers/{id}/balance` | right, but one request in [`FAILS_EVERY`] fails |

mod balance;
mod customer;
mod number;
mod order;
mod problem;
mod server;

#[cfg(test)]
mod tests;

pub use server::{FAILS_EVERY, SLOW, Successor, candidate};
