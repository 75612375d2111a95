//! One store of a chain: it sells, receives and counts with or without the network, and reconciles
//! with its hub whenever there is one.
//!
//! The program `store-node` is a command line around this library. A till program can do without
//! it and open the store's books itself:
//!
//! ```
//! use store_node::{About, Config, Node, Sell};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let dir = tempfile::tempdir()?;
//! # let folder = dir.path().join("store");
//! let node = Node::init(&folder, &Config::standalone("S001".parse()?))?; // later: Node::open(&folder)
//!
//! let sale = Sell { lines: vec!["6901234567892x2@3.50".parse()?], payments: vec!["cash:10".parse()?], ..Sell::default() };
//! let about = About::named("till-1:2026-11-22:42".parse()?);
//! let sold = node.sell(about.clone(), sale.clone())?;
//! // Power cut before the receipt printed? Ask again: the same request is the same sale.
//! let again = node.sell(about, sale)?;
//! assert_eq!(sold.fact, again.fact);
//! # Ok(())
//! # }
//! ```
//!
//! | room | holds |
//! |---|---|
//! | [`request`] | what can be booked, as tills and people say it |
//! | [`Node`] | the open books: book, look, explain |
//! | [`ask`], [`door`] | every question and command as one type each, asked directly or of the daemon |
//! | [`sync`] | keeping in step with the hub |
//! | [`daemon`], [`serve`] | the program that stays: local API and sync |
//! | [`import`] | files of other systems |
//! | [`cli`] | the command line |

pub mod ask;
mod book;
pub mod cli;
pub mod clock;
pub mod daemon;
pub mod doctor;
pub mod door;
mod error;
pub mod home;
pub mod import;
mod join;
mod node;
pub mod request;
mod retain;
pub mod serve;
pub mod sink;
pub mod sync;
mod text;
pub mod view;

pub use book::{Notice, Refused};
pub use error::{NodeError, Result};
pub use home::{AlertDays, Config, CountRules, Home};
pub use join::Joining;
pub use node::close::{CloseRefused, DayClosed};
pub use node::count::{
    AddedCount, CountPosted, CountRefused, Counts, NewCount, Scope, Spot, WhichRound,
};
pub use node::forks::{Decided, Decision, Fate, NotAdopted, SetAside};
pub use node::purchase::{Arrival, Arrived, BuyingRefused, GoingBack};
pub use node::transfer::{Difference, ManifestRefused, SignedManifest, TransferRefused};
pub use node::{Booked, Node, When};
pub use request::{
    About, Adjust, CountLine, FactRef, GiveBack, InboundLine, InvoiceLine, NamedFact, Opening, Pay,
    PayOut, PaySupplier, Receive, Request, Reverse, SaleLine, Scrap, Sell, ShelfLine, State,
    StatedLine, TakeInvoice, Task,
};
