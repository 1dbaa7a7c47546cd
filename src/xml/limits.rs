//! How much of a contract's XML is read before it is refused.

/// Bytes of one document, decoded.
pub const CONTRACT_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Elements open at once. Contracts nest some forty deep; walks over them recurse.
pub const CONTRACT_DEPTH_MAX: usize = 256;
/// Elements of one document.
pub const CONTRACT_ELEMENTS_MAX: usize = 1_000_000;
/// Attributes of one element, namespace declarations included.
pub const CONTRACT_ATTRIBUTES_MAX: usize = 1_000;
/// Namespace bindings in scope at once.
pub const CONTRACT_BINDINGS_MAX: usize = 2_000;
/// General entities one internal subset may declare.
pub const CONTRACT_ENTITIES_MAX: usize = 64;
/// Bytes all entity references of one document may expand to.
pub const CONTRACT_EXPANSION_BYTES_MAX: usize = 64 * 1024;
