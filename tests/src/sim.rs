//! A whole chain in virtual time: a hub, its stores, the networks between them, and bad weather.
//!
//! The sessions are the real ones; network, disks and clocks are simulated and driven by one seed, so a
//! run can be repeated to the last byte. While the weather lasts, links break at any byte, arrive late
//! or twice (an old connection's bytes after a new one is open), disks are slow, machines crash and
//! come back, clocks jump, backups are restored and disks cloned. Then the weather clears, and
//! within bounded time every replica must hold the same.

mod check;
mod network;
mod node;
mod plan;
mod shop;
mod trace;
mod world;

pub use plan::Plan;
pub use world::{Outcome, World};

/// Runs the chain of a seed to its end.
pub fn run(seed: u64) -> Result<Outcome, String> {
    World::new(Plan::of(seed)).run()
}
