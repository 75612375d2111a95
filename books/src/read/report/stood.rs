//! What stood on a store's shelf before and after a period.

use ledger::fold::Balance;
use ledger::report::Period;
use rusqlite::params;
use rustc_hash::FxHashMap;

use crate::carried::Awaited;
use crate::dates;
use crate::error::{During, Result};
use crate::read::Reader;
use crate::sql;
use crate::state::PlaceId;

/// What stood on the shelf of one product.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stood {
    pub(super) opening: Balance,
    pub(super) closing: Balance,
    /// What it was worth at the end of each day of the period, summed over the days.
    pub(super) daily_value: i128,
}

/// From which end of the history the way to a period is shorter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// From nothing, over the days before it.
    Forward,
    /// From what is there now, over the days after it.
    Back,
}

impl Reader {
    /// What stood at a store, by the number of the SKU: the days of the period are read, and those before it
    /// or those after it, whichever are fewer.
    pub(super) fn stood(&self, store: i64, period: Period) -> Result<FxHashMap<i64, Stood>> {
        let way = self.shorter_way(store, period)?;
        let mut stood: FxHashMap<i64, Stood> = FxHashMap::default();
        if way == Way::Back {
            for (sku, now) in self.on_hand_now(store)? {
                stood.insert(sku, Stood { opening: now, closing: now, daily_value: 0 });
            }
        }
        let (from, to) = (dates::number(period.from()), dates::number(period.to()));
        let (first, last) = match way {
            Way::Forward => (i64::MIN, to),
            Way::Back => (from, i64::MAX),
        };
        let what = "add up what moved in a period";
        let mut statement = self
            .conn()
            .prepare_cached(
                "SELECT date, sku, quantity_in - quantity_out, value_in - value_out \
                 FROM day_balance WHERE place = ?1 AND date BETWEEN ?2 AND ?3",
            )
            .during(what)?;
        let place = PlaceId::on_hand(store).0;
        let mut rows = statement.query(params![place, first, last]).during(what)?;
        let (mut day, mut days_left) = (0, 0);
        while let Some(row) = rows.next().during(what)? {
            let read = || -> rusqlite::Result<(i64, i64, i64, i64)> {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            };
            let (date, sku, quantity, value) = read().during(what)?;
            let net = Balance { quantity: quantity.into(), value: value.into() };
            let of = stood.entry(sku).or_default();
            let inside = (from..=to).contains(&date);
            if inside {
                if date != day {
                    (day, days_left) = (date, period.days_left(dates::of_number(date)?).into());
                }
                of.daily_value += net.value * days_left;
            }
            match way {
                Way::Forward => {
                    of.closing = plus(of.closing, net);
                    if !inside {
                        of.opening = plus(of.opening, net);
                    }
                }
                Way::Back => {
                    of.opening = minus(of.opening, net);
                    if !inside {
                        of.closing = minus(of.closing, net);
                    }
                }
            }
        }
        let days = i128::from(period.days());
        for of in stood.values_mut() {
            of.daily_value += of.opening.value * days;
        }
        Ok(stood)
    }

    fn shorter_way(&self, store: i64, period: Period) -> Result<Way> {
        // What a new machine of the store began with is in its balances, and in no day.
        if self.is_mine(store) && !Awaited::read(self.conn())?.is_empty() {
            return Ok(Way::Back);
        }
        let (first, last): (Option<i64>, Option<i64>) = sql::one(
            self.conn(),
            "look for the ends of a history",
            "SELECT (SELECT min(date) FROM day WHERE store = ?1), \
             (SELECT max(date) FROM day WHERE store = ?1)",
            [store],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let (Some(first), Some(last)) = (first, last) else { return Ok(Way::Back) };
        let before = dates::of_number(first)?.min(period.from());
        let after = dates::of_number(last)?.max(period.to());
        let days = |from, to| Period::new(from, to).map_or(0, Period::days);
        let is_nearer_the_beginning = days(before, period.from()) < days(period.to(), after);
        Ok(if is_nearer_the_beginning { Way::Forward } else { Way::Back })
    }

    fn on_hand_now(&self, store: i64) -> Result<Vec<(i64, Balance)>> {
        sql::all(
            self.conn(),
            "list what is on hand",
            "SELECT sku, sum(quantity), sum(value) FROM balance WHERE place = ?1 GROUP BY sku",
            [PlaceId::on_hand(store).0],
            |row| {
                let (quantity, value): (i64, i64) = (row.get(1)?, row.get(2)?);
                Ok((row.get(0)?, Balance { quantity: quantity.into(), value: value.into() }))
            },
        )
    }
}

fn plus(a: Balance, b: Balance) -> Balance {
    Balance { quantity: a.quantity + b.quantity, value: a.value + b.value }
}

fn minus(a: Balance, b: Balance) -> Balance {
    Balance { quantity: a.quantity - b.quantity, value: a.value - b.value }
}
