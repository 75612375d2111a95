//! The library as a till program uses it, and the daemon as the command line does.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bins; // what lies where, and single pieces
mod booking; // sales, prices, bill numbers
mod closes; // days that are over, and what is found out late
mod count_reviews; // what a count covers, who approves it, what is kept of it
mod counts; // counting while the shop sells
mod doors; // the same answers with and without the daemon; one writer
mod exchanges; // bad condition, other stores, the shop's rules, exchanges; parked baskets
mod files; // imports into the books
mod forks; // after a restore or a clone
mod rejoin; // a new machine of a store
mod requests; // asking twice
mod returns; // giving back, and no more than was bought
mod scans; // barcodes, scale labels, radio tags
mod shifts; // shifts at tills; receipts on paper
mod shop; // a shop to test in
mod suppliers; // invoices, payments, and suppliers of books that stand alone
