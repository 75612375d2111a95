//! Purchase plans (采购计划): how much of a product to buy, and why.
//!
//! What is known of the demand comes from [`demand`] alone, so that a better estimate changes one
//! function. From it, from what a store has and awaits, from its limits and from the supplier's
//! terms, [`propose`] says how much to order. A person reads, edits and orders it.
//!
//! The rule is the one of replenishment by periodic review (order-up-to): an order is due when what
//! there is and is awaited could fall below the minimum before an order of the *next* look would be
//! there. It fills up to the maximum and no further: even if nothing were sold until it arrives,
//! no more than the maximum would be on the shelf.

mod demand;
mod limits;
mod order;
mod settle;

pub use demand::{Demand, MAX_HISTORY_DAYS, demand};
pub use limits::{Limits, LimitsFrom, limits};
pub use order::{Concern, Due, PlanLine, Proposal, Standing, Terms, propose};
pub use settle::settle;

#[cfg(test)]
mod tests;
