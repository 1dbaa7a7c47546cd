//! Calls against real sockets on loopback that misbehave byte by byte.

mod body;
mod call;
mod guarding;
mod passing;
mod standing;
mod stub;
mod tls;
