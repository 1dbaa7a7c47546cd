//! Bytes of a cell, taken from the front. No length in them is believed.

use super::cell::{CellError, wrong};

/// What is left of a cell.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    /// The next bytes, so many.
    #[inline]
    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], CellError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or_else(short)?;
        self.0 = rest;
        Ok(taken)
    }

    /// The next bytes, as many as an array has.
    #[inline]
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], CellError> {
        let (taken, rest) = self.0.split_first_chunk::<N>().ok_or_else(short)?;
        self.0 = rest;
        Ok(*taken)
    }

    /// The next `int4`.
    #[inline]
    pub(super) fn i32(&mut self) -> Result<i32, CellError> {
        self.array().map(i32::from_be_bytes)
    }

    /// The next `int8`.
    #[inline]
    pub(super) fn i64(&mut self) -> Result<i64, CellError> {
        self.array().map(i64::from_be_bytes)
    }

    /// The next count, which is not negative.
    #[inline]
    pub(super) fn count(&mut self) -> Result<usize, CellError> {
        usize::try_from(self.i32()?).map_err(|_| wrong("a count is negative"))
    }

    /// A value behind its length; `None` is NULL.
    #[inline]
    pub(super) fn value(&mut self) -> Result<Option<&'a [u8]>, CellError> {
        match self.i32()? {
            -1 => Ok(None),
            length => {
                let length = usize::try_from(length).map_err(|_| wrong("a length is negative"))?;
                self.take(length).map(Some)
            }
        }
    }

    /// That nothing is left.
    #[inline]
    pub(super) fn end(&self) -> Result<(), CellError> {
        if self.0.is_empty() { Ok(()) } else { Err(wrong("there is more than its type has")) }
    }
}

/// All the bytes, which must be so many.
#[inline]
pub(super) fn fixed<const N: usize>(bytes: &[u8]) -> Result<[u8; N], CellError> {
    <[u8; N]>::try_from(bytes)
        .map_err(|_| CellError(format!("it has {} bytes, its type {N}", bytes.len())))
}

#[cold]
fn short() -> CellError {
    wrong("it ends too early")
}
