//! The sessions that are under way, as `status` shows them.

use std::collections::BTreeMap;
use std::sync::mpsc as answers;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ledger::id::StoreId;
use ledger::time::{BusinessDate, Timestamp};
use sync_proto::kept::{Comparison, NotCompared};
use sync_proto::quic::Wish;
use sync_proto::session::Progress;
use tokio::sync::mpsc;

/// One session with a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SessionState {
    /// Since when.
    pub(crate) since: Timestamp,
    /// From which address.
    pub(crate) from: String,
    /// How far catching up has come.
    pub(crate) progress: Progress,
    /// Whether both sides hold the same, but for what is under way.
    pub(crate) step: Step,
    /// Whether it ever has.
    pub(crate) was_in_step: bool,
    /// By how much the store's clock is ahead of the hub's, in milliseconds, if that is too much.
    pub(crate) clock_ahead_ms: Option<i64>,
}

/// Whether a session has caught up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// It exchanges what one side lacked.
    CatchingUp,
    /// It is live.
    InStep,
}

/// Names a session among those of its store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SessionId(u64);

/// The newest session of each connected store.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<Table>);

#[derive(Debug, Default)]
struct Table {
    last: u64,
    newest: BTreeMap<StoreId, (SessionId, SessionState)>,
    lines: BTreeMap<StoreId, Line>,
}

/// The way to a session.
#[derive(Debug)]
struct Line {
    session: SessionId,
    wishes: mpsc::Sender<Wish>,
    /// Who waits for what its comparison comes to.
    asker: Option<answers::Sender<Compared>>,
}

/// What a session's comparison has come to.
pub(crate) type Compared = Result<Comparison, NotCompared>;

/// How many wishes may wait for a session: one at a time, and one that it has not got round to.
const WISHES: usize = 2;

impl Sessions {
    /// Enters a session. An older one of the same store is no longer shown.
    pub(crate) fn enter(
        &self,
        store: &StoreId,
        from: String,
        now: Timestamp,
    ) -> (SessionId, mpsc::Receiver<Wish>) {
        let mut table = self.table();
        table.last += 1;
        let id = SessionId(table.last);
        let state = SessionState {
            since: now,
            from,
            progress: Progress::default(),
            step: Step::CatchingUp,
            was_in_step: false,
            clock_ahead_ms: None,
        };
        table.newest.insert(store.clone(), (id, state));
        let (wishes, granted) = mpsc::channel(WISHES);
        table.lines.insert(store.clone(), Line { session: id, wishes, asker: None });
        (id, granted)
    }

    /// Changes what is shown of a session, if it is still the newest.
    pub(crate) fn update(
        &self,
        store: &StoreId,
        session: SessionId,
        change: impl FnOnce(&mut SessionState),
    ) {
        if let Some((id, state)) = self.table().newest.get_mut(store)
            && *id == session
        {
            change(state);
        }
    }

    /// Takes a session out, if it is still the newest.
    pub(crate) fn leave(&self, store: &StoreId, session: SessionId) {
        let mut table = self.table();
        if table.newest.get(store).is_some_and(|(id, _)| *id == session) {
            table.newest.remove(store);
            table.lines.remove(store);
        }
    }

    /// The stores that are connected now.
    pub(crate) fn connected(&self) -> Vec<StoreId> {
        self.table().newest.keys().cloned().collect()
    }

    /// Has a connected store's session compare what both sides keep. The answer comes on the channel, or
    /// nothing does if the session ends before. Whoever asked before gets no answer.
    pub(crate) fn compare(
        &self,
        store: &StoreId,
        since: Option<BusinessDate>,
    ) -> Option<answers::Receiver<Compared>> {
        let mut table = self.table();
        let line = table.lines.get_mut(store)?;
        line.wishes.try_send(Wish::Compare { since }).ok()?;
        let (asker, answer) = answers::channel();
        line.asker = Some(asker);
        Some(answer)
    }

    /// A session has compared.
    pub(crate) fn compared(&self, store: &StoreId, session: SessionId, came_to: Compared) {
        let mut table = self.table();
        let line = table.lines.get_mut(store).filter(|line| line.session == session);
        if let Some(asker) = line.and_then(|line| line.asker.take()) {
            // Whoever asked may have lost patience.
            let _ = asker.send(came_to);
        }
    }

    /// The session of a store.
    pub(crate) fn of(&self, store: &StoreId) -> Option<SessionState> {
        self.table().newest.get(store).map(|(_, state)| state.clone())
    }

    /// Whether a store is connected and holds nothing that the hub lacks.
    pub(crate) fn is_in_step(&self, store: &StoreId) -> bool {
        let in_step = |(_, state): &(SessionId, SessionState)| state.step == Step::InStep;
        self.table().newest.get(store).is_some_and(in_step)
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        // Each change is one assignment: the table is whole at every moment.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
