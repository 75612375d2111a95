//! Files of other systems (导入): CSV in UTF-8, GB18030 and other encodings, packed with gzip or
//! not, and XLSX.
//!
//! A [`Mapping`] says what the columns mean. [`Import::check`] is the dry run; its result lets
//! [`Import::apply`] book the documents through a [`Sink`], which knows the books. The two share
//! one pass over the file:
//!
//! ```text
//! source → rows → columns (mapping, joins, rules) → lines → documents → sink
//!                                                └→ rejects → report, reject file
//! ```
//!
//! - **A bad row costs that row**: the rest of its document is booked, and the row goes to the
//!   reject file with its reason.
//! - **The same file twice changes nothing**: a document's request id comes from the file alone.
//! - **Memory is bounded**: rows stream; what is held is the documents still open, eight bytes or
//!   so per document seen, and the joined files. Every bound is in [`limits`].
//!
//! [`read_products`] reads the catalog's products in the same way.

mod apply;
mod columns;
mod dates;
mod delimited;
mod documents;
mod encoding;
mod error;
mod field;
mod join;
pub mod limits;
mod lines;
mod mapping;
mod numbers;
mod pass;
mod products;
pub mod reason;
mod rejects;
mod report;
mod row;
mod rule;
mod settings;
mod source;
mod stores;
mod tell;
mod workbook;

pub use apply::{Applied, Checked, Import, PostOutcome, Sink};
pub use documents::{DocumentKind, ImportedDocument};
pub use error::ImportError;
pub use field::{Field, Kind};
pub use lines::{NoPrices, Prices};
pub use mapping::{Mapping, MappingError};
pub use products::{ProductList, read_products};
pub use reason::Reason;
pub use rejects::Reject;
pub use report::{Report, Total};
pub use source::Progress;

#[cfg(test)]
mod tests;
