//! Routes on their way, served: who answers, who is asked besides, and what is known by it.

mod entity;
mod shadow;
mod side;
mod stages;
mod stand;
