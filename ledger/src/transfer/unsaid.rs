//! What a store still has to say, so that its entries tell what its books hold.
//!
//! A fact and what is told of it are written together. A store that goes back to a backup, or that
//! was cloned, can lose one and keep the other: its facts and its entries part from the hub's at
//! different places. When its books are settled, it says what is missing and takes back what has no
//! fact any more; both by adding entries, like everything that is said.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use super::event::{Entry, Event, Party, Step};
use crate::fact::Fact;
use crate::id::StoreId;

/// What the store has to add to a transfer's entries, given all its own facts of that transfer;
/// nothing where they agree. Saying it twice does no harm.
pub fn unsaid<'a>(
    store: &StoreId,
    facts: impl IntoIterator<Item = &'a Fact>,
    entries: &[Entry],
) -> Vec<Step> {
    let me = Party::Store(store.clone());
    let own = |entry: &'_ Entry| match entry {
        Entry::Said(Event { by, step, .. }) if *by == me => Some(step.clone()),
        _ => None,
    };
    let mut said: Vec<Step> = entries.iter().filter_map(own).collect();
    let withdrawn: BTreeSet<Step> = said.iter().filter_map(Step::withdrawn).cloned().collect();
    let told: Vec<Step> = said
        .iter()
        .filter(|step| step.fact().is_some() && !withdrawn.contains(step))
        .cloned()
        .collect();
    let booked: Vec<Step> = facts.into_iter().filter_map(Step::of_fact).collect();
    let mut missing = Vec::new();
    let mut say = |step: Step, said: &mut Vec<Step>| {
        let step = step.under_a_free_name(said);
        said.push(step.clone());
        missing.push(step);
    };
    for step in &booked {
        if !told.iter().any(|told| told.tells_the_same(step)) {
            say(step.clone(), &mut said);
        }
    }
    for step in told.into_iter().collect::<BTreeSet<_>>() {
        if !booked.iter().any(|booked| booked.tells_the_same(&step)) {
            say(Step::Withdraw { withdrawal: NonZeroU32::MIN, of: Box::new(step) }, &mut said);
        }
    }
    missing
}

impl Step {
    /// Whether both tell the same of the same fact, under whatever number.
    pub(super) fn tells_the_same(&self, other: &Self) -> bool {
        self.numbered(NonZeroU32::MIN) == other.numbered(NonZeroU32::MIN)
    }

    /// What it takes back.
    pub(crate) fn withdrawn(&self) -> Option<&Self> {
        match self {
            Self::Withdraw { of, .. } => Some(of),
            _ => None,
        }
    }

    /// The step under its own number if that is free, else under the next one that is.
    fn under_a_free_name(self, said: &[Self]) -> Self {
        let taken: BTreeSet<_> = said.iter().map(Self::name).collect();
        let mut step = self;
        let mut number = NonZeroU32::MIN;
        while taken.contains(&step.name()) {
            step = step.numbered(number);
            number = number.saturating_add(1);
        }
        step
    }

    fn numbered(&self, number: NonZeroU32) -> Self {
        let mut step = self.clone();
        match &mut step {
            Self::Ship { shipment: own, .. }
            | Self::Receive { part: own, .. }
            | Self::Settle { settlement: own, .. }
            | Self::Withdraw { withdrawal: own, .. } => *own = number,
            Self::Request { .. } | Self::Approve { .. } | Self::Reject { .. } => {}
            Self::Cancel { .. } => {}
        }
        step
    }
}

#[cfg(test)]
mod tests {
    use super::super::event::{Goods, Route};
    use super::super::{Act, Booked, Stage, Wanted, status};
    use super::*;
    use crate::amount::{Money, Quantity};
    use crate::fact::Body;
    use crate::id::{Epoch, FactId, Sku, TransferId};
    use crate::movement::{Account, Movement};
    use crate::time::Timestamp;

    fn sku() -> Sku {
        "X".parse().unwrap()
    }

    fn at() -> Timestamp {
        Timestamp::from_millis(1)
    }

    /// A shipment of so many units, as the source books it.
    fn shipped(seq: u64, units: i64) -> Fact {
        let transfer: TransferId = "T-1".parse().unwrap();
        let to = Account::InTransit(transfer.clone());
        let quantity = Quantity::units(units).unwrap();
        let (from, value) = (Account::OnHand, Money::from_ten_thousandths(units).unwrap());
        let route = Route::new("A".parse().unwrap(), "B".parse().unwrap()).unwrap();
        let act = Act::Ship { shipment: NonZeroU32::MIN };
        Fact {
            id: FactId { epoch: Epoch::FIRST, seq },
            store: "A".parse().unwrap(),
            date: "2026-11-22".parse().unwrap(),
            true_date: None,
            at: at(),
            bill: "A-1".parse().unwrap(),
            request: None,
            operator: None,
            shift: None,
            member: None,
            body: Body::Transfer(Booked { transfer, route, act }),
            movements: vec![Movement { from, to, sku: sku(), lot: None, quantity, value }],
        }
    }

    fn said(by: Party, step: Step) -> Entry {
        Entry::Said(Event { by, at: at(), operator: None, step })
    }

    fn asked() -> Vec<Entry> {
        let route = Route::new("A".parse().unwrap(), "B".parse().unwrap()).unwrap();
        let lines = vec![Wanted { sku: sku(), quantity: Quantity::units(10).unwrap() }];
        let request = Step::Request { route, lines, remark: None };
        let approve = Step::Approve { lines: Vec::new(), rule: None, remark: None };
        vec![said(Party::Store("B".parse().unwrap()), request), said(Party::HeadOffice, approve)]
    }

    /// Has the source say what is unsaid, and gives what it said.
    fn set_right(facts: &[Fact], entries: &mut Vec<Entry>) -> Vec<String> {
        let store = "A".parse().unwrap();
        let steps = unsaid(&store, facts, entries);
        let names = steps.iter().map(|step| step.name().to_string()).collect();
        entries.extend(steps.into_iter().map(|step| said(Party::Store(store.clone()), step)));
        assert_eq!(unsaid(&store, facts, entries), [], "nothing is left to say");
        names
    }

    fn shipped_units(entries: &[Entry]) -> i128 {
        status(entries).lines[&sku()].shipped.quantity / 1_000
    }

    #[test]
    fn entries_follow_the_books_of_the_history_that_stands() {
        let (stands, parted) = (shipped(43, 4), shipped(43, 7));
        let mut entries = asked();
        let told = Step::of_fact(&parted).unwrap();
        entries.push(said(Party::Store("A".parse().unwrap()), told));
        assert_eq!(shipped_units(&entries), 7);
        let facts = std::slice::from_ref(&stands);
        assert_eq!(set_right(facts, &mut entries), ["ship/2", "withdraw/1"]);
        assert_eq!(shipped_units(&entries), 4);
        // A person books the other one again: the fact is told of when it is booked.
        let both = [stands, shipped(50, 7)];
        assert_eq!(set_right(&both, &mut entries), ["ship/3"]);
        assert_eq!(shipped_units(&entries), 11);
        assert_eq!(set_right(&[], &mut entries), ["withdraw/2", "withdraw/3"]);
        assert_eq!(status(&entries).stage, Stage::Approved);
    }

    #[test]
    fn what_is_told_under_another_number_is_told() {
        let fact = shipped(43, 4);
        let mut entries = asked();
        let goods = vec![Goods {
            sku: sku(),
            quantity: Quantity::units(4).unwrap(),
            value: Money::from_ten_thousandths(4).unwrap(),
        }];
        let shipment = NonZeroU32::MIN.saturating_add(8);
        let step = Step::Ship { shipment, fact: fact.id, goods };
        entries.push(said(Party::Store("A".parse().unwrap()), step));
        assert_eq!(set_right(&[fact], &mut entries), [] as [String; 0]);
    }
}
