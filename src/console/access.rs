//! Who may come in by which door.

use std::net::SocketAddr;

use super::Tokens;

/// Who may come in.
#[derive(Clone)]
pub enum Access {
    /// Whoever reaches the loopback address of this machine, as an owner.
    Local,
    /// Holders of tokens.
    Tokens(Tokens),
}

/// Why a console is not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// Others reach it, and nobody would be asked who they are.
    #[error("{0} is reached from other machines, and there are no tokens to know people by")]
    Open(SocketAddr),
}

impl Access {
    /// Who may come in at an address.
    ///
    /// # Errors
    /// Where anybody could: beyond the loopback address there have to be tokens.
    pub fn new(address: SocketAddr, tokens: Option<Tokens>) -> Result<Self, AccessError> {
        match tokens {
            Some(tokens) => Ok(Self::Tokens(tokens)),
            None if address.ip().is_loopback() => Ok(Self::Local),
            None => Err(AccessError::Open(address)),
        }
    }
}
