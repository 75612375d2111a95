//! A store's day: its sales, and around them what comes back, arrives and is thrown away.

use ledger::amount::Money;
use ledger::command::{SaleLine, Tender};
use ledger::id::{Operator, RequestId};
use ledger::time::{BusinessDate, Timestamp};

use super::basket::{fill, line_total};
use super::dice::Dice;
use super::payment::tender;
use super::rhythm;
use super::stores::Store;
use super::{Action, Chain, Event, goods, returns};

/// The chain's clock: China has one zone, eight hours ahead of UTC.
const UTC_OFFSET_SECONDS: i64 = 8 * 3_600;

/// People at a till of a store.
const OPERATORS: u64 = 3;

/// A store on a day, and chance for whatever happens there.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) chain: &'a Chain,
    pub(super) store: &'a Store,
    pub(super) date: BusinessDate,
}

impl Scene<'_> {
    /// Chance for one purpose, which has nothing to do with the others.
    pub(super) fn dice(&self, purpose: &str) -> Dice {
        self.store.dice(self.chain.scale().seed, purpose, self.date)
    }

    /// The day before, if the books were open.
    pub(super) fn yesterday(&self) -> Option<Self> {
        let date = self.date.plus_days(-1);
        (date >= self.chain.scale().first_day).then_some(Self { date, ..*self })
    }

    /// The name of the `number`th event of a kind.
    pub(super) fn request(&self, kind: &str, number: usize) -> RequestId {
        let text = format!("{}-{}-{kind}-{number:05}", self.store.id, self.date.compact());
        RequestId::new(&text).expect("a store id, a date and a short word are within bounds")
    }

    fn at(&self, second: u64) -> Timestamp {
        let days = rhythm::day_number(self.date);
        let second = days * 86_400 + i64::try_from(second).unwrap_or(0) - UTC_OFFSET_SECONDS;
        Timestamp::from_millis(second * 1_000)
    }
}

/// A sale before it is an event.
pub(super) struct Sale {
    pub(super) request: RequestId,
    /// When, in seconds of the day.
    pub(super) second: u64,
    pub(super) lines: Vec<SaleLine>,
    pub(super) payments: Vec<Tender>,
}

/// An event before it has its person.
pub(super) struct Draft {
    pub(super) request: RequestId,
    /// When, in seconds of the day.
    pub(super) second: u64,
    pub(super) action: Action,
}

/// What happens at a store on a day, in the order of time.
pub(super) fn events(scene: Scene<'_>) -> Vec<Event> {
    let today = sales(scene);
    let mut drafts = returns::of_today(scene, &today);
    if let Some(before) = scene.yesterday() {
        let yesterday = sales(before);
        drafts.extend(returns::of_yesterday(scene, before, &yesterday));
        drafts.extend(goods::deliveries(scene, &yesterday));
    }
    drafts.extend(returns::without_receipt(scene));
    drafts.extend(goods::count(scene));
    drafts.extend(goods::scrap(scene, &today));
    drafts.extend(today.into_iter().map(|sale| {
        let Sale { request, second, lines, payments } = sale;
        Draft { request, second, action: Action::Sell { lines, payments } }
    }));
    drafts.sort_by(|a, b| (a.second, &a.request).cmp(&(b.second, &b.request)));

    let mut dice = scene.dice("operators");
    let event = |Draft { request, second, action }| {
        let operator = format!("{}-{}", scene.store.id, dice.between(1, OPERATORS));
        let operator = Operator::new(&operator).expect("a store id and a digit are within bounds");
        Event { request, at: scene.at(second), operator, action }
    };
    drafts.into_iter().map(event).collect()
}

/// The sales of a day, in the order of time. They depend on nothing else, so that the day after
/// can make them again to see what comes back and what must be delivered.
fn sales(scene: Scene<'_>) -> Vec<Sale> {
    let Scene { chain, store, date } = scene;
    let mut dice = scene.dice("sales");
    let customers = rhythm::customers(&mut dice, chain.scale().sales_per_day, store, date);
    let mut seconds: Vec<u64> =
        (0..customers).map(|_| rhythm::second(&mut dice, store.neighbourhood, date)).collect();
    seconds.sort_unstable();
    let sale = |(number, second): (usize, u64)| {
        let at = (store.neighbourhood, second / 3_600);
        let lines = fill(&mut dice, &chain.demand, chain.items(), at);
        let payments = tender(&mut dice, total(&lines));
        Sale { request: scene.request("sale", number), second, lines, payments }
    };
    (1..).zip(seconds).map(sale).collect()
}

fn total(lines: &[SaleLine]) -> Money {
    Money::sum(lines.iter().map(line_total)).expect("a basket is far below the limit")
}
