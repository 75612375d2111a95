//! Runs a [`Session`] on a stream: reads and writes frames, has the replica asked, keeps the timers.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;

use ledger::time::BusinessDate;
use quinn::{ReadError, SendStream, WriteError};
use thiserror::Error;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until, timeout};

use super::close::CloseCode;
use super::ended::Ended;
use super::limits::{FAREWELL, READ_AT_ONCE};
use super::stream::{SessionStream, why};
use super::wall_clock::WallClock;
use super::workers::{Turn, Workers};
use crate::ask::{Answer, Ask, AskId, answer};
use crate::clock::{Millis, Now};
use crate::frame::FrameBuffer;
use crate::replica::{Replica, ReplicaError};
use crate::session::{CloseReason, Effect, Event, Session};

/// What a session needs of the program around it.
#[derive(Debug)]
pub struct Surroundings<R, T> {
    /// The durable store to reconcile.
    pub replica: Arc<R>,
    /// Where it may be asked.
    pub workers: Workers,
    /// The time of day.
    pub clock: Arc<dyn WallClock>,
    /// Told each time something was appended that the peer may want to see. On a hub with thousands of
    /// sessions tell it only of what concerns them all: each word makes each session look.
    pub changes: watch::Receiver<T>,
    /// What the program wants of the session while it runs.
    pub wishes: mpsc::Receiver<Wish>,
}

/// What a program may want of a session that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// [`Session::handle_compare`]
    Compare {
        /// Leaves rows of earlier days out.
        since: Option<BusinessDate>,
    },
}

/// How a session ended.
#[derive(Debug, Error)]
pub enum SessionEnd {
    /// One of the two sessions closed.
    #[error(transparent)]
    Closed(#[from] CloseReason),
    /// The connection ended under it.
    #[error(transparent)]
    Lost(#[from] Ended),
}

/// Runs the session of a stream until it ends, then closes the connection. `stop` ends it in good order;
/// dropping the future ends the connection at once, which loses nothing either.
///
/// Events are told as they happen; `on_event` must not block.
pub async fn run_session<R, T>(
    stream: SessionStream,
    around: Surroundings<R, T>,
    stop: impl Future<Output = ()>,
    mut on_event: impl FnMut(Event),
) -> SessionEnd
where
    R: Replica + Send + Sync + 'static,
{
    let SessionStream { connection, mut send, mut recv, meter, config } = stream;
    let connection = &connection.0;
    let Surroundings { replica, workers, clock, mut changes, mut wishes } = around;
    let ticking = Ticks::start(clock);
    let mut questions =
        Questions { replica, workers, waiting: VecDeque::new(), open: None, turn: None };
    let mut session = Session::new(config, ticking.now());
    let mut frames = FrameBuffer::new();
    let mut outgoing = Outgoing::default();
    let mut stop = pin!(stop);
    let mut may_stop = true;
    let mut may_change = true;
    let mut may_wish = true;
    changes.mark_unchanged();

    let lost = loop {
        while let Some(effect) = session.poll_effect() {
            match effect {
                Effect::Send(bytes) => outgoing.push(bytes),
                Effect::Ask(id, ask) => questions.put(id, ask),
                Effect::Event(event) => on_event(event),
                Effect::Close(reason) => {
                    let told = matches!(reason, CloseReason::Peer(_));
                    if !told {
                        // The last word gets the time to arrive, but no more than that.
                        let _ = timeout(FAREWELL, outgoing.flush(&mut send)).await;
                    }
                    code_of(&reason).close(connection);
                    return SessionEnd::Closed(reason);
                }
            }
        }
        questions.open_next(&session);
        let deadline = session.poll_timeout().map(|at| ticking.instant(at));
        tokio::select! {
            read = recv.read_chunk(READ_AT_ONCE, true) => match read {
                Ok(Some(chunk)) => {
                    meter.received(chunk.bytes.len());
                    frames.push(&chunk.bytes);
                    hand_over(&mut frames, &mut session, &ticking);
                }
                Ok(None) => break None,
                Err(ReadError::ConnectionLost(error)) => break Some(error.into()),
                Err(_) => break Some(why(connection)),
            },
            written = send.write(outgoing.front()), if !outgoing.is_empty() => match written {
                Ok(count) => {
                    meter.sent(count);
                    outgoing.advance(count);
                }
                Err(WriteError::ConnectionLost(error)) => break Some(error.into()),
                Err(_) => break Some(why(connection)),
            },
            (id, answer) = questions.answered(), if questions.is_open() => {
                session.handle_answer(ticking.now(), id, answer);
            }
            changed = changes.changed(), if may_change => {
                may_change = changed.is_ok();
                session.handle_local_change(ticking.now());
            }
            wish = wishes.recv(), if may_wish => match wish {
                Some(Wish::Compare { since }) => session.handle_compare(ticking.now(), since),
                None => may_wish = false,
            },
            () = sleep_until(deadline.unwrap_or(ticking.start)), if deadline.is_some() => {
                session.handle_timeout(ticking.now());
            }
            () = &mut stop, if may_stop => {
                may_stop = false;
                session.handle_shutdown(ticking.now());
            }
        }
    };
    // A stream that ended without a word: its connection usually ends with one.
    let ended = match lost {
        Some(ended) => ended,
        None => timeout(FAREWELL, connection.closed())
            .await
            .map_or(Ended::Said(CloseCode::Protocol), Ended::from),
    };
    CloseCode::Done.close(connection);
    SessionEnd::Lost(ended)
}

/// The session's clocks: its ticks count from its start.
struct Ticks {
    start: Instant,
    clock: Arc<dyn WallClock>,
}

impl Ticks {
    fn start(clock: Arc<dyn WallClock>) -> Self {
        Self { start: Instant::now(), clock }
    }

    fn now(&self) -> Now {
        let elapsed = self.start.elapsed().as_millis();
        Now { ticks: Millis(u64::try_from(elapsed).unwrap_or(u64::MAX)), wall: self.clock.now() }
    }

    /// The moment of a tick.
    fn instant(&self, at: Millis) -> Instant {
        self.start + std::time::Duration::from_millis(at.0)
    }
}

/// Frames on their way out.
#[derive(Default)]
struct Outgoing {
    frames: VecDeque<Vec<u8>>,
    written: usize,
}

impl Outgoing {
    fn push(&mut self, frame: Vec<u8>) {
        self.frames.push_back(frame);
    }

    fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    /// What comes next; nothing if all is written.
    fn front(&self) -> &[u8] {
        self.frames.front().and_then(|frame| frame.get(self.written..)).unwrap_or_default()
    }

    fn advance(&mut self, count: usize) {
        self.written += count;
        if self.frames.front().is_some_and(|frame| frame.len() <= self.written) {
            self.frames.pop_front();
            self.written = 0;
        }
    }

    /// Writes all that is left and waits until it has arrived.
    async fn flush(&mut self, send: &mut SendStream) -> Result<(), WriteError> {
        while !self.is_empty() {
            let count = send.write(self.front()).await?;
            self.advance(count);
        }
        let _ = send.finish();
        let _ = send.stopped().await;
        Ok(())
    }
}

type Answering = Pin<Box<dyn Future<Output = (AskId, Answer, Option<Turn>)> + Send>>;

/// The session's questions to its replica, asked one after the other in their order.
struct Questions<R> {
    replica: Arc<R>,
    workers: Workers,
    waiting: VecDeque<(AskId, Ask)>,
    open: Option<Answering>,
    /// While this session catches up.
    turn: Option<Turn>,
}

impl<R: Replica + Send + Sync + 'static> Questions<R> {
    fn put(&mut self, id: AskId, ask: Ask) {
        self.waiting.push_back((id, ask));
    }

    fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Asks the next question if none is open.
    fn open_next(&mut self, session: &Session) {
        if session.is_in_sync() || self.turn.as_ref().is_some_and(Turn::is_over) {
            self.turn = None;
        }
        if self.is_open() {
            return;
        }
        let Some((id, ask)) = self.waiting.pop_front() else { return };
        let (replica, workers) = (self.replica.clone(), self.workers.clone());
        let peer = session.config().peer.clone();
        // The tips are asked for when something differs, and before any of it is sent.
        let begins = matches!(ask, Ask::Tips(_)) && self.turn.is_none();
        self.open = Some(Box::pin(async move {
            let turn = if begins { workers.turn().await } else { None };
            let answered = workers.run(move || answer(&*replica, &peer, ask)).await;
            let failed = |panic| Answer::Failed(ReplicaError::new("answer a session", panic));
            (id, answered.unwrap_or_else(failed), turn)
        }));
    }

    /// The answer to the open question. Not to be called when there is none.
    async fn answered(&mut self) -> (AskId, Answer) {
        match &mut self.open {
            Some(open) => {
                let (id, answer, turn) = open.await;
                self.open = None;
                self.turn = self.turn.take().or(turn);
                (id, answer)
            }
            None => std::future::pending().await,
        }
    }
}

/// Gives the session every whole frame that has come.
fn hand_over(frames: &mut FrameBuffer, session: &mut Session, ticking: &Ticks) {
    loop {
        match frames.next_frame() {
            Ok(Some(frame)) => session.handle_frame(ticking.now(), &frame),
            Ok(None) => return,
            Err(error) => return session.handle_frame_error(ticking.now(), error),
        }
    }
}

/// What the connection is closed with. The session's own farewell has said it better.
const fn code_of(reason: &CloseReason) -> CloseCode {
    match reason {
        CloseReason::Asked => CloseCode::Stopping,
        CloseReason::Peer(_) => CloseCode::Done,
        CloseReason::Version { .. } => CloseCode::Version,
        CloseReason::WrongChain { .. } => CloseCode::WrongChain,
        CloseReason::WrongStore { .. } => CloseCode::CertificateUnusable,
        CloseReason::Frame(_)
        | CloseReason::Message(_)
        | CloseReason::Chunk(_)
        | CloseReason::Unexpected(_)
        | CloseReason::Refusals => CloseCode::Protocol,
        CloseReason::Silent => CloseCode::TooSlow,
        CloseReason::Storage(_) | CloseReason::WrongAnswer | CloseReason::Unsettled => {
            CloseCode::Failed
        }
    }
}
