//! Where replicas are asked: on threads that may block, a bounded number at a time; and which
//! sessions may catch up, a bounded number at a time, too.

use std::num::NonZeroUsize;
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinError;
use tokio::time::Instant;

use super::limits::CATCH_UP_TURN;

/// A place where replicas may block. Cloned, it is the same place: give one to all sessions of a process, so
/// that a thousand stores coming back at once share a few threads, in the order of their questions.
#[derive(Debug, Clone)]
pub struct Workers {
    place: Place,
    turns: Option<Arc<Semaphore>>,
}

#[derive(Debug, Clone)]
enum Place {
    Threads(Arc<Semaphore>),
    Inline,
}

impl Workers {
    /// At most this many replicas are asked at once, on tokio's blocking threads. A database with one writer
    /// gains nothing from more than a few.
    pub fn threads(at_once: NonZeroUsize) -> Self {
        Self { place: Place::Threads(Arc::new(Semaphore::new(at_once.get()))), turns: None }
    }

    /// Replicas are asked right where the session runs: for a simulation, whose threads must not race.
    pub const fn inline() -> Self {
        Self { place: Place::Inline, turns: None }
    }

    /// At most this many sessions exchange what they lack at once, in the order in which they found
    /// out; the others wait before the first change travels. That bounds what a hub holds in memory
    /// when a whole chain comes back, and how many chunks stand in the queue before a live sale.
    #[must_use]
    pub fn with_turns(self, at_once: NonZeroUsize) -> Self {
        Self { turns: Some(Arc::new(Semaphore::new(at_once.get()))), ..self }
    }

    /// Waits for a turn to catch up.
    pub(super) async fn turn(&self) -> Option<Turn> {
        let permit = self.turns.clone()?.acquire_owned().await.ok()?;
        Some(Turn { _permit: permit, until: Instant::now() + CATCH_UP_TURN })
    }

    /// Does a job that may block. Fails only if the job panics.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, JoinError> {
        match &self.place {
            Place::Inline => Ok(job()),
            Place::Threads(places) => {
                let place = places.clone().acquire_owned().await;
                let done = tokio::task::spawn_blocking(move || {
                    let result = job();
                    drop(place);
                    result
                });
                done.await
            }
        }
    }
}

/// The right to catch up. Ends when it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    _permit: OwnedSemaphorePermit,
    until: Instant,
}

impl Turn {
    /// Whether it has lasted long enough for others to begin.
    pub(super) fn is_over(&self) -> bool {
        Instant::now() >= self.until
    }
}
