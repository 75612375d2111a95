//! Price lists (价格表) and scheduled price changes (调价单): what a product costs where and when.
//!
//! A product has base prices. Beside them stand *entries*, each for some stores, from some time on a
//! shop's wall and perhaps until another. The price in force at a store is, of the entries that hold
//! there at that time:
//!
//! 1. the one with the closest scope: the store itself before its groups, these in the order in which
//!    head office has put them, and the whole chain last;
//! 2. of several with one scope, the one that began last.
//!
//! Two entries with one level, scope and beginning are one entry. Without any, it is the base price. So
//! the order in which entries arrive is of no account.

mod entry;
mod timeline;

#[cfg(test)]
mod tests;

use std::cmp::Reverse;

use crate::amount::Money;
use crate::catalog::{Field, Product};
use crate::scope::Membership;
use crate::time::LocalTime;

pub use entry::{Entry, EntryError, Key, MAX_NOTE_LEN};
pub use timeline::{Change, changes};

/// What a price is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Whoever walks in (零售价).
    #[default]
    Retail,
    /// Members (会员价).
    Member,
    /// Resellers (批发价).
    Wholesale,
    /// The least that anyone may pay (最低售价).
    Floor,
}

impl Level {
    /// Every level.
    pub const ALL: [Self; 4] = [Self::Retail, Self::Member, Self::Wholesale, Self::Floor];

    /// Its name in documents and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Retail => "retail",
            Self::Member => "member",
            Self::Wholesale => "wholesale",
            Self::Floor => "floor",
        }
    }

    /// The level of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }

    /// The field of a product that has its base price.
    pub const fn field(self) -> Field {
        match self {
            Self::Retail => Field::Price,
            Self::Member => Field::MemberPrice,
            Self::Wholesale => Field::WholesalePrice,
            Self::Floor => Field::FloorPrice,
        }
    }

    /// The base price; none where there is none yet.
    pub fn base(self, product: &Product) -> Option<Money> {
        match self {
            Self::Retail => Some(product.price).filter(|price| !price.is_zero()),
            Self::Member => product.member_price,
            Self::Wholesale => product.wholesale_price,
            Self::Floor => product.floor_price,
        }
    }
}

/// The entry in force at a store at a time; none, if the base price is.
pub fn in_force<'e>(
    entries: impl IntoIterator<Item = &'e Entry>,
    level: Level,
    store: &Membership,
    at: LocalTime,
) -> Option<&'e Entry> {
    let holds = |entry: &&Entry| entry.key.level == level && entry.holds_at(at);
    let known = entries.into_iter().filter(holds);
    let near = known.filter_map(|entry| Some((store.distance(&entry.key.scope)?, entry)));
    near.min_by_key(|(distance, entry)| (*distance, Reverse(entry.key.from))).map(|(_, e)| e)
}

/// A product with the prices in force at a store in the place of its base prices.
pub fn priced(product: &Product, entries: &[Entry], store: &Membership, at: LocalTime) -> Product {
    let mut priced = product.clone();
    for level in Level::ALL {
        let Some(Entry { price, .. }) = in_force(entries, level, store, at) else { continue };
        match level {
            Level::Retail => priced.price = *price,
            Level::Member => priced.member_price = Some(*price),
            Level::Wholesale => priced.wholesale_price = Some(*price),
            Level::Floor => priced.floor_price = Some(*price),
        }
    }
    priced
}
