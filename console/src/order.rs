//! What orders of every kind show alike: who did what, what is missing and what looks wrong.

use ledger::id::Operator;
use ledger::order::{Entry, Event, OrderStep};
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Column, Grid, Lang, Page, format, words};

/// Something that is missing before an order is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitView {
    /// Its name for programs: of a transfer `request`, `approval`, `shipment`, `ship_fact`, `receipt`; of
    /// a purchase `order`, `submission`, `approval`, `sending`, `receipt`.
    pub kind: String,
    /// What it is, for people.
    pub what: String,
    /// Who is to act: a store, or `hub` for head office; none while that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
}

/// Every step that can be read, the earliest first; clocks that disagree are not set right.
pub(crate) fn timeline<S: OrderStep>(entries: &[Entry<S>]) -> Vec<&Event<S>> {
    let events = entries.iter().filter_map(|entry| match entry {
        Entry::Said(event) => Some(event),
        Entry::Unread(_) => None,
    });
    let mut events: Vec<&Event<S>> = events.collect();
    events.sort_by_key(|event| (event.at, &event.by, event.step.name()));
    events
}

/// A row of the table of what was done.
pub(crate) struct StepRow<'a> {
    pub(crate) at: Timestamp,
    pub(crate) by: &'a str,
    pub(crate) operator: Option<&'a Operator>,
    /// The step in words.
    pub(crate) step: String,
    /// The fact behind it, where the table shows facts.
    pub(crate) fact: Option<&'a str>,
    /// Its goods in words.
    pub(crate) goods: String,
    /// What else there is to say.
    pub(crate) note: String,
}

/// Whether a table of steps has a column for the facts behind them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Facts {
    Shown,
    Hidden,
}

/// Shows who did what. `clock` puts an instant in words.
pub(crate) fn print_steps<'a>(
    page: &mut Page,
    clock: &dyn Fn(Timestamp) -> String,
    facts: Facts,
    steps: impl IntoIterator<Item = StepRow<'a>>,
) {
    let lang = page.lang();
    let fact_column = (facts == Facts::Shown).then(|| Column::text(lang.say(words::BuyFact)));
    let columns = [
        Column::text(lang.say(words::Time)),
        Column::text(lang.say(words::TransferParty)),
        Column::text(lang.say(words::Operator)),
        Column::text(lang.say(words::TransferStep)),
    ];
    let ends = [
        Column::flexible(lang.say(words::TransferGoods)),
        Column::flexible(lang.say(words::TransferNote)),
    ];
    let columns = columns.into_iter().chain(fact_column).chain(ends);
    let mut grid = Grid::new(columns.collect());
    for StepRow { at, by, operator, step, fact, goods, note } in steps {
        let who = operator.map(ToString::to_string).unwrap_or_default();
        let fact = (facts == Facts::Shown).then(|| fact.unwrap_or_default().to_owned());
        let cells = [clock(at), party(lang, by), who, step];
        grid.row(cells.into_iter().chain(fact).chain([goods, note]));
    }
    page.grid(&grid);
}

/// Shows what an order waits for and what looks wrong, or that it is over.
pub(crate) fn print_ending(page: &mut Page, waits_for: &[WaitView], anomalies: &[String]) {
    let lang = page.lang();
    for WaitView { what, who, .. } in waits_for {
        page.line(match who {
            Some(who) => lang.say(words::TransferWaitsOf { who: party(lang, who), what }),
            None => lang.say(words::TransferWaits { what }),
        });
    }
    for what in anomalies {
        page.say(words::TransferAnomaly { what });
    }
    if waits_for.is_empty() && anomalies.is_empty() {
        page.say(words::TransferOver);
    }
}

/// Who is to act first, and on what, in two cells of a list.
pub(crate) fn turn(lang: Lang, waits_for: &[WaitView]) -> [String; 2] {
    let first = waits_for.first();
    let who = first.and_then(|wait| wait.who.as_deref());
    [
        who.map(|who| party(lang, who)).unwrap_or_default(),
        first.map(|wait| wait.what.clone()).unwrap_or_default(),
    ]
}

/// A party by its name: a store, or head office.
pub(crate) fn party(lang: Lang, name: &str) -> String {
    if name == "hub" { lang.say(words::TransferHeadOffice) } else { name.to_owned() }
}

/// A step by its name, with its number: `ship/2`. `word` puts what it does in words.
pub(crate) fn step(name: &str, word: impl Fn(&str) -> Option<String>) -> String {
    let (action, number) = name.split_once('/').unwrap_or((name, ""));
    let said = word(action).unwrap_or_else(|| action.to_owned());
    if number.is_empty() { said } else { format!("{said} {number}") }
}

/// A quantity as people read it.
pub(crate) fn shown(quantity: &str) -> String {
    quantity.parse().map_or_else(|_| quantity.to_owned(), format::quantity)
}
