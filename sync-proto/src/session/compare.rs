//! Comparing: from digests that differ down to what each side lacks.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::sync::Arc;

use super::bounds::{MAX_TIPS, MAX_TIPS_PER_PAGE};
use super::{CloseReason, Phase, Purpose, Session};
use crate::ask::Ask;
use crate::carryover::History;
use crate::message::{Message, TipsPage};
use crate::replica::{More, Overview, Row, Tips, Wanted};
use crate::{Actor, Collection, Digest, DocId};

/// What has been learned about the peer so far.
#[derive(Debug)]
pub(super) struct Comparing {
    /// The hub's digests, as the store was told.
    overview: BTreeMap<Collection, Digest>,
    /// The collections that differ.
    differing: BTreeSet<Collection>,
    /// The row up to which our digests spoke: what came later goes out live.
    until: Row,
    ours: Tips,
    theirs: Tips,
    /// How many tips are in `theirs`.
    tips: usize,
    /// Where the peer says that it holds other changes.
    conflicts: Vec<(DocId, Actor)>,
    /// Whether the peer's last page is here.
    complete: bool,
}

impl Comparing {
    /// The store has been told the hub's digests.
    pub(super) const fn store(overview: BTreeMap<Collection, Digest>) -> Self {
        Self::new(overview, Row::START)
    }

    /// The hub has told its digests, which speak up to this row.
    pub(super) const fn hub(until: Row) -> Self {
        Self::new(BTreeMap::new(), until)
    }

    const fn new(overview: BTreeMap<Collection, Digest>, until: Row) -> Self {
        Self {
            overview,
            differing: BTreeSet::new(),
            until,
            ours: Tips::new(),
            theirs: Tips::new(),
            tips: 0,
            conflicts: Vec::new(),
            complete: false,
        }
    }
}

impl Session {
    /// The store's own digests, to compare with the hub's.
    pub(super) fn on_own_overview(&mut self, ours: &Overview) {
        let Phase::Comparing(comparing) = &mut self.phase else { return };
        comparing.until = ours.row;
        let theirs = &comparing.overview;
        let both = ours.digests.keys().chain(theirs.keys());
        let digest = |of: &BTreeMap<_, Digest>, at| of.get(at).copied().unwrap_or_default();
        comparing.differing =
            both.filter(|at| digest(&ours.digests, *at) != digest(theirs, *at)).cloned().collect();
        let ask = Ask::Tips(comparing.differing.clone());
        self.ask(Purpose::Tips, ask);
    }

    pub(super) fn on_own_tips(&mut self, ours: Tips) {
        let store = self.is_store();
        let Phase::Comparing(comparing) = &mut self.phase else { return };
        comparing.ours = ours;
        if store {
            self.send_tips();
        } else {
            self.ask_conflicts();
        }
    }

    pub(super) fn on_tips(&mut self, page: TipsPage) {
        let store = self.is_store();
        let Phase::Comparing(comparing) = &mut self.phase else {
            return self.close(CloseReason::Unexpected("tips that nobody asked for"));
        };
        if comparing.complete {
            return self.close(CloseReason::Unexpected("more tips after the last page"));
        }
        comparing.tips += page.tips.values().map(BTreeMap::len).sum::<usize>().max(1);
        if comparing.tips > MAX_TIPS {
            return self.close(CloseReason::Unexpected("too many tips"));
        }
        comparing.complete = page.more == More::No;
        for (doc, tips) in page.tips {
            comparing.theirs.entry(doc).or_default().extend(tips);
        }
        if !store {
            comparing.differing.extend(page.collections);
        }
        if !comparing.complete {
            return;
        }
        if store {
            self.ask_conflicts();
        } else {
            let ask = Ask::Tips(comparing.differing.clone());
            self.ask(Purpose::Tips, ask);
        }
    }

    pub(super) fn on_conflicts(&mut self, conflicts: Vec<(DocId, Actor)>) {
        if let Phase::Comparing(comparing) = &mut self.phase {
            comparing.conflicts.extend(conflicts);
            if comparing.conflicts.len() > MAX_TIPS {
                self.close(CloseReason::Unexpected("too many conflicts"));
            }
        } else {
            // The store finds them last, when the hub has begun to send.
            self.report_forks(conflicts);
            if self.outbox.conflicts() > MAX_TIPS {
                self.close(CloseReason::Unexpected("too many conflicts"));
            }
        }
    }

    fn ask_conflicts(&mut self) {
        let Phase::Comparing(comparing) = &mut self.phase else { return };
        let theirs = Arc::new(mem::take(&mut comparing.theirs));
        self.ask(Purpose::Conflicts(Arc::clone(&theirs)), Ask::Conflicts(theirs));
    }

    /// Everything is known. The hub answers with its own tips; the store settles what must be
    /// settled; then both begin to send.
    pub(super) fn on_own_conflicts(&mut self, theirs: Arc<Tips>, found: Vec<(DocId, Actor)>) {
        let Phase::Comparing(comparing) = &mut self.phase else { return };
        let mut conflicts: BTreeSet<(DocId, Actor)> = found.into_iter().collect();
        conflicts.extend(mem::take(&mut comparing.conflicts));
        if self.is_store() {
            if self.settle_conflicts(&conflicts) {
                return;
            }
        } else {
            if !conflicts.is_empty() {
                self.send_conflicts(&conflicts);
            }
            self.send_tips();
            if conflicts.iter().any(|(_, actor)| self.store_actors.contains(actor)) {
                // The store sets its changes aside and says Hello again.
                self.phase = Phase::Listening;
                return;
            }
        }
        self.begin_to_send(theirs, conflicts);
    }

    fn begin_to_send(&mut self, theirs: Arc<Tips>, conflicts: BTreeSet<(DocId, Actor)>) {
        let Phase::Comparing(comparing) = &mut self.phase else { return };
        self.progress.to_send = surplus(&comparing.ours, &theirs);
        self.progress.to_receive = surplus(&theirs, &comparing.ours);
        let lacking = lacking(&comparing.ours, &theirs);
        let (collections, until) = (mem::take(&mut comparing.differing), comparing.until);
        self.phase = Phase::Talking;
        if !self.is_store() && self.history == History::Awaited {
            let (behind, ahead) = split_off_books(collections, &theirs);
            self.outbox.start_ahead_of(behind, ahead, until);
        } else {
            self.outbox.start(Wanted { collections, theirs }, until);
        }
        self.report_forks(conflicts);
        if !self.is_store() {
            self.report_forgotten(lacking);
        }
    }

    /// Sends our tips, in pages. The store's first page names the collections.
    fn send_tips(&mut self) {
        let store = self.is_store();
        let Phase::Comparing(comparing) = &self.phase else { return };
        let collections =
            if store { comparing.differing.iter().cloned().collect() } else { Vec::new() };
        let mut pages = vec![TipsPage { collections, tips: Tips::new(), more: More::No }];
        let mut on_page = 0;
        for (doc, tips) in &comparing.ours {
            let entries = tips.iter().map(|(actor, tip)| (*actor, *tip));
            for (actor, tip) in entries {
                if on_page == MAX_TIPS_PER_PAGE {
                    on_page = 0;
                    pages.push(TipsPage {
                        collections: Vec::new(),
                        tips: Tips::new(),
                        more: More::No,
                    });
                }
                on_page += 1;
                let page = pages.last_mut().expect("pages never shrink");
                page.tips.entry(doc.clone()).or_default().insert(actor, tip);
            }
        }
        let last = pages.len() - 1;
        for (index, mut page) in pages.into_iter().enumerate() {
            page.more = if index == last { More::No } else { More::Yes };
            self.send(&Message::Tips(page));
        }
    }
}

/// What can wait until a store sells again, the books of its newest month first, and what cannot.
fn split_off_books(
    collections: BTreeSet<Collection>,
    theirs: &Arc<Tips>,
) -> (impl Iterator<Item = Wanted>, Wanted) {
    let (books, ahead): (BTreeSet<_>, BTreeSet<_>) =
        collections.into_iter().partition(|of| matches!(of, Collection::Books { .. }));
    let wanted = |collections, theirs: &Arc<Tips>| Wanted { collections, theirs: theirs.clone() };
    let ahead = wanted(ahead, theirs);
    let theirs = theirs.clone();
    // All are of one store, so their order is that of the months.
    let behind = books.into_iter().rev().map(move |of| wanted(BTreeSet::from([of]), &theirs));
    (behind, ahead)
}

/// Where `ours` is short of `theirs`.
fn lacking(ours: &Tips, theirs: &Tips) -> BTreeSet<(DocId, Actor)> {
    let held = |doc, actor| ours.get(doc).and_then(|tips| tips.get(actor)).map_or(0, |t| t.seq);
    theirs
        .iter()
        .flat_map(|(doc, tips)| tips.iter().map(move |(actor, tip)| (doc, actor, tip.seq)))
        .filter(|(doc, actor, seq)| *seq > held(doc, actor))
        .map(|(doc, actor, _)| (doc.clone(), *actor))
        .collect()
}

/// How many changes `one` has that `other` lacks.
fn surplus(one: &Tips, other: &Tips) -> u64 {
    let held = |doc, actor| other.get(doc).and_then(|tips| tips.get(actor)).map_or(0, |t| t.seq);
    one.iter()
        .flat_map(|(doc, tips)| tips.iter().map(move |(actor, tip)| (doc, actor, tip.seq)))
        .map(|(doc, actor, seq)| seq.saturating_sub(held(doc, actor)))
        .fold(0, u64::saturating_add)
}
