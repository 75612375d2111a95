//! Faults planted in a shop that has closed its day.

use super::super::example::{Shop, date, id, store};
use super::*;
use crate::close::{Standing, close};
use crate::id::BillNo;
use crate::json::to_text;
use crate::post::Header;
use crate::time::Timestamp;

fn witness() -> Witness {
    Witness { signature: Signature::Good, link: None }
}

/// The honest shop's first day as it closes it: fact 9, after the second day's.
fn closed(bend: impl FnOnce(&mut Figures)) -> Vec<Fact> {
    let mut facts = Shop::honest().facts;
    let day = || facts.iter().filter(|fact| fact.date == date(0));
    let (mut tally, mut stock) = (Tally::new(&store(), date(0)), ClosingStock::default());
    for fact in day() {
        tally.fact(fact, &to_text(fact));
        stock.fact(fact);
    }
    let link = ChainLink::genesis(&store(), id(1).epoch);
    let history = Standing { epoch: id(1).epoch, seq: 8, link };
    let mut figures = tally.finish(history, stock.summary());
    bend(&mut figures);
    let header = Header {
        id: id(9),
        store: store(),
        date: date(0),
        true_date: None,
        at: Timestamp::from_millis(0),
        bill: BillNo::new("S012-A-20261122-00009").unwrap(),
        request: None,
        operator: None,
    };
    let place = day().count();
    facts.insert(place, close(header, DayClose::new(figures)));
    facts
}

fn found_by(facts: &[Fact], witness: Witness) -> Vec<Finding> {
    let (mut checks, mut found) = (Closes::new(&store()), Vec::new());
    for day in facts.chunk_by(|a, b| a.date == b.date) {
        day.iter().for_each(|fact| checks.fact(fact, &to_text(fact)));
        checks.close_day(|_| witness, &mut found);
    }
    found
}

fn only(facts: &[Fact]) -> (Option<FactId>, Observed, Observed, Proposal) {
    let mut found = found_by(facts, witness());
    assert_eq!(found.len(), 1, "{found:?}");
    let Finding { check, date: day, first_divergent, evidence, proposal, .. } = found.remove(0);
    assert_eq!((check, day), (Check::SignedClose, Some(date(0))));
    (first_divergent, evidence.expected, evidence.found, proposal)
}

#[test]
fn an_honest_close_agrees() {
    assert_eq!(found_by(&closed(|_| {}), witness()), []);
    assert_eq!(found_by(&Shop::honest().facts, witness()), [], "a day that is open");
}

#[test]
fn a_fact_that_the_close_does_not_know_is_named() {
    let mut facts = closed(|_| {});
    let place = facts.iter().position(|fact| fact.date == date(1)).unwrap();
    let late = Fact { id: id(12), ..facts[1].clone() };
    facts.insert(place, late);
    let told = (Some(id(12)), Observed::Nothing, Observed::Fact(id(12)), Proposal::CloseAgain);
    assert_eq!(only(&facts), told);
}

#[test]
fn a_missing_fact_is_named_or_narrowed_down() {
    for (missing, named) in [(1, 1), (3, 3), (2, 1)] {
        let mut facts = closed(|_| {});
        facts.retain(|fact| fact.id != id(missing));
        let told = (Some(id(named)), Observed::Count(3), Observed::Count(2), Proposal::Reconnect);
        assert_eq!(only(&facts), told, "without fact {missing}");
    }
}

#[test]
fn another_fact_under_the_same_number_shows() {
    let mut facts = closed(|_| {});
    facts[2].operator = Some("nobody".parse().unwrap());
    let (first, _, _, proposal) = only(&facts);
    assert_eq!((first, proposal), (Some(id(1)), Proposal::ComparePaper));
}

#[test]
fn each_sum_that_the_facts_do_not_make_shows() {
    type Bend = fn(&mut Figures);
    let bends: [Bend; 5] = [
        |said| *said.totals.get_mut(&Measure::SalesNet).unwrap() += 1,
        |said| *said.kinds.get_mut("sale").unwrap() += 1,
        |said| said.accounts.get_mut("on_hand").unwrap().value += 1,
        |said| said.stock.total.quantity += 1,
        |said| said.stock.digest = ClosingStock::default().summary().digest,
    ];
    for (place, bend) in bends.into_iter().enumerate() {
        assert_eq!(only(&closed(bend)).0, Some(id(9)), "bend {place}: the close itself");
    }
}

#[test]
fn a_close_without_a_signature_shows() {
    let found = found_by(&closed(|_| {}), Witness { signature: Signature::Bad, ..witness() });
    let named: Vec<_> = found.iter().map(|f| (f.check, f.first_divergent)).collect();
    assert_eq!(named, [(Check::CloseSignature, Some(id(9)))]);
}

#[test]
fn another_history_before_the_close_shows() {
    let link = Some(ChainLink::of_day(&store(), date(0)));
    let found = found_by(&closed(|_| {}), Witness { link, ..witness() });
    let named: Vec<_> = found.iter().map(|f| (f.check, f.first_divergent)).collect();
    assert_eq!(named, [(Check::SignedClose, Some(id(8)))]);
}
