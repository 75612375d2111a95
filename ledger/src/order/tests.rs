//! What is unsaid, with the steps of real orders.

mod purchase;
mod transfer;
