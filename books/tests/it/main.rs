//! The book through its public door.

mod catalog;
mod damage;
mod epochs;
mod opening;
mod property;
mod replication;
mod shop;
mod writing;
