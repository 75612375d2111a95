//! A store's node: its books, open.

mod alert;
pub(crate) mod catalog;
pub(crate) mod close;
mod correction;
pub(crate) mod count;
mod counter;
pub(crate) mod forks;
mod head_office;
mod lookup;
mod prices;
pub(crate) mod profile;
pub(crate) mod proposal;
pub(crate) mod purchase;
mod scan;
mod supplier;
mod till;
pub(crate) mod transfer;
pub(crate) mod value;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use books::{Books, BooksError, Tx};
use ledger::amount::Quantity;
use ledger::catalog::Product;
use ledger::fact::Fact;
use ledger::id::StoreId;
use ledger::json;
use ledger::post::Header;
use ledger::scan::Patterns;
use ledger::time::{BusinessDate, Timestamp};
use sync_proto::Writer;

use crate::book::lookup::Counter;
use crate::book::{self, BookError, Notice, Refused};
use crate::clock::{SystemClock, WallClock, Zone};
use crate::error::{NodeError, Result};
use crate::home::{Config, Home};
use crate::request::{
    About, Adjust, GiveBack, Opening, Receive, Request, Reverse, Scrap, Sell, Task,
};
use crate::sync::Sync;
use catalog::{Products, Scanned, Shelf};
use lookup::InTx;
use till::Origin;

/// A store's node with its books open. Cheap to clone; every method may be called from any thread.
///
/// Only one process can have the books of a folder open. See the [crate's](crate) example.
#[derive(Clone)]
pub struct Node {
    inner: Arc<Inner>,
}

struct Inner {
    home: Home,
    config: Config,
    zone: Zone,
    clock: Arc<dyn WallClock>,
    books: Books,
    shelf: Shelf,
    scale_labels: Patterns,
    sync: Sync,
    catalog_turn: Mutex<()>,
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booked {
    /// The fact that answers it: durable.
    pub fact: Fact,
    /// The sale of what went in place of goods given back, if that was asked for.
    pub also: Option<Fact>,
    /// What a person should look at.
    pub notices: Vec<Notice>,
    /// Whether it was booked now.
    pub when: When,
}

/// When a request was booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Now.
    Now,
    /// Before, under the same request id. Nothing was booked now.
    Before,
}

impl Node {
    /// Makes books that belong to no hub, in a new folder, and opens them.
    pub fn init(dir: impl Into<PathBuf>, config: &Config) -> Result<Self> {
        let home = Home::at(dir);
        home.create()?;
        Self::found(home, config, Arc::new(SystemClock))
    }

    /// Opens the node of a folder.
    pub fn open(dir: impl Into<PathBuf>) -> Result<Self> {
        Self::open_with(dir, Arc::new(SystemClock))
    }

    /// As [`Node::open`], with another clock.
    pub fn open_with(dir: impl Into<PathBuf>, clock: Arc<dyn WallClock>) -> Result<Self> {
        let home = Home::at(dir);
        let config = home.read_config()?;
        if !home.books().exists() {
            // New books in their place would start the same history a second time.
            return Err(NodeError::BooksMissing { path: home.books() });
        }
        Self::start(home, config, clock)
    }

    /// Makes the folder of a node again from a backup, and opens it under a new epoch: the old one may
    /// have gone on after the backup was made.
    pub fn restore(from: &Path, dir: impl Into<PathBuf>) -> Result<Self> {
        let dir = dir.into();
        books::restore(from, &dir).map_err(|source| NodeError::Restore { source })?;
        let node = Self::open(dir)?;
        node.books().write(|tx| -> std::result::Result<_, BooksError> { tx.open_epoch(None) })?;
        Ok(node)
    }

    /// Opens new books and only then says, by its settings, that the folder is a node.
    pub(crate) fn found(home: Home, config: &Config, clock: Arc<dyn WallClock>) -> Result<Self> {
        let node = Self::start(home, config.clone(), clock)?;
        node.home().write_config(config)?;
        Ok(node)
    }

    fn start(home: Home, config: Config, clock: Arc<dyn WallClock>) -> Result<Self> {
        let zone = config.zone()?;
        let whose =
            books::Config { chain: config.chain.clone(), me: Writer::Store(config.store.clone()) };
        let path = home.books();
        let books = Books::open(&path, whose)
            .map_err(|source| NodeError::Open { path, source: Box::new(source) })?;
        Ok(Self {
            inner: Arc::new(Inner {
                home,
                scale_labels: config.scale_labels.clone().unwrap_or_default(),
                config,
                zone,
                clock,
                books,
                shelf: Shelf::default(),
                sync: Sync::default(),
                catalog_turn: Mutex::default(),
            }),
        })
    }

    /// Sells over the counter. When this returns, the sale is durable.
    pub fn sell(&self, about: About, sell: Sell) -> Result<Booked> {
        self.book(Request { about, task: sell.into() })
    }

    /// Takes goods back, with or without the sale they come from.
    pub fn give_back(&self, about: About, give_back: GiveBack) -> Result<Booked> {
        self.book(Request { about, task: give_back.into() })
    }

    /// Takes bought goods in.
    pub fn receive(&self, about: About, receive: Receive) -> Result<Booked> {
        self.book(Request { about, task: receive.into() })
    }

    /// Starts the books with stock.
    pub fn open_books(&self, about: About, opening: Opening) -> Result<Booked> {
        self.book(Request { about, task: opening.into() })
    }

    /// Corrects the quantity on hand.
    pub fn adjust(&self, about: About, adjust: Adjust) -> Result<Booked> {
        self.book(Request { about, task: adjust.into() })
    }

    /// Throws goods away.
    pub fn scrap(&self, about: About, scrap: Scrap) -> Result<Booked> {
        self.book(Request { about, task: scrap.into() })
    }

    /// Undoes a whole fact.
    pub fn reverse(&self, about: About, reverse: Reverse) -> Result<Booked> {
        self.book(Request { about, task: reverse.into() })
    }

    /// Books any request. When this returns, it is durable.
    pub fn book(&self, mut request: Request) -> Result<Booked> {
        let stamp = self.stamp();
        let products = self.scanned(std::slice::from_mut(&mut request), stamp.at)?;
        let counter = self.counter(std::slice::from_ref(&request), &products, stamp.at)?;
        let known = (products, counter);
        Ok(self.books().write(move |tx| book_in(tx, &stamp, &known, &request))?)
    }

    /// As [`Node::book`], for asynchronous callers. Dropping the future does not take it back.
    pub async fn book_async(&self, mut request: Request) -> Result<Booked> {
        let stamp = self.stamp();
        let products = self.scanned(std::slice::from_mut(&mut request), stamp.at)?;
        let counter = self.counter(std::slice::from_ref(&request), &products, stamp.at)?;
        let known = (products, counter);
        Ok(self.books().write_async(move |tx| book_in(tx, &stamp, &known, &request)).await?)
    }

    /// Books many requests in one durable transaction, in their order. One that is refused leaves
    /// the others alone.
    pub fn book_all(&self, mut requests: Vec<Request>) -> Result<Vec<Result<Booked, Refused>>> {
        let stamp = Stamp { origin: Origin::File, ..self.stamp() };
        let products = self.scanned(&mut requests, stamp.at)?;
        let counter = self.counter(&requests, &products, stamp.at)?;
        let known = (products, counter);
        let booked = self.books().write(move |tx| {
            let mut results = Vec::with_capacity(requests.len());
            for request in &requests {
                results.push(match book_in(tx, &stamp, &known, request) {
                    Ok(booked) => Ok(booked),
                    Err(BookError::Refused(refused)) => Err(refused),
                    Err(BookError::Books(error)) => return Err(error),
                });
            }
            Ok(results)
        })?;
        Ok(booked)
    }

    /// The product with this SKU, or that this code is on, at the prices in force now.
    pub fn product(&self, item: &str) -> Result<Option<Arc<Product>>> {
        Ok(self.coded(item)?.map(|(product, _)| product))
    }

    /// The product that a code is on, and how many of its units the code stands for.
    pub fn coded(&self, item: &str) -> Result<Option<(Arc<Product>, Quantity)>> {
        let mut found = self.inner.shelf.products_of(self, std::iter::once(item), self.now())?;
        Ok(found.remove(item).flatten().map(|found| (found.product, found.each)))
    }

    /// The same, and what the code says of the goods beside that.
    pub(crate) fn code(&self, item: &str) -> Result<Option<Scanned>> {
        let mut found = self.inner.shelf.products_of(self, std::iter::once(item), self.now())?;
        Ok(found.remove(item).flatten())
    }

    /// The forms of the labels that the shop's scales print.
    pub fn scale_labels(&self) -> &Patterns {
        &self.inner.scale_labels
    }

    /// The store.
    pub fn store(&self) -> &StoreId {
        &self.inner.config.store
    }

    /// The settings with which it was opened.
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// Its folder.
    pub fn home(&self) -> &Home {
        &self.inner.home
    }

    /// The shop's zone.
    pub fn zone(&self) -> &Zone {
        &self.inner.zone
    }

    /// Its clock.
    pub fn clock(&self) -> &Arc<dyn WallClock> {
        &self.inner.clock
    }

    /// Now, by its clock.
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// The business day, by its clock and calendar.
    pub fn today(&self) -> BusinessDate {
        self.inner.zone.business_day(self.now(), self.inner.config.cutoff())
    }

    /// The books themselves, for whoever wants more than this type offers.
    pub fn books(&self) -> &Books {
        &self.inner.books
    }

    pub(crate) fn sync(&self) -> &Sync {
        &self.inner.sync
    }

    fn stamp(&self) -> Stamp {
        let at = self.now();
        Stamp {
            store: self.store().clone(),
            at,
            today: self.zone().business_day(at, self.config().cutoff()),
            origin: Origin::Till,
            require_shift: self.config().till.require_shift,
        }
    }
}

/// What the node adds to a request.
struct Stamp {
    store: StoreId,
    at: Timestamp,
    today: BusinessDate,
    /// Where its requests come from.
    origin: Origin,
    require_shift: bool,
}

impl Stamp {
    /// The head of the next fact, which answers a request.
    fn header(&self, tx: &mut Tx<'_>, about: &About) -> std::result::Result<Header, BooksError> {
        let happened = about.date.unwrap_or(self.today);
        let date = tx.open_day(happened)?;
        let true_date = (date != happened).then_some(happened);
        Ok(Header { true_date, ..self.header_on(tx, about, date)? })
    }

    /// The head of the next fact, booked to this day whether it is open or not.
    fn header_on(
        &self,
        tx: &mut Tx<'_>,
        about: &About,
        date: BusinessDate,
    ) -> std::result::Result<Header, BooksError> {
        Ok(Header {
            id: tx.next_fact_id()?,
            store: self.store.clone(),
            date,
            true_date: None,
            at: self.at,
            bill: tx.next_bill(date)?,
            request: about.request.clone(),
            operator: about.operator.clone(),
            shift: None,
            member: about.member.clone(),
        })
    }
}

/// Books one request inside a transaction, or finds what was booked for it before. What is refused
/// has written nothing.
fn book_in(
    tx: &mut Tx<'_>,
    stamp: &Stamp,
    (products, counter): &(Products, Arc<Counter>),
    request: &Request,
) -> Result<Booked, BookError<BooksError>> {
    if let Some(name) = &request.about.request
        && let Some(id) = tx.request(name)?
    {
        let fact = lookup::must_have(tx, id)?;
        let mut books = InTx { tx, products, counter };
        book::same_request(request, &fact, &mut books)?;
        let also = till::taken(tx, &fact)?;
        return Ok(Booked { fact, also, notices: Vec::new(), when: When::Before });
    }
    let header = stamp.header(tx, &request.about)?;
    let header = till::in_shift(tx, stamp, request, header)?;
    let mut booked = if let Task::Exchange(exchange) = &request.task {
        till::exchange(tx, (stamp, products, counter), (request, exchange), header)?
    } else {
        let mut books = InTx { tx, products, counter };
        let book::Drafted { fact, notices } = book::draft(request, header, &mut books)?;
        tx.append_fact(&fact, &json::to_text(&fact))?;
        Booked { fact, also: None, notices, when: When::Now }
    };
    if let Some(happened) = booked.fact.true_date {
        booked.notices.push(Notice::DayClosed { happened, booked: booked.fact.date });
    }
    Ok(booked)
}
