//! What a store and the hub keep of the same facts: where the two differ, the facts say who is wrong.
//!
//! *Fails on*: a row of either read model that was lost, doubled or changed.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Evidence, Finding, Observed, Proposal};
use crate::fact::Fact;
use crate::fold::Balance;
use crate::id::{Epoch, FactId, Lot, Sku, StoreId};
use crate::measure::{Measure, measures};
use crate::movement::Account;
use crate::time::{BusinessDate, Timestamp};

/// Which row of a store's read model.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowKey {
    /// What an account of the store holds now: quantity, value.
    Balance {
        /// Where.
        account: Account,
        /// Of what.
        sku: Sku,
        /// From which lot.
        lot: Option<Lot>,
    },
    /// What moved on a day: quantity in, quantity out, value in, value out.
    DayBalance {
        /// Where.
        account: Account,
        /// When.
        date: BusinessDate,
        /// Of what.
        sku: Sku,
    },
    /// The totals of a day in an epoch: facts, the last of their times, then every [`Measure`].
    Day {
        /// When.
        date: BusinessDate,
        /// In which history.
        epoch: Epoch,
    },
}

/// In a day's numbers: how many facts.
const FACTS: usize = 0;

/// In a day's numbers: when the last of its facts was recorded. Not a sum, unlike the others.
const LAST_AT: usize = 1;

impl RowKey {
    /// How many numbers stand in such a row.
    pub const fn width(&self) -> usize {
        match self {
            Self::Balance { .. } => 2,
            Self::DayBalance { .. } => 4,
            Self::Day { .. } => 2 + Measure::ALL.len(),
        }
    }

    /// The name of its table.
    pub const fn table(&self) -> &'static str {
        match self {
            Self::Balance { .. } => "balance",
            Self::DayBalance { .. } => "day_balance",
            Self::Day { .. } => "day",
        }
    }

    const fn sku(&self) -> Option<&Sku> {
        match self {
            Self::Balance { sku, .. } | Self::DayBalance { sku, .. } => Some(sku),
            Self::Day { .. } => None,
        }
    }

    const fn date(&self) -> Option<BusinessDate> {
        match self {
            Self::Balance { .. } => None,
            Self::DayBalance { date, .. } | Self::Day { date, .. } => Some(*date),
        }
    }

    /// What people look it up by beside store, SKU and day.
    fn subject(&self, at: &str) -> String {
        let table = self.table();
        match self {
            Self::Balance { account, lot: Some(lot), .. } => {
                format!("{at}: {table} {account} {lot}")
            }
            Self::Balance { account, .. } | Self::DayBalance { account, .. } => {
                format!("{at}: {table} {account}")
            }
            Self::Day { epoch, .. } => format!("{at}: {table} {}", epoch.number()),
        }
    }
}

/// A row that is not the same on both sides. A row that is not there says nothing but zeros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which.
    pub key: RowKey,
    /// What the store keeps.
    pub at_store: Option<Vec<i64>>,
    /// What the hub keeps.
    pub at_hub: Option<Vec<i64>>,
}

/// Judges the differences of one store by its facts, which pass through it in any order of their days.
#[derive(Debug)]
pub struct Judge {
    store: StoreId,
    rows: BTreeMap<RowKey, Case>,
    skus: BTreeSet<Sku>,
}

#[derive(Debug)]
struct Case {
    at_store: Option<Vec<i64>>,
    at_hub: Option<Vec<i64>>,
    due: Vec<i128>,
    /// What each fact adds, in their order.
    by: Vec<(FactId, Vec<i128>)>,
}

impl Judge {
    /// Of these differences at this store.
    pub fn new(store: &StoreId, differences: Vec<Difference>) -> Self {
        let skus = differences.iter().filter_map(|row| row.key.sku().cloned()).collect();
        let case = |Difference { key, at_store, at_hub }| {
            let due = vec![0; RowKey::width(&key)];
            (key, Case { at_store, at_hub, due, by: Vec::new() })
        };
        Self { store: store.clone(), rows: differences.into_iter().map(case).collect(), skus }
    }

    /// Whether the facts of a day bear on any of them.
    pub fn needs(&self, day: BusinessDate) -> bool {
        self.rows.keys().any(|key| key.date().is_none_or(|date| date == day))
    }

    /// Takes a fact of the store in.
    pub fn fact(&mut self, fact: &Fact) {
        for movement in &fact.movements {
            if !self.skus.contains(&movement.sku) {
                continue;
            }
            for (account, quantity, value) in movement.legs() {
                let quantity = i128::from(quantity.thousandths());
                let value = i128::from(value.ten_thousandths());
                let (account, sku) = (account.clone(), movement.sku.clone());
                let key = RowKey::DayBalance { account, date: fact.date, sku };
                self.add(&key, fact.id, flow(quantity, value));
                let RowKey::DayBalance { account, sku, .. } = key else { continue };
                let key = RowKey::Balance { account, sku, lot: movement.lot.clone() };
                self.add(&key, fact.id, vec![quantity, value]);
            }
        }
        let key = RowKey::Day { date: fact.date, epoch: fact.id.epoch };
        if self.rows.contains_key(&key) {
            let mut numbers = vec![0; key.width()];
            (numbers[FACTS], numbers[LAST_AT]) = (1, i128::from(fact.at.millis()));
            for (measure, amount) in measures(fact) {
                let place = Measure::ALL.iter().position(|known| *known == measure);
                if let Some(number) = place.and_then(|place| numbers.get_mut(2 + place)) {
                    *number += i128::from(amount);
                }
            }
            self.add(&key, fact.id, numbers);
        }
    }

    fn add(&mut self, key: &RowKey, id: FactId, numbers: Vec<i128>) {
        let Some(case) = self.rows.get_mut(key) else { return };
        combine(key, &mut case.due, &numbers);
        match case.by.last_mut() {
            Some((last, sum)) if *last == id => combine(key, sum, &numbers),
            _ => case.by.push((id, numbers)),
        }
    }

    /// Who is wrong where, by the facts.
    pub fn finish(self) -> Vec<Finding> {
        let Self { store, rows, .. } = self;
        let mut found = Vec::new();
        for (key, case) in rows {
            let sides = [
                (store.as_str(), &case.at_store, Proposal::RebuildAtStore),
                ("hub", &case.at_hub, Proposal::Rebuild),
            ];
            for (holder, kept, proposal) in sides {
                let numbers = widened(&key, kept.as_deref());
                if numbers == case.due {
                    continue;
                }
                let (expected, seen) = evidence(&key, &case.due, &numbers);
                let seen = if kept.is_some() { seen } else { Observed::Nothing };
                let evidence = Evidence::new(expected, seen);
                let check = Check::ReplicaDiffers;
                found.push(Finding {
                    sku: key.sku().cloned(),
                    date: key.date(),
                    first_divergent: case.culprit(&key, &numbers),
                    subject: Some(key.subject(holder).into()),
                    ..Finding::of_store(check, &store, evidence, proposal)
                });
            }
        }
        found
    }
}

impl Case {
    /// The fact that alone explains what is kept, left out or counted twice; else the first that came
    /// after all that is kept; else the first from which on the numbers may be wrong.
    fn culprit(&self, key: &RowKey, kept: &[i128]) -> Option<FactId> {
        let sums = |numbers: &[i128]| {
            let mut numbers = numbers.to_vec();
            if let RowKey::Day { .. } = key {
                numbers[LAST_AT] = 0;
            }
            numbers
        };
        let minus =
            |a: &[i128], b: &[i128]| a.iter().zip(b).map(|(a, b)| a - b).collect::<Vec<_>>();
        let (kept, due) = (sums(kept), sums(&self.due));
        let (lost, extra) = (minus(&due, &kept), minus(&kept, &due));
        let explains = |(_, numbers): &&(FactId, Vec<i128>)| {
            let numbers = sums(numbers);
            numbers == lost || numbers == extra
        };
        let stale = || {
            let mut so_far = vec![0; kept.len()];
            self.by.iter().find(|(_, numbers)| {
                let ends_here = so_far == kept;
                combine(key, &mut so_far, numbers);
                so_far = sums(&so_far);
                ends_here
            })
        };
        let fact = self.by.iter().find(explains).or_else(stale).or_else(|| self.by.first());
        fact.map(|(id, _)| *id)
    }
}

/// A leg as a flow: goods decide the direction; value alone goes by its own sign.
fn flow(quantity: i128, value: i128) -> Vec<i128> {
    if (quantity, value) < (0, 0) {
        vec![0, -quantity, 0, -value]
    } else {
        vec![quantity, 0, value, 0]
    }
}

fn combine(key: &RowKey, sum: &mut [i128], numbers: &[i128]) {
    for (place, (sum, number)) in sum.iter_mut().zip(numbers).enumerate() {
        if matches!(key, RowKey::Day { .. }) && place == LAST_AT {
            *sum = (*sum).max(*number);
        } else {
            *sum += number;
        }
    }
}

fn widened(key: &RowKey, kept: Option<&[i64]>) -> Vec<i128> {
    let mut numbers: Vec<i128> = kept.unwrap_or_default().iter().copied().map(i128::from).collect();
    numbers.resize(key.width(), 0);
    numbers
}

/// What was due and what is kept, of the first numbers in which the two differ.
fn evidence(key: &RowKey, due: &[i128], kept: &[i128]) -> (Observed, Observed) {
    let stock = |quantity: usize, value: usize| {
        let of =
            |row: &[i128]| Observed::Stock(Balance { quantity: row[quantity], value: row[value] });
        (of(due), of(kept))
    };
    match key {
        RowKey::Balance { .. } => stock(0, 1),
        RowKey::DayBalance { .. } if (due[0], due[2]) != (kept[0], kept[2]) => stock(0, 2),
        RowKey::DayBalance { .. } => stock(1, 3),
        RowKey::Day { .. } => {
            let place = (0..due.len()).find(|place| due[*place] != kept[*place]).unwrap_or(FACTS);
            let counts = Measure::ALL.get(place.wrapping_sub(2)).is_none_or(|m| m.is_count());
            let of = |row: &[i128]| match (place, counts) {
                (LAST_AT, _) => {
                    let millis = i64::try_from(row[LAST_AT]).unwrap_or(i64::MAX);
                    Observed::Time(Timestamp::from_millis(millis))
                }
                // Reversals may take a count below nothing.
                (_, true) => u64::try_from(row[place]).map_or_else(
                    |_| Observed::Word(row[place].to_string().into()),
                    Observed::Count,
                ),
                (_, false) => Observed::Money(row[place]),
            };
            (of(due), of(kept))
        }
    }
}
