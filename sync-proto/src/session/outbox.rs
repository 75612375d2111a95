//! What goes out: which rows, how far, and what is under way.

use std::collections::{BTreeSet, VecDeque};

use super::bounds::MAX_UNACKED_CHUNKS;
use crate::chunk::MAX_CHANGES_PER_CHUNK;
use crate::replica::{Batch, More, Outgoing, Row, Span, Wanted};
use crate::{Actor, DocId};

/// Where sending stands.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    stage: Stage,
    /// Whether rows may have been appended since the tail was last read.
    dirty: bool,
    /// What is being fetched.
    fetching: Option<Fetching>,
    /// What the peer lacks and can wait for, piece by piece, while what is new goes first.
    behind: VecDeque<Wanted>,
    /// The rows in which the first of these pieces is still to be looked for.
    behind_in: Span,
    /// Whether the peer is still to be told that only what can wait is left.
    ready_due: bool,
    /// Packed later than the window allows.
    waiting: VecDeque<Vec<Outgoing>>,
    unacked: VecDeque<Sent>,
    last_number: u64,
    /// The first chunk since the peers last compared.
    current_from: u64,
    /// Whether the peer is still to be told that it has been sent everything it lacked.
    done_due: bool,
    /// What the peer would not take: the later changes would be refused as well.
    refused: BTreeSet<(DocId, Actor)>,
    /// Where the peer holds other changes: ours have nothing to stand on there.
    conflicting: BTreeSet<(DocId, Actor)>,
}

/// A chunk under way, by what is in it.
#[derive(Debug)]
pub(super) struct Sent {
    number: u64,
    /// Their documents, actors and numbers, in the chunk's order.
    pub(super) changes: Vec<(DocId, Actor, u64)>,
}

#[derive(Debug, Default)]
enum Stage {
    /// Nothing may be sent before the peers have compared.
    #[default]
    Silent,
    /// What the peer lacks, row by row.
    Missing { wanted: Wanted, span: Span },
    /// What has been appended since.
    Tail { after: Row },
}

/// What a batch under way is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fetching {
    Stage,
    Behind,
}

/// What to fetch next.
pub(super) enum Fetch {
    Missing(Wanted, Span),
    Tail(Row),
}

impl Outbox {
    /// Stops sending, until the peers have compared anew. What is under way stays under way, but
    /// what the peer refuses of it may be taken the next time.
    pub(super) fn silence(&mut self) {
        self.stage = Stage::Silent;
        self.fetching = None;
        self.behind.clear();
        self.ready_due = false;
        self.waiting.clear();
        self.conflicting.clear();
        self.refused.clear();
        self.done_due = false;
        self.current_from = self.last_number + 1;
    }

    /// Sends what the peer lacks of the rows up to `until`, then whatever follows.
    pub(super) fn start(&mut self, wanted: Wanted, until: Row) {
        self.stage = Stage::Missing { wanted, span: Span { after: Row::START, until } };
    }

    /// As [`Outbox::start`], with pieces that can wait: they travel in this order, behind all the rest.
    pub(super) fn start_ahead_of(
        &mut self,
        behind: impl IntoIterator<Item = Wanted>,
        wanted: Wanted,
        until: Row,
    ) {
        self.start(wanted, until);
        self.behind = behind.into_iter().collect();
        self.behind_in = Span { after: Row::START, until };
    }

    /// Sends only what follows a row: the peer has all before it.
    pub(super) fn start_live(&mut self, after: Row) {
        self.stage = Stage::Tail { after };
        self.dirty = true;
    }

    /// Something may have been appended.
    pub(super) const fn touch(&mut self) {
        self.dirty = true;
    }

    /// The peer refused one of the actor's changes in this document: no more of them, until the
    /// peers have compared anew. Whether this is news.
    pub(super) fn refuse(&mut self, sent: &Sent, doc: DocId, actor: Actor) -> bool {
        sent.number >= self.current_from && self.refused.insert((doc, actor))
    }

    /// The peer holds other changes of the actor in this document: none of ours, until the peers
    /// have compared anew.
    pub(super) fn leave_out(&mut self, doc: DocId, actor: Actor) {
        self.conflicting.insert((doc, actor));
    }

    /// In how many places the peer is known to hold other changes.
    pub(super) fn conflicts(&self) -> usize {
        self.conflicting.len()
    }

    /// What to fetch now, if there is room for it under way. What is appended to the tail from here on
    /// needs another reading.
    pub(super) fn next_fetch(&mut self) -> Option<Fetch> {
        if self.fetching.is_some() || !self.waiting.is_empty() || !self.has_room() {
            return None;
        }
        let fetch = match &self.stage {
            Stage::Silent => return None,
            Stage::Missing { wanted, span } => Fetch::Missing(wanted.clone(), *span),
            Stage::Tail { after } if self.dirty => {
                self.dirty = false;
                Fetch::Tail(*after)
            }
            Stage::Tail { .. } => {
                let wanted = self.behind.front()?.clone();
                self.fetching = Some(Fetching::Behind);
                return Some(Fetch::Missing(wanted, self.behind_in));
            }
        };
        self.fetching = Some(Fetching::Stage);
        Some(fetch)
    }

    /// Takes in what was fetched.
    pub(super) fn fetched(&mut self, batch: Batch) {
        let fetched = self.fetching.take();
        let mut changes = batch.changes;
        changes.retain(|change| {
            let place = (change.doc.clone(), change.actor);
            !self.refused.contains(&place) && !self.conflicting.contains(&place)
        });
        let mut changes = changes.into_iter().peekable();
        while changes.peek().is_some() {
            self.waiting.push_back(changes.by_ref().take(MAX_CHANGES_PER_CHUNK).collect());
        }
        if fetched == Some(Fetching::Behind) {
            return self.gone_behind(batch.last, batch.more);
        }
        match (&mut self.stage, batch.more) {
            (Stage::Silent, _) => {}
            (Stage::Missing { span, .. }, More::Yes) => span.after = batch.last,
            (Stage::Missing { span, .. }, More::No) => {
                let until = span.until;
                self.start_live(until);
                self.done_due = self.behind.is_empty();
                self.ready_due = !self.done_due;
            }
            (Stage::Tail { after }, more) => {
                *after = batch.last;
                self.dirty |= more == More::Yes;
            }
        }
    }

    /// Part of what can wait has been fetched, up to this row.
    fn gone_behind(&mut self, last: Row, more: More) {
        self.behind_in.after = last;
        if more == More::No {
            self.behind.pop_front();
            self.behind_in.after = Row::START;
            self.done_due = self.behind.is_empty();
        }
    }

    /// The next chunk to send, with its number.
    pub(super) fn next_chunk(&mut self) -> Option<(u64, Vec<Outgoing>)> {
        if !self.has_room() {
            return None;
        }
        let changes = self.waiting.pop_front()?;
        self.last_number += 1;
        let names = changes.iter().map(|c| (c.doc.clone(), c.actor, c.seq)).collect();
        self.unacked.push_back(Sent { number: self.last_number, changes: names });
        Some((self.last_number, changes))
    }

    /// Whether it is time to say that only what can wait is left. True once.
    pub(super) fn take_ready(&mut self) -> bool {
        let due = self.ready_due && self.waiting.is_empty();
        self.ready_due &= !due;
        due
    }

    /// Whether it is time to say that everything missing has been sent. True once.
    pub(super) fn take_done(&mut self) -> bool {
        let due = self.done_due && self.waiting.is_empty();
        self.done_due &= !due;
        due
    }

    /// The chunk of this number, which must be the oldest under way, has arrived.
    pub(super) fn acked(&mut self, number: u64) -> Option<Sent> {
        if self.unacked.front()?.number != number {
            return None;
        }
        self.unacked.pop_front()
    }

    /// Whether the peer has everything that it lacked when the peers compared.
    pub(super) fn is_drained(&self) -> bool {
        matches!(self.stage, Stage::Tail { .. }) && self.behind.is_empty() && self.is_quiet()
    }

    /// The row up to which the peer holds everything that it may see; nothing while something is
    /// under way, or for good where the peer would not take something.
    pub(super) fn held_up_to(&self) -> Option<Row> {
        let taken =
            self.refused.is_empty() && self.conflicting.is_empty() && self.behind.is_empty();
        match self.stage {
            Stage::Tail { after } if taken && self.is_quiet() => Some(after),
            _ => None,
        }
    }

    /// Whether nothing is under way or about to be.
    pub(super) fn is_quiet(&self) -> bool {
        self.unacked.is_empty() && self.waiting.is_empty()
    }

    /// Whether an acknowledgement is expected.
    pub(super) fn expects_ack(&self) -> bool {
        !self.unacked.is_empty()
    }

    fn has_room(&self) -> bool {
        self.unacked.len() < MAX_UNACKED_CHUNKS
    }
}
