//! The book itself: a handle to its writer and its readers.

use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sync_proto::{ChainId, Writer as Who};
use tokio::sync::{oneshot, watch};

use crate::error::{BooksError, OpenError, Result};
use crate::lock::BookLock;
use crate::read::{Reader, ReaderParts};
use crate::tx::Tx;
use crate::watch::Commit;
use crate::writer::{Company, Job, Write, Writer};
use crate::{connection, migrate};

/// Connections for reading that are kept for the next reader.
const MAX_IDLE_READERS: usize = 4;

/// How often views of one moment are tried for. Opening them takes less than a millisecond, and a busy
/// hub commits a few times in ten.
const MAX_VIEW_TRIES: usize = 50;

/// Whose book it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The chain of stores.
    pub chain: ChainId,
    /// The node or hub whose book this is.
    pub me: Who,
}

/// [`Config`], and the number of the store in this file.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) chain: ChainId,
    pub(crate) me: Who,
    /// `None` for the hub.
    pub(crate) store: Option<i64>,
}

/// A durable book: cheap to clone, shared by as many threads as like.
///
/// ```
/// use books::{Books, BooksError, Config};
/// use sync_proto::{ChainId, Writer};
///
/// let dir = tempfile::tempdir().unwrap();
/// let config = Config { chain: ChainId::new("demo").unwrap(), me: Writer::Hub };
/// let books = Books::open(&dir.path().join("books.db"), config).unwrap();
/// books.write(|tx| tx.set_note("greeting", "你好")).unwrap();
/// assert_eq!(books.reader().unwrap().note("greeting").unwrap().as_deref(), Some("你好"));
/// # Ok::<(), BooksError>(())
/// ```
#[derive(Clone)]
pub struct Books {
    inner: Arc<Inner>,
}

struct Inner {
    // Dropped in this order: the last connection to close folds the write-ahead log back, which
    // only the writer's can, and the lock is let go when nothing is open any more.
    idle: Mutex<Vec<ReaderParts>>,
    writer: Writer,
    path: PathBuf,
    identity: Arc<Identity>,
    commits: watch::Receiver<Commit>,
    /// Held while somebody looks for alerts.
    looking: Mutex<()>,
    _lock: BookLock,
}

impl Books {
    /// Opens the book at `path`, or makes one. Only one process at a time can have it open.
    pub fn open(path: &Path, config: Config) -> Result<Self, OpenError> {
        let found = rusqlite::version_number();
        if found < connection::OLDEST_SQLITE {
            return Err(OpenError::SqliteTooOld { found: rusqlite::version() });
        }
        let lock = BookLock::take(path)?;
        let prepare =
            |source| OpenError::Prepare { path: path.to_owned(), source: Box::new(source) };
        let conn = connection::writer(path).map_err(migrate::unreadable("open", path))?;
        let opened = migrate::prepare(&conn, path, &config)?;
        let identity =
            Arc::new(Identity { chain: config.chain, me: config.me, store: opened.store });
        let (news, commits) = watch::channel(opened.commit);
        let writer = Writer::start(conn, Arc::clone(&identity), news).map_err(prepare)?;
        let idle = Mutex::new(Vec::new());
        let (path, looking) = (path.to_owned(), Mutex::default());
        let inner = Inner { writer, path, identity, idle, commits, looking, _lock: lock };
        let books = Self { inner: Arc::new(inner) };
        if opened.unshown {
            books.write_alone(|tx| tx.show_unshown().map(drop)).map_err(prepare)?;
        }
        if opened.unsorted {
            books.write_alone(|tx| tx.sort_days().map(drop)).map_err(prepare)?;
        }
        Ok(books)
    }

    /// Lets nobody else look for alerts meanwhile: whoever asks for them after a sale finds what another look
    /// has taken on and not yet written.
    pub(crate) fn look_alone(&self) -> MutexGuard<'_, ()> {
        self.inner.looking.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a closure in the writer and returns its result once it is durable. An error undoes what
    /// the closure did, and nothing else.
    ///
    /// Must not be called from within such a closure: it would wait for itself.
    pub fn write<T, E>(
        &self,
        closure: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<BooksError> + Send + 'static,
    {
        self.write_in(Company::Group, closure)
    }

    /// As [`Books::write`], in a transaction shared with no other closure.
    pub(crate) fn write_alone<T, E>(
        &self,
        closure: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<BooksError> + Send + 'static,
    {
        self.write_in(Company::Alone, closure)
    }

    fn write_in<T, E>(
        &self,
        company: Company,
        closure: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<BooksError> + Send + 'static,
    {
        let (answer, result) = sync_channel(1);
        let reply = move |result| {
            // The caller waits below until this is sent or dropped.
            answer.send(result).ok();
        };
        self.inner.writer.send(Box::new(Write { closure, reply, company }));
        result.recv().unwrap_or_else(|_| Err(BooksError::Closed.into()))
    }

    /// As [`Books::write`], for asynchronous callers. Dropping the future does not take the write
    /// back.
    pub async fn write_async<T, E>(
        &self,
        closure: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<BooksError> + Send + 'static,
    {
        let (answer, result) = oneshot::channel();
        let reply = move |result| {
            // An error means that the caller is gone and no longer wants to know.
            answer.send(result).ok();
        };
        let job: Box<dyn Job> = Box::new(Write { closure, reply, company: Company::Group });
        if let Some(job) = self.inner.writer.try_send(job) {
            let books = self.clone();
            // Waiting for a place in the queue blocks, so it is done where blocking is allowed.
            tokio::task::spawn_blocking(move || books.inner.writer.send(job));
        }
        result.await.unwrap_or_else(|_| Err(BooksError::Closed.into()))
    }

    /// A view of the book as it is now. It stays as it is until dropped; do not keep it for long,
    /// since the write-ahead log grows meanwhile.
    pub fn reader(&self) -> Result<Reader> {
        Reader::begin(self.clone(), self.reader_parts()?)
    }

    /// As many views of one and the same moment, for readers on several threads. On books that are
    /// written to without a pause, one view.
    pub fn readers(&self, count: usize) -> Result<Vec<Reader>> {
        let witness = self.reader_parts()?;
        for _ in 0..MAX_VIEW_TRIES {
            let before = Reader::version(&witness)?;
            let readers = (0..count).map(|_| self.reader()).collect::<Result<Vec<_>>>()?;
            if Reader::version(&witness)? == before {
                self.take_back_reader(witness);
                return Ok(readers);
            }
        }
        self.take_back_reader(witness);
        Ok(vec![self.reader()?])
    }

    fn reader_parts(&self) -> Result<ReaderParts> {
        // Not in the match: the list would stay locked while a connection is opened.
        let idle = self.idle().pop();
        idle.map_or_else(|| ReaderParts::open(&self.inner.path), Ok)
    }

    /// News of commits that brought a change or a fact: of notes, and of what was told of other
    /// stores, nobody has anything to pass on.
    pub fn commits(&self) -> watch::Receiver<Commit> {
        self.inner.commits.clone()
    }

    /// The chain of stores.
    pub fn chain(&self) -> &ChainId {
        &self.inner.identity.chain
    }

    /// Whose book this is.
    pub fn me(&self) -> &Who {
        &self.inner.identity.me
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.inner.identity
    }

    pub(crate) fn take_back_reader(&self, parts: ReaderParts) {
        let mut idle = self.idle();
        if idle.len() < MAX_IDLE_READERS {
            idle.push(parts);
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<ReaderParts>> {
        // A list of idle connections is whole at every moment, whoever panicked holding it.
        self.inner.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
