//! A store's machine is replaced: from an empty folder to the first sale, and until the whole history is
//! back, with three years of it at the hub.
//!
//! The history is made where it is needed, at the hub: sales are posted in memory, sealed day by day and
//! taken in there, which spares the lost machine's own commits.

use std::collections::BTreeMap;
use std::time::Instant;

use books::{Books, Config};
use examples::generator::{Action, Chain, Event, Store};
use ledger::command::Command;
use ledger::cost::{Position, inbound_cost};
use ledger::fact::Fact;
use ledger::id::{BillNo, Epoch, FactId, Sku};
use ledger::json;
use ledger::movement::Account;
use ledger::post::{Header, post};
use ledger::time::{BusinessDate, Timestamp};
use store_node::{About, Sell};
use sync_proto::replica::{Outcome, Replica};
use sync_proto::session::Event as Told;
use sync_proto::{Actor, Admission, Admitted, DocId, WireChange, Writer, day_book};

use crate::Outcome as Figures;
use crate::report::Report;
use crate::work;

const YEARS: usize = 3;
const SALES_PER_DAY: usize = 1_000;

/// Changes that the hub takes in as one transaction: some ten days.
const CHANGES_AT_ONCE: usize = 32;

pub(crate) fn run() -> Figures {
    let chain = work::chain(1, SALES_PER_DAY as u32)?;
    let store = &chain.stores()[0];
    let name = Writer::Store(store.id.clone());
    let dir = tempfile::tempdir()?;
    let config = Config { chain: work::chain_id(), me: Writer::Hub };
    let hub = Books::open(&dir.path().join("hub.db"), config)?;
    book_history(&hub, &chain, store, YEARS * 365)?;

    let started = Instant::now();
    let node = work::node(&dir.path().join("new"), store)?;
    let mut first_sale = None;
    let traffic = work::meet_telling(node.books(), &hub, &name, &mut |told| {
        if *told == Told::Ready {
            let sale = Sell { lines: vec!["rejoin@1.00".parse()?], ..Sell::default() };
            node.sell(About::default(), sale)?;
            first_sale = Some(started.elapsed());
        }
        Ok(())
    })?;
    let all = started.elapsed().as_secs_f64();
    let first_sale = first_sale.ok_or("the store was never ready to sell")?.as_secs_f64();

    let reader = node.books().reader()?;
    let held = reader.store(&store.id)?.map_or(0, |held| held.facts);
    let carried = reader.carried()?;
    if carried.awaited > 0 || carried.left_over > 0 {
        return Err(format!("the history is not whole: {carried:?}").into());
    }
    let work = format!(
        "{held} facts, {} MB between, both ends durable, no network between",
        traffic.bytes / 1_000_000
    );
    Ok(vec![
        Report::lower("rejoin", "s", first_sale).against("the aim", 10.0).work(work.clone()),
        Report::lower("rejoin.history", "s", all).against("the aim", 300.0).work(work),
    ])
}

/// Books a store's first days at the hub, as a machine that is lost had sent them.
fn book_history(hub: &Books, chain: &Chain, store: &Store, days: usize) -> work::Result<()> {
    let me = Writer::Store(store.id.clone());
    let actor = Actor::derive(&work::chain_id(), &me, Epoch::FIRST);
    let admission = Admission::new(work::chain_id(), Writer::Hub, me.clone());
    let mut clerk = Clerk { store, shelf: BTreeMap::new(), seq: 0 };
    let first = chain.scale().first_day;
    let mut waiting: Vec<Admitted> = Vec::new();
    for number in 0..days {
        let day = first.plus_days(i32::try_from(number)?);
        let facts = clerk.book(day, &chain.day(store, day))?;
        let doc = DocId::Book { store: store.id.clone(), date: day };
        let mut rest: Vec<(FactId, &str)> = facts.iter().map(|(id, text)| (*id, &**text)).collect();
        let mut tail = None;
        while !rest.is_empty() {
            let now: Vec<_> = rest.drain(..day_book::batch_len(&rest)).collect();
            let at = Timestamp::from_millis(0);
            let change = day_book::seal(&doc, actor, tail.as_ref(), &now, at)?;
            tail = Some(change.tail());
            let wire = WireChange { doc: doc.clone(), bytes: change.bytes };
            waiting.push(admission.admit(wire).map_err(|refused| refused.reason.to_string())?);
        }
        if waiting.len() >= CHANGES_AT_ONCE || number + 1 == days {
            let applied = hub.apply(&me, std::mem::take(&mut waiting))?;
            if applied.outcomes.iter().any(|outcome| *outcome != Outcome::Applied) {
                return Err("the hub does not take the history in".into());
            }
        }
    }
    Ok(())
}

/// Posts a store's sales and deliveries.
struct Clerk<'a> {
    store: &'a Store,
    shelf: BTreeMap<Sku, Position>,
    seq: u64,
}

impl Clerk<'_> {
    /// The texts of a day's facts.
    fn book(&mut self, day: BusinessDate, events: &[Event]) -> work::Result<Vec<(FactId, String)>> {
        let mut facts = Vec::with_capacity(events.len());
        for event in events {
            let command = match &event.action {
                Action::Sell { lines, payments } => {
                    Command::Sell { lines: lines.clone(), payments: payments.clone() }
                }
                Action::Receive { lines, supplier } => Command::Receive {
                    lines: lines.clone(),
                    supplier: Some((*supplier).into()),
                    lots: Vec::new(),
                },
                _ => continue,
            };
            self.seq += 1;
            let id = FactId { epoch: Epoch::FIRST, seq: self.seq };
            let bill = format!("{}-A-{}-{:05}", self.store.id, day.compact(), facts.len() + 1);
            let header = Header {
                id,
                store: self.store.id.clone(),
                date: day,
                true_date: None,
                at: event.at,
                bill: BillNo::new(&bill)?,
                request: Some(event.request.clone()),
                operator: Some(event.operator.clone()),
                shift: None,
                member: None,
            };
            let fact = post(header, command, &self.shelf)?.fact;
            self.move_goods(&fact)?;
            facts.push((id, json::to_text(&fact)));
        }
        Ok(facts)
    }

    fn move_goods(&mut self, fact: &Fact) -> work::Result<()> {
        for movement in &fact.movements {
            for (account, quantity, value) in movement.legs() {
                if *account == Account::OnHand {
                    let position = self.shelf.entry(movement.sku.clone()).or_default();
                    position.quantity = position.quantity.plus(quantity)?;
                    position.value = position.value.plus(value)?;
                }
            }
        }
        for (sku, cost) in inbound_cost(fact) {
            self.shelf.entry(sku).or_default().last_cost = Some(cost);
        }
        Ok(())
    }
}
