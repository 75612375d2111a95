//! A whole chain in virtual time: a hub, its stores, the networks between them, and bad weather.
//!
//! The sessions are the real ones; network, disks and clocks are simulated and driven by one seed, so a
//! run can be repeated to the last byte. While the weather lasts, links break at any byte, arrive late
//! or twice (an old connection's bytes after a new one is open), disks are slow, machines crash and
//! come back, clocks jump, backups are restored and disks cloned. All the while tills sell, shelves are
//! counted, stores close their days, the stores and head office move goods between stores and buy from
//! suppliers, and head office sets prices. Then the weather clears, within bounded time every replica
//! must hold the same, and all of it must be what the people did.

mod buyer;
mod check;
mod close;
mod count;
mod desk;
mod ending;
mod network;
mod node;
mod plan;
mod planted;
mod shelf;
mod shop;
mod tags;
mod till;
mod trace;
mod world;

pub use check::Finding;
pub use ending::Ending;
pub use plan::Plan;
pub use planted::Planted;
pub use world::{Outcome, World};

/// Runs the chain of a seed to its end.
pub fn run(seed: u64) -> Result<Outcome, String> {
    World::new(Plan::of(seed)).run().map(|(outcome, _)| outcome)
}

/// Runs the chain of a seed and gives the world as it is when it has come to rest.
pub fn ending(seed: u64) -> Result<Ending, String> {
    World::new(Plan::of(seed)).run().map(|(_, ending)| ending)
}
