//! Documents: what is replicated, each under a name that says what it holds.

use std::fmt;
use std::str::FromStr;

use ledger::id::{IdError, Sku, StoreId};
use ledger::time::BusinessDate;

use super::{Collection, Month, OrderId, OrderKind, text};

/// Over how many documents the catalog is spread: 100,000 products make 1,600 a document, which
/// loads in milliseconds, and 64 digests still travel in one frame. Part of the format: a product's
/// bucket follows from its SKU.
pub const CATALOG_BUCKETS: u8 = 64;

/// Over how many documents profiles of stores, suppliers and members are spread. Part of the format.
pub const PARTY_BUCKETS: u8 = 64;

/// One replicated document.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocId {
    /// The facts of one store and business day: `book/S012/2026-11-22`.
    Book {
        /// Whose.
        store: StoreId,
        /// Which day.
        date: BusinessDate,
    },
    /// One order: `order/transfer/A01+B02-2611-tA7`.
    Order {
        /// What kind.
        kind: OrderKind,
        /// Its number.
        id: OrderId,
    },
    /// The products whose SKU falls in one bucket: `catalog/17`.
    Catalog {
        /// Below [`CATALOG_BUCKETS`].
        bucket: u8,
    },
    /// The stores' profiles, suppliers and members that fall in one bucket: `party/3`.
    Party {
        /// Below [`PARTY_BUCKETS`].
        bucket: u8,
    },
    /// Users and what they may do: `access`.
    Access,
}

impl DocId {
    /// The document that holds a product.
    pub fn catalog_of(sku: &Sku) -> Self {
        Self::Catalog { bucket: catalog_bucket(sku) }
    }

    /// The document that holds a store's profile.
    pub fn profile_of(store: &StoreId) -> Self {
        Self::Party { bucket: store_bucket(store) }
    }

    /// The groups of documents in which it is compared: with each party to an order in that
    /// party's.
    pub fn collections(&self) -> Vec<Collection> {
        match self {
            Self::Book { store, date } => {
                vec![Collection::Books { store: store.clone(), month: Month::of(*date) }]
            }
            Self::Order { kind, id } => {
                let (kind, month) = (*kind, id.month());
                let of = |store: &StoreId| Collection::Orders { kind, store: store.clone(), month };
                id.parties().iter().map(of).collect()
            }
            Self::Catalog { .. } => vec![Collection::Catalog],
            Self::Party { .. } => vec![Collection::Parties],
            Self::Access => vec![Collection::Access],
        }
    }

    /// The group in which a store and the hub compare it; none if it is not that store's to see.
    pub fn shared_with(&self, store: &StoreId) -> Option<Collection> {
        let here = |group: &Collection| group.store().is_none_or(|of| of == store);
        self.collections().into_iter().find(here)
    }
}

/// The bucket of the catalog that holds a product.
pub fn catalog_bucket(sku: &Sku) -> u8 {
    blake3::hash(sku.as_str().as_bytes()).as_bytes()[0] % CATALOG_BUCKETS
}

/// The bucket of the parties that holds a store's profile.
pub fn store_bucket(store: &StoreId) -> u8 {
    blake3::hash(store.as_str().as_bytes()).as_bytes()[0] % PARTY_BUCKETS
}

impl fmt::Display for DocId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Book { store, date } => write!(f, "book/{store}/{date}"),
            Self::Order { kind, id } => write!(f, "order/{kind}/{id}"),
            Self::Catalog { bucket } => write!(f, "catalog/{bucket}"),
            Self::Party { bucket } => write!(f, "party/{bucket}"),
            Self::Access => f.write_str("access"),
        }
    }
}

impl fmt::Debug for DocId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for DocId {
    type Err = IdError;

    /// Reads the canonical form only, so that one document has one name.
    fn from_str(text: &str) -> Result<Self, IdError> {
        let bad = || text::malformed("document id", text);
        if text == "access" {
            return Ok(Self::Access);
        }
        let (kind, rest) = text.split_once('/').ok_or_else(bad)?;
        match kind {
            "book" => {
                let (store, date) = rest.split_once('/').ok_or_else(bad)?;
                Ok(Self::Book { store: store.parse()?, date: date.parse()? })
            }
            "order" => {
                let (kind, id) = rest.split_once('/').ok_or_else(bad)?;
                Ok(Self::Order { kind: kind.parse()?, id: id.parse()? })
            }
            "catalog" => {
                let bucket = bucket(rest, CATALOG_BUCKETS).ok_or_else(bad)?;
                Ok(Self::Catalog { bucket })
            }
            "party" => {
                let bucket = bucket(rest, PARTY_BUCKETS).ok_or_else(bad)?;
                Ok(Self::Party { bucket })
            }
            _ => Err(bad()),
        }
    }
}

fn bucket(text: &str, count: u8) -> Option<u8> {
    text::number(text).filter(|bucket| *bucket < count)
}
