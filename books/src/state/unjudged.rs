//! Where stock is still to be looked at for alerts.

use rustc_hash::{FxHashMap, FxHashSet};

/// How many products at stores are noted before the next look goes over everything: a few megabytes, and
/// about as many as take as long one by one.
const MAX_NOTED: usize = 128 * 1024;

/// How many products are noted at every store before the next look goes over everything.
const MAX_PRODUCTS: usize = 1_024;

/// What the next look is to go over.
#[derive(Debug, Default)]
pub(crate) enum Unjudged {
    /// Every store: nobody has looked yet.
    #[default]
    Everything,
    /// What has changed since the last look.
    Noted(Noted),
}

/// What has changed since the last look.
#[derive(Debug, Default)]
pub(crate) struct Noted {
    /// Products at stores, by number, and of which day the news is.
    pub(crate) moved: FxHashMap<(i64, i64), News>,
    /// Products whose limits may be others now, at every store.
    pub(crate) products: FxHashSet<i64>,
}

/// Of which day it is what moved a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum News {
    /// Of the day of the last look, or a later one.
    Fresh,
    /// Of a day before it: what came then may have lain idle since.
    Old,
}

impl Unjudged {
    /// Notes a product at a store that a fact has moved.
    pub(crate) fn add(&mut self, store: i64, sku: i64, news: News) {
        let Self::Noted(noted) = self else { return };
        if noted.moved.len() >= MAX_NOTED {
            *self = Self::Everything;
        } else {
            let known = noted.moved.entry((store, sku)).or_insert(news);
            *known = news.max(*known);
        }
    }

    /// Notes a product whose limits may have changed.
    pub(crate) fn add_product(&mut self, sku: i64) {
        let Self::Noted(noted) = self else { return };
        if noted.products.len() >= MAX_PRODUCTS {
            *self = Self::Everything;
        } else {
            noted.products.insert(sku);
        }
    }
}
