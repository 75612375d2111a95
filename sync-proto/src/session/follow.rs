//! Telling a store what can be had at others: one page at a time, each confirmed once it is durable.
//!
//! The store's Hello says how far it has been told, so an idle reconnect costs no message more; the
//! Welcome says how far there is something to tell, so that the store knows when it is current.

use super::bounds::{MAX_PAGES_AT_ONCE, STOCK_INTERVAL};
use super::{CloseReason, Event, Phase, Purpose, Session};
use crate::ask::Ask;
use crate::clock::{Millis, Now};
use crate::message::Message;
use crate::replica::More;
use crate::stock::{Cursor, FIRST_VERSION, StockPage};

/// Where the telling stands, at either end.
#[derive(Debug, Default)]
pub(super) struct Follow {
    /// How far the store has been told; nothing where the peers do not speak of stock.
    at: Option<Cursor>,
    /// On the hub: what goes on.
    step: Step,
    /// On the hub: whether there may be something to tell.
    dirty: bool,
    /// On the hub: when the next page may go out.
    not_before: Millis,
    /// On the store: how far the hub had something to tell when they greeted each other.
    due: Option<Cursor>,
    /// On the store: pages that its replica is taking in.
    learning: usize,
    /// On the store: whether it has been said that it is current.
    current: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Step {
    /// Nothing is under way.
    #[default]
    Ready,
    /// The replica is asked what there is to tell.
    Reading,
    /// A page was sent and is to be confirmed by this cursor.
    Sent(Cursor, More),
}

impl Follow {
    /// Something may have changed.
    pub(super) const fn touch(&mut self) {
        self.dirty = true;
    }

    /// The hub hears how far the store has been told.
    pub(super) fn begin_telling(&mut self, at: Option<Cursor>) {
        (self.at, self.step, self.dirty) = (at, Step::Ready, true);
    }

    /// The store greets, and says how far it has been told.
    pub(super) fn begin_listening(&mut self, at: Option<Cursor>) {
        (self.at, self.due, self.current) = (at, None, false);
    }

    /// The hub welcomes, and says how far there is something to tell.
    pub(super) fn welcomed(&mut self, version: u16, due: Option<Cursor>) {
        if version < FIRST_VERSION {
            self.at = None;
        }
        self.due = due;
    }

    /// When the hub may look for something to tell, if it has reason to.
    fn due_at(&self) -> Option<Millis> {
        let may = self.at.is_some() && self.dirty && self.step == Step::Ready;
        may.then_some(self.not_before)
    }
}

impl Session {
    /// When the hub's next page may go out, if something waits for that.
    pub(super) fn follow_due(&self) -> Option<Millis> {
        let telling = !self.is_store() && self.in_sync && matches!(self.phase, Phase::Talking);
        self.follow.due_at().filter(|_| telling)
    }

    /// The hub asks its replica what there is to tell, if it is time to.
    pub(super) fn tell_stock(&mut self, now: Now) {
        if self.follow_due().is_none_or(|due| now.ticks < due) {
            return;
        }
        let Some(after) = self.follow.at else { return };
        (self.follow.step, self.follow.dirty) = (Step::Reading, false);
        self.ask(Purpose::Stock, Ask::Stock(after));
    }

    pub(super) fn on_own_stock(&mut self, now: Now, page: Option<StockPage>) {
        let Some(page) = page else {
            self.follow.step = Step::Ready;
            return;
        };
        if page.more == More::No {
            self.follow.not_before = now.ticks + STOCK_INTERVAL;
        }
        self.follow.step = Step::Sent(page.next, page.more);
        self.send(&Message::Stock(page));
    }

    /// The store has a page durably.
    pub(super) fn on_seen(&mut self, cursor: Cursor) {
        if self.is_store() || self.version < FIRST_VERSION {
            return self.close(CloseReason::Unexpected("a receipt for stock that was not told"));
        }
        // Of a page sent before the peers greeted each other anew: the Hello has said more.
        let Step::Sent(next, more) = self.follow.step else { return };
        if next == cursor {
            self.follow.at = Some(cursor);
            self.follow.step = Step::Ready;
            self.follow.dirty |= more == More::Yes;
        }
    }

    /// The hub tells of other stores.
    pub(super) fn on_stock(&mut self, page: StockPage) {
        if !self.is_store() || self.version < FIRST_VERSION || self.follow.at.is_none() {
            return self.close(CloseReason::Unexpected("stock that nobody asked for"));
        }
        if self.follow.learning >= MAX_PAGES_AT_ONCE {
            return self.close(CloseReason::Unexpected("more stock before the last was confirmed"));
        }
        self.follow.learning += 1;
        let (next, more) = (page.next, page.more);
        self.ask(Purpose::Learn(next, more), Ask::Learn(page));
    }

    pub(super) fn on_learned(&mut self, next: Cursor, more: More) {
        self.follow.learning = self.follow.learning.saturating_sub(1);
        self.follow.at = self.follow.at.map(|_| next);
        if more == More::No {
            self.follow.due = Some(next);
        }
        self.send(&Message::Seen(next));
    }

    /// Says once in each round that the hub has nothing more to tell.
    pub(super) fn notice_current(&mut self) {
        let follow = &mut self.follow;
        let told = match (follow.at, follow.due) {
            (Some(at), Some(due)) => at.edition == due.edition && at.version >= due.version,
            _ => true,
        };
        if self.in_sync && told && follow.learning == 0 && !follow.current {
            follow.current = true;
            if self.is_store() {
                self.tell(Event::StockCurrent);
            }
        }
    }
}
