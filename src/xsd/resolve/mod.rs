//! From authored components to the effective ones of a [`SchemaSet`].
//!
//! Types are visited base first with a stack of our own; group expansion recurses within
//! [`PARTICLE_DEPTH_MAX`](super::limits::PARTICLE_DEPTH_MAX).

mod attributes;
mod complex;
mod elements;
mod kinship;
mod lookup;
mod order;
mod particles;
mod resolving;
mod simple;

pub(super) use resolving::resolve;
use resolving::{Resolving, identity, implied_base};
