//! Telling a new machine what its store's history comes to, before the history itself.

use super::{CloseReason, Event, Phase, Purpose, Session};
use crate::ask::Ask;
use crate::carryover::{self, Carryover, FIRST_VERSION, History};
use crate::clock::Now;
use crate::message::{CarryoverPage, Message};
use crate::replica::More;

impl Session {
    /// The hub tells, and waits for the store to say Hello again.
    pub(super) fn on_own_carryover(&mut self, now: Now, carryover: Option<Box<Carryover>>) {
        let Phase::Judging(_) = self.phase else { return };
        let Some(carryover) = carryover else { return self.judge(now) };
        // A store that asks over and over would have the hub read its history as often.
        if self.give_up() {
            return;
        }
        let mut pages = carryover.into_pages().into_iter().peekable();
        while let Some(page) = pages.next() {
            let more = if pages.peek().is_some() { More::Yes } else { More::No };
            let body = carryover::pack(&page);
            self.send(&Message::Carryover(CarryoverPage { more, body }));
        }
        self.phase = Phase::Listening;
    }

    /// The store is told.
    pub(super) fn on_carryover(&mut self, page: &CarryoverPage) {
        match &self.phase {
            Phase::Greeted(mine) if mine.history == History::Wanted => {}
            _ => return self.close(CloseReason::Unexpected("a carry-over that nobody asked for")),
        }
        let part = match carryover::unpack(&page.body) {
            Ok(part) => part,
            Err(error) => return self.close(CloseReason::Chunk(error)),
        };
        let mut added = self.carryover.add(part);
        if page.more == More::No {
            added = added.and_then(|()| self.carryover.check());
        }
        if let Err(what) = added {
            return self.close(CloseReason::Unexpected(what));
        }
        if page.more == More::No {
            let carryover = std::mem::take(&mut self.carryover);
            self.tell(Event::CarriedOver { facts: carryover.facts() });
            self.phase = Phase::Settling;
            self.ask(Purpose::TakeOver, Ask::TakeOver(Box::new(carryover)));
        }
    }

    /// The books begin with what was told.
    pub(super) fn on_taken_over(&mut self) {
        self.start_over();
    }

    /// Only old books are left to come.
    pub(super) fn on_ready(&mut self) {
        if !self.is_store() || self.version < FIRST_VERSION || self.round == 0 {
            return self.close(CloseReason::Unexpected("Ready to a peer that awaits no books"));
        }
        self.ready = true;
    }

    /// Says once in each round that the store can sell: what was sent before Ready is durable.
    pub(super) fn notice_ready(&mut self) {
        if self.ready && self.inbox.is_quiet() {
            self.ready = false;
            self.tell(Event::Ready);
        }
    }
}
