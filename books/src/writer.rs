//! The one writer: a thread that takes closures from a bounded queue and commits them in groups.
//!
//! While a commit waits for the disk, closures queue up; the next transaction takes all of them. Each
//! runs in a savepoint of its own, so a failing one undoes its own work only, and all are answered
//! after the commit. A commit that fails stops the writer for good: after a failed sync nobody knows
//! what the disk holds, so the only safe thing is to open the book anew and look.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::watch;

use crate::at_rest::Press;
use crate::books::Identity;
use crate::documents;
use crate::error::{BooksError, Result};
use crate::state::State;
use crate::tx::Tx;
use crate::watch::Commit;

/// Closures that may wait for the writer. Beyond it, callers wait to hand theirs over.
const QUEUE: usize = 1_024;

/// The most closures in one commit. A group of 128 sales takes about 2 ms, so that nobody waits much
/// longer for company than for the disk.
const MAX_GROUP: usize = 128;

/// After this long without work the write-ahead log is folded back into the database.
const IDLE: Duration = Duration::from_secs(5);

/// What to do, and whom to tell.
pub(crate) trait Job: Send {
    /// Runs the closure inside its savepoint.
    fn run(self: Box<Self>, tx: &mut Tx<'_>) -> Finished;
    /// Answers without running.
    fn refuse(self: Box<Self>, error: BooksError);
    /// Whether it may share a commit.
    fn company(&self) -> Company;
}

/// Whether a job may share its commit with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Company {
    /// It may.
    Group,
    /// It replaces the rows that others keep in memory, so it has a transaction to itself.
    Alone,
}

/// A job that has run and waits for the commit.
pub(crate) struct Finished {
    outcome: Kept,
    reply: Box<Reply>,
}

/// Tells a caller what became of its closure; given the reason when the commit failed.
type Reply = dyn FnOnce(Option<&Arc<str>>);

/// Whether a closure's work is to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    Yes,
    No,
}

/// A closure for the writer and the way its result goes back.
pub(crate) struct Write<F, R> {
    pub(crate) closure: F,
    pub(crate) reply: R,
    pub(crate) company: Company,
}

impl<T, E, F, R> Job for Write<F, R>
where
    T: 'static,
    E: From<BooksError> + 'static,
    F: FnOnce(&mut Tx<'_>) -> std::result::Result<T, E> + Send,
    R: FnOnce(std::result::Result<T, E>) + Send + 'static,
{
    fn run(self: Box<Self>, tx: &mut Tx<'_>) -> Finished {
        let Self { closure, reply, .. } = *self;
        let result = catch_unwind(AssertUnwindSafe(|| closure(tx)));
        match result {
            Ok(Ok(value)) => Finished {
                outcome: Kept::Yes,
                reply: Box::new(move |stopped| {
                    reply(match stopped {
                        None => Ok(value),
                        Some(reason) => Err(stopped_error(reason).into()),
                    });
                }),
            },
            Ok(Err(error)) => {
                Finished { outcome: Kept::No, reply: Box::new(move |_| reply(Err(error))) }
            }
            Err(panic) => {
                let message = panic_message(panic.as_ref());
                Finished {
                    outcome: Kept::No,
                    reply: Box::new(move |_| reply(Err(BooksError::Panicked { message }.into()))),
                }
            }
        }
    }

    fn refuse(self: Box<Self>, error: BooksError) {
        (self.reply)(Err(error.into()));
    }

    fn company(&self) -> Company {
        self.company
    }
}

/// The way to the writer thread. Dropping it ends the thread once the queue is empty.
pub(crate) struct Writer {
    queue: Option<SyncSender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread.
    pub(crate) fn start(
        conn: Connection,
        identity: Arc<Identity>,
        commits: watch::Sender<Commit>,
    ) -> Result<Self> {
        let (queue, jobs) = sync_channel(QUEUE);
        let press = Press::new()?;
        let worker =
            Worker { conn, identity, state: State::default(), press, commits, stopped: None };
        let spawned = std::thread::Builder::new()
            .name("books-writer".to_owned())
            .spawn(move || worker.work(&jobs));
        let thread =
            spawned.map_err(|source| BooksError::document("start", "the writer thread", source))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// Hands a job over, waiting while the queue is full.
    pub(crate) fn send(&self, job: Box<dyn Job>) {
        match self.queue.as_ref().map(|queue| queue.send(job)) {
            Some(Ok(())) => {}
            Some(Err(refused)) => refused.0.refuse(BooksError::Closed),
            // The queue is only gone while the book is being dropped, and then nobody can call.
            None => {}
        }
    }

    /// Hands a job over unless the queue is full; then it comes back.
    pub(crate) fn try_send(&self, job: Box<dyn Job>) -> Option<Box<dyn Job>> {
        match self.queue.as_ref()?.try_send(job) {
            Ok(()) => None,
            Err(TrySendError::Full(job)) => Some(job),
            Err(TrySendError::Disconnected(job)) => {
                job.refuse(BooksError::Closed);
                None
            }
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        let Some(thread) = self.thread.take() else { return };
        // A closure may hold the last handle of the book; the thread cannot wait for itself.
        if thread.thread().id() != std::thread::current().id() && thread.join().is_err() {
            tracing::error!("the writer thread panicked");
        }
    }
}

struct Worker {
    conn: Connection,
    identity: Arc<Identity>,
    state: State,
    press: Press,
    commits: watch::Sender<Commit>,
    stopped: Option<Arc<str>>,
}

impl Worker {
    fn work(mut self, jobs: &Receiver<Box<dyn Job>>) {
        let mut log = Log::Folded;
        let mut next = None;
        loop {
            let job = match next.take() {
                Some(job) => job,
                None => match self.wait(jobs, &mut log) {
                    Some(job) => job,
                    None => return,
                },
            };
            log = Log::Grown;
            next = match (&self.stopped, job.company()) {
                (Some(reason), _) => {
                    job.refuse(stopped_error(reason));
                    None
                }
                (None, Company::Alone) => {
                    self.run_alone(job);
                    None
                }
                (None, Company::Group) => self.run_group(job, jobs),
            };
        }
    }

    /// The next job, or `None` when every handle of the book is gone.
    fn wait(&self, jobs: &Receiver<Box<dyn Job>>, log: &mut Log) -> Option<Box<dyn Job>> {
        if *log == Log::Grown {
            match jobs.recv_timeout(IDLE) {
                Ok(job) => return Some(job),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => {
                    self.fold_log();
                    *log = Log::Folded;
                }
            }
        }
        jobs.recv().ok()
    }

    /// From the same connection as all writes, so that no two checkpoints ever meet.
    fn fold_log(&self) {
        if self.stopped.is_some() {
            return;
        }
        let fold = "PRAGMA wal_checkpoint(TRUNCATE)";
        if let Err(error) = self.conn.query_row(fold, [], |_| Ok(())) {
            tracing::warn!(%error, "cannot fold the write-ahead log back");
        }
    }

    /// Runs a job and all that wait behind it in one transaction. Gives back a job that must have
    /// its own.
    fn run_group(
        &mut self,
        first: Box<dyn Job>,
        jobs: &Receiver<Box<dyn Job>>,
    ) -> Option<Box<dyn Job>> {
        if let Err(error) = self.execute("BEGIN IMMEDIATE") {
            let reason = self.stop(&format!("cannot begin a transaction: {error}"));
            first.refuse(stopped_error(&reason));
            return None;
        }
        let mut finished = Vec::new();
        let mut next = Some(first);
        let mut left_over = None;
        while let Some(job) = next.take() {
            match self.run_in_savepoint(job) {
                Ok(done) => finished.push(done),
                Err((done, reason)) => {
                    finished.push(done);
                    self.answer(finished, Some(&reason));
                    return None;
                }
            }
            if finished.len() < MAX_GROUP {
                match jobs.try_recv() {
                    Ok(job) if job.company() == Company::Group => next = Some(job),
                    Ok(job) => left_over = Some(job),
                    Err(_) => {}
                }
            }
        }
        let failed = self.commit().err();
        self.answer(finished, failed.as_ref());
        left_over
    }

    fn run_in_savepoint(
        &mut self,
        job: Box<dyn Job>,
    ) -> std::result::Result<Finished, (Finished, Arc<str>)> {
        let mark = self.state.mark();
        if let Err(error) = self.execute("SAVEPOINT job") {
            let reason = self.stop(&format!("cannot open a savepoint: {error}"));
            let refused = Finished {
                outcome: Kept::No,
                reply: Box::new(move |reason| {
                    job.refuse(reason.map_or(BooksError::Closed, stopped_error));
                }),
            };
            return Err((refused, reason));
        }
        let done = self.run(job);
        let ended = match done.outcome {
            Kept::Yes => {
                self.state.keep();
                self.execute("RELEASE job")
            }
            Kept::No => {
                self.state.undo_to(&mark);
                self.press.forget_block();
                self.execute("ROLLBACK TO job").and_then(|()| self.execute("RELEASE job"))
            }
        };
        match ended {
            Ok(()) => Ok(done),
            // SQLite has rolled everything back by itself: the disk is full or fails.
            Err(error) => {
                let reason = self.stop(&format!("cannot end a savepoint: {error}"));
                Err((done, reason))
            }
        }
    }

    fn run_alone(&mut self, job: Box<dyn Job>) {
        if let Err(error) = self.execute("BEGIN IMMEDIATE") {
            let reason = self.stop(&format!("cannot begin a transaction: {error}"));
            return job.refuse(stopped_error(&reason));
        }
        let done = self.run(job);
        self.press.forget_block();
        if done.outcome == Kept::No {
            self.state = State::default();
            if let Err(error) = self.execute("ROLLBACK") {
                self.stop(&format!("cannot roll back: {error}"));
            }
            return self.answer(vec![done], None);
        }
        let failed = self.commit().err();
        self.answer(vec![done], failed.as_ref());
    }

    fn run(&mut self, job: Box<dyn Job>) -> Finished {
        job.run(&mut Tx {
            conn: &self.conn,
            state: &mut self.state,
            press: &mut self.press,
            identity: &self.identity,
        })
    }

    fn commit(&mut self) -> std::result::Result<(), Arc<str>> {
        if let Err(error) = self.state.flush(&self.conn) {
            return Err(self.stop(&documents::chain_of(&error)));
        }
        if let Err(error) = self.execute("COMMIT") {
            return Err(self.stop(&format!("cannot commit: {error}")));
        }
        self.state.committed();
        Ok(())
    }

    fn answer(&mut self, finished: Vec<Finished>, stopped: Option<&Arc<str>>) {
        // Whoever is woken by an answer finds the commit announced already.
        if stopped.is_none() && finished.iter().any(|done| done.outcome == Kept::Yes) {
            match self.position() {
                Ok(commit) => drop(self.commits.send_if_modified(|told| {
                    let moved = *told != commit;
                    *told = commit;
                    moved
                })),
                // The write is durable all the same; only the news of it is late.
                Err(error) => tracing::error!(%error, "cannot tell how far the book has got"),
            }
        }
        for done in finished {
            (done.reply)(stopped);
        }
    }

    fn position(&mut self) -> Result<Commit> {
        let rows = self.state.last_rows(&self.conn)?;
        let pending = self.state.pending(&self.conn)?.facts;
        Ok(Commit::of(rows, pending))
    }

    /// Remembers why nothing can be written any more.
    fn stop(&mut self, reason: &str) -> Arc<str> {
        tracing::error!(reason, "the book is no longer written to");
        // What is uncommitted must not be seen by a reader of this process either.
        if !self.conn.is_autocommit() && self.conn.execute_batch("ROLLBACK").is_err() {
            tracing::error!("rolling back failed as well");
        }
        self.stopped.get_or_insert_with(|| reason.into()).clone()
    }

    fn execute(&self, sql: &str) -> rusqlite::Result<()> {
        self.conn.prepare_cached(sql)?.execute([]).map(drop)
    }
}

/// Whether the write-ahead log may hold anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Log {
    Folded,
    Grown,
}

fn stopped_error(reason: &Arc<str>) -> BooksError {
    BooksError::WriterStopped { reason: Arc::clone(reason) }
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::books::{Books, Config};
    use crate::error::BooksError;

    #[test]
    fn a_failed_commit_stops_the_writer_and_loses_nothing_acknowledged() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("b.db");
        let config = || Config { chain: "c".parse().unwrap(), me: sync_proto::Writer::Hub };
        let books = Books::open(&path, config()).unwrap();
        books.write(|tx| tx.set_note("safe", "yes")).unwrap();
        let refused = books.write(|tx| {
            // Found out at the last moment only, as a full disk may be.
            let late = "PRAGMA defer_foreign_keys = ON; \
                        INSERT INTO membership VALUES (99, 99)";
            tx.conn.execute_batch(late).unwrap();
            tx.set_note("safe", "no")
        });
        assert!(matches!(refused, Err(BooksError::WriterStopped { .. })), "{refused:?}");
        let later = books.write(|tx| tx.set_note("later", "yes")).unwrap_err();
        assert!(later.to_string().contains("no longer written to: cannot commit"), "{later}");
        assert_eq!(books.reader().unwrap().note("safe").unwrap().as_deref(), Some("yes"));
        drop(books);
        let books = Books::open(&path, config()).unwrap();
        books.write(|tx| tx.set_note("later", "yes")).unwrap();
        assert_eq!(books.reader().unwrap().note("safe").unwrap().as_deref(), Some("yes"));
    }
}
