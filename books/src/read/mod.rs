//! What can be asked of a book, each answer from one moment.

mod alert;
mod audit;
mod availability;
mod bins;
mod bounds;
mod carry;
mod catalog;
mod close;
mod digest;
mod explain;
mod fingerprint;
mod history;
mod kept;
pub(crate) mod lots;
mod on_order;
pub(crate) mod order;
mod overinvoiced;
mod plan;
mod prices;
mod profile;
mod promised;
mod promotion;
mod proposals;
mod report;
mod serials;
pub(crate) mod shelf;
mod sold;
mod status;
pub(crate) mod stock;
pub(crate) mod supplier;
mod terms;
mod totals;
pub(crate) mod value;
mod vouchers;

use std::cell::{RefCell, RefMut};
use std::path::Path;
use std::sync::Arc;

use ledger::amount::{Money, Quantity};
use ledger::id::{Epoch, Sku};
use rusqlite::Connection;

pub use alert::{AlertCount, OpenAlert, Seen};
pub use audit::StoreBalances;
pub use availability::Availability;
pub use bounds::BoundsRow;
pub use carry::Carried;
pub use catalog::{Coded, ConflictRow, ProductFilter};
pub use digest::{Part, ReadDigest};
pub use explain::{DayExplained, Explained, FlowAmounts};
pub use fingerprint::Fingerprint;
pub use history::{HistoryFilter, Page};
pub use lots::SkuLots;
pub use on_order::OnOrder;
pub use overinvoiced::Overinvoiced;
pub use plan::PlanFor;
pub use prices::PriceRow;
pub use promised::Promised;
pub use promotion::KnownPromotion;
pub use proposals::ProposalRow;
pub use report::MAX_REPORT_ROWS;
pub use sold::SoldByDay;
pub use status::{
    BookSize, EpochStatus, PeerStatus, QuarantinedItem, Returned, SetAsideFact, StoreStatus, Unsent,
};
pub use stock::{BalanceRow, ChainStock, StockAmounts, StockFilter, StockRow};
pub use supplier::OfferFilter;
pub use totals::{DayTotals, Totals};
pub use value::MemberValue;

use crate::at_rest::Press;
use crate::books::{Books, Identity};
use crate::connection;
use crate::error::{BooksError, During, Result};
use crate::meta;

/// A view of the book at one moment.
pub struct Reader {
    books: Books,
    /// Gone only while the reader is being dropped.
    parts: Option<ReaderParts>,
    /// The SKUs at their numbers, once somebody has asked for them.
    skus: RefCell<Option<Arc<[Option<Sku>]>>>,
}

/// What a reader needs and the next one can use again.
pub(crate) struct ReaderParts {
    conn: Connection,
    press: RefCell<Press>,
}

impl ReaderParts {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let conn = connection::reader(path).during("open the book for reading")?;
        Ok(Self { conn, press: RefCell::new(Press::new()?) })
    }
}

impl Reader {
    /// Which number stands for what has been committed so far: another one later means that something
    /// was committed in between. To be asked while no view is open.
    pub(crate) fn version(parts: &ReaderParts) -> Result<i64> {
        let version = || parts.conn.pragma_query_value(None, "data_version", |row| row.get(0));
        version().during("ask whether the book has changed")
    }

    pub(crate) fn begin(books: Books, parts: ReaderParts) -> Result<Self> {
        // A block read in an earlier view may be gone, and its number given to another.
        parts.press.borrow_mut().forget_block();
        // The view begins with the first read, not with BEGIN.
        let begin = || {
            parts.conn.prepare_cached("BEGIN")?.execute([])?;
            parts.conn.prepare_cached("SELECT 1 FROM meta")?.query_row([], |_| Ok(()))
        };
        begin().during("begin to read")?;
        Ok(Self { books, parts: Some(parts), skus: RefCell::default() })
    }

    /// A note that the program above keeps in the book.
    pub fn note(&self, key: &str) -> Result<Option<String>> {
        meta::get(self.conn(), &meta::foreign(key))
    }

    /// The notes of the program above whose keys begin with `prefix`, by key.
    pub fn notes(&self, prefix: &str) -> Result<Vec<(String, String)>> {
        meta::foreign_all(self.conn(), prefix)
    }

    /// The epoch in which the owner writes.
    pub fn epoch(&self) -> Result<Epoch> {
        meta::epoch(self.conn())
    }

    pub(crate) fn conn(&self) -> &Connection {
        &self.parts().conn
    }

    pub(crate) fn press(&self) -> RefMut<'_, Press> {
        self.parts().press.borrow_mut()
    }

    pub(crate) fn identity(&self) -> &Identity {
        self.books.identity()
    }

    /// Whether a store is the node's own.
    pub(crate) fn is_mine(&self, store: i64) -> bool {
        self.identity().store == Some(store)
    }

    fn parts(&self) -> &ReaderParts {
        self.parts.as_ref().expect("a reader has its parts until it is dropped")
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if let Some(parts) = self.parts.take()
            && parts.conn.execute_batch("ROLLBACK").is_ok()
        {
            self.books.take_back_reader(parts);
        }
    }
}

/// The condition that a row is of the product `?1`, if one is asked for. Where the statement alone decided
/// whether it is, SQLite would go through the names of all products there are.
fn of_product(column: &str, sku: Option<&Sku>) -> String {
    match sku {
        Some(_) => format!("{column} = (SELECT id FROM sku WHERE name = ?1)"),
        None => "?1 IS NULL".to_owned(),
    }
}

/// A stored quantity. Writing keeps them in range.
pub(crate) fn quantity(raw: i64) -> Result<Quantity> {
    Quantity::from_thousandths(raw)
        .map_err(|_| BooksError::damaged("a quantity", format!("it is {raw} thousandths")))
}

/// A stored amount of money. Writing keeps them in range.
pub(crate) fn money(raw: i64) -> Result<Money> {
    Money::from_ten_thousandths(raw)
        .map_err(|_| BooksError::damaged("an amount of money", format!("it is {raw} / 10000")))
}
