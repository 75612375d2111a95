//! Closed days: what a store signed is what the hub adds up, and nothing is booked to them any more.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ledger::chain::ChainLink;
use ledger::check::close::Witness;
use ledger::check::{Check, Finding, Limits, Observed, Proposal, StoreChecks, Terms};
use ledger::close::Standing;
use ledger::fact::Fact;
use ledger::fold::Balance;
use ledger::id::{Epoch, FactId, StoreId};
use ledger::time::{BusinessDate, Timestamp};

use crate::sim::close::{Days, is_close, newest, signed_by};
use crate::sim::ending::Ending;
use crate::sim::shop::{Heap, Sealed, Spot};

/// Every day of every store, as the hub's own check judges its close. Where histories parted, facts
/// can come back into a closed day or leave it; then the finding must say exactly that.
pub(super) fn agree_with_the_books(ending: &Ending) -> Result<(), String> {
    for (store, days) in &ending.hub().days {
        for (date, facts, found) in judged(ending, store, days) {
            let Some((close, _)) = newest(facts) else { continue };
            let found = found.iter().find(|finding| finding.check == Check::SignedClose);
            let key = (store.clone(), close.id, text_of(facts, close.id));
            let Some(sealed) = ending.shop.closes.get(&key) else { continue }; // said by another
            let now = evening(ending, store, days, date);
            let told = Parted::of(sealed, days, date).is_told_by(found, (sealed, now));
            told.map_err(|why| format!("{store} closed {date} by {}, and {why}", close.id))?;
        }
    }
    Ok(())
}

pub(super) fn are_signed(ending: &Ending) -> Result<(), String> {
    for (store, days) in &ending.hub().days {
        for (date, _, found) in judged(ending, store, days) {
            let unsigned = found.iter().find(|finding| finding.check == Check::CloseSignature);
            if let Some(fact) = unsigned.and_then(|finding| finding.first_divergent) {
                return Err(format!("{store} {fact}, which closes {date}, is not signed by it"));
            }
        }
    }
    Ok(())
}

/// What each close says against a recount of what the people there knew when they signed it.
pub(super) fn are_as_recounted(ending: &Ending) -> Result<(), String> {
    for (store, days) in &ending.hub().days {
        for (fact, text) in days.values().flatten() {
            let ledger::fact::Body::DayClose(close) = &fact.body else { continue };
            let key = (store.clone(), fact.id, text.clone());
            let Some(sealed) = ending.shop.closes.get(&key) else { continue }; // said by another
            let said = close.figures();
            let heap = |Balance { quantity, value }: Balance| Heap { quantity, value };
            let accounts: BTreeMap<String, Heap> =
                said.accounts.iter().map(|(name, sum)| (name.to_string(), heap(*sum))).collect();
            let counted = said.kinds.values().sum::<u64>();
            let facts = sealed.facts.get(&sealed.date).map_or(0, |facts| facts.len() as u64);
            let differs = (said.date, said.facts(), counted) != (sealed.date, facts, facts)
                || accounts != sealed.accounts
                || heap(said.stock.total) != sealed.on_hand;
            if differs {
                let id = fact.id;
                return Err(format!("{store} {id} says {said:?} of a day that was {sealed:?}"));
            }
        }
    }
    Ok(())
}

/// A closed day takes no new fact of the history that closed it, and what came late names its day.
pub(super) fn take_no_more(ending: &Ending) -> Result<(), String> {
    for (store, days) in &ending.hub().days {
        let mut chains: BTreeMap<FactId, (&Fact, &str)> = BTreeMap::new();
        for (fact, text) in days.values().flatten() {
            chains.insert(fact.id, (fact, text));
        }
        let mut closed: BTreeMap<Epoch, BusinessDate> = BTreeMap::new();
        for (id, (fact, text)) in chains {
            let last = closed.get(&id.epoch).copied();
            if is_close(fact) {
                closed.insert(id.epoch, last.map_or(fact.date, |last| last.max(fact.date)));
            } else if last.is_some_and(|last| fact.date <= last) {
                return Err(format!("{store} booked {id} to {}, which was closed", fact.date));
            }
            let key = (store.clone(), id, text.to_owned());
            let Some(deal) = ending.shop.deals.get(&key) else { continue }; // said by another
            if (fact.date, fact.happened_on()) != (deal.date, deal.happened) {
                let (date, day) = (fact.date, fact.happened_on());
                let (open, happened) = (deal.date, deal.happened);
                return Err(format!(
                    "{store} {id} is of {day} in the book of {date}: it happened on {happened} \
                     when {open} was open"
                ));
            }
        }
    }
    Ok(())
}

/// Whoever closes a day has closed all before it that had facts.
pub(super) fn leave_no_gap(ending: &Ending) -> Result<(), String> {
    for (store, days) in &ending.hub().days {
        let closed = |date: &BusinessDate| days.get(date).is_some_and(|day| newest(day).is_some());
        for (fact, text) in days.values().flatten().filter(|(fact, _)| is_close(fact)) {
            let key = (store.clone(), fact.id, text.clone());
            let Some(sealed) = ending.shop.closes.get(&key) else { continue }; // said by another
            // The close of a day before may have been in a history that was given up.
            let given_up = |date: &BusinessDate| {
                let mut closes = ending.shop.closes.iter();
                ending.may_part
                    && closes.any(|((of, id, _), sealed)| {
                        of == store && sealed.date == *date && id.epoch < fact.id.epoch
                    })
            };
            let open = |date: &&BusinessDate| !closed(date) && !given_up(date);
            let earlier = sealed.facts.range(..sealed.date).map(|(day, _)| day);
            if let Some(date) = { earlier }.find(open) {
                return Err(format!("{store} closed {} before {date}, by {}", fact.date, fact.id));
            }
        }
    }
    Ok(())
}

/// How the facts that the hub has of a day and of those before it differ from those that were there
/// when the day was closed.
#[derive(Debug, Default)]
struct Parted {
    /// Facts of the day that were not known then.
    back: Vec<FactId>,
    /// Facts of the day that were known then and are not in the books, or not with the same text.
    gone: Vec<FactId>,
    /// The same of days before it.
    before: Vec<FactId>,
}

/// What the hub has now.
#[derive(Debug, Clone, Copy)]
struct Evening {
    on_hand: Heap,
    may_part: bool,
}

impl Parted {
    fn of(sealed: &Sealed, days: &Days, date: BusinessDate) -> Self {
        let mut parted = Self::default();
        let nothing = (BTreeMap::new(), Vec::new());
        let dates: BTreeSet<BusinessDate> =
            days.range(..=date).map(|(day, _)| *day).chain(sealed.facts.keys().copied()).collect();
        for day in dates {
            let then = sealed.facts.get(&day).unwrap_or(&nothing.0);
            let facts = days.get(&day).unwrap_or(&nothing.1);
            let facts = facts.iter().filter(|(fact, _)| !is_close(fact));
            let now: BTreeMap<FactId, &String> =
                facts.map(|(fact, text)| (fact.id, text)).collect();
            let back = now.keys().filter(|id| !then.contains_key(id)).copied();
            let gone =
                then.iter().filter(|(id, text)| now.get(id) != Some(text)).map(|(id, _)| *id);
            if day == date {
                parted.back.extend(back);
                parted.gone.extend(gone);
            } else {
                parted.before.extend(back.chain(gone));
            }
        }
        parted
    }

    /// Whether the hub's own check says just this.
    fn is_told_by(
        &self,
        found: Option<&Finding>,
        (then, now): (&Sealed, Evening),
    ) -> Result<(), String> {
        let of_day = !self.back.is_empty() || !self.gone.is_empty();
        let differs = of_day || then.on_hand != now.on_hand;
        let Some(finding) = found else {
            return if differs { Err(format!("nobody says that {self:?}")) } else { Ok(()) };
        };
        let named = finding.first_divergent;
        let told = named.map(|fact| fact.to_string()).unwrap_or_default();
        let nothing_parted = !of_day && self.before.is_empty();
        if nothing_parted || !now.may_part {
            return Err(format!("the hub finds otherwise from {told} on: {finding:?}"));
        }
        let exact = match (self.back.first(), self.gone.is_empty(), of_day) {
            // Facts came back, and the first of them is named.
            (Some(first), true, _) => {
                named == Some(*first)
                    && finding.evidence.found == Observed::Fact(*first)
                    && finding.proposal == Proposal::CloseAgain
            }
            // The day is as it was, and the evening is another one by a fact of a day before.
            (None, true, false) => named.is_some_and(|fact| self.before.contains(&fact)),
            // The close covers a branch that was set aside; which of its facts stand the hub cannot
            // know, so that a part of the day is named.
            _ => named.is_some(),
        };
        if exact { Ok(()) } else { Err(format!("{self:?} is told as {finding:?}")) }
    }
}

/// What people meant to be on hand in the evening, given what the hub has.
fn evening(ending: &Ending, store: &StoreId, days: &Days, date: BusinessDate) -> Evening {
    let mut on_hand = Heap::default();
    for (fact, text) in days.range(..=date).flat_map(|(_, facts)| facts) {
        let key = (store.clone(), fact.id, text.clone());
        for goods in ending.shop.deals.get(&key).into_iter().flat_map(|deal| &deal.goods) {
            for (spot, quantity) in [(&goods.from, -goods.quantity), (&goods.to, goods.quantity)] {
                if matches!(spot, Spot::At(_, account) if account == "on_hand") {
                    on_hand.add(&goods.sku, quantity);
                }
            }
        }
    }
    Evening { on_hand, may_part: ending.may_part }
}

/// A day, its facts with their texts, and what the hub's own check finds in it.
type Judged<'a> = (BusinessDate, &'a [(Fact, String)], Vec<Finding>);

/// What the hub's own check finds in each day, the oldest first.
fn judged<'a>(ending: &Ending, store: &StoreId, days: &'a Days) -> Vec<Judged<'a>> {
    let mut checks = StoreChecks::new(store, terms());
    let mut judged = Vec::new();
    for (date, facts) in days {
        facts.iter().for_each(|(fact, _)| checks.fact(fact));
        checks.close_day(*date, &[], &facts.iter().map(|(fact, _)| fact));
        let texts = facts.iter().map(|(fact, text)| (fact, text.as_str()));
        checks.judge_close(texts, |close| Witness {
            signature: signed_by(store, close),
            link: link_at(ending, store, close.figures().history),
        });
        judged.push((*date, facts.as_slice(), checks.take_found()));
    }
    judged
}

/// Closes are judged by the facts alone, whatever the time and the prices.
fn terms() -> Terms {
    let now = Timestamp::from_millis(i64::MAX);
    Terms { now, limits: Limits::default(), prices: Arc::default() }
}

/// The link of a store's history at a place, drawn from the facts that the hub holds.
fn link_at(ending: &Ending, store: &StoreId, at: Standing) -> Option<ChainLink> {
    let mut link = ChainLink::genesis(store, at.epoch);
    for seq in 1..=at.seq {
        let id = FactId { epoch: at.epoch, seq };
        link = link.then(ending.hub().facts.get(&(store.clone(), id))?);
    }
    Some(link)
}

fn text_of(facts: &[(Fact, String)], id: FactId) -> String {
    facts.iter().find(|(fact, _)| fact.id == id).map(|(_, text)| text.clone()).unwrap_or_default()
}
