//! Closing days (日结) at a simulated store: to which day a fact goes, what a close says, and who has
//! signed it.
//!
//! Figures and facts are the ledger's; the key is the simulator's own, because a real one would make
//! every run another one.

use std::collections::{BTreeMap, BTreeSet};

use ledger::chain::ChainLink;
use ledger::check::close::Signature;
use ledger::close::{ClosingStock, DayClose, Figures, Standing, Tally};
use ledger::fact::{Body, Fact};
use ledger::id::StoreId;
use ledger::time::BusinessDate;
use sync_proto::memory::MemoryReplica;
use sync_proto::replica::Replica;

use super::shop::Shop;

/// What the texts of closes have in them, and others have not.
const KIND: &str = "\"day_close\"";

/// How days are closed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Evening {
    /// The last day that has facts.
    ByHand,
    /// Some day of those that have facts: the number is taken round and round.
    Again(u64),
    /// All that are over.
    Due,
}

/// A store's own facts, by day, each with its text.
pub(super) type Days = BTreeMap<BusinessDate, Vec<(Fact, String)>>;

/// How far a store has closed its days.
#[derive(Debug, Clone, Copy)]
pub(super) struct Closed {
    /// The last closed day.
    pub(super) through: Option<BusinessDate>,
}

impl Closed {
    /// As a replica of the store knows it.
    pub(super) fn of(replica: &MemoryReplica, store: &StoreId) -> Self {
        let closes = replica.facts_of(store, |text| text.contains(KIND));
        Self { through: closes.iter().map(|(_, text)| read(text).date).max() }
    }
}

/// All facts of a store that its replica holds.
pub(super) fn days(replica: &MemoryReplica, store: &StoreId, shop: &Shop) -> Days {
    let mut days = Days::new();
    for (id, text) in replica.facts_of(store, |_| true) {
        // Reading each text again at every look would take most of a run's time.
        let written = shop.deals.get(&(store.clone(), id, text.clone()));
        let fact = written.map_or_else(|| read(&text), |deal| deal.fact.clone());
        days.entry(fact.date).or_default().push((fact, text));
    }
    days
}

/// The days to close now, the oldest first: those that nobody has closed, the one that was asked
/// for if its close does not cover it, and again the closed ones after them.
pub(super) fn to_close(
    days: &Days,
    evening: Evening,
    today: BusinessDate,
) -> BTreeSet<BusinessDate> {
    let past = || days.keys().copied().filter(|day| *day <= today);
    let asked = match evening {
        Evening::Due => None,
        Evening::ByHand => past().next_back(),
        Evening::Again(number) => {
            let count = past().count() as u64;
            past().nth(number.checked_rem(count).unwrap_or(0) as usize)
        }
    };
    let open = |day: &BusinessDate| newest(&days[day]).is_none();
    let before = asked.unwrap_or(today);
    let mut to_close: BTreeSet<_> = past().filter(|day| *day < before && open(day)).collect();
    to_close.extend(asked.filter(|day| !is_covered(&days[day])));
    if let Some(first) = to_close.first().copied() {
        let later = days.range(first..).filter(|(_, facts)| newest(facts).is_some());
        to_close.extend(later.map(|(day, _)| *day));
    }
    to_close
}

/// What a store says of a day that it closes, signed.
pub(super) fn said(
    replica: &MemoryReplica,
    store: &StoreId,
    days: &Days,
    date: BusinessDate,
) -> DayClose {
    let mut tally = Tally::new(store, date);
    days[&date].iter().for_each(|(fact, text)| tally.fact(fact, text));
    let mut stock = ClosingStock::default();
    for (fact, _) in days.range(..=date).flat_map(|(_, facts)| facts) {
        stock.fact(fact);
    }
    signed(store, tally.finish(standing(replica, store), stock.summary()))
}

/// Figures with a store's signature.
pub(super) fn signed(store: &StoreId, figures: Figures) -> DayClose {
    let said = DayClose::new(figures);
    let signature = signature(store, said.statement());
    said.signed(signature)
}

/// Where the present history of a store stands.
fn standing(replica: &MemoryReplica, store: &StoreId) -> Standing {
    let epoch = replica.epoch();
    let head = replica.head_of(store, epoch).expect("a replica in memory can be read");
    match head {
        Some(head) => Standing { epoch, seq: head.seq, link: head.link },
        None => Standing { epoch, seq: 0, link: ChainLink::genesis(store, epoch) },
    }
}

/// What a store's key makes of a statement.
pub(super) fn signature(store: &StoreId, statement: &str) -> Box<str> {
    let key = blake3::derive_key("the simulator's key of a store", store.as_str().as_bytes());
    blake3::keyed_hash(&key, statement.as_bytes()).to_hex().as_str().into()
}

/// Whether a store has signed a close.
pub(super) fn signed_by(store: &StoreId, close: &DayClose) -> Signature {
    match close.signature() {
        Some(said) if *said == *signature(store, close.statement()) => Signature::Good,
        _ => Signature::Bad,
    }
}

/// The close of a day that counts, among its facts.
pub(super) fn newest(facts: &[(Fact, String)]) -> Option<(&Fact, &DayClose)> {
    facts.iter().rev().find_map(|(fact, _)| match &fact.body {
        Body::DayClose(close) => Some((fact, &**close)),
        _ => None,
    })
}

/// Whether a fact closes a day.
pub(super) const fn is_close(fact: &Fact) -> bool {
    matches!(fact.body, Body::DayClose(_))
}

/// Whether a day is closed with all its facts.
fn is_covered(facts: &[(Fact, String)]) -> bool {
    let count = facts.iter().filter(|(fact, _)| !is_close(fact)).count() as u64;
    newest(facts).is_some_and(|(_, close)| close.figures().facts() == count)
}

fn read(text: &str) -> Fact {
    ledger::json::from_text(text).expect("booked facts can be read")
}
