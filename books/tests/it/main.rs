//! The book through its public door.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(
    clippy::redundant_closure_for_method_calls,
    reason = "a method's path is not general enough over the transaction's lifetime"
)]

mod alerts;
mod audit; // the checks of the ledger, over what the books keep
mod availability;
mod bins;
mod carried;
mod catalog;
mod closes;
mod damage;
mod epochs;
mod opening;
mod orders;
mod property;
mod purchases;
mod replication;
mod reports; // periods, against going through the facts one by one
mod shop;
mod suppliers;
mod unsaid; // entries of transfers follow the books
mod writing;
