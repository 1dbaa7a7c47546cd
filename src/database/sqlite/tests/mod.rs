//! Real files, real threads.

mod bench;
mod calls;
mod describing;
mod failing;
mod streaming;
mod transacting;
