//! `figleaf diff` in real git repositories, and beside another tool.

mod causes;
mod oasdiff;
mod page;
mod pairs;
mod project;
mod using;
