//! Faults planted in a shop that has closed its day.

use super::super::StoreChecks;
use super::super::example::{Shop, date, id, store, terms};
use super::*;
use crate::close::{ClosingStock, Standing, close};
use crate::id::BillNo;
use crate::json::to_text;
use crate::post::Header;
use crate::time::{BusinessDate, Timestamp};

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
    let place = day().count();
    facts.insert(place, closing(9, date(0), figures));
    facts
}

fn closing(number: u64, date: BusinessDate, figures: Figures) -> Fact {
    let header = Header {
        id: id(number),
        store: store(),
        date,
        true_date: None,
        at: Timestamp::from_millis(0),
        bill: BillNo::new(&format!("S012-A-{}-{number:05}", date.compact())).unwrap(),
        request: None,
        operator: None,
        shift: None,
        member: None,
    };
    close(header, DayClose::new(figures))
}

fn found_by(facts: &[Fact], witness: Witness) -> Vec<Finding> {
    let (mut stock, mut found) = (ClosingStock::default(), Vec::new());
    let mut closes = Closes::new(&store());
    for day in facts.chunk_by(|a, b| a.date == b.date) {
        day.iter().for_each(|fact| stock.fact(fact));
        let texts: Vec<_> = day.iter().map(|fact| (fact, to_text(fact))).collect();
        let texts = texts.iter().map(|(fact, text)| (*fact, text.as_str()));
        found.extend(closes.compare(texts, |_| stock.summary(), |_| witness));
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
fn the_evenings_after_a_fact_that_came_late_name_it() {
    for first_day_is_closed in [true, false] {
        let mut facts = if first_day_is_closed { closed(|_| {}) } else { Shop::honest().facts };
        let (mut tally, mut stock) = (Tally::new(&store(), date(1)), ClosingStock::default());
        for fact in facts.iter().filter(|fact| fact.date <= date(1)) {
            stock.fact(fact);
            if fact.date == date(1) {
                tally.fact(fact, &to_text(fact));
            }
        }
        let link = ChainLink::genesis(&store(), id(1).epoch);
        let history = Standing { epoch: id(1).epoch, seq: 9, link };
        let second = closing(10, date(1), tally.finish(history, stock.summary()));
        // The shop knew nothing of it when it closed the two days.
        let sale = facts.iter().find(|fact| fact.body.kind() == "sale").unwrap();
        let mut late = vec![Fact { id: id(12), date: date(0), ..sale.clone() }];
        if !first_day_is_closed {
            facts.retain(|fact| fact.date != date(0));
            late.insert(0, late[0].clone());
            late[0].id = id(11);
        }
        let place = facts.iter().position(|fact| fact.date == date(1)).unwrap();
        facts.splice(place..place, late.clone());
        facts.push(second);
        facts.sort_by_key(|fact| fact.date);
        let found = found_by(&facts, witness());
        let evening = found.last().unwrap();
        assert_eq!(evening.date, Some(date(1)), "{found:?}");
        let told = (evening.first_divergent, evening.proposal);
        assert_eq!(told, (Some(late[0].id), Proposal::CloseAgain), "{found:?}");
        assert_eq!(found.len(), 1 + usize::from(first_day_is_closed), "{found:?}");
    }
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

#[test]
fn the_stock_of_each_evening_follows_the_facts() {
    let shop = Shop::honest();
    let (mut tallied, mut stock) = (Vec::new(), ClosingStock::default());
    for day in shop.facts.chunk_by(|a, b| a.date == b.date) {
        let mut tally = Tally::new(&store(), day[0].date);
        for fact in day {
            tally.fact(fact, &to_text(fact));
            stock.fact(fact);
        }
        let link = ChainLink::genesis(&store(), id(1).epoch);
        let history = Standing { epoch: id(1).epoch, seq: 6, link };
        tallied.push(tally.finish(history, stock.summary()));
    }
    for bent in [None, Some(0), Some(1)] {
        let (kept, mut found) = (shop.kept(), Vec::new());
        let mut checks = StoreChecks::new(&store(), terms());
        for (number, day) in shop.facts.chunk_by(|a, b| a.date == b.date).enumerate() {
            let mut figures = tallied[number].clone();
            if bent == Some(number) {
                figures.stock.digest = ClosingStock::default().summary().digest;
            }
            let close = Fact {
                id: id(7 + number as u64),
                movements: vec![],
                body: Body::DayClose(Box::new(DayClose::new(figures))),
                ..day[0].clone()
            };
            let facts: Vec<_> = day.iter().chain([&close]).map(|f| (f, to_text(f))).collect();
            facts.iter().for_each(|(fact, _)| checks.fact(fact));
            let date = day[0].date;
            checks.close_day(date, &[kept[&date].clone()], &facts.iter().map(|(fact, _)| *fact));
            checks.judge_close(facts.iter().map(|(f, text)| (*f, text.as_str())), |_| witness());
            let told = checks.take_found();
            found.extend(told.into_iter().filter(|found| found.check == Check::SignedClose));
        }
        let days: Vec<_> = found.iter().map(|finding| finding.date).collect();
        assert_eq!(days, bent.map(|day| Some(date(day as i32))).as_slice());
    }
}
