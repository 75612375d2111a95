//! From facts to rows of the read model.
//!
//! The facts of one change are added up first and then meet each row once, so that a day's thousand
//! sales of one product cost one row. Sums are checked before any row is touched: facts that would
//! take a balance out of its range are refused whole.

use ledger::alert::Acknowledgement;
use ledger::amount::{MAX_MONEY, MAX_QUANTITY};
use ledger::bins::{Home, Placed, homes, placed};
use ledger::cost::inbound_cost;
use ledger::fact::{Body, Fact};
use ledger::id::{DeliveryNote, FactId, StoreId, SupplierId};
use ledger::lot::{self, LotExpiry};
use ledger::measure::{Measure, measures};
use ledger::purchase::Act;
use ledger::report::{self, Part};
use rusqlite::{Connection, params};
use rustc_hash::FxHashMap;

use crate::alert;
use crate::bins;
use crate::carried::Numbers;
use crate::closes;
use crate::dates;
use crate::error::{BooksError, During, Result};
use crate::facts::LinkKind;
use crate::lots;
use crate::payables;
use crate::state::{Amounts, Cost, Day, DayFlowKey, Flow, MEASURES, News, PlaceId, State, rows};
use crate::{serials, shift, value};

/// Whose facts they are, and where they are booked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Booking<'a> {
    pub(crate) store: &'a StoreId,
    /// The store's number.
    pub(crate) number: i64,
    /// The day, as a number.
    pub(crate) date: i64,
    pub(crate) epoch: u32,
    pub(crate) owner: Owner,
    /// Which of the facts are carried in the balances already. They take their part out of that.
    pub(crate) carried: &'a [Numbers],
    pub(crate) day: DayRows,
}

/// Whether the rows of a day are still to be moved by its facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DayRows {
    /// They are.
    Moved,
    /// They were kept when the day's book was dropped, and count all its facts.
    Kept,
}

/// Whether the facts' store is the node's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// It is: positions are kept at hand for posting and requests are looked up.
    Me,
    /// It is another one's.
    Other,
}

/// Adds facts to the read model. On [`BooksError::OutOfRange`] no row has changed.
pub(crate) fn project<'a>(
    state: &mut State,
    conn: &Connection,
    booking: Booking<'_>,
    facts: impl IntoIterator<Item = &'a Fact>,
) -> Result<()> {
    let mut sums = Sums::default();
    for fact in facts {
        sums.add(state, conn, booking, fact)?;
    }
    let rows = sums.rows(state, conn, booking)?;
    let here = PlaceId::on_hand(booking.number);
    let last_look = state.judged_on.map(dates::number);
    let news = match last_look.is_some_and(|day| booking.date < day) {
        true => News::Old,
        false => News::Fresh,
    };
    for ((place, sku, _), _) in &rows.balances {
        if *place == here {
            state.touched.add(booking.number, *sku);
            state.unjudged.add(booking.number, *sku, news);
        }
    }
    rows.set(state);
    index_requests(conn, &sums.requests)?;
    index_links(conn, booking.number, &sums.links)?;
    for said in &sums.payables {
        payables::insert(conn, &mut state.names, booking, said)?;
    }
    for said in &sums.values {
        value::insert(conn, booking, said)?;
    }
    for (id, said) in &sums.expiries {
        lots::index(state, conn, booking.number, *id, said)?;
    }
    for (id, placed) in &sums.placed {
        bins::index(state, conn, booking.number, *id, placed)?;
    }
    for (id, home) in &sums.homes {
        bins::index_home(state, conn, booking.number, *id, home)?;
    }
    for said in &sums.pieces {
        serials::index(state, conn, booking.number, said)?;
    }
    for (seen, by) in &sums.seen {
        alert::index(state, conn, booking.number, seen, by)?;
    }
    for said in &sums.shifts {
        shift::index(conn, booking.number, said)?;
    }
    index_deliveries(conn, &sums.deliveries)?;
    for (id, facts) in sums.closes {
        closes::insert(conn, (booking.number, booking.date), id, facts)?;
        if booking.owner == Owner::Me {
            state.closed_through = None;
        }
    }
    Ok(())
}

/// What the facts of one change add up to. The keys are numbers of our own making, so that nobody
/// can aim at a slow map.
#[derive(Default)]
struct Sums {
    legs: FxHashMap<(PlaceId, i64, i64), Leg>,
    costs: FxHashMap<i64, Cost>,
    /// By SKU and the number of the reason.
    parts: FxHashMap<(i64, i64), Part>,
    day: Day,
    requests: Vec<(String, FactId)>,
    links: Vec<(FactId, FactId, LinkKind)>,
    /// What concerns suppliers.
    payables: Vec<payables::Said>,
    /// What moves stored value.
    values: Vec<value::Said>,
    /// Deliveries of the node's own store, by supplier and the supplier's number.
    deliveries: Vec<(SupplierId, DeliveryNote, FactId)>,
    /// Closes of the day, each with the number of facts that it covers.
    closes: Vec<(FactId, u64)>,
    /// What opened and closed shifts.
    shifts: Vec<shift::Said>,
    /// Until when lots are good.
    expiries: Vec<(FactId, LotExpiry)>,
    /// What is named of bins.
    placed: Vec<(FactId, Placed)>,
    /// Where products belong.
    homes: Vec<(FactId, Home)>,
    /// What is said of single pieces.
    pieces: Vec<serials::Said>,
    /// Alerts that somebody has seen.
    seen: Vec<(Acknowledgement, alert::SeenBy)>,
}

/// What legs of movements add to one balance.
#[derive(Clone, Copy, Default)]
struct Leg {
    sum: Amounts,
    flow: Flow,
    /// The part of facts that the balance counts already.
    carried: Amounts,
}

/// Rows as they will be.
#[derive(Default)]
struct NewRows {
    balances: Vec<((PlaceId, i64, i64), Amounts)>,
    carried: Vec<((PlaceId, i64, i64), Amounts)>,
    flows: Vec<((PlaceId, i64, i64), Flow)>,
    day_flows: Vec<(DayFlowKey, Part)>,
    on_hand: Vec<(i64, Amounts)>,
    costs: Vec<((i64, i64), Cost)>,
    days: Vec<((i64, i64, u32), Day)>,
}

impl Sums {
    fn add(
        &mut self,
        state: &mut State,
        conn: &Connection,
        booking: Booking<'_>,
        fact: &Fact,
    ) -> Result<()> {
        let carried = booking.carried.iter().any(|(a, b)| (*a..=*b).contains(&fact.id.seq));
        for movement in &fact.movements {
            let sku = state.names.sku(conn, &movement.sku)?;
            let lot = state.names.lot(conn, movement.lot.as_ref())?;
            for (account, quantity, value) in movement.legs() {
                let place = state.names.place(conn, booking.number, account)?;
                let amounts =
                    Amounts { quantity: quantity.thousandths(), value: value.ten_thousandths() };
                // Goods on the way are in no store, so nobody could tell what they come to.
                let nothing = Amounts::default();
                let (sum, carried) = match carried && !place.is_transit() {
                    true => (nothing, amounts),
                    false => (amounts, nothing),
                };
                let leg = self.legs.entry((place, sku, lot)).or_default();
                *leg = leg
                    .plus(Leg { sum, flow: Flow::of(amounts), carried })
                    .ok_or_else(|| out_of_range(booking, movement.sku.as_str()))?;
            }
        }
        for (sku, cost) in inbound_cost(fact) {
            let sku = state.names.sku(conn, &sku)?;
            let (epoch, seq) = (fact.id.epoch.number(), fact.id.seq);
            let cost = Cost { cost: cost.ten_thousandths(), epoch, seq };
            let newest = self.costs.entry(sku).or_insert(cost);
            if newest.is_before(cost) {
                *newest = cost;
            }
        }
        for (sku, flow, part) in report::flows(fact) {
            let number = state.names.sku(conn, sku)?;
            let sum = self.parts.entry((number, flow.code())).or_default();
            *sum = sum.plus(part).ok_or_else(|| out_of_range(booking, sku.as_str()))?;
        }
        self.add_to_day(booking, fact)?;
        if booking.owner == Owner::Me
            && let Some(request) = &fact.request
        {
            self.requests.push((request.as_str().to_owned(), fact.id));
        }
        match &fact.body {
            Body::SaleReturn { source: Some(source), .. } => {
                self.links.push((*source, fact.id, LinkKind::Return));
            }
            Body::Purchase(Act::SentBack(sent)) => {
                self.links.push((sent.receipt, fact.id, LinkKind::Return));
            }
            Body::GoodsReceipt { delivery: Some(delivery), .. } if booking.owner == Owner::Me => {
                if let Some(note) = &delivery.note {
                    self.deliveries.push((delivery.supplier.clone(), note.clone(), fact.id));
                }
            }
            Body::Reversal { of, .. } => self.links.push((*of, fact.id, LinkKind::Reversal)),
            Body::DayClose(close) => self.closes.push((fact.id, close.figures().facts())),
            Body::AlertAck(seen) => self.seen.push((seen.clone(), alert::SeenBy::of(fact))),
            _ => {}
        }
        self.expiries.extend(lot::expiries(fact).map(|lot| (fact.id, lot)));
        self.placed.extend(placed(fact).into_iter().map(|placed| (fact.id, placed)));
        self.homes.extend(homes(fact).map(|(id, home)| (id, home.clone())));
        self.pieces.extend(serials::Said::all(fact));
        self.shifts.extend(shift::said(fact));
        self.payables.extend(payables::said(fact));
        self.values.extend(value::said(fact));
        Ok(())
    }

    fn add_to_day(&mut self, booking: Booking<'_>, fact: &Fact) -> Result<()> {
        self.day.facts += 1;
        self.day.last_at = self.day.last_at.max(fact.at.millis());
        for (measure, amount) in measures(fact) {
            let total = &mut self.day.measures[measure_index(measure)];
            *total =
                total.checked_add(amount).ok_or_else(|| out_of_range(booking, measure.name()))?;
        }
        Ok(())
    }

    /// The rows with the sums in them, each in range.
    fn rows(&self, state: &mut State, conn: &Connection, booking: Booking<'_>) -> Result<NewRows> {
        let mut rows = NewRows::default();
        // The first facts of a day find nothing to add to; asking for each row would tell the same.
        let known_day = rows::has_day(conn, booking.number, booking.date)?;
        // A day's flow and what is on hand go over all lots.
        let mut flows: FxHashMap<(PlaceId, i64), Leg> = FxHashMap::default();
        for (key, leg) in &self.legs {
            let old = state.balances.get_or(*key, || rows::balance(conn, *key))?;
            let new = old.plus(leg.sum).filter(|sum| sum.in_range());
            rows.balances.push((*key, new.ok_or_else(|| out_of_range(booking, "a balance"))?));
            if leg.carried != Amounts::default() {
                let old = state.carried.get_or(*key, || rows::awaited_balance(conn, *key))?;
                let new = old.minus(leg.carried);
                let new = new.ok_or_else(|| out_of_range(booking, "what is carried"))?;
                rows.carried.push((*key, new));
            }
            let flow = flows.entry((key.0, key.1)).or_default();
            *flow = flow.plus(*leg).ok_or_else(|| out_of_range(booking, "a day's balance"))?;
        }
        for ((place, sku), leg) in flows {
            let key = (place, booking.date, sku);
            // Goods on the way are moved by other stores' days too.
            let stored = known_day || place.is_transit();
            if booking.day == DayRows::Moved {
                let read = || if stored { rows::flow(conn, key) } else { Ok(Flow::default()) };
                let old = state.flows.get_or(key, read)?;
                let new = old.plus(leg.flow).filter(|flow| flow.in_range());
                let new = new.ok_or_else(|| out_of_range(booking, "a day's balance"))?;
                rows.flows.push((key, new));
            }
            if booking.owner == Owner::Me && place == PlaceId::on_hand(booking.number) {
                let old = on_hand(state, conn, booking.number, sku)?;
                let new = old.plus(leg.sum).filter(|sum| sum.in_range());
                rows.on_hand.push((sku, new.ok_or_else(|| out_of_range(booking, "stock"))?));
            }
        }
        for (sku, cost) in &self.costs {
            let key = (booking.number, *sku);
            let old = state.costs.get_or(key, || rows::cost(conn, key.0, key.1))?;
            if old.is_none_or(|old| old.is_before(*cost)) {
                rows.costs.push((key, *cost));
            }
        }
        if booking.day == DayRows::Kept {
            return Ok(rows);
        }
        for ((sku, flow), part) in &self.parts {
            let key = (booking.number, booking.date, *sku, *flow);
            let read = || if known_day { rows::day_flow(conn, key) } else { Ok(Part::default()) };
            let new = state.day_flows.get_or(key, read)?.plus(*part);
            rows.day_flows.push((key, new.ok_or_else(|| out_of_range(booking, "a day's flow"))?));
        }
        let key = (booking.number, booking.date, booking.epoch);
        let old = state.days.get_or(key, || rows::day(conn, key))?;
        let new = old.plus(self.day).ok_or_else(|| out_of_range(booking, "a day's total"))?;
        rows.days.push((key, new));
        Ok(rows)
    }
}

impl NewRows {
    fn set(self, state: &mut State) {
        for (key, row) in self.balances {
            state.balances.set(key, row);
        }
        for (key, row) in self.carried {
            state.carried.set(key, row);
        }
        for (key, row) in self.flows {
            state.flows.set(key, row);
        }
        for (key, row) in self.day_flows {
            state.day_flows.set(key, row);
        }
        for (key, row) in self.on_hand {
            state.on_hand.set(key, row);
        }
        for (key, row) in self.costs {
            state.costs.set(key, Some(row));
        }
        for (key, row) in self.days {
            state.days.set(key, row);
        }
    }
}

impl Leg {
    fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            sum: self.sum.plus(other.sum)?,
            flow: self.flow.plus(other.flow)?,
            carried: self.carried.plus(other.carried)?,
        })
    }
}

/// What the node's own store has on hand, over all lots.
pub(crate) fn on_hand(
    state: &mut State,
    conn: &Connection,
    store: i64,
    sku: i64,
) -> Result<Amounts> {
    // A balance on hand is only changed after its sum was loaded here, so what is not here has no
    // unwritten lots either.
    state.on_hand.get_or(sku, || rows::on_hand(conn, store, sku))
}

impl Amounts {
    fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            quantity: self.quantity.checked_add(other.quantity)?,
            value: self.value.checked_add(other.value)?,
        })
    }

    fn minus(self, other: Self) -> Option<Self> {
        Some(Self {
            quantity: self.quantity.checked_sub(other.quantity)?,
            value: self.value.checked_sub(other.value)?,
        })
    }

    fn in_range(self) -> bool {
        self.quantity.unsigned_abs() <= MAX_QUANTITY.unsigned_abs()
            && self.value.unsigned_abs() <= MAX_MONEY.unsigned_abs()
    }
}

impl Flow {
    /// A leg as a flow: goods decide the direction; value alone goes by its own sign.
    fn of(leg: Amounts) -> Self {
        if (leg.quantity, leg.value) < (0, 0) {
            let outward = Amounts { quantity: -leg.quantity, value: -leg.value };
            Self { inward: Amounts::default(), outward }
        } else {
            Self { inward: leg, outward: Amounts::default() }
        }
    }

    fn plus(self, other: Self) -> Option<Self> {
        let inward = self.inward.plus(other.inward)?;
        Some(Self { inward, outward: self.outward.plus(other.outward)? })
    }

    fn in_range(self) -> bool {
        self.inward.in_range() && self.outward.in_range()
    }
}

impl Day {
    fn plus(self, other: Self) -> Option<Self> {
        let mut measures = [0; MEASURES];
        for (at, sum) in measures.iter_mut().enumerate() {
            *sum = self.measures[at].checked_add(other.measures[at])?;
        }
        let facts = self.facts.checked_add(other.facts)?;
        Some(Self { facts, last_at: self.last_at.max(other.last_at), measures })
    }
}

impl Cost {
    /// Whether another cost is at least as new. Of two lines of one fact the later one counts, and
    /// they come in order.
    fn is_before(self, other: Self) -> bool {
        (self.epoch, self.seq) <= (other.epoch, other.seq)
    }
}

/// The place of a measure in a day's row.
pub(crate) fn measure_index(measure: Measure) -> usize {
    let place = Measure::ALL.iter().position(|known| *known == measure);
    place.expect("`Measure::ALL` names every measure")
}

pub(crate) fn index_requests(conn: &Connection, requests: &[(String, FactId)]) -> Result<()> {
    let index = || {
        for (request, id) in requests {
            // The first fact of a request is its answer, whatever comes later.
            conn.prepare_cached(
                "INSERT INTO request (id, epoch, seq) VALUES (?1, ?2, ?3) \
                 ON CONFLICT DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq \
                 WHERE (excluded.epoch, excluded.seq) < (epoch, seq)",
            )?
            .execute(params![request, id.epoch.number(), id.seq.cast_signed()])?;
        }
        Ok(())
    };
    index().during("index a request")
}

fn index_deliveries(
    conn: &Connection,
    deliveries: &[(SupplierId, DeliveryNote, FactId)],
) -> Result<()> {
    let index = || {
        for (supplier, note, id) in deliveries {
            // The first fact of a delivery is the one that stands, whatever comes later.
            conn.prepare_cached(
                "INSERT INTO delivery (supplier, note, epoch, seq) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq \
                 WHERE (excluded.epoch, excluded.seq) < (epoch, seq)",
            )?
            .execute(params![
                supplier.as_str(),
                note.as_str(),
                id.epoch.number(),
                id.seq.cast_signed()
            ])?;
        }
        Ok(())
    };
    index().during("index a delivery")
}

fn index_links(conn: &Connection, store: i64, links: &[(FactId, FactId, LinkKind)]) -> Result<()> {
    let index = || {
        for (source, id, kind) in links {
            conn.prepare_cached(
                "INSERT INTO fact_link (store, source_epoch, source_seq, epoch, seq, kind) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
            )?
            .execute(params![
                store,
                source.epoch.number(),
                source.seq.cast_signed(),
                id.epoch.number(),
                id.seq.cast_signed(),
                kind.name()
            ])?;
        }
        Ok(())
    };
    index().during("index a correction")
}

fn out_of_range(booking: Booking<'_>, what: &str) -> BooksError {
    BooksError::OutOfRange { subject: format!("{what} at {}", booking.store) }
}
