//! A meaning in a few bytes.

use std::fmt;
use std::hash::{Hash, Hasher};

use sha2::{Digest, Sha256};

use super::Meaning;

/// The version of the canonical form. It goes into every key, so that a better form gives other
/// keys: they are computed from the recordings at each start, never stored.
pub const KEY_VERSION: u32 = 1;

/// The hash of a meaning: equal for two spellings of one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key([u8; 16]);

impl Key {
    /// The key of a message of an operation.
    #[must_use]
    pub fn of(operation: &str, meaning: &Meaning) -> Self {
        let mut hasher = Sha(Sha256::new());
        KEY_VERSION.hash(&mut hasher);
        operation.hash(&mut hasher);
        meaning.hash(&mut hasher);
        let hash = hasher.0.finalize();
        let mut key = [0; 16];
        key.copy_from_slice(&hash[..16]);
        Self(key)
    }
}

struct Sha(Sha256);

impl Hasher for Sha {
    fn finish(&self) -> u64 {
        0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
