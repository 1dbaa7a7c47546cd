//! Shapes of requests: how many different ones there were.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::store::SHAPES_MAX;

/// Shapes of one route since it is where it is. Words of callers are in them: only their
/// hashes are kept.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    epoch: u64,
    known: BTreeSet<String>,
    waiting: BTreeSet<String>,
}

impl Shapes {
    pub fn add(&mut self, epoch: u64, shape: &str) {
        if epoch != self.epoch {
            *self = Self { epoch, ..Self::default() };
        }
        let enough = usize::try_from(SHAPES_MAX).unwrap_or(usize::MAX);
        if self.known.len() >= enough {
            return;
        }
        let hash: [u8; 32] = Sha256::digest(shape).into();
        let hash: String = hash[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        if self.known.insert(hash.clone()) {
            self.waiting.insert(hash);
        }
    }

    /// What is to be written, and the epoch it belongs to.
    pub fn take(&mut self) -> (u64, BTreeSet<String>) {
        (self.epoch, std::mem::take(&mut self.waiting))
    }

    /// They could not be written: they are tried again.
    pub fn keep(&mut self, epoch: u64, shapes: BTreeSet<String>) {
        if epoch == self.epoch {
            self.waiting.extend(shapes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_is_written_once_and_says_nothing() {
        let mut shapes = Shapes::default();
        for shape in ["GET name=brandt", "GET name=brandt", "GET"] {
            shapes.add(7, shape);
        }
        let (epoch, waiting) = shapes.take();
        assert_eq!((epoch, waiting.len()), (7, 2));
        assert!(waiting.iter().all(|shape| shape.len() == 16 && !shape.contains("brandt")));
        shapes.keep(7, waiting);
        shapes.add(7, "GET");
        assert_eq!(shapes.take().1.len(), 2);
        shapes.add(8, "GET");
        shapes.keep(7, BTreeSet::from(["old".to_owned()]));
        assert_eq!(shapes.take().1.len(), 1);
        (0..5_000).for_each(|n| shapes.add(8, &n.to_string()));
        assert_eq!(shapes.take().1.len() as u64, SHAPES_MAX - 1);
    }
}
