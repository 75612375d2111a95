//! Where replicas are asked: on threads that may block, a bounded number at a time.

use std::num::NonZeroUsize;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinError;

/// A place where replicas may block. Cloned, it is the same place: give one to all sessions of a process, so
/// that a thousand stores coming back at once share a few threads, in the order of their questions.
#[derive(Debug, Clone)]
pub struct Workers(Place);

#[derive(Debug, Clone)]
enum Place {
    Threads(Arc<Semaphore>),
    Inline,
}

impl Workers {
    /// At most this many replicas are asked at once, on tokio's blocking threads. A database with one writer
    /// gains nothing from more than a few.
    pub fn threads(at_once: NonZeroUsize) -> Self {
        Self(Place::Threads(Arc::new(Semaphore::new(at_once.get()))))
    }

    /// Replicas are asked right where the session runs: for a simulation, whose threads must not race.
    pub const fn inline() -> Self {
        Self(Place::Inline)
    }

    /// Does a job that may block. Fails only if the job panics.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, JoinError> {
        match &self.0 {
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
