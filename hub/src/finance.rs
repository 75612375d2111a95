//! Finance: vouchers of the merged facts by the chain's mapping file, and periods that are closed.
//!
//! A period is closed through a day. Its vouchers are then kept in a file and given from there, whatever
//! changes in mapping, catalog or program; a note in the books says what was held then. A fact of a closed day that comes
//! later stands in a voucher of the first open day. What a page of vouchers goes on from is with whoever asks: the
//! hub holds nothing between two pages.

mod close;
pub mod feed;
mod kept;

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Read as _};

use books::Reader;
use console::{Exit, Lang, Tell, Told, words};
use ledger::fact::Fact;
use ledger::id::{Sku, StoreId};
use ledger::time::BusinessDate;
use ledger::voucher::{Journal, Mapping, MappingError, Remainders, Unmapped, Voucher};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::text;

pub use close::{Close, Leave, all as closes, close};

/// The mapping file in the hub's folder.
pub(crate) const MAPPING: &str = "finance.toml";

/// The largest mapping file worth reading: 10,000 rules of 100 letters.
const MAX_MAPPING_LEN: u64 = 1 << 20;

/// A page ends with the day on which it has so many vouchers.
const PAGE: usize = 5_000;

/// Why there are no vouchers, or a period is not closed.
#[derive(Debug, Error)]
pub enum FinanceError {
    /// The mapping file is none.
    #[error("the mapping file {file} cannot be used")]
    Mapping {
        /// Which.
        file: String,
        /// What is wrong with it.
        source: MappingError,
    },
    /// The days up to one are closed already.
    #[error("the days through {through} are closed already")]
    ClosedBefore {
        /// The last closed day.
        through: BusinessDate,
    },
    /// A day that is not over can't be closed.
    #[error("{day} is not over")]
    NotOver {
        /// Which.
        day: BusinessDate,
    },
    /// There is nothing to close.
    #[error("nothing is booked up to {through}")]
    Nothing {
        /// The day.
        through: BusinessDate,
    },
    /// A reader of vouchers acknowledges what it can't have been given.
    #[error("no closed period has the place {place}")]
    NoPlace {
        /// What was given.
        place: String,
    },
    /// Facts of the period are in no voucher.
    #[error("{facts} facts are in no voucher")]
    Unmapped {
        /// How many.
        facts: usize,
    },
}

impl Tell for FinanceError {
    fn tell(&self, lang: Lang) -> Told {
        let say = Told::saying;
        match self {
            Self::Mapping { file, source } => {
                say(lang.say(words::FinanceMappingBad { file, why: source }))
                    .hint(lang.say(words::FinanceMappingHint))
            }
            Self::ClosedBefore { through } => say(lang.say(words::FinanceClosedBefore { through })),
            Self::NotOver { day } => say(lang.say(words::FinanceNotOver { day })),
            Self::Nothing { through } => say(lang.say(words::FinanceNothing { through })),
            Self::NoPlace { place } => say(lang.say(words::FinanceNoPlace { place })),
            Self::Unmapped { facts } => say(lang.say(words::FinanceUnmappedOpen { n: facts }))
                .hint(lang.say(words::FinanceUnmappedHint)),
        }
    }

    fn exit(&self) -> Exit {
        match self {
            Self::Unmapped { .. } => Exit::Failed,
            _ => Exit::Usage,
        }
    }
}

/// Which vouchers are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// From this day on.
    #[serde(with = "text")]
    pub from: BusinessDate,
    /// Up to this day.
    #[serde(with = "text")]
    pub to: BusinessDate,
    /// Of these stores; none: of all.
    #[serde(default, with = "text::list", skip_serializing_if = "Vec::is_empty")]
    pub stores: Vec<StoreId>,
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// On this day.
    #[serde(with = "text")]
    pub day: BusinessDate,
    /// After so many vouchers of a closed period.
    #[serde(default)]
    pub skip: usize,
    /// What rounding has left, where the day is open.
    #[serde(default)]
    pub remainders: Option<Remainders>,
}

/// Some of the vouchers, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// By day, store and number.
    pub vouchers: Vec<Voucher>,
    /// What is in none.
    pub unmapped: Vec<Unmapped>,
    /// Where the next page begins; none: this is the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Place>,
}

impl Wanted {
    fn has(&self, date: BusinessDate, store: &StoreId) -> bool {
        (self.from..=self.to).contains(&date)
            && (self.stores.is_empty() || self.stores.contains(store))
    }
}

/// The mapping in force: the chain's own file, if there is one.
pub fn mapping(hub: &Hub) -> Result<Mapping> {
    let path = hub.home().dir().join(MAPPING);
    let file = match fs::File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Mapping::standard()),
        Err(source) => return Err(HubError::File { what: "read", path, source }),
    };
    let mut text = String::new();
    file.take(MAX_MAPPING_LEN).read_to_string(&mut text).map_err(|source| HubError::File {
        what: "read",
        path: path.clone(),
        source,
    })?;
    let bad = |source| FinanceError::Mapping { file: path.display().to_string(), source };
    Ok(Mapping::parse(&text).map_err(bad)?)
}

/// A page of vouchers.
pub fn page(hub: &Hub, wanted: &Wanted, from: Option<Place>) -> Result<Page> {
    let reader = hub.reader()?;
    let closes = close::all(&reader)?;
    let from = from.unwrap_or(Place { day: wanted.from, skip: 0, remainders: None });
    if let Some(close) = closes.iter().find(|close| close.through >= from.day) {
        return kept_page(hub, wanted, close, &from);
    }
    let mapping = mapping(hub)?;
    let mut open = Open::begin(&reader, &mapping, closes.last(), from.remainders, from.day)?;
    let (mut vouchers, mut unmapped) = (Vec::new(), Vec::new());
    let stores: Vec<StoreId> = reader.store_names()?;
    let stores: Vec<StoreId> = stores
        .into_iter()
        .filter(|store| wanted.stores.is_empty() || wanted.stores.contains(store))
        .collect();
    while open.day <= wanted.to {
        let is_wanted = open.day >= wanted.from;
        open.next(&stores, |made, left| {
            if is_wanted {
                vouchers.extend(made);
                unmapped.extend(left);
            }
            Ok(())
        })?;
        if vouchers.len() + unmapped.len() >= PAGE {
            break;
        }
    }
    let day = open.day;
    let remainders = Some(open.journal.into_remainders());
    let next = (day <= wanted.to).then_some(Place { day, skip: 0, remainders });
    Ok(Page { vouchers, unmapped, next })
}

/// A page out of a closed period.
fn kept_page(hub: &Hub, wanted: &Wanted, close: &Close, from: &Place) -> Result<Page> {
    let (mut vouchers, mut seen, mut full) = (Vec::new(), 0, false);
    kept::each(hub.home(), close, |voucher| {
        seen += 1;
        if seen > from.skip && !full && wanted.has(voucher.date, &voucher.store) {
            vouchers.push(voucher);
        }
        full = full || vouchers.len() >= PAGE;
        if full { Some(seen) } else { None }
    })?;
    let wants = |left: &&Unmapped| wanted.has(left.date, &left.store);
    let unmapped = match from.skip {
        0 => close.unmapped.iter().filter(wants).cloned().collect(),
        _ => Vec::new(),
    };
    let place = if full {
        Place { day: from.day, skip: seen, remainders: None }
    } else {
        Place { day: close.through.plus_days(1), skip: 0, remainders: None }
    };
    let next = (place.day <= wanted.to).then_some(place);
    Ok(Page { vouchers, unmapped, next })
}

/// The open days, one after the other.
pub(crate) struct Open<'r, 'm> {
    reader: &'r Reader,
    journal: Journal<'m>,
    day: BusinessDate,
    late: BTreeMap<StoreId, Vec<Fact>>,
    categories: BTreeMap<Sku, Box<str>>,
}

impl<'r, 'm> Open<'r, 'm> {
    /// From what rounding had left on a day; without that, from the first open day.
    fn begin(
        reader: &'r Reader,
        mapping: &'m Mapping,
        last: Option<&Close>,
        remainders: Option<Remainders>,
        day: BusinessDate,
    ) -> Result<Self> {
        let mut late = BTreeMap::new();
        let (day, remainders) = match (remainders, last) {
            (Some(remainders), _) => (day, remainders),
            (None, None) => (reader.first_day()?.unwrap_or(day), Remainders::default()),
            (None, Some(close)) => {
                for store in reader.store_names()? {
                    let facts = reader.late_facts(&store, &close.locked)?;
                    late.insert(store, facts);
                }
                (close.through.plus_days(1), close.remainders.clone())
            }
        };
        let categories =
            if mapping.needs_categories() { reader.categories_by_sku()? } else { BTreeMap::new() };
        Ok(Self { reader, journal: Journal::new(mapping, remainders), day, late, categories })
    }

    /// The vouchers of the next day.
    fn next(
        &mut self,
        stores: &[StoreId],
        mut each: impl FnMut(Vec<Voucher>, Vec<Unmapped>) -> Result<()>,
    ) -> Result<()> {
        for store in stores {
            let late = self.late.remove(store).unwrap_or_default();
            let (journal, categories) = (&mut self.journal, &self.categories);
            let (made, left) =
                self.reader.vouchers_of_day(journal, store, self.day, &late, categories)?;
            each(made, left)?;
        }
        self.day = self.day.plus_days(1);
        Ok(())
    }
}
