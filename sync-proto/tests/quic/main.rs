//! Who gets in, who doesn't, and what each is told: real QUIC on loopback.

mod chain;
mod joining;
mod raw;
mod trust;
