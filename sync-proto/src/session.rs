//! One meeting of two replicas: greeting, comparing, catching up, staying live.
//!
//! ```text
//! store                                   hub
//!   Hello (head, root, clock)     ──▶
//!                                 ◀──     Welcome (verdict, head, root, digests if roots differ)
//!            roots equal: both are live, after one round trip
//!   Tips of what differs          ──▶
//!                                 ◀──     Tips of the same, then Changes … Done
//!   Changes … Done                ──▶
//!                                 ◀──     Ack for each chunk, once durable; and the other way round
//!            live: Changes as they are made, either way
//!                                 ◀──     Stock of other stores, a page at a time
//!   Seen, once durable            ──▶
//!                                 ◀──     Compare: what do you keep?
//!   Compared, three times at most ──▶
//! ```
//!
//! A machine that replaces another one says in its Hello that its books are empty. The hub then answers with
//! what the store's history comes to (Carryover) in place of a Welcome; the store begins its books with
//! that in an epoch of its own and says Hello again. What it needs to sell comes next, then Ready, then its
//! old books, month by month from the newest, always behind what is new.
//!
//! Nothing is kept between sessions: what a peer lacks follows from what it says it holds. When a
//! store finds that the hub knows more of its history, or other things, than it does itself, the two
//! find the last fact on which they agree (Probe, Probed), the replica ends that history
//! ([`Ask::TakeBack`]), and the session starts over with a Hello.

mod bounds;
mod carry;
mod compare;
mod event;
mod follow;
mod greet;
mod inbox;
mod kept;
mod outbox;
mod settle;
mod transfer;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

pub use bounds::{
    MAX_ANSWERS_AT_ONCE, MAX_CLOCK_SKEW_MS, MAX_EPOCHS, MAX_PAGES_AT_ONCE, MAX_PASSED_BY,
    MAX_PROBE_POINTS, MAX_REFUSALS, MAX_SETTLEMENTS, MAX_TIPS, MAX_TIPS_PER_PAGE,
    MAX_UNACKED_CHUNKS, RECHECK_INTERVAL, REPLY_TIMEOUT, STOCK_INTERVAL,
};
use compare::Comparing;
pub use event::{CloseReason, Effect, Event, Progress};
use follow::Follow;
use inbox::Inbox;
use ledger::id::Epoch;
use outbox::Outbox;
use settle::Probing;

use crate::ask::{Answer, Ask, AskId};
use crate::carryover::{Carryover, History};
use crate::clock::{Millis, Now};
use crate::frame::{FrameError, frame};
use crate::message::{Bye, Hello, Message, PROTOCOL, Probe, Welcome};
use crate::replica::{Head, More, Row, Summary};
use crate::stock::Cursor;
use crate::{Actor, Admission, ChainId, Writer};

/// Who meets whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The chain both belong to.
    pub chain: ChainId,
    /// This replica. A store opens the session; the hub waits to be spoken to.
    pub me: Writer,
    /// The other one, as its certificate says.
    pub peer: Writer,
}

/// The state of one meeting of two replicas, without I/O.
///
/// The methods come in three kinds:
///
/// - *Inputs* `handle_*` tell the session what happened and what time it is. `now` never runs
///   backwards in its ticks; its wall clock may.
/// - *Outputs* `poll_*`. After every input, call [`poll_effect`](Self::poll_effect) until it gives
///   `None` and carry the effects out in that order; then ask [`poll_timeout`](Self::poll_timeout)
///   when to call [`handle_timeout`](Self::handle_timeout), replacing any earlier timer.
/// - *Getters*, which change nothing.
///
/// A frame that arrives while questions are open is handled at once; the session never holds more
/// than [`MAX_UNACKED_CHUNKS`] chunks of the peer. After [`Effect::Close`] all inputs are ignored.
/// Dropping a session at any point loses nothing: what was acknowledged is durable on the other
/// side, and the next session finds out what was not.
#[derive(Debug)]
pub struct Session {
    config: Config,
    admission: Admission,
    phase: Phase,
    /// Counts Hellos. Answers to questions of an earlier round are no longer of use.
    round: u32,
    /// The protocol version agreed on; the oldest until then.
    version: u16,
    /// The store's present epoch, as of its last Hello.
    epoch: Epoch,
    /// The actors of the store's epochs up to the present one: only they may write in its name.
    store_actors: BTreeSet<Actor>,
    /// The store's newest head at the hub, as last told and found in agreement.
    agreed: Option<Head>,
    /// The newest epoch of the store that the hub has shown to know.
    newest: Epoch,
    /// On the store: a former epoch of which the hub was found to hold all that is here.
    shared: Option<Epoch>,
    settlements: u32,
    outbox: Outbox,
    inbox: Inbox,
    follow: Follow,
    comparing: kept::Comparing,
    progress: Progress,
    /// On the hub: how the store's books stand to its history, as its Hello said.
    history: History,
    /// On the store: what its history comes to, as far as it has been told.
    carryover: Carryover,
    /// On the store: whether the hub has said that only old books are left to come.
    ready: bool,
    /// Whether the peer has sent all that we lacked when we compared.
    peer_done: bool,
    in_sync: bool,
    /// The row up to which the peer was last said to hold everything.
    held: Option<Row>,
    asked: BTreeMap<AskId, Asked>,
    last_ask: u64,
    effects: VecDeque<Effect>,
    /// Since when the peer owes us a message.
    waiting_since: Option<Millis>,
    /// When documents were last spoken of, or something was appended.
    last_activity: Millis,
}

/// Where a session stands.
#[derive(Debug)]
enum Phase {
    /// The store asks its replica where it stands.
    Summing,
    /// The store has said Hello.
    Greeted(Summary),
    /// The store looks up the hub's head in its own chain.
    Verifying(Summary, Box<Welcome>),
    /// The store searches for where its history and the hub's part.
    Probing(Probing),
    /// The store's replica sets things aside.
    Settling,
    /// The hub waits for a Hello.
    Listening,
    /// The hub's replica is asked how the store's head compares.
    Judging(Box<Judging>),
    /// Tips are exchanged.
    Comparing(Comparing),
    /// Changes flow.
    Talking,
    /// It is over.
    Closed,
}

/// The hub's way from a Hello to a Welcome.
#[derive(Debug)]
struct Judging {
    version: u16,
    hello: Hello,
    ours: Option<Summary>,
    verdict: Option<crate::message::Verdict>,
}

/// A question under way.
#[derive(Debug)]
struct Asked {
    round: u32,
    purpose: Purpose,
}

/// What an answer is for.
#[derive(Debug)]
enum Purpose {
    Summary,
    VerifyHead(Head),
    JudgeLink,
    Overview,
    Tips,
    Conflicts(Arc<crate::replica::Tips>),
    Fetch,
    Apply,
    VerifyAck(Head),
    ProbeStart,
    ProbePoints(Vec<u64>),
    AnswerProbe(Probe),
    Settle,
    Quarantine,
    Stock,
    Learn(Cursor, More),
    AnswerKept(u64),
    ReadKept(u64),
    CarryOver,
    TakeOver,
}

impl Purpose {
    /// Whether the answer counts even if the peers have greeted each other anew meanwhile.
    const fn outlives_round(&self) -> bool {
        matches!(
            self,
            Self::Apply
                | Self::Quarantine
                | Self::AnswerProbe(_)
                | Self::Learn(..)
                | Self::AnswerKept(_)
                | Self::ReadKept(_)
        )
    }

    /// Whether it is about numbers that are kept beside the documents, and says nothing about those.
    const fn is_beside(&self) -> bool {
        let stock = matches!(self, Self::Stock | Self::Learn(..));
        stock || matches!(self, Self::AnswerKept(_) | Self::ReadKept(_))
    }
}

impl Session {
    /// A session on a fresh connection. A store's first question is ready at once.
    pub fn new(config: Config, now: Now) -> Self {
        let Config { chain, me, peer } = config.clone();
        let mut session = Self {
            admission: Admission::new(chain, me, peer),
            phase: Phase::Listening,
            round: 0,
            version: PROTOCOL.oldest,
            epoch: Epoch::FIRST,
            store_actors: BTreeSet::new(),
            agreed: None,
            newest: Epoch::FIRST,
            shared: None,
            settlements: 0,
            outbox: Outbox::default(),
            inbox: Inbox::default(),
            follow: Follow::default(),
            comparing: kept::Comparing::default(),
            progress: Progress::default(),
            history: History::Whole,
            carryover: Carryover::default(),
            ready: false,
            peer_done: false,
            in_sync: false,
            held: None,
            asked: BTreeMap::new(),
            last_ask: 0,
            effects: VecDeque::new(),
            waiting_since: None,
            last_activity: now.ticks,
            config,
        };
        if session.is_store() {
            session.restart();
        }
        session.settle_timers(now);
        session
    }

    /// Takes one frame of the peer, without its length (see
    /// [`FrameBuffer`](crate::frame::FrameBuffer)).
    pub fn handle_frame(&mut self, now: Now, message: &[u8]) {
        if self.is_closed() {
            return;
        }
        self.waiting_since = None;
        match Message::decode(message) {
            Ok(message) => {
                let beside = matches!(message, Message::Compare(_) | Message::Compared(..));
                if !beside && !matches!(message, Message::Stock(_) | Message::Seen(_)) {
                    self.last_activity = now.ticks;
                }
                self.on_message(now, message);
            }
            Err(error) => self.close(CloseReason::Message(error)),
        }
        self.turn(now);
    }

    /// The peer's stream can't be cut into frames.
    pub fn handle_frame_error(&mut self, now: Now, error: FrameError) {
        self.close(CloseReason::Frame(error));
        self.turn(now);
    }

    /// Takes the replica's answer to a question.
    pub fn handle_answer(&mut self, now: Now, id: AskId, answer: Answer) {
        let Some(asked) = self.asked.remove(&id) else {
            return;
        };
        if self.is_closed() || (asked.round != self.round && !asked.purpose.outlives_round()) {
            return;
        }
        if !asked.purpose.is_beside() {
            self.last_activity = now.ticks;
        }
        match answer {
            Answer::Failed(error) => self.close(CloseReason::Storage(error)),
            answer => self.on_answer(now, asked.purpose, answer),
        }
        self.turn(now);
    }

    /// Something that the peer may see was appended to the replica, by someone else than this
    /// session. Calling it too often costs one empty look at the replica.
    pub fn handle_local_change(&mut self, now: Now) {
        self.last_activity = now.ticks;
        self.outbox.touch();
        self.follow.touch();
        self.turn(now);
    }

    /// The time given by [`poll_timeout`](Self::poll_timeout) has come. Calling early does no harm.
    pub fn handle_timeout(&mut self, now: Now) {
        if self.is_closed() {
            return;
        }
        if self.reply_deadline().is_some_and(|deadline| now.ticks >= deadline) {
            self.close(CloseReason::Silent);
        } else if self.recheck_due().is_some_and(|due| now.ticks >= due) {
            self.restart();
        }
        self.turn(now);
    }

    /// Ends the session on purpose.
    pub fn handle_shutdown(&mut self, now: Now) {
        self.close(CloseReason::Asked);
        self.turn(now);
    }

    /// The next thing to do, if any.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// When to call [`handle_timeout`](Self::handle_timeout), on the clock of
    /// [`Now::ticks`].
    pub fn poll_timeout(&self) -> Option<Millis> {
        let due = self.reply_deadline().into_iter().chain(self.recheck_due());
        due.chain(self.follow_due()).min()
    }

    /// Who meets whom.
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// Whether each side has all that the other had when they last compared.
    pub const fn is_in_sync(&self) -> bool {
        self.in_sync
    }

    /// Whether the session is over.
    pub const fn is_closed(&self) -> bool {
        matches!(self.phase, Phase::Closed)
    }

    fn on_message(&mut self, now: Now, message: Message) {
        match message {
            Message::Hello(hello) => self.on_hello(now, hello),
            Message::Welcome(welcome) => self.on_welcome(now, welcome),
            Message::Bye(bye) => self.close(CloseReason::Peer(bye)),
            Message::Tips(page) => self.on_tips(page),
            Message::Conflicts(conflicts) => self.on_conflicts(conflicts),
            Message::Changes(chunk) => self.on_changes(&chunk),
            Message::Done => self.on_done(),
            Message::Ack(ack) => self.on_ack(ack),
            Message::Probe(probe) => self.on_probe(probe),
            Message::Probed(probed) => self.on_probed(probed),
            Message::Stock(page) => self.on_stock(page),
            Message::Seen(cursor) => self.on_seen(cursor),
            Message::Compare(question) => self.on_compare(question),
            Message::Compared(number, kept) => self.on_compared(number, kept),
            Message::Carryover(page) => self.on_carryover(&page),
            Message::Ready => self.on_ready(),
        }
    }

    fn on_answer(&mut self, now: Now, purpose: Purpose, answer: Answer) {
        match (purpose, answer) {
            (Purpose::Summary, Answer::Summary(summary)) => self.on_summary(now, summary),
            (Purpose::VerifyHead(head), Answer::Chain { held, links }) => {
                self.on_head_checked(head, held, links.first().copied().flatten());
            }
            (Purpose::JudgeLink, Answer::Chain { links, .. }) => {
                self.on_link_judged(now, links.first().copied().flatten());
            }
            (Purpose::Overview, Answer::Collections(overview)) => self.on_overview(now, overview),
            (Purpose::Tips, Answer::Tips(tips)) => self.on_own_tips(tips),
            (Purpose::Conflicts(theirs), Answer::Conflicts(conflicts)) => {
                self.on_own_conflicts(theirs, conflicts);
            }
            (Purpose::Fetch, Answer::Batch(batch)) => self.on_batch(batch),
            (Purpose::Apply, Answer::Applied(applied)) => self.on_applied(applied),
            (Purpose::VerifyAck(head), Answer::Chain { links, .. }) => {
                self.on_ack_checked(head, links.first().copied().flatten());
            }
            (Purpose::ProbeStart, Answer::Chain { held, .. }) => self.on_probe_start(held),
            (Purpose::ProbePoints(at), Answer::Chain { links, .. }) => {
                self.on_probe_points(&at, &links);
            }
            (Purpose::AnswerProbe(probe), Answer::Chain { held, links }) => {
                self.on_probe_answered(&probe, held, &links);
            }
            (Purpose::Settle, Answer::Done) => self.restart(),
            (Purpose::CarryOver, Answer::Carryover(carryover)) => {
                self.on_own_carryover(now, carryover);
            }
            (Purpose::TakeOver, Answer::Done) => self.on_taken_over(),
            (Purpose::Quarantine, Answer::Done) => {}
            (Purpose::Stock, Answer::Stock(page)) => self.on_own_stock(now, page),
            (Purpose::Learn(next, more), Answer::Done) => self.on_learned(next, more),
            (Purpose::AnswerKept(number), Answer::Kept(kept)) => {
                self.on_kept_answered(number, kept);
            }
            (Purpose::ReadKept(number), Answer::Kept(kept)) => self.on_kept_read(number, kept),
            _ => self.close(CloseReason::WrongAnswer),
        }
    }

    /// What follows from whatever was just handled.
    fn turn(&mut self, now: Now) {
        if !self.is_closed() {
            self.pump(now);
        }
        self.settle_timers(now);
    }

    fn settle_timers(&mut self, now: Now) {
        if !self.expects_peer() {
            self.waiting_since = None;
        } else if self.waiting_since.is_none() {
            self.waiting_since = Some(now.ticks);
        }
    }

    /// Whether the peer owes us a message.
    fn expects_peer(&self) -> bool {
        match &self.phase {
            Phase::Greeted(_) | Phase::Listening | Phase::Comparing(_) => true,
            Phase::Probing(probing) => probing.awaits_peer(),
            Phase::Talking => {
                self.outbox.expects_ack() || !self.peer_done || self.comparing.awaits_peer()
            }
            Phase::Summing
            | Phase::Verifying(..)
            | Phase::Settling
            | Phase::Judging(_)
            | Phase::Closed => false,
        }
    }

    fn reply_deadline(&self) -> Option<Millis> {
        self.waiting_since.map(|since| since + REPLY_TIMEOUT)
    }

    /// When the store should compare anew: only it says Hello.
    fn recheck_due(&self) -> Option<Millis> {
        let due = self.is_store() && self.in_sync && self.is_quiet();
        due.then_some(self.last_activity + RECHECK_INTERVAL)
    }

    /// Whether nothing is under way in either direction.
    fn is_quiet(&self) -> bool {
        self.outbox.is_quiet() && self.inbox.is_quiet() && self.asked.is_empty()
    }

    fn is_store(&self) -> bool {
        self.config.me.store().is_some()
    }

    fn ask(&mut self, purpose: Purpose, ask: Ask) {
        self.last_ask += 1;
        let id = AskId(self.last_ask);
        self.asked.insert(id, Asked { round: self.round, purpose });
        self.effects.push_back(Effect::Ask(id, ask));
    }

    fn send(&mut self, message: &Message) {
        self.effects.push_back(Effect::Send(frame(&message.encode())));
    }

    fn tell(&mut self, event: Event) {
        self.effects.push_back(Effect::Event(event));
    }

    fn close(&mut self, reason: CloseReason) {
        if self.is_closed() {
            return;
        }
        if let Some(code) = reason.bye() {
            self.send(&Message::Bye(Bye { code, text: reason.to_string() }));
        }
        self.phase = Phase::Closed;
        self.in_sync = false;
        self.effects.push_back(Effect::Close(reason));
    }
}

#[cfg(test)]
mod tests;
