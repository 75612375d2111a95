//! The business of a store chain, as pure functions.
pub mod amount;
pub mod chain;
pub mod command;
pub mod fact;
pub mod id;
pub mod movement;
pub mod time;
