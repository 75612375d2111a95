//! Greeting: who is there, and how the store's history stands to what the hub holds of it.

use std::collections::BTreeMap;

use ledger::chain::ChainLink;
use ledger::time::Timestamp;

use super::bounds::{MAX_CLOCK_SKEW_MS, MAX_EPOCHS};
use super::{CloseReason, Comparing, Event, Judging, Phase, Purpose, Session};
use crate::ask::Ask;
use crate::carryover::{self, Carryover, History};
use crate::clock::Now;
use crate::message::{Hello, Message, PROTOCOL, Verdict, Welcome};
use crate::replica::{Head, Overview, Row, Summary, TakeBack};
use crate::{Digest, Writer};

impl Session {
    /// The store says Hello, for the first time or anew.
    pub(super) fn restart(&mut self) {
        self.begin_round();
        self.phase = Phase::Summing;
        self.ask(Purpose::Summary, Ask::Summary);
    }

    fn begin_round(&mut self) {
        self.round += 1;
        self.outbox.silence();
        self.progress = Default::default();
        self.peer_done = false;
        self.in_sync = false;
        self.ready = false;
        self.carryover = Carryover::default();
    }

    pub(super) fn on_summary(&mut self, now: Now, summary: Summary) {
        if let Phase::Judging(judging) = &mut self.phase {
            let told = self.history == History::Wanted && summary.head.is_some();
            judging.ours = Some(summary);
            if told {
                self.ask(Purpose::CarryOver, Ask::CarryOver);
            } else {
                self.judge(now);
            }
            return;
        }
        let Some(store) = self.config.me.store().cloned() else {
            return self.close(CloseReason::WrongAnswer);
        };
        let Some(head) = summary.head else {
            return self.close(CloseReason::WrongAnswer);
        };
        self.set_epoch(head.epoch);
        self.newest = self.newest.max(head.epoch);
        self.follow.begin_listening(summary.stock);
        self.send(&Message::Hello(Hello {
            versions: PROTOCOL,
            chain: self.config.chain.clone(),
            store,
            head,
            root: summary.root,
            clock: now.wall,
            stock: summary.stock,
            history: summary.history,
        }));
        self.phase = Phase::Greeted(summary);
    }

    // The hub's side.

    pub(super) fn on_hello(&mut self, now: Now, hello: Hello) {
        if self.is_store() {
            return self.close(CloseReason::Unexpected("a Hello to a store"));
        }
        let Some(version) = PROTOCOL.common(hello.versions) else {
            return self.close(CloseReason::Version { theirs: hello.versions });
        };
        if hello.chain != self.config.chain {
            let ours = self.config.chain.clone();
            return self.close(CloseReason::WrongChain { ours, theirs: hello.chain });
        }
        if self.config.peer.store() != Some(&hello.store) {
            return self.close(CloseReason::WrongStore {
                certified: self.config.peer.to_string(),
                claimed: Writer::Store(hello.store).to_string(),
            });
        }
        if hello.head.epoch.number() > MAX_EPOCHS {
            return self.close(CloseReason::Unexpected("an epoch beyond all use"));
        }
        self.begin_round();
        // All that the store sent before its Hello has been seen.
        self.inbox.forgive();
        self.set_epoch(hello.head.epoch);
        self.version = version;
        self.follow.begin_telling(hello.stock);
        self.history =
            if version < carryover::FIRST_VERSION { History::Whole } else { hello.history };
        self.compare_clocks(now, hello.clock);
        let judging = Judging { version, hello, ours: None, verdict: None };
        self.phase = Phase::Judging(Box::new(judging));
        self.ask(Purpose::Summary, Ask::Summary);
    }

    /// How the store's history stands to what is held of it here.
    pub(super) fn judge(&mut self, now: Now) {
        let Phase::Judging(judging) = &self.phase else { return };
        let Some(ours) = &judging.ours else { return };
        match judge(&judging.hello.head, ours.head.as_ref()) {
            Judged::Plain(verdict) => self.on_verdict(now, verdict),
            Judged::AskLink => self.ask_link(),
        }
    }

    /// The hub holds more of the store's epoch: is what the store has the beginning of that?
    fn ask_link(&mut self) {
        let Phase::Judging(judging) = &self.phase else { return };
        let store = judging.hello.store.clone();
        let Head { epoch, seq, .. } = judging.hello.head;
        self.ask(Purpose::JudgeLink, Ask::Chain { store, epoch, at: vec![seq] });
    }

    pub(super) fn on_link_judged(&mut self, now: Now, ours: Option<ChainLink>) {
        let Phase::Judging(judging) = &self.phase else { return };
        let theirs = judging.hello.head.link;
        let same = ours == Some(theirs);
        self.on_verdict(now, if same { Verdict::StoreBehind } else { Verdict::Forked });
    }

    fn on_verdict(&mut self, now: Now, verdict: Verdict) {
        let Phase::Judging(judging) = &mut self.phase else { return };
        judging.verdict = Some(verdict);
        let theirs = judging.hello.root;
        let Some(ours) = &judging.ours else { return };
        let (root, row) = (ours.root, ours.row);
        match verdict {
            Verdict::StoreBehind | Verdict::Forked => {
                self.welcome(now, root, BTreeMap::new());
                self.phase = Phase::Listening;
            }
            Verdict::InStep | Verdict::HubBehind if root == theirs => {
                self.welcome(now, root, BTreeMap::new());
                self.go_live(row);
            }
            Verdict::InStep | Verdict::HubBehind => self.ask(Purpose::Overview, Ask::Collections),
        }
    }

    pub(super) fn on_overview(&mut self, now: Now, overview: Overview) {
        if let Phase::Comparing(_) = self.phase {
            return self.on_own_overview(&overview);
        }
        let root = overview.digests.values().copied().sum();
        self.welcome(now, root, overview.digests);
        self.phase = Phase::Comparing(Comparing::hub(overview.row));
    }

    fn welcome(&mut self, now: Now, root: Digest, overview: BTreeMap<crate::Collection, Digest>) {
        let Phase::Judging(judging) = &self.phase else { return };
        let Some(verdict) = judging.verdict else { return };
        let head = judging.ours.as_ref().and_then(|ours| ours.head);
        let stock = judging.ours.as_ref().and_then(|ours| ours.stock);
        let version = judging.version;
        self.tell(Event::Connected { version, verdict, head });
        let clock = now.wall;
        let welcome = Welcome { version, verdict, head, root, clock, overview, stock };
        self.send(&Message::Welcome(welcome));
    }

    // The store's side.

    pub(super) fn on_welcome(&mut self, now: Now, welcome: Welcome) {
        let Phase::Greeted(mine) = &self.phase else {
            return self.close(CloseReason::Unexpected("a Welcome before a Hello"));
        };
        let mine = mine.clone();
        let Some(head) = mine.head else { return };
        if PROTOCOL
            .common(crate::message::Versions { oldest: welcome.version, newest: welcome.version })
            != Some(welcome.version)
        {
            return self.close(CloseReason::Unexpected("a version that was not offered"));
        }
        // All that the hub sent before its Welcome has been seen.
        self.inbox.forgive();
        self.compare_clocks(now, welcome.clock);
        let Welcome { version, verdict, head: theirs, stock, .. } = welcome;
        self.version = version;
        self.follow.welcomed(version, stock);
        self.tell(Event::Connected { version, verdict, head: theirs });
        if let Some(theirs) = theirs {
            self.newest = self.newest.max(theirs.epoch);
        }
        match (verdict, theirs) {
            (Verdict::InStep | Verdict::HubBehind, None) => self.on_agreement(&mine, welcome),
            (Verdict::InStep | Verdict::HubBehind, Some(theirs)) if theirs == head => {
                self.acked_up_to(theirs);
                self.on_agreement(&mine, welcome);
            }
            (Verdict::InStep | Verdict::HubBehind, Some(theirs)) => {
                self.phase = Phase::Verifying(mine, Box::new(welcome));
                self.ask_own_link(Purpose::VerifyHead(theirs), theirs);
            }
            (Verdict::StoreBehind, Some(theirs)) if theirs.epoch == head.epoch => {
                // Facts sold since the Hello would stand where the hub has others.
                self.take_back(TakeBack {
                    epoch: head.epoch,
                    agreed: head.seq,
                    set_aside_after: Some(head.seq),
                    above: self.newest,
                });
            }
            (Verdict::StoreBehind | Verdict::Forked, _) => self.probe(head.epoch),
        }
    }

    /// What the store's own chain has in the place of the hub's head, and how far it goes in that epoch.
    pub(super) fn on_head_checked(
        &mut self,
        theirs: Head,
        held: Option<Head>,
        ours: Option<ChainLink>,
    ) {
        let Phase::Verifying(mine, welcome) = &self.phase else { return };
        let (mine, welcome) = (mine.clone(), Welcome::clone(welcome));
        match ours {
            Some(link) if link == theirs.link => {
                self.acked_up_to(theirs);
                self.on_agreement(&mine, welcome);
            }
            // A former epoch that this store lacks part of: it comes back as ordinary changes, if what is
            // here of it can stand beside that.
            None if theirs.epoch < self.epoch
                && (held.is_none() || self.shared == Some(theirs.epoch)) =>
            {
                self.on_agreement(&mine, welcome);
            }
            _ => self.probe(theirs.epoch.min(self.epoch)),
        }
    }

    /// The hub holds a beginning of this store's history and nothing else of it.
    fn on_agreement(&mut self, mine: &Summary, welcome: Welcome) {
        if mine.root == welcome.root {
            return self.go_live(mine.row);
        }
        self.phase = Phase::Comparing(Comparing::store(welcome.overview));
        self.ask(Purpose::Overview, Ask::Collections);
    }

    /// Both hold the same: only what is appended after `row` needs to travel.
    fn go_live(&mut self, row: Row) {
        self.phase = Phase::Talking;
        self.outbox.start_live(row);
        self.peer_done = true;
    }

    fn compare_clocks(&mut self, now: Now, theirs: Timestamp) {
        let ahead_ms = theirs.millis().saturating_sub(now.wall.millis());
        if ahead_ms.unsigned_abs() > MAX_CLOCK_SKEW_MS {
            self.tell(Event::PeerClockSkew { ahead_ms });
        }
    }
}

enum Judged {
    Plain(Verdict),
    AskLink,
}

/// How a store's head stands to the newest one that the hub holds of it.
fn judge(theirs: &Head, ours: Option<&Head>) -> Judged {
    let Some(ours) = ours else {
        let fresh = theirs.seq == 0;
        return Judged::Plain(if fresh { Verdict::InStep } else { Verdict::HubBehind });
    };
    Judged::Plain(match (theirs.epoch.cmp(&ours.epoch), theirs.seq.cmp(&ours.seq)) {
        (std::cmp::Ordering::Less, _) => Verdict::StoreBehind,
        (std::cmp::Ordering::Greater, _) => Verdict::HubBehind,
        (_, std::cmp::Ordering::Greater) => Verdict::HubBehind,
        (_, std::cmp::Ordering::Equal) if theirs.link == ours.link => Verdict::InStep,
        (_, std::cmp::Ordering::Equal) => Verdict::Forked,
        (_, std::cmp::Ordering::Less) => return Judged::AskLink,
    })
}
