//! Adding a day's facts up.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::{Figures, Run, Standing, StockSummary};
use crate::chain::ChainLink;
use crate::fact::{Body, Fact};
use crate::fold::Balance;
use crate::id::{Epoch, FactId, StoreId};
use crate::measure::{Measure, measures};
use crate::movement::Account;
use crate::time::BusinessDate;

/// The most marks of a close: two replicas that differ find the difference among a hundredth of a
/// day's facts, for a kilobyte.
pub const MAX_MARKS: usize = 128;

/// How far marks are apart at first.
const FIRST_STRIDE: u64 = 16;

/// The name under which all transfers under way are added up.
const IN_TRANSIT: &str = "in_transit";

/// The start of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark(pub [u8; Self::LEN]);

impl Mark {
    /// Bytes of a mark: enough to tell one link from another.
    pub const LEN: usize = 8;

    fn of(link: &ChainLink) -> Self {
        let mut mark = [0; Self::LEN];
        mark.copy_from_slice(&link.as_bytes()[..Self::LEN]);
        Self(mark)
    }
}

/// Places of a chain at equal distances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marks {
    /// How many facts lie from one to the next.
    pub stride: u64,
    /// After `stride` facts, twice as many, and so on.
    pub marks: Vec<Mark>,
}

impl Marks {
    fn push(&mut self, facts: u64, link: &ChainLink) {
        if !facts.is_multiple_of(self.stride) {
            return;
        }
        self.marks.push(Mark::of(link));
        if self.marks.len() > MAX_MARKS {
            // Every second one, twice as far apart.
            let mut place = 0_usize;
            self.marks.retain(|_| {
                place += 1;
                place.is_multiple_of(2)
            });
            self.stride *= 2;
        }
    }
}

/// A day's facts, being added up in the order of their ids.
#[derive(Debug, Clone)]
pub struct Tally {
    store: StoreId,
    date: BusinessDate,
    runs: BTreeMap<Epoch, Run>,
    facts: u64,
    link: ChainLink,
    marks: Marks,
    kinds: BTreeMap<Box<str>, u64>,
    totals: BTreeMap<Measure, i64>,
    accounts: BTreeMap<Box<str>, Balance>,
}

impl Tally {
    /// Of a day without facts.
    pub fn new(store: &StoreId, date: BusinessDate) -> Self {
        Self {
            store: store.clone(),
            date,
            runs: BTreeMap::new(),
            facts: 0,
            link: ChainLink::of_day(store, date),
            marks: Marks { stride: FIRST_STRIDE, marks: Vec::new() },
            kinds: BTreeMap::new(),
            totals: BTreeMap::new(),
            accounts: BTreeMap::new(),
        }
    }

    /// Takes the next fact of the day's book in, with its text. Closes cover no closes.
    pub fn fact(&mut self, fact: &Fact, text: &str) {
        if matches!(fact.body, Body::DayClose(_)) {
            return;
        }
        let FactId { epoch, seq } = fact.id;
        match self.runs.entry(epoch) {
            Entry::Vacant(place) => {
                place.insert(Run { epoch, first: seq, last: seq, facts: 1 });
            }
            Entry::Occupied(mut place) => {
                let run = place.get_mut();
                (run.last, run.facts) = (seq, run.facts + 1);
            }
        }
        self.facts += 1;
        self.link = self.link.then(text);
        self.marks.push(self.facts, &self.link);
        *entry(&mut self.kinds, fact.body.kind()) += 1;
        for (measure, amount) in measures(fact) {
            let total = self.totals.entry(measure).or_default();
            *total = total.saturating_add(amount);
        }
        for movement in &fact.movements {
            for (account, quantity, value) in movement.legs() {
                let quantity = i128::from(quantity.thousandths());
                let value = i128::from(value.ten_thousandths());
                entry(&mut self.accounts, name(account)).add(Balance { quantity, value });
            }
        }
    }

    /// Whether no fact has been taken in.
    pub const fn is_empty(&self) -> bool {
        self.facts == 0
    }

    /// What they add up to, with what they do not tell: where the store's history stood, and what was
    /// on hand in the evening.
    pub fn finish(self, history: Standing, stock: StockSummary) -> Figures {
        let Self { store, date, runs, link, marks, kinds, mut totals, mut accounts, .. } = self;
        totals.retain(|_, total| *total != 0);
        accounts.retain(|_, balance| *balance != Balance::default());
        let (seal, runs) = (link, runs.into_values().collect());
        Figures { store, date, runs, seal, marks, history, kinds, totals, accounts, stock }
    }
}

fn name(account: &Account) -> &str {
    account.name().unwrap_or(IN_TRANSIT)
}

/// The place under a name, which is copied only when it is new.
fn entry<'m, T: Default>(map: &'m mut BTreeMap<Box<str>, T>, name: &str) -> &'m mut T {
    if !map.contains_key(name) {
        map.insert(name.into(), T::default());
    }
    map.get_mut(name).expect("it was put there if it was missing")
}
