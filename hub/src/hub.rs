//! A hub that is open: its books, its stores, its authority.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use books::read::ProductFilter;
use books::{Books, BooksError, Reader};
use ledger::catalog::Product;
use ledger::id::{Sku, StoreId};
use ledger::time::Timestamp;
use sync_proto::catalog::Edits;
use sync_proto::party::Edits as PartyEdits;
use sync_proto::quic::{CloseCode, ListenerHandle, SystemClock, WallClock};
use sync_proto::{ChainId, Writer};

use crate::ca::{Authority, CaError};
use crate::checks::Checks;
use crate::error::{HubError, Result};
use crate::events::{Event, Events, What};
use crate::home::{CheckConfig, Config, Home, default_listen};
use crate::peers::PeerNews;
use crate::register::Register;
use crate::sessions::Sessions;

/// Random bytes in the id of a new chain: two chains never share one.
const CHAIN_ID_BYTES: usize = 6;

/// How a new hub is set up.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// What people call the chain.
    pub name: Option<String>,
    /// Where to listen for stores; none for the usual port on all addresses.
    pub listen: Option<SocketAddr>,
    /// The address that stores are told.
    pub public: Option<String>,
}

/// Head office, open. Cheap to clone; closed when the last clone is gone.
///
/// One process at a time can have a hub open; [`AnyDoor`](crate::door::AnyDoor) finds the one that
/// has. [`Hub::run`] lets stores connect.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

/// A hub that may have been closed.
pub(crate) struct WeakHub(Weak<Inner>);

impl WeakHub {
    /// The hub, if it is still open.
    pub(crate) fn upgrade(&self) -> Option<Hub> {
        self.0.upgrade().map(Hub)
    }
}

/// What the clones share.
pub(crate) struct Inner {
    home: Home,
    config: Config,
    books: Books,
    register: Register,
    authority: Authority,
    events: Events,
    sessions: Sessions,
    peer_news: PeerNews,
    checks: Checks,
    /// Rules for transfers change between two looks at what has arrived, never during one.
    rules_turn: Mutex<()>,
    /// One period is closed at a time.
    finance_turn: Mutex<()>,
    clock: Arc<dyn WallClock>,
    /// While the hub runs.
    listener: Mutex<Option<ListenerHandle>>,
}

impl Hub {
    /// Makes a hub in a folder that is empty or not there yet. Nothing is left behind if that fails.
    pub fn init(home: &Home, setup: Setup) -> Result<Self> {
        Self::init_at(home, setup, Arc::new(SystemClock))
    }

    /// As [`Hub::init`], by a clock of the caller's.
    pub fn init_at(home: &Home, setup: Setup, clock: Arc<dyn WallClock>) -> Result<Self> {
        if home.exists() {
            return Err(HubError::HubExists { dir: home.dir().to_owned() });
        }
        let existed = refuse_used(home)?;
        let made = make(home, setup, clock);
        if made.is_err() {
            clean_up(home, existed);
        }
        made
    }

    /// Opens the hub of a folder.
    pub fn open(home: &Home) -> Result<Self> {
        Self::open_at(home, Arc::new(SystemClock))
    }

    /// As [`Hub::open`], by a clock of the caller's.
    pub fn open_at(home: &Home, clock: Arc<dyn WallClock>) -> Result<Self> {
        let config = home.read_config()?;
        // The lock first: while another process has the hub, its files may be changing.
        let books = open_books(home, &config.chain)?;
        let authority = Authority::load(&home.identity(), &config.chain)?;
        let authority = authority.ok_or_else(|| HubError::NoAuthority { dir: home.identity() })?;
        Self::assemble(home, config, books, authority, clock)
    }

    /// Makes a hub's folder again from a backup, and opens it under a new epoch: the old one may have
    /// gone on after the backup was made.
    pub fn restore(from: &Path, home: &Home) -> Result<Self> {
        books::restore(from, home.dir()).map_err(|source| HubError::Restore { source })?;
        let hub = Self::open(home)?;
        hub.books().write(|tx| -> std::result::Result<_, BooksError> { tx.open_epoch(None) })?;
        Ok(hub)
    }

    fn assemble(
        home: &Home,
        config: Config,
        books: Books,
        authority: Authority,
        clock: Arc<dyn WallClock>,
    ) -> Result<Self> {
        let register = Register::open(books.clone())?;
        Ok(Self(Arc::new(Inner {
            home: home.clone(),
            config,
            books,
            register,
            authority,
            events: Events::default(),
            sessions: Sessions::default(),
            peer_news: PeerNews::default(),
            checks: Checks::new(home),
            rules_turn: Mutex::default(),
            finance_turn: Mutex::default(),
            clock,
            listener: Mutex::new(None),
        })))
    }

    /// Where it lies.
    pub fn home(&self) -> &Home {
        &self.0.home
    }

    /// Its settings.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// Its books.
    pub fn books(&self) -> &Books {
        &self.0.books
    }

    /// Its stores and join codes.
    pub fn register(&self) -> &Register {
        &self.0.register
    }

    /// Its certificate authority.
    pub fn authority(&self) -> &Authority {
        &self.0.authority
    }

    /// What happened lately.
    pub fn events(&self) -> &Events {
        &self.0.events
    }

    /// The sessions with stores.
    pub(crate) fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }

    /// What the stores said of themselves and is not in the books yet.
    pub(crate) fn peer_news(&self) -> &PeerNews {
        &self.0.peer_news
    }

    /// The consistency checks under way.
    pub(crate) fn checks(&self) -> &Checks {
        &self.0.checks
    }

    /// The turn to apply or change the rules for transfers.
    pub(crate) fn rules_turn(&self) -> MutexGuard<'_, ()> {
        // Nothing is guarded but the turn, so a panic leaves nothing half done.
        self.0.rules_turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Held while a period is closed for finance.
    pub(crate) fn finance_turn(&self) -> MutexGuard<'_, ()> {
        // Nothing is guarded but the turn, so a panic leaves nothing half done.
        self.0.finance_turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The hub, for whoever must not keep it open.
    pub(crate) fn downgrade(&self) -> WeakHub {
        WeakHub(Arc::downgrade(&self.0))
    }

    /// Its clock.
    pub(crate) fn clock(&self) -> &Arc<dyn WallClock> {
        &self.0.clock
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// A view of the books as they are now.
    pub fn reader(&self) -> Result<Reader> {
        Ok(self.0.books.reader()?)
    }

    /// Where stores find the hub, if it knows: a hub that listens on every address of its machine
    /// must be told which of them a shop can reach.
    pub fn public_address(&self) -> Option<String> {
        let Config { public, listen, .. } = &self.0.config;
        let own = || (!listen.ip().is_unspecified()).then(|| listen.to_string());
        public.clone().or_else(own)
    }

    /// Logs and keeps an event.
    pub(crate) fn note_event(&self, store: Option<&StoreId>, what: What) {
        self.0.events.add(Event { at: self.now(), store: store.cloned(), what });
    }

    /// Every product, by SKU.
    pub fn catalog(&self) -> Result<BTreeMap<Sku, Product>> {
        let products = self.reader()?.products(&ProductFilter::default())?;
        Ok(products.into_iter().map(|product| (product.sku.clone(), product)).collect())
    }

    /// Sets fields of products in head office's name; gives the number of connected stores, which
    /// are told as soon as this is durable. (A session learns of it from the books' own news.)
    pub fn edit_catalog(&self, edits: Edits) -> Result<usize> {
        let (products, now) = (edits.len() as u64, self.now());
        self.0.books.write(move |tx| -> Result<(), BooksError> {
            tx.edit_catalog(&edits, now)?;
            Ok(())
        })?;
        self.note_event(None, What::CatalogChanged { products });
        Ok(self.connected().len())
    }

    /// Sets fields of suppliers and offers in head office's name; gives the number of connected
    /// stores, which are told as soon as this is durable.
    pub fn edit_parties(&self, edits: PartyEdits) -> Result<usize> {
        let now = self.now();
        self.0.books.write(move |tx| tx.edit_parties(&edits, now).map(drop))?;
        Ok(self.connected().len())
    }

    /// The stores that are connected.
    pub fn connected(&self) -> Vec<StoreId> {
        self.listener().as_ref().map(ListenerHandle::connected).unwrap_or_default()
    }

    /// Where stores connect, while the hub runs.
    pub fn listening(&self) -> Option<SocketAddr> {
        self.listener().as_ref().and_then(|listener| listener.local_addr().ok())
    }

    /// Ends the connections of a store that may no longer have any. None when the hub does not run.
    pub(crate) fn shut_out(&self, store: &StoreId) -> Option<usize> {
        self.listener().as_ref().map(|listener| listener.close_store(store, CloseCode::Revoked))
    }

    /// The listener, while the hub runs.
    pub(crate) fn listener(&self) -> MutexGuard<'_, Option<ListenerHandle>> {
        // One assignment cannot be left half done.
        self.0.listener.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn open_books(home: &Home, chain: &ChainId) -> Result<Books> {
    let config = books::Config { chain: chain.clone(), me: Writer::Hub };
    let path = home.books();
    Books::open(&path, config).map_err(|source| HubError::Open { path, source: Box::new(source) })
}

fn make(home: &Home, setup: Setup, clock: Arc<dyn WallClock>) -> Result<Hub> {
    home.create()?;
    let config = Config {
        chain: new_chain()?,
        name: setup.name,
        listen: setup.listen.unwrap_or_else(default_listen),
        public: setup.public,
        checks: CheckConfig::default(),
    };
    let books = open_books(home, &config.chain)?;
    let authority = Authority::create(&home.identity(), config.chain.clone(), clock.now())?;
    authority.hub_identity(&home.identity(), clock.now())?;
    home.write_config(&config)?;
    Hub::assemble(home, config, books, authority, clock)
}

fn new_chain() -> Result<ChainId> {
    let mut bytes = [0; CHAIN_ID_BYTES];
    getrandom::fill(&mut bytes).map_err(|_| CaError::NoRandomness)?;
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(ChainId::new(&format!("c-{digits}"))?)
}

/// Whether the folder was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Existed {
    Yes,
    No,
}

/// Refuses a folder that holds anything.
fn refuse_used(home: &Home) -> Result<Existed> {
    let file = |source| HubError::File { what: "look into", path: home.dir().to_owned(), source };
    match fs::read_dir(home.dir()) {
        Ok(mut entries) => match entries.next() {
            None => Ok(Existed::Yes),
            Some(_) => Err(HubError::NotEmpty { dir: home.dir().to_owned() }),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Existed::No),
        Err(error) => Err(file(error)),
    }
}

/// Takes away what a failed attempt left. The folder was empty, so all in it is ours; what cannot
/// be removed is reported by the next attempt.
fn clean_up(home: &Home, existed: Existed) {
    let _ = match existed {
        Existed::No => fs::remove_dir_all(home.dir()),
        Existed::Yes => empty(home),
    };
}

fn empty(home: &Home) -> io::Result<()> {
    for entry in fs::read_dir(home.dir())? {
        let path = entry?.path();
        if path.is_dir() { fs::remove_dir_all(path)? } else { fs::remove_file(path)? }
    }
    Ok(())
}
