//! Whole messages.

mod hostile;
mod messages;
mod places;
