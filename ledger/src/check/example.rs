//! A shop whose books are right, for tests to plant faults in.

use std::collections::BTreeMap;

use super::prices::PriceHistory;
use super::{Finding, KeptFlow, Limits, StoreChecks, Terms};
use crate::amount::TaxRate;
use crate::command::{Command, InboundLine, ReturnSource, ReversalTarget, Reversed, SaleLine};
use crate::cost::{Position, inbound_cost};
use crate::fact::{Fact, Priced, ReturnTerms};
use crate::fold::Balance;
use crate::id::{BillNo, Epoch, FactId, Sku, StoreId};
use crate::movement::Account;
use crate::post::{Header, post};
use crate::time::{BusinessDate, Timestamp};

/// 2026-11-22 10:00 UTC.
pub(super) const MORNING: i64 = 1_795_341_600_000;

pub(super) const MINUTE: i64 = 60_000;

pub(super) const DAY: i64 = 24 * 60 * MINUTE;

pub(super) fn store() -> StoreId {
    StoreId::new("S012").unwrap()
}

pub(super) fn cola() -> Sku {
    Sku::new("cola").unwrap()
}

pub(super) fn date(day: i32) -> BusinessDate {
    "2026-11-22".parse::<BusinessDate>().unwrap().plus_days(day)
}

pub(super) fn id(seq: u64) -> FactId {
    FactId { epoch: Epoch::FIRST, seq }
}

pub(super) fn stock(quantity: i128, value: i128) -> Balance {
    Balance { quantity, value }
}

/// Facts, posted as a node posts them, and the stock that they add up to.
#[derive(Default)]
pub(super) struct Shop {
    pub(super) facts: Vec<Fact>,
    stock: BTreeMap<Sku, Position>,
    bills: BTreeMap<BusinessDate, u64>,
}

impl Shop {
    /// Two days: ten colas in, sales, a return of one, a reversal.
    pub(super) fn honest() -> Self {
        let mut shop = Self::default();
        shop.receive(0, "10");
        shop.sell(0, "2");
        shop.sell(0, "3");
        shop.give_back(1, 2);
        shop.reverse(1, 3);
        shop.sell(1, "1");
        shop
    }

    pub(super) fn receive(&mut self, day: i32, quantity: &str) {
        let quantity = quantity.parse().unwrap();
        let cost = "20".parse().unwrap();
        let lines = vec![InboundLine { sku: cola(), lot: None, quantity, cost }];
        self.post(day, Command::Receive { lines, supplier: None, lots: Vec::new() });
    }

    pub(super) fn sell(&mut self, day: i32, quantity: &str) {
        let lines = vec![line(quantity)];
        self.post(day, Command::Sell { lines, payments: vec![] });
    }

    fn give_back(&mut self, day: i32, sale: usize) {
        let sale = self.facts[sale - 1].clone();
        let source = ReturnSource { sale, reversed: Reversed::No, returns: vec![] };
        let (lines, source) = (vec![line("1")], Some(Box::new(source)));
        self.post(
            day,
            Command::Return { lines, payments: vec![], source, terms: ReturnTerms::default() },
        );
    }

    pub(super) fn reverse(&mut self, day: i32, of: usize) {
        let fact = self.facts[of - 1].clone();
        let target = Box::new(ReversalTarget { fact, reversed: Reversed::No, returns: 0 });
        self.post(day, Command::Reverse { target, reason: "记错".into() });
    }

    pub(super) fn post(&mut self, day: i32, command: Command) {
        self.post_in(None, day, command);
    }

    /// The same, in a shift.
    pub(super) fn post_in(&mut self, shift: Option<FactId>, day: i32, command: Command) {
        let (seq, date) = (self.facts.len() as u64 + 1, date(day));
        let bill = self.bills.entry(date).or_default();
        *bill += 1;
        let header = Header {
            id: id(seq),
            store: store(),
            date,
            true_date: None,
            at: Timestamp::from_millis(
                MORNING + i64::from(day) * DAY + i64::try_from(seq).unwrap() * MINUTE,
            ),
            bill: BillNo::new(&format!("S012-A-{}-{bill:05}", date.compact())).unwrap(),
            request: None,
            operator: None,
            shift,
            member: None,
        };
        let fact = post(header, command, &self.stock).unwrap().fact;
        for (quantity, value) in on_hand(&fact) {
            let position = self.stock.entry(cola()).or_default();
            position.quantity = position.quantity.plus(quantity).unwrap();
            position.value = position.value.plus(value).unwrap();
        }
        for (sku, cost) in inbound_cost(&fact) {
            self.stock.entry(sku).or_default().last_cost = Some(cost);
        }
        self.facts.push(fact);
    }

    /// What the books keep of these facts, by day.
    pub(super) fn kept(&self) -> BTreeMap<BusinessDate, KeptFlow> {
        let mut kept = BTreeMap::new();
        for fact in &self.facts {
            let flow = kept.entry(fact.date).or_insert_with(|| KeptFlow {
                sku: cola(),
                inward: Balance::default(),
                outward: Balance::default(),
            });
            for (quantity, value) in on_hand(fact) {
                let (quantity, value) = (quantity.thousandths(), value.ten_thousandths());
                let out = (quantity, value) < (0, 0);
                let side = if out { &mut flow.outward } else { &mut flow.inward };
                side.quantity += i128::from(quantity.abs());
                side.value += i128::from(if out { -value } else { value });
            }
        }
        kept
    }
}

pub(super) fn line(quantity: &str) -> SaleLine {
    SaleLine {
        sku: cola(),
        quantity: quantity.parse().unwrap(),
        list_price: "3.50".parse().unwrap(),
        discount: "0.50".parse().unwrap(),
        tax_rate: TaxRate::ZERO,
        priced: Priced::default(),
    }
}

fn on_hand(fact: &Fact) -> impl Iterator<Item = (crate::amount::Quantity, crate::amount::Money)> {
    let legs = fact.movements.iter().flat_map(|movement| {
        movement.legs().map(|(account, quantity, value)| (account.clone(), quantity, value))
    });
    legs.filter(|(account, ..)| *account == Account::OnHand)
        .map(|(_, quantity, value)| (quantity, value))
}

/// What all checks of a store say of facts whose read model is right.
pub(super) fn check(facts: &[Fact]) -> Vec<Finding> {
    let shop = Shop { facts: facts.to_vec(), ..Shop::default() };
    let kept = shop.kept();
    check_kept(facts, &kept, |end| end)
}

/// What all checks say of facts beside these kept numbers; `end` bends what is on hand.
pub(super) fn check_kept(
    facts: &[Fact],
    kept: &BTreeMap<BusinessDate, KeptFlow>,
    end: impl Fn(Balance) -> Balance,
) -> Vec<Finding> {
    check_by(facts, kept, end, &PriceHistory::default())
}

/// By which the shop is judged.
pub(super) fn terms() -> Terms {
    let (now, limits) = (Timestamp::from_millis(MORNING + 9 * DAY), Limits::default());
    Terms { now, limits, prices: PriceHistory::default().into() }
}

/// As [`check_kept`], with what things cost when.
pub(super) fn check_by(
    facts: &[Fact],
    kept: &BTreeMap<BusinessDate, KeptFlow>,
    end: impl Fn(Balance) -> Balance,
    prices: &PriceHistory,
) -> Vec<Finding> {
    let mut checks = StoreChecks::new(&store(), Terms { prices: prices.clone().into(), ..terms() });
    let mut on_hand = Balance::default();
    let mut days: Vec<_> = facts.iter().map(|fact| fact.date).chain(kept.keys().copied()).collect();
    days.sort_unstable();
    days.dedup();
    for date in days {
        let today = facts.iter().filter(|fact| fact.date == date);
        today.clone().for_each(|fact| checks.fact(fact));
        let flows: Vec<_> = kept.get(&date).cloned().into_iter().collect();
        for flow in &flows {
            on_hand.quantity += flow.inward.quantity - flow.outward.quantity;
            on_hand.value += flow.inward.value - flow.outward.value;
        }
        checks.close_day(date, &flows, &today);
    }
    let now = end(on_hand);
    checks.finish((!facts.is_empty()).then(|| (cola(), now)))
}
