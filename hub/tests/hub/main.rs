//! A hub through its public doors: enrolment, the catalog, status, and the local API, with stores that
//! are real books on real QUIC connections in this process.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod buying;
mod catalog; // edits reach stores; edits made apart become conflicts
mod chain; // a hub, shops and a clock that the test sets
mod checks; // what the checks find in the books, and their reports
mod doors; // the running hub answers as the open one does
mod enrolment; // join codes and machines, from invitation to revocation
mod exports; // reports as pages and workbooks, and what becomes of findings
mod lists; // categories, variants, stock bounds, price lists and profiles as head office sets them
mod reference_checks; // what the checks find of prices, products and stores
mod schedules; // checks that run by themselves
mod standing; // what status, stock and explain say of a store
mod transfers; // head office's word on transfers
