//! How much one contract's schemas may hold.

/// Derivation steps from a type down to `anyType`.
pub const DERIVATION_DEPTH_MAX: u32 = 128;
/// Model groups inside each other in one content model, group references expanded.
pub const PARTICLE_DEPTH_MAX: usize = 128;
/// Particles of all effective content models together.
pub const PARTICLES_MAX: usize = 2_000_000;
/// Attribute uses of all types together, attribute groups flattened.
pub const ATTRIBUTE_USES_MAX: usize = 2_000_000;
/// Attribute groups inside each other.
pub const ATTRIBUTE_GROUP_DEPTH_MAX: usize = 64;
/// Members above each other in one substitution group.
pub const SUBSTITUTION_DEPTH_MAX: usize = 64;
