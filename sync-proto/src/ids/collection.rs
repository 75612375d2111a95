//! Groups of documents whose digests are compared together.

use std::fmt;
use std::str::FromStr;

use ledger::id::{IdError, StoreId};
use ledger::time::BusinessDate;

use super::{OrderKind, text};

/// The years that two digits stand for begin here.
const CENTURY: i16 = 2000;

/// A month of the calendar: `2026-11`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// The month of a day.
    pub fn of(date: BusinessDate) -> Self {
        Self { year: date.date().year(), month: date.date().month() }
    }

    /// Its four digits in the number of an order: `2611`. None outside of this century.
    pub fn digits(self) -> Option<String> {
        let year = self.year - CENTURY;
        (0..100).contains(&year).then(|| format!("{year:02}{:02}", self.month))
    }

    /// The month of four digits.
    pub fn of_digits(digits: &str) -> Option<Self> {
        if digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let number: i16 = digits.parse().ok()?;
        let (year, month) = (CENTURY + number / 100, i8::try_from(number % 100).ok()?);
        (1..=12).contains(&month).then_some(Self { year, month })
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl fmt::Debug for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for Month {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let first: Result<BusinessDate, IdError> = format!("{text}-01").parse();
        first.map(Self::of).map_err(|_| text::malformed("month (YYYY-MM)", text))
    }
}

/// One group of documents. A replica that finds two digests equal doesn't look further, so a store's
/// years of old books and orders cost one comparison a month.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Collection {
    /// A store's day books of one month: `book/S012/2026-11`.
    Books {
        /// Whose.
        store: StoreId,
        /// Which month.
        month: Month,
    },
    /// The orders of one kind and month to which a store is party: `order/transfer/S012/2026-11`.
    Orders {
        /// What kind.
        kind: OrderKind,
        /// Which party's.
        store: StoreId,
        /// From which month.
        month: Month,
    },
    /// The whole catalog: `catalog`.
    Catalog,
    /// Suppliers and members: `party`.
    Parties,
    /// Users and rights: `access`.
    Access,
}

impl Collection {
    /// The one store that shares it with the hub; none if all do.
    pub fn store(&self) -> Option<&StoreId> {
        match self {
            Self::Books { store, .. } | Self::Orders { store, .. } => Some(store),
            Self::Catalog | Self::Parties | Self::Access => None,
        }
    }
}

impl fmt::Display for Collection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Books { store, month } => write!(f, "book/{store}/{month}"),
            Self::Orders { kind, store, month } => write!(f, "order/{kind}/{store}/{month}"),
            Self::Catalog => f.write_str("catalog"),
            Self::Parties => f.write_str("party"),
            Self::Access => f.write_str("access"),
        }
    }
}

impl fmt::Debug for Collection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for Collection {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let bad = || text::malformed("collection", text);
        match text {
            "catalog" => return Ok(Self::Catalog),
            "party" => return Ok(Self::Parties),
            "access" => return Ok(Self::Access),
            _ => {}
        }
        let (kind, rest) = text.split_once('/').ok_or_else(bad)?;
        match kind {
            "book" => {
                let (store, month) = rest.split_once('/').ok_or_else(bad)?;
                Ok(Self::Books { store: store.parse()?, month: month.parse()? })
            }
            "order" => {
                let (kind, rest) = rest.split_once('/').ok_or_else(bad)?;
                let (store, month) = rest.split_once('/').ok_or_else(bad)?;
                let (kind, store) = (kind.parse()?, store.parse()?);
                Ok(Self::Orders { kind, store, month: month.parse()? })
            }
            _ => Err(bad()),
        }
    }
}
