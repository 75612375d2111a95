//! What the store node and the hub show people in a terminal, in Chinese and English, and the
//! plumbing of the loopback HTTP API that lets their commands reach a running daemon.
//!
//! - [`words`]: every user-visible text, in both languages, checked by the compiler.
//! - [`output`]: [`Out`](output::Out) prints a result as text for people or JSON for programs.
//! - [`table`], [`bars`], [`progress`], [`qr`]: things to look at.
//! - [`barcode`], [`label`]: things to print.
//! - [`report`]: reports as options, tables and files.
//! - [`finance`]: vouchers as tables and as files of other programs.
//! - [`format`], [`labels`]: amounts, ages, dates and the names of accounts, kinds and measures.
//! - [`tell`]: errors with their causes and a hint, and the exit codes.
//! - [`text`], [`sums`], [`transfer`], [`purchase`], [`supplier`], [`suggest`], [`plan`], [`prices`],
//!   [`promotion`], [`bins`], [`serials`]: what both programs' APIs
//!   say in the same way.
//! - [`local`]: the daemon's address file, its token, the client and the server's guard.
//!
//! No business rules live here.

pub mod barcode;
pub mod bars;
pub mod bins;
pub mod finance;
pub mod format;
pub mod label;
pub mod labels;
pub mod local;
pub mod order;
pub mod output;
pub mod plan;
pub mod prices;
pub mod progress;
pub mod promotion;
pub mod proposals;
pub mod purchase;
pub mod qr;
pub mod receipt;
pub mod report;
pub mod serials;
pub mod suggest;
pub mod sums;
pub mod supplier;
pub mod table;
pub mod tell;
pub mod text;
pub mod transfer;
pub mod words;

pub use bars::Bars;
pub use output::{Form, Options, Out, Page};
pub use progress::Progress;
pub use purchase::PurchaseView;
pub use qr::Qr;
pub use table::{Column, Grid, Table};
pub use tell::{Exit, Tell, Told};
pub use transfer::TransferView;
pub use words::{Lang, Phrase};
