//! Which stores could give goods, as both programs show it.

use ledger::amount::Quantity;
use ledger::id::{Sku, StoreId};
use ledger::time::Timestamp;
use ledger::transfer::{Offer, Suggestion, suggest};
use serde::{Deserialize, Serialize};

use crate::transfer::ItemLine;
use crate::{Column, Page, Table, format, text, words};

/// Asks which stores could give goods without falling under their minimum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuggestTransfer {
    /// What is wanted.
    pub lines: Vec<ItemLine>,
    /// What a store is to keep of each product; none: what the catalog says.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub min: Option<Quantity>,
    /// The store that wants them: it is not suggested itself.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub to: Option<StoreId>,
}

/// The stores that could give goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestions {
    /// When the question was answered.
    #[serde(with = "text::instant")]
    pub now: Timestamp,
    /// What was asked for, in that order.
    pub lines: Vec<SuggestedLine>,
}

/// The stores that could give some of one product, the best first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestedLine {
    /// What.
    #[serde(with = "text")]
    pub sku: Sku,
    /// How much is wanted.
    #[serde(with = "text")]
    pub wanted: Quantity,
    /// What a store keeps of which nothing else is said.
    #[serde(with = "text")]
    pub minimum: Quantity,
    /// The stores.
    pub stores: Vec<SuggestedStore>,
    /// How much is missing when all of them give.
    #[serde(with = "text")]
    pub missing: Quantity,
}

/// A store that could give some.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestedStore {
    /// Which.
    #[serde(with = "text")]
    pub store: StoreId,
    /// How much of what is wanted it could give.
    #[serde(with = "text")]
    pub gives: Quantity,
    /// How much it could spare in all.
    #[serde(with = "text")]
    pub spare: Quantity,
    /// What it keeps.
    #[serde(default, with = "text")]
    pub keeps: Quantity,
    /// What can be had there: on hand, less what is promised.
    #[serde(with = "text")]
    pub available: Quantity,
    /// When the newest fact behind it was recorded.
    #[serde(default, with = "text::instant::option", skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Timestamp>,
}

impl SuggestedLine {
    /// The stores that could give some of this and keep their minimum, of those that offer it.
    pub fn of(
        sku: Sku,
        wanted: Quantity,
        (minimum, keeps): (Quantity, impl Fn(&StoreId) -> Quantity),
        offers: impl IntoIterator<Item = Offer>,
    ) -> Self {
        let found = suggest(wanted, keeps, offers);
        let given: i128 = found.iter().map(|store| i128::from(store.gives.thousandths())).sum();
        let missing = (i128::from(wanted.thousandths()) - given).max(0);
        let missing =
            i64::try_from(missing).ok().and_then(|raw| Quantity::from_thousandths(raw).ok());
        let stores = found.into_iter().map(SuggestedStore::from).collect();
        Self { sku, wanted, minimum, stores, missing: missing.unwrap_or_default() }
    }
}

impl From<Suggestion> for SuggestedStore {
    fn from(Suggestion { offer, keeps, spare, gives }: Suggestion) -> Self {
        let Offer { store, available, as_of } = offer;
        Self { store, gives, spare, keeps, available, as_of }
    }
}

impl Suggestions {
    /// Shows them to a person.
    pub fn print(&self, page: &mut Page) {
        for line in &self.lines {
            line.print(page, self.now);
        }
        page.say(words::SuggestOrder);
    }
}

impl SuggestedLine {
    fn print(&self, page: &mut Page, now: Timestamp) {
        let lang = page.lang();
        let (sku, wanted) = (&self.sku, format::quantity(self.wanted));
        page.heading(words::SuggestHeading { sku, wanted });
        if self.stores.is_empty() {
            return page.say(words::SuggestNobody { minimum: format::quantity(self.minimum) });
        }
        let mut table = Table::new([
            Column::text(lang.say(words::Store)),
            Column::number(lang.say(words::SuggestGives)),
            Column::number(lang.say(words::SuggestSpare)),
            Column::number(lang.say(words::Available)),
            Column::number(lang.say(words::Minimum)),
            Column::text(lang.say(words::Age)),
        ]);
        for store in &self.stores {
            table.row([
                store.store.to_string(),
                format::quantity(store.gives),
                format::quantity(store.spare),
                format::quantity(store.available),
                format::quantity(store.keeps),
                format::ago_or_never(lang, store.as_of, now),
            ]);
        }
        page.table(&table);
        page.say(words::SuggestKeeps { minimum: format::quantity(self.minimum) });
        if self.missing.is_positive() {
            page.say(words::SuggestMissing { quantity: format::quantity(self.missing) });
        }
    }
}
