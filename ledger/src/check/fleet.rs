//! The stores as head office knows them: each is heard from, tells the right time, has one history,
//! and holds what the hub holds.
//!
//! *Fails on*: a store that has not been heard from for longer than it may; a machine whose clock is
//! off when it connects; an epoch of which two versions were seen, one of them set aside; a change
//! that one side refused, so that the two no longer hold the same.

use super::limits::{DAY_MS, Limits};
use super::{Check, Evidence, Finding, Observed, Proposal};
use crate::id::{FactId, StoreId};
use crate::time::Timestamp;

/// What head office knows of a store beside its facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Which.
    pub store: StoreId,
    /// When it was last heard from, or became able to be; none for a store that nobody waits for.
    pub heard: Option<Timestamp>,
    /// By how many milliseconds its clock is ahead of the hub's, if it is connected and that is known.
    pub clock_ahead_ms: Option<i64>,
    /// The ends of histories that have forked: the last fact that was taken in, and what was found.
    pub forks: Vec<(FactId, Box<str>)>,
    /// Documents of which one side refused a change of the other's, and why.
    pub refused: Vec<(Box<str>, Box<str>)>,
}

/// What is wrong with a store at this moment.
pub fn check(contact: &Contact, now: Timestamp, limits: Limits) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut tell = |check, expected, seen, proposal| {
        let evidence = Evidence::new(expected, seen);
        found.push(Finding::of_store(check, &contact.store, evidence, proposal));
    };
    if let Some(heard) = contact.heard {
        let days = now.millis().saturating_sub(heard.millis()) / DAY_MS;
        if days > i64::from(limits.silent_days) {
            let allowed = Observed::Days(limits.silent_days.into());
            tell(Check::StoreSilent, allowed, Observed::Days(days), Proposal::Reconnect);
        }
    }
    if let Some(ahead) = contact.clock_ahead_ms.filter(|ahead| ahead.abs() > limits.clock_ms()) {
        let theirs = Timestamp::from_millis(now.millis().saturating_add(ahead));
        let (hub, store) = (Observed::Time(now), Observed::Time(theirs));
        tell(Check::ClockSkew, hub, store, Proposal::SetClock);
    }
    for (document, why) in &contact.refused {
        let evidence = Evidence::new(Observed::Nothing, Observed::Word(why.clone()));
        let (check, proposal) = (Check::ReplicaDiffers, Proposal::InspectMachine);
        let finding = Finding::of_store(check, &contact.store, evidence, proposal);
        found.push(Finding { subject: Some(document.clone()), ..finding });
    }
    for (last, what) in &contact.forks {
        let evidence = Evidence::new(Observed::Fact(*last), Observed::Word(what.clone()));
        let (check, proposal) = (Check::ForkedHistory, Proposal::InspectMachine);
        let finding = Finding::of_store(check, &contact.store, evidence, proposal);
        // Each version goes on from the last fact that both have.
        let first = FactId { seq: last.seq.saturating_add(1), ..*last };
        found.push(Finding { first_divergent: Some(first), ..finding });
    }
    found
}
