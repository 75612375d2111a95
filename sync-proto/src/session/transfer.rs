//! Transfer: changes out, changes in, and the receipts for both.

use std::collections::BTreeSet;

use ledger::chain::ChainLink;

use super::bounds::MAX_REFUSALS;
use super::outbox::Fetch;
use super::{CloseReason, Event, Phase, Purpose, Session};
use crate::ask::Ask;
use crate::chunk;
use crate::clock::Now;
use crate::limits::CHUNK_LEN;
use crate::message::{Ack, Chunk, Message};
use crate::replica::{Applied, Batch, Head, Quarantined, RefusedBy};
use crate::{Actor, Claim, DocId};

impl Session {
    /// Moves whatever can move.
    pub(super) fn pump(&mut self, now: Now) {
        while let Some((number, changes)) = self.outbox.next_chunk() {
            let body = chunk::pack(&changes);
            self.send(&Message::Changes(Chunk { number, body }));
        }
        if self.outbox.take_ready() {
            self.send(&Message::Ready);
        }
        if self.outbox.take_done() {
            self.send(&Message::Done);
        }
        if let Some(fetch) = self.outbox.next_fetch() {
            let max_bytes = CHUNK_LEN;
            self.ask(
                Purpose::Fetch,
                match fetch {
                    Fetch::Missing(wanted, span) => Ask::Missing { wanted, span, max_bytes },
                    Fetch::Tail(after) => Ask::Tail { after, max_bytes },
                },
            );
        }
        if let Some(changes) = self.inbox.next_batch() {
            self.ask(Purpose::Apply, Ask::Apply(changes));
        }
        self.notice_held();
        self.notice_ready();
        self.notice_in_sync();
        self.notice_current();
        self.tell_stock(now);
        self.ask_kept();
    }

    /// A store sends what it wrote itself; what it has from the hub, the hub would not take back.
    pub(super) fn on_batch(&mut self, mut batch: Batch) {
        if self.is_store() {
            batch.changes.retain(|change| self.store_actors.contains(&change.actor));
        }
        self.outbox.fetched(batch);
    }

    pub(super) fn on_changes(&mut self, chunk: &Chunk) {
        if self.round == 0 {
            return self.close(CloseReason::Unexpected("changes before a Hello"));
        }
        if let Err(what) = self.inbox.accepts(chunk.number) {
            return self.close(CloseReason::Unexpected(what));
        }
        let changes = match chunk::unpack(&chunk.body) {
            Ok(changes) => changes,
            Err(error) => return self.close(CloseReason::Chunk(error)),
        };
        let refused = self.inbox.check(&self.admission, chunk.number, changes);
        if !refused.is_empty() {
            self.report_refused(refused.clone());
            self.ask(Purpose::Quarantine, Ask::Quarantine(refused));
        }
    }

    pub(super) fn on_applied(&mut self, applied: Applied) {
        let Some(receipt) = self.inbox.applied(applied) else {
            return self.close(CloseReason::WrongAnswer);
        };
        for ack in receipt.acks {
            self.send(&Message::Ack(ack));
        }
        self.report_refused(receipt.quarantined);
        self.reread_kept();
        if receipt.new > 0 {
            let (changes, collections) = (receipt.new, receipt.collections);
            self.progress.received += changes as u64;
            self.tell(Event::Received { changes, collections });
            self.report_progress();
        }
    }

    pub(super) fn on_done(&mut self) {
        if self.round == 0 {
            return self.close(CloseReason::Unexpected("Done before a Hello"));
        }
        self.peer_done = true;
    }

    pub(super) fn on_ack(&mut self, ack: Ack) {
        let Some(sent) = self.outbox.acked(ack.chunk) else {
            return self.close(CloseReason::Unexpected("a receipt for what was not sent"));
        };
        let mut refused = Vec::new();
        for item in ack.refused {
            let index = usize::try_from(item.index).ok();
            let Some((doc, actor, seq)) = index.and_then(|index| sent.changes.get(index)) else {
                return self.close(CloseReason::Unexpected("a receipt for what was not sent"));
            };
            if self.outbox.refuse(&sent, doc.clone(), *actor) {
                refused.push(Quarantined {
                    doc: doc.clone(),
                    refused_by: RefusedBy::Peer,
                    claim: Some(Claim { actor: *actor, seq: *seq, hash: None }),
                    reason: item.reason,
                });
            }
        }
        if !refused.is_empty() {
            self.report_refused(refused.clone());
            self.ask(Purpose::Quarantine, Ask::Quarantine(refused));
        }
        self.progress.sent += sent.changes.len() as u64;
        self.report_progress();
        if let Some(head) = ack.head.filter(|head| self.is_store() && self.agreed != Some(*head)) {
            self.newest = self.newest.max(head.epoch);
            self.ask_own_link(Purpose::VerifyAck(head), head);
        }
    }

    /// What the store's own chain has in the place of the head that the hub acknowledged.
    pub(super) fn on_ack_checked(&mut self, theirs: Head, ours: Option<ChainLink>) {
        if !matches!(self.phase, Phase::Talking | Phase::Comparing(_)) {
            return; // it is being settled already
        }
        match ours {
            Some(link) if link == theirs.link => self.acked_up_to(theirs),
            // A former epoch that this store still lacks part of.
            None if theirs.epoch < self.epoch => {}
            _ => self.probe(theirs.epoch.min(self.epoch)),
        }
    }

    pub(super) fn acked_up_to(&mut self, head: Head) {
        if self.agreed != Some(head) {
            self.agreed = Some(head);
            self.tell(Event::AckedUpTo(head));
        }
    }

    fn notice_held(&mut self) {
        let held = self.outbox.held_up_to().filter(|row| self.held < Some(*row));
        if let Some(row) = held {
            self.held = Some(row);
            self.tell(Event::PeerHolds(row));
        }
    }

    fn notice_in_sync(&mut self) {
        let talking = matches!(self.phase, Phase::Talking);
        // Whoever leaves once in sync should know by then how far the hub's receipts reach.
        let checking = |asked: &super::Asked| matches!(asked.purpose, Purpose::VerifyAck(_));
        if self.asked.values().any(checking) {
            return;
        }
        let settled = self.peer_done && self.outbox.is_drained() && self.inbox.is_quiet();
        if talking && settled && !self.in_sync {
            self.in_sync = true;
            self.settlements = 0;
            self.tell(Event::InSync);
        }
    }

    fn report_progress(&mut self) {
        if !self.in_sync {
            self.tell(Event::Progress(self.progress));
        }
    }

    fn report_refused(&mut self, refused: Vec<Quarantined>) {
        for item in refused {
            self.tell(Event::Quarantined(item));
        }
        if self.inbox.refusals() > MAX_REFUSALS {
            self.close(CloseReason::Refusals);
        }
    }

    /// The peer holds changes of others than itself that we lack: it can only have had them from
    /// here.
    pub(super) fn report_forgotten(&mut self, lacking: BTreeSet<(DocId, Actor)>) {
        for (doc, actor) in lacking {
            if !self.store_actors.contains(&actor) {
                self.tell(Event::Forgotten { doc, actor });
            }
        }
    }
}
