//! The integration tests, as one binary: it links once.

// The sync core under a virtual network: hundreds of seeded runs, each checked against a naive model.
mod simulator;
