//! What goods cost customers: the prices that head office sets, as it remembers them.
//!
//! It shares no code with the ledger's price lists: of what was set for one level, place and beginning
//! the last word counts, then the closest place, then the latest beginning.

use std::collections::BTreeMap;

use ledger::amount::Money;
use ledger::catalog::Term;
use ledger::id::{Sku, StoreId};
use ledger::price::{Entry, Key, Level};
use ledger::scope::{Membership, Scope};
use ledger::time::LocalTime;

use super::shelf::money;
use crate::dice::Dice;

/// The hours at which prices begin or end, and at which they are looked at, from a first day on.
pub(super) const HOURS: u64 = 6;

/// Where a price holds; the closest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Everywhere,
    /// In the stores of odd number.
    Odd,
    /// In the store of a number.
    At(u64),
}

/// Which price: setting one again sets it anew.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Tag {
    pub(super) sku: Sku,
    /// Whether for members alone.
    pub(super) who: Who,
    pub(super) place: Place,
    /// The hour from which it holds.
    pub(super) from: u64,
}

/// For whom a price is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    Anybody,
    Members,
}

/// What a price is set to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Priced {
    /// In ten-thousandths of the currency.
    pub(super) price: i64,
    /// The hour from which it holds no longer.
    pub(super) until: Option<u64>,
}

/// The last word on each price; nothing for one that was taken away.
pub(super) type Tags = BTreeMap<Tag, Option<Priced>>;

impl Tag {
    /// Some price of a product, of those that may be set in a chain of so many stores.
    pub(super) fn any(sku: Sku, stores: u64, dice: &mut Dice) -> Self {
        let place = match dice.below(3) {
            0 => Place::Everywhere,
            1 => Place::Odd,
            _ => Place::At(dice.between(1, stores)),
        };
        let who = *dice.pick(&[Who::Anybody, Who::Anybody, Who::Members]);
        Self { sku, who, place, from: dice.below(HOURS) }
    }

    /// What it is set to next.
    pub(super) fn priced(&self, dice: &mut Dice) -> Option<Priced> {
        let until = dice.percent(40).then(|| self.from + dice.between(1, HOURS));
        let priced = Priced { price: dice.between(1, 99) as i64 * 10_000, until };
        (!dice.percent(20)).then_some(priced)
    }

    /// Under which term it stands in the catalog.
    pub(super) fn term(&self) -> Term {
        let scope = match self.place {
            Place::Everywhere => Scope::All,
            Place::Odd => Scope::Group("odd".parse().expect("a word")),
            Place::At(number) => Scope::Store(store(number)),
        };
        let level = match self.who {
            Who::Anybody => Level::Retail,
            Who::Members => Level::Member,
        };
        Term::Price(Key { level, scope, from: hour(self.from) })
    }
}

/// What stands in the catalog where a price is set to this.
pub(super) fn text(term: &Term, priced: Option<Priced>) -> String {
    let (Term::Price(key), Some(priced)) = (term, priced) else { return String::new() };
    let entry = Entry {
        key: key.clone(),
        price: money(priced.price),
        until: priced.until.map(hour),
        number: "PC1".parse().expect("letters and a digit"),
        note: "".into(),
    };
    entry.text()
}

/// What somebody pays for a product in a store at an hour, besides its base price.
pub(super) fn of(tags: &Tags, sku: &Sku, who: Who, number: u64, at: u64) -> Option<Money> {
    let here = |place: Place| match place {
        Place::Everywhere => true,
        Place::Odd => number % 2 == 1,
        Place::At(store) => store == number,
    };
    let mut closest: Option<(Place, u64, i64)> = None;
    for (tag, priced) in tags.iter().filter(|(tag, _)| tag.sku == *sku && tag.who == who) {
        let Some(Priced { price, until }) = *priced else { continue };
        let holds = tag.from <= at && until.is_none_or(|until| at < until);
        if holds && here(tag.place) {
            closest = closest.max(Some((tag.place, tag.from, price)));
        }
    }
    closest.map(|(.., price)| money(price))
}

/// The store of a number, and its groups.
pub(super) fn member(number: u64) -> Membership {
    let odd = (number % 2 == 1).then(|| "odd".parse().expect("a word"));
    Membership { store: store(number), groups: odd.into_iter().collect() }
}

/// An hour by the clock on each shop's wall.
pub(super) fn hour(number: u64) -> LocalTime {
    format!("2026-11-22T{number:02}:00").parse().expect("a time")
}

fn store(number: u64) -> StoreId {
    StoreId::new(&format!("S{number}")).expect("a letter and a digit")
}
