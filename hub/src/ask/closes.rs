//! Closed days: how far each store has closed its books, and what it said of the days.

use std::collections::BTreeMap;

use books::{Reader, StoredFact};
use ledger::fact::Body;
use ledger::id::{FactId, Operator, StoreId};
use ledger::measure::Measure;
use ledger::time::{BusinessDate, Timestamp};
use serde::{Deserialize, Serialize};

use crate::closes::{SignedBy, signed_by};
use crate::door::Ask;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::registry::RegistryError;
use crate::text::{self, Amount, Units};

/// The most days of one answer: a year and a month.
pub const MAX_DAYS: usize = 400;

/// List closed days: the last one of each store, or the last ones of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListCloses {
    /// Only this store.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreId>,
    /// At most so many days of it, and never more than [`MAX_DAYS`].
    pub limit: usize,
}

/// Closed days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closes {
    /// What people call the chain.
    pub chain: String,
    /// Each store, by id.
    pub stores: Vec<StoreCloses>,
}

/// The closed days of a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreCloses {
    /// Which.
    #[serde(with = "text")]
    pub store: StoreId,
    /// The last closed day.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub through: Option<BusinessDate>,
    /// How many days with facts are not closed.
    pub open_days: usize,
    /// The closed days, the last one first.
    pub days: Vec<ClosedDay>,
}

/// A closed day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedDay {
    /// Which.
    #[serde(with = "text")]
    pub date: BusinessDate,
    /// The fact that closes it.
    #[serde(with = "text")]
    pub fact: FactId,
    /// When it was closed, by the store's clock.
    #[serde(with = "text::instant")]
    pub at: Timestamp,
    /// Who closed it.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
    /// How many facts the close covers.
    pub facts: u64,
    /// The day's totals, raw: counts as they are, money in ten-thousandths.
    pub totals: BTreeMap<String, i64>,
    /// Of how many products there was anything in the evening.
    pub skus: u64,
    /// All of it together.
    pub quantity: Units,
    /// What it cost.
    pub value: Amount,
    /// Who has signed the close.
    pub signed_by: SignedBy,
}

impl Ask for ListCloses {
    const PATH: &'static str = "/v1/closes";
    type Answer = Closes;

    fn answer(self, hub: &Hub) -> Result<Closes> {
        let reader = hub.reader()?;
        let mut stores = reader.store_names()?;
        let mut days = 1;
        if let Some(store) = self.store {
            let known = hub.register().read(|registry| registry.store(&store).is_some());
            if !known && !stores.contains(&store) {
                return Err(HubError::Registry(RegistryError::Unknown { store }));
            }
            (stores, days) = (vec![store], self.limit.min(MAX_DAYS));
        }
        let of = |store| of_store(hub, &reader, store, days);
        let stores = stores.into_iter().map(of).collect::<Result<_>>()?;
        Ok(Closes { chain: hub.config().title().to_owned(), stores })
    }
}

fn of_store(hub: &Hub, reader: &Reader, store: StoreId, days: usize) -> Result<StoreCloses> {
    let last = reader.store(&store)?.and_then(|held| held.last_date);
    let open = match last {
        Some(last) => reader.open_days(&store, last)?.len(),
        None => 0,
    };
    let closed = reader.closes(&store, days)?;
    Ok(StoreCloses {
        through: reader.closed_through(&store)?,
        open_days: open,
        days: closed.iter().filter_map(|stored| closed_day(hub, stored)).collect(),
        store,
    })
}

fn closed_day(hub: &Hub, stored: &StoredFact) -> Option<ClosedDay> {
    let fact = &stored.fact;
    let Body::DayClose(close) = &fact.body else { return None };
    let said = close.figures();
    let total = |(measure, sum): (&Measure, &i64)| (measure.name().to_owned(), *sum);
    Some(ClosedDay {
        date: fact.date,
        fact: fact.id,
        at: fact.at,
        operator: fact.operator.clone(),
        facts: said.facts(),
        totals: said.totals.iter().map(total).collect(),
        skus: said.stock.skus,
        quantity: Units(said.stock.total.quantity),
        value: Amount(said.stock.total.value),
        signed_by: signed_by(hub, &fact.store, close),
    })
}
