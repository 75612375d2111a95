//! The durable store of a node or hub: the documents' changes and the read model they add up to, in
//! one SQLite file, each step one transaction.
//!
//! | room | holds |
//! |---|---|
//! | [`Books`] | the open book: one writer, many readers |
//! | [`Tx`] | what can be done in a transaction: post, seal, apply, edit |
//! | [`Reader`] | what can be asked: stock, history, totals, products, status, and why |
//!
//! **Durable** means: in a transaction whose commit was synced. [`Books::write`] and
//! [`Replica::apply`](sync_proto::replica::Replica::apply) return only then; what they have not
//! answered may be lost, what they have answered is not. When a commit fails, nothing more is written
//! ([`BooksError::WriterStopped`]) until the book is opened anew.
//!
//! What is kept: the changes as they were made or received (`change`, compressed and checksummed),
//! own facts that are in no change yet (`pending_fact`), the stocktake that goes on, and a few notes. Everything else is the read
//! model; it follows from those and can be built again ([`Books::rebuild`]), and is compared with what
//! they make of it by [`Books::verify`].
//!
//! Balances stay within the range of [`Quantity`](ledger::amount::Quantity) and
//! [`Money`](ledger::amount::Money): facts that would take one beyond are not booked, and received
//! ones are quarantined.

mod alert;
mod at_rest;
mod availability;
mod backup;
mod bins;
mod books;
mod carried;
mod chain;
mod closes;
mod compact;
mod connection;
mod correction;
mod dates;
mod documents;
mod error;
mod facts;
mod lock;
mod lots;
mod meta;
mod migrate;
mod order;
mod parked;
mod payables;
mod printed;
mod project;
mod purchase;
pub mod read;
mod rebuild;
mod replica;
mod serials;
mod shift;
mod sql;
mod state;
mod stocktake;
mod transfer;
mod tx;
mod unsaid;
mod value;
mod verify;
mod watch;
mod writer;

pub use alert::Looked;
pub use backup::{BackupError, Folder, restore};
pub use bins::BinsOf;
pub use books::{Books, Config};
pub use carried::NotHere;
pub use closes::Closed;
pub use compact::Compacted;
pub use error::{BooksError, OpenError, Result};
pub use facts::{FactLink, LinkKind, StoredFact};
pub use parked::Parked;
pub use payables::Uninvoiced;
pub use purchase::{OtherWords, PurchaseFilter, Told, WhichPurchases};
pub use read::Reader;
pub use rebuild::{Progress, Rebuilt};
pub use shift::ShiftRow;
pub use stocktake::{OpenStocktake, SheetSize};
pub use sync_proto::catalog::{Edits, TermEdits};
pub use sync_proto::party::Edits as PartyEdits;
pub use sync_proto::profile::ProfileEdits;
pub use transfer::{TransferFilter, WhichTransfers};
pub use tx::drop::{Dropped, MIN_KEPT_DAYS};
pub use tx::{PeerNote, Refreshed, Sealed, Tx};
pub use verify::{Problem, Verified};
pub use watch::Commit;
