//! The integration tests, as one binary: it links once.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

// Stock that somebody should look at, lots with their dates, goods that become other goods.
mod alerts;
// Real barcodes: taken into a catalog, and scanned.
mod barcodes;
// Days that are closed, by hand and by schedule.
mod close;
// Shelves that are counted by several people while the shop sells, and a daemon that is killed meanwhile.
mod counts;
// Bins and single pieces, at stores without a network and at the hub.
mod bins;
// Real coffee shops whose sheets and receipts disagree.
mod coffee;
// What the checks find, corrected by orders that become facts.
mod corrections;
// What others may count on: reserved stock, other stores' stock, who could give some.
mod availability;
// Vouchers of a month in a bookkeeper's program, and a month that is closed.
mod finance;
// A disk that fills up under a running store.
mod full_disk;
// Peers that lie to a real hub: it refuses, says why, and goes on.
mod hostile;
// Price lists and scheduled changes, also where no network is.
mod prices;
// Promotions of head office, sold by without a network.
mod promotions;
// Months of a real chain that buys what the plan proposes.
mod plan;
// The real programs over the real network: started, stopped and killed.
mod processes;
// What a store and the hub keep of the same facts, bent by hand on one side.
mod replicas;
// Reports of a real chain's months, and of a running store.
mod reports;
// A machine that is replaced, and old books that are dropped.
mod rejoin;
// Folders restored from backups, and cloned ones.
mod restore;
// The sync core under a virtual network: hundreds of seeded runs, each checked against a naive model.
mod simulator;
// Products that stores propose while head office is not there.
mod proposals;
// Style, as far as a machine can tell.
mod tidy;
// Goods that are bought.
mod purchases;
// Suppliers, their invoices at another price, and what is owed to them.
mod suppliers;
// Shifts, takings, and goods that come back to another store.
mod tills;
// Goods that go from store to store.
mod transfers;
// Real warehouses' deliveries as transfers.
mod warehouses;
// Members' stored value, spent at stores that hear of nobody.
mod value;
// A real web shop's year, imported and recounted.
mod uci;
