//! Settling: what happens when the hub knows more of a store's history than the store does, or
//! something else.
//!
//! A store that was restored from a backup, or cloned, may not go on in its present epoch: it would
//! write a second fact under a number that is taken. So the two find the last fact on which they
//! agree, the store's replica sets aside what stands in the hub's place and opens a new epoch, and
//! the rest comes back from the hub as ordinary changes.

use std::collections::BTreeSet;

use ledger::chain::ChainLink;
use ledger::id::Epoch;

use super::bounds::{MAX_EPOCHS, MAX_PROBE_POINTS, MAX_SETTLEMENTS};
use super::{CloseReason, Event, Phase, Purpose, Session};
use crate::ask::Ask;
use crate::message::{Message, Probe, Probed};
use crate::replica::{Head, TakeBack};
use crate::{Actor, DocId};

/// The search for the last fact of an epoch on which both agree.
#[derive(Debug)]
pub(super) struct Probing {
    epoch: Epoch,
    /// The store's last fact of it.
    end: u64,
    /// They agree up to here.
    low: u64,
    /// They can't agree beyond here.
    high: u64,
    /// The points last sent, while the answer is awaited.
    sent: Option<Vec<u64>>,
}

impl Probing {
    pub(super) const fn awaits_peer(&self) -> bool {
        self.sent.is_some()
    }

    /// Points that cut what is left into equal parts; the last one is its end.
    fn points(&self) -> Vec<u64> {
        let width = self.high - self.low;
        let parts = width.min(MAX_PROBE_POINTS as u64);
        // Widths are numbers of facts: far below 2^59, so the product can't overflow.
        (1..=parts).map(|part| self.low + width * part / parts).collect()
    }
}

impl Session {
    /// Starts to search in this epoch.
    pub(super) fn probe(&mut self, epoch: Epoch) {
        self.outbox.silence();
        self.in_sync = false;
        self.round += 1;
        self.phase = Phase::Probing(Probing { epoch, end: 0, low: 0, high: 0, sent: None });
        self.ask_own_chain(Purpose::ProbeStart, epoch, Vec::new());
    }

    pub(super) fn on_probe_start(&mut self, held: Option<Head>) {
        let Phase::Probing(probing) = &mut self.phase else { return };
        probing.end = held.map_or(0, |head| head.seq);
        probing.high = probing.end;
        self.next_points();
    }

    fn next_points(&mut self) {
        let Phase::Probing(probing) = &self.phase else { return };
        let (epoch, points) = (probing.epoch, probing.points());
        self.ask_own_chain(Purpose::ProbePoints(points.clone()), epoch, points);
    }

    pub(super) fn on_probe_points(&mut self, at: &[u64], links: &[Option<ChainLink>]) {
        let Phase::Probing(probing) = &mut self.phase else { return };
        let points = at.iter().zip(links).filter_map(|(seq, link)| Some((*seq, (*link)?)));
        let points: Vec<(u64, ChainLink)> = points.collect();
        probing.sent = Some(points.iter().map(|(seq, _)| *seq).collect());
        let probe = Probe { epoch: probing.epoch, points };
        self.send(&Message::Probe(probe));
    }

    /// The hub looks the points up.
    pub(super) fn on_probe(&mut self, probe: Probe) {
        let Some(store) = self.config.peer.store().cloned() else {
            return self.close(CloseReason::Unexpected("a Probe to a store"));
        };
        if self.round == 0 || probe.points.len() > MAX_PROBE_POINTS {
            return self.close(CloseReason::Unexpected("a Probe out of turn"));
        }
        let at = probe.points.iter().map(|(seq, _)| *seq).collect();
        let epoch = probe.epoch;
        self.ask(Purpose::AnswerProbe(probe), Ask::Chain { store, epoch, at });
    }

    pub(super) fn on_probe_answered(
        &mut self,
        probe: &Probe,
        held: Option<Head>,
        ours: &[Option<ChainLink>],
    ) {
        let same = probe.points.iter().zip(ours).filter(|((_, link), ours)| **ours == Some(*link));
        let agreed = same.map(|((seq, _), _)| *seq).max().unwrap_or(0);
        let held = held.map_or(0, |head| head.seq);
        self.send(&Message::Probed(Probed { epoch: probe.epoch, held, agreed }));
    }

    pub(super) fn on_probed(&mut self, probed: Probed) {
        let Phase::Probing(probing) = &mut self.phase else {
            return self.close(CloseReason::Unexpected("an answer to no Probe"));
        };
        let Some(sent) = probing.sent.take() else {
            return self.close(CloseReason::Unexpected("an answer to no Probe"));
        };
        let known = probed.agreed == 0 || sent.contains(&probed.agreed);
        if probed.epoch != probing.epoch || !known || probed.agreed > probed.held {
            return self.close(CloseReason::Unexpected("an answer to another Probe"));
        }
        probing.low = probing.low.max(probed.agreed);
        let differs = sent.iter().find(|seq| **seq > probing.low);
        let below = differs.map_or(probing.low, |seq| seq - 1);
        probing.high = probing.high.min(below).min(probed.held).max(probing.low);
        if probing.low < probing.high {
            return self.next_points();
        }
        let (epoch, agreed) = (probing.epoch, probing.low);
        if epoch < self.epoch && agreed == probing.end {
            // Nothing here stands in the way of what the hub has beyond.
            self.shared = Some(epoch);
            return self.start_over();
        }
        let set_aside_after = (probed.held > agreed).then_some(agreed);
        if set_aside_after.is_none() && self.newest == self.epoch && self.epoch == epoch {
            // What looked like a fork has been settled meanwhile.
            return self.start_over();
        }
        self.take_back(TakeBack { epoch, agreed, set_aside_after, above: self.newest });
    }

    /// Has the replica end the present history, then starts over.
    pub(super) fn take_back(&mut self, order: TakeBack) {
        if self.give_up() {
            return;
        }
        self.tell(Event::TakeBack(order));
        self.phase = Phase::Settling;
        self.ask(Purpose::Settle, Ask::TakeBack(order));
    }

    pub(super) fn start_over(&mut self) {
        if !self.give_up() {
            self.restart();
        }
    }

    /// Counts attempts; whether there have been too many.
    pub(super) fn give_up(&mut self) -> bool {
        self.settlements += 1;
        if self.settlements > MAX_SETTLEMENTS {
            self.close(CloseReason::Unsettled);
        }
        self.is_closed()
    }

    /// On the store: does what is needed where the hub holds other changes of the store's own.
    /// Whether the session starts over because of it.
    pub(super) fn settle_conflicts(&mut self, conflicts: &BTreeSet<(DocId, Actor)>) -> bool {
        let present = Actor::derive(&self.config.chain, &self.config.me, self.epoch);
        let mine = |actor: &Actor| self.store_actors.contains(actor);
        if conflicts.iter().any(|(_, actor)| *actor == present) {
            // The facts agree as far as the hub has them, or we would not have come here. Where
            // a day book's changes differ all the same, those beyond are in changes that must go.
            let hub = self.agreed.filter(|head| head.epoch == self.epoch);
            let book = |(doc, actor): &(DocId, Actor)| {
                *actor == present && matches!(doc, DocId::Book { .. })
            };
            let books_differ = conflicts.iter().any(book);
            let agreed = hub.map_or(0, |head| head.seq);
            self.take_back(TakeBack {
                epoch: self.epoch,
                agreed,
                set_aside_after: books_differ.then_some(agreed),
                above: self.newest,
            });
            return true;
        }
        let former: Vec<_> = conflicts.iter().filter(|(_, actor)| mine(actor)).cloned().collect();
        if !former.is_empty() {
            if !self.give_up() {
                self.phase = Phase::Settling;
                self.ask(Purpose::Settle, Ask::SetAside(former));
            }
            return true;
        }
        if !conflicts.is_empty() {
            self.send_conflicts(conflicts);
        }
        false
    }

    pub(super) fn send_conflicts(&mut self, conflicts: &BTreeSet<(DocId, Actor)>) {
        self.send(&Message::Conflicts(conflicts.iter().cloned().collect()));
    }

    /// Histories that part and can't be settled here: people hear of them, and neither side sends
    /// what would have nothing to stand on.
    pub(super) fn report_forks(&mut self, conflicts: impl IntoIterator<Item = (DocId, Actor)>) {
        for (doc, actor) in conflicts {
            self.outbox.leave_out(doc.clone(), actor);
            self.tell(Event::Forked { doc, actor });
        }
    }

    /// Notes the store's present epoch, and with it the actors that are the store's.
    pub(super) fn set_epoch(&mut self, epoch: Epoch) {
        self.epoch = epoch;
        let config = &self.config;
        let store = if config.me.store().is_some() { &config.me } else { &config.peer };
        self.store_actors = (1..=epoch.number().min(MAX_EPOCHS))
            .filter_map(Epoch::new)
            .map(|epoch| Actor::derive(&config.chain, store, epoch))
            .collect();
    }

    pub(super) fn ask_own_link(&mut self, purpose: Purpose, head: Head) {
        self.ask_own_chain(purpose, head.epoch, vec![head.seq]);
    }

    fn ask_own_chain(&mut self, purpose: Purpose, epoch: Epoch, at: Vec<u64>) {
        let Some(store) = self.config.me.store().cloned() else { return };
        self.ask(purpose, Ask::Chain { store, epoch, at });
    }
}
