//! Routes on their way, served: who answers, who is asked besides, and what is known by it.

mod canary;
mod entity;
mod instances;
mod kinds;
mod shadow;
mod side;
mod stages;
mod stand;
mod unwritten;
mod writes;
