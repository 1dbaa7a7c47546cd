//! What a gate stands before.

use crate::strangler::Stage;

/// A step forward, and what can be known before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Where it leads.
    pub to: Stage,
    /// Whether answers are compared where the route is.
    pub compared: Compared,
    /// Whether the candidate is called there.
    pub asks_candidate: bool,
    /// Whether the legacy system is, so that times can be told apart.
    pub asks_legacy: bool,
}

/// Whether answers are compared in a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compared {
    /// They are.
    Both,
    /// What a write sends, or what is read after it: no status of its own.
    Effects,
    /// They cannot be: a write that one side executed is not executed by the other.
    Once,
    /// They could be, and the mapping says nothing of how.
    Nothing,
}
