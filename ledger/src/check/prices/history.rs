//! What prices were when, as head office set them.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use crate::amount::Money;
use crate::catalog::{Field, Term};
use crate::id::{PromotionId, Sku, StoreGroup, StoreId};
use crate::price::{Entry, Key, Level, in_force};
use crate::profile::{Profile, ProfileField};
use crate::promotion;
use crate::scope::Membership;
use crate::time::{LocalTime, Timestamp};

/// How far the walls of shops are behind and before UTC, in milliseconds: no zone is further.
const WEST_MS: i64 = 12 * 3_600_000;
const EAST_MS: i64 = 14 * 3_600_000;

/// A quarter of an hour, in milliseconds.
const QUARTER_MS: usize = 15 * 60_000;

/// What prices were when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PriceHistory {
    pub(super) products: BTreeMap<Sku, Prices>,
    stores: BTreeMap<StoreId, Vec<(Timestamp, Vec<StoreGroup>)>>,
    pub(super) promotions: BTreeMap<PromotionId, Vec<(Timestamp, promotion::Field, Box<str>)>>,
}

/// A product's prices; each list is in the order of its times.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Prices {
    base: BTreeMap<Level, Vec<(Timestamp, Option<Money>)>>,
    entries: Vec<(Timestamp, Key, Option<Entry>)>,
}

/// The sale that prices are asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sale<'a> {
    pub(super) store: &'a StoreId,
    pub(super) at: Timestamp,
    /// The moments between which what head office had said may have been what the till knew.
    pub(super) span: (Timestamp, Timestamp),
}

impl Sale<'_> {
    /// What a wall shows at the time of the sale that is so many milliseconds ahead of UTC.
    fn wall(self, ahead: i64) -> LocalTime {
        let at = Timestamp::from_millis(self.at.millis().saturating_add(ahead));
        LocalTime::reached(at, &TimeZone::UTC)
    }

    /// What any wall on earth shows at the time of the sale: zones are quarters of an hour apart.
    pub(super) fn walls(self) -> impl Iterator<Item = LocalTime> {
        (-WEST_MS..=EAST_MS).step_by(QUARTER_MS).map(move |ahead| self.wall(ahead))
    }
}

impl Prices {
    /// Whether the product ever had a price of a level.
    pub(super) fn has(&self, level: Level) -> bool {
        self.base.get(&level).is_some_and(|list| list.iter().any(|(_, price)| price.is_some()))
            || self.entries.iter().any(|(_, key, _)| key.level == level)
    }
}

/// What a price was during a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) newest: Money,
    pub(super) least: Money,
    /// Whether it was ever the one asked for.
    pub(super) was_asked: bool,
}

impl PriceHistory {
    /// Takes in that head office set a field, in any order. Other fields than prices are left alone;
    /// a price that is empty, or nothing, is none.
    pub fn set(&mut self, sku: &Sku, field: Field, text: &str, at: Timestamp) {
        let price = text.parse().ok().filter(|price: &Money| !price.is_zero());
        let Some(level) = Level::ALL.into_iter().find(|level| level.field() == field) else {
            return;
        };
        let list = self.products.entry(sku.clone()).or_default().base.entry(level).or_default();
        let place = list.partition_point(|(earlier, _)| *earlier <= at);
        list.insert(place, (at, price));
    }

    /// Takes in that head office set a term, in any order. What can't be read takes the term away.
    pub fn set_term(&mut self, sku: &Sku, term: &Term, text: &str, at: Timestamp) {
        let Term::Price(key) = term else { return };
        let entry = Entry::read(key, text).ok().flatten();
        let entries = &mut self.products.entry(sku.clone()).or_default().entries;
        let place = entries.partition_point(|(earlier, ..)| *earlier <= at);
        entries.insert(place, (at, key.clone(), entry));
    }

    /// Takes in that head office set a field of a store's profile, in any order. Only groups matter.
    pub fn set_profile(&mut self, store: &StoreId, field: ProfileField, text: &str, at: Timestamp) {
        if field != ProfileField::Groups {
            return;
        }
        let profile = Profile::from_fields(store.clone(), [(field, text)]);
        let groups = self.stores.entry(store.clone()).or_default();
        let place = groups.partition_point(|(earlier, _)| *earlier <= at);
        groups.insert(place, (at, profile.groups));
    }

    /// Takes in that head office set a field of a promotion, in any order.
    pub fn set_promotion(
        &mut self,
        id: &PromotionId,
        field: promotion::Field,
        text: &str,
        at: Timestamp,
    ) {
        let fields = self.promotions.entry(id.clone()).or_default();
        let place = fields.partition_point(|(earlier, ..)| *earlier <= at);
        fields.insert(place, (at, field, text.into()));
    }

    /// A hash of all that was set up to a moment.
    pub fn hash_until(&self, until: Timestamp) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        for (sku, prices) in &self.products {
            for (level, list) in &prices.base {
                hasher.update(sku.as_str().as_bytes()).update(&[0]);
                hasher.update(level.name().as_bytes()).update(&[0]);
                for (at, price) in list.iter().filter(|(at, _)| *at <= until) {
                    let price = price.map_or(-1, Money::ten_thousandths);
                    hasher.update(&at.millis().to_le_bytes()).update(&price.to_le_bytes());
                }
            }
            for (at, key, entry) in prices.entries.iter().filter(|(at, ..)| *at <= until) {
                let text = entry.as_ref().map(Entry::text).unwrap_or_default();
                hasher.update(&at.millis().to_le_bytes()).update(key.to_string().as_bytes());
                hasher.update(&[0]).update(text.as_bytes()).update(&[0]);
            }
        }
        for (store, groups) in &self.stores {
            for (at, groups) in groups.iter().filter(|(at, _)| *at <= until) {
                hasher.update(store.as_str().as_bytes()).update(&[0]);
                hasher.update(&at.millis().to_le_bytes());
                groups.iter().for_each(|group| {
                    hasher.update(group.as_str().as_bytes()).update(&[0]);
                });
            }
        }
        for (id, fields) in &self.promotions {
            for (at, field, text) in fields.iter().filter(|(at, ..)| *at <= until) {
                hasher
                    .update(id.as_str().as_bytes())
                    .update(&[0])
                    .update(&at.millis().to_le_bytes());
                hasher.update(field.name().as_bytes()).update(&[0]);
                hasher.update(text.as_bytes()).update(&[0]);
            }
        }
        *hasher.finalize().as_bytes()
    }

    /// The store with its groups, as head office had put it in by a moment.
    pub(super) fn membership(&self, store: &StoreId, moment: Timestamp) -> Membership {
        let groups = self.stores.get(store).and_then(|groups| so_far(groups, moment));
        let groups = groups.map(|(_, groups)| groups.clone()).unwrap_or_default();
        Membership { store: store.clone(), groups }
    }

    /// What a price of a product was for a sale; nothing if it had none, or one was taken away in the
    /// span.
    pub(super) fn seen(
        &self,
        prices: &Prices,
        level: Level,
        sale: Sale<'_>,
        asked: impl Fn(Money) -> bool,
    ) -> Option<Seen> {
        let base = prices.base.get(&level).map_or(&[][..], Vec::as_slice);
        if prices.entries.iter().all(|(_, key, _)| key.level != level) {
            return Seen::of(during(base, sale.span), asked);
        }
        Seen::of(self.listed(prices, base, level, sale).into_iter(), asked)
    }

    /// The prices that entries and base come to, by all that a till in any zone may have known.
    fn listed(
        &self,
        prices: &Prices,
        base: &[(Timestamp, Option<Money>)],
        level: Level,
        sale: Sale<'_>,
    ) -> Vec<Option<Money>> {
        let none = Vec::new();
        let groups = self.stores.get(sale.store).unwrap_or(&none);
        let (from, until) = sale.span;
        let set = base.iter().map(|(at, _)| *at);
        let set = set.chain(prices.entries.iter().map(|(at, ..)| *at));
        let set = set.chain(groups.iter().map(|(at, _)| *at));
        let mut moments: Vec<Timestamp> = set.filter(|at| (from..=until).contains(at)).collect();
        moments.push(from);
        moments.sort_unstable();
        moments.dedup();

        let (first, last) = (sale.wall(-WEST_MS), sale.wall(EAST_MS));
        let mut found = Vec::new();
        for moment in moments {
            let known = &prices.entries[..prices.entries.partition_point(|(at, ..)| *at <= moment)];
            let known: BTreeMap<&Key, &Option<Entry>> =
                known.iter().map(|(_, key, entry)| (key, entry)).collect();
            let entries: Vec<&Entry> = known.into_values().flatten().collect();
            let store = self.membership(sale.store, moment);
            let base = so_far(base, moment).and_then(|(_, price)| *price);
            let turns = entries.iter().flat_map(|entry| [Some(entry.key.from), entry.until]);
            let mut walls: Vec<LocalTime> =
                turns.flatten().filter(|turn| (first..=last).contains(turn)).collect();
            walls.push(first);
            walls.sort_unstable();
            found.extend(walls.into_iter().map(|wall| {
                let entry = in_force(entries.iter().copied(), level, &store, wall);
                entry.map(|entry| entry.price).or(base)
            }));
        }
        found
    }
}

/// The last thing that was set by a moment.
pub(super) fn so_far<T>(set: &[(Timestamp, T)], moment: Timestamp) -> Option<&(Timestamp, T)> {
    set[..set.partition_point(|(at, _)| *at <= moment)].last()
}

impl Seen {
    /// Before the first price there was none to sell at; after it, one that is taken away leaves nothing
    /// to judge by.
    fn of(
        prices: impl Iterator<Item = Option<Money>>,
        asked: impl Fn(Money) -> bool,
    ) -> Option<Self> {
        let mut seen: Option<Self> = None;
        for price in prices.skip_while(Option::is_none) {
            let price = price?;
            let so_far = seen.unwrap_or(Self { newest: price, least: price, was_asked: false });
            seen = Some(Self {
                newest: price,
                least: so_far.least.min(price),
                was_asked: so_far.was_asked || asked(price),
            });
        }
        seen
    }
}

/// The base prices that were in force at some moment of a span, the newest last.
fn during(
    history: &[(Timestamp, Option<Money>)],
    (from, until): (Timestamp, Timestamp),
) -> impl Iterator<Item = Option<Money>> {
    let first = history.partition_point(|(at, _)| *at <= from).saturating_sub(1);
    let last = history.partition_point(|(at, _)| *at <= until);
    history.get(first..last).unwrap_or_default().iter().map(|(_, price)| *price)
}
