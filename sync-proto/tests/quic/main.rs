//! Who gets in, who doesn't, what each is told, and that sessions run: real QUIC on loopback.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod chain;
mod joining;
mod letter;
mod raw;
mod sessions;
mod signature;
mod trust;
mod wire;
