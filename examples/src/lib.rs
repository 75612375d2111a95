//! What the examples share: a generated chain of convenience stores to try things on.

pub mod generator;
pub mod proof;
pub mod recount;
pub mod stage;
pub mod story;
pub mod till;
