//! A hub and its shops, on a clock that the test sets.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use books::Books;
use hub::ask::stores::{Invite, InviteKind};
use hub::{Door, Home, Hub, RunningHub, Setup};
use ledger::amount::{Money, TaxRate};
use ledger::catalog::Field;
use ledger::command::{AdjustLine, Command, SaleLine};
use ledger::fact::{Fact, Priced};
use ledger::id::{FactId, Sku, StoreId};
use ledger::json;
use ledger::order::OrderStep;
use ledger::post::{Header, post};
use ledger::purchase::Step;
use ledger::time::{BusinessDate, Timestamp};
use sync_proto::Writer;
use sync_proto::catalog::Edits;
use sync_proto::quic::{
    DialError, Dialer, Identity, JoinCode, SessionEnd, Surroundings, WallClock, Workers,
    run_session,
};
use sync_proto::session::Event;
use tempfile::TempDir;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// 2026-11-22 10:00 UTC.
pub(crate) const TODAY: i64 = 1_795_341_600_000;

pub(crate) const HOUR: i64 = 60 * 60 * 1_000;

/// How long a test waits for what must come: a guard against hanging, not a measurement.
const PATIENCE: Duration = Duration::from_secs(30);

/// A clock that stands still until it is set.
#[derive(Debug)]
pub(crate) struct SetClock(AtomicI64);

impl WallClock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

impl SetClock {
    pub(crate) fn forward(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

/// A hub that runs.
pub(crate) struct Chain {
    pub(crate) hub: Hub,
    pub(crate) clock: Arc<SetClock>,
    pub(crate) running: RunningHub,
    pub(crate) dialer: Dialer,
    dir: TempDir,
}

impl Chain {
    pub(crate) async fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(SetClock(AtomicI64::new(TODAY)));
        let home = Home::at(dir.path().join("hub"));
        let hub = Hub::init_at(&home, Setup::default(), clock.clone()).unwrap();
        let running = hub.start("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let dialer = Dialer::bind(clock.clone()).unwrap();
        Self { hub, clock, running, dialer, dir }
    }

    pub(crate) fn invite(&self, store: &str, kind: InviteKind) -> JoinCode {
        let store = store.parse().unwrap();
        let invite = Invite { store, name: None, kind, life_minutes: 60 };
        self.hub.ask(invite).unwrap().code.parse().unwrap()
    }

    /// A folder for one machine.
    pub(crate) fn machine(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) async fn join(
        &self,
        code: &JoinCode,
        machine: &Path,
    ) -> Result<Identity, DialError> {
        self.dialer.join(self.running.address(), code, machine).await
    }

    /// A new shop with a machine of its own.
    pub(crate) async fn shop(&self, store: &str) -> Shop {
        let code = self.invite(store, InviteKind::First);
        let machine = self.machine(store);
        let identity = self.join(&code, &machine).await.unwrap();
        let me = Writer::Store(store.parse().unwrap());
        let config = books::Config { chain: self.hub.config().chain.clone(), me };
        let books = Books::open(&machine.join("books.db"), config).unwrap();
        let store = store.parse().unwrap();
        Shop { store, identity, books, clock: self.clock.clone() }
    }

    /// Connects a shop and waits until both sides hold the same.
    pub(crate) async fn connect(&self, shop: &Shop) -> Connected {
        let link = self.dialer.connect(self.running.address(), &shop.identity).await.unwrap();
        let stream = link.open_session().await.unwrap();
        let around = Surroundings {
            replica: Arc::new(shop.books.clone()),
            workers: Workers::threads(NonZeroUsize::MIN),
            clock: self.clock.clone(),
            changes: shop.books.commits(),
            wishes: mpsc::channel(1).1,
        };
        let events = Arc::new(Mutex::new(Vec::new()));
        let heard = events.clone();
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async move { drop(stopped.await) };
        let task = tokio::spawn(run_session(stream, around, stopped, move |event| {
            heard.lock().unwrap().push(event);
        }));
        let connected = Connected { events, stop, task };
        until(|| connected.has(|event| *event == Event::InSync)).await;
        until(|| in_step(&self.hub, &shop.store)).await;
        connected
    }

    /// Stops the hub and opens it again from its folder.
    pub(crate) async fn restart(self) -> Self {
        let Self { hub, clock, running, dialer, dir } = self;
        let home = hub.home().clone();
        running.stop().await.unwrap();
        drop(hub);
        let hub = Hub::open_at(&home, clock.clone()).unwrap();
        let running = hub.start("127.0.0.1:0".parse().unwrap()).await.unwrap();
        Self { hub, clock, running, dialer, dir }
    }
}

/// A store's books and identity.
pub(crate) struct Shop {
    pub(crate) store: StoreId,
    pub(crate) identity: Identity,
    pub(crate) books: Books,
    clock: Arc<SetClock>,
}

impl Shop {
    /// The same books on another machine.
    pub(crate) fn on_machine(self, identity: Identity) -> Self {
        Self { identity, ..self }
    }

    /// Books a stock adjustment of today.
    pub(crate) fn adjust(&self, sku: &str, units: &str) -> FactId {
        let line =
            AdjustLine { sku: sku.parse().unwrap(), lot: None, quantity: units.parse().unwrap() };
        let command = Command::Adjust { lines: vec![line], reason: "盘点".into() };
        self.book(sku, command, |_| ())
    }

    /// Books a sale of today at 3.50 a piece. `plant` may spoil the fact as a wrong program would.
    pub(crate) fn sell(
        &self,
        sku: &str,
        units: &str,
        plant: impl FnOnce(&mut Fact) + Send + 'static,
    ) -> FactId {
        let line = SaleLine {
            sku: sku.parse().unwrap(),
            quantity: units.parse().unwrap(),
            list_price: "3.50".parse().unwrap(),
            discount: Money::ZERO,
            tax_rate: TaxRate::ZERO,
            priced: Priced::default(),
        };
        self.book(sku, Command::Sell { lines: vec![line], payments: vec![] }, plant)
    }

    pub(crate) fn book(
        &self,
        sku: &str,
        command: Command,
        plant: impl FnOnce(&mut Fact) + Send + 'static,
    ) -> FactId {
        let sku: Sku = sku.parse().unwrap();
        let (store, at) = (self.store.clone(), self.clock.now());
        let date: BusinessDate = "2026-11-22".parse().unwrap();
        self.books
            .write(move |tx| {
                let header = Header {
                    id: tx.next_fact_id()?,
                    store,
                    date,
                    true_date: None,
                    at,
                    bill: tx.next_bill(date)?,
                    request: None,
                    operator: None,
                    shift: None,
                    member: None,
                };
                let stock = tx.positions([&sku])?;
                let mut fact = post(header, command, &stock).unwrap().fact;
                plant(&mut fact);
                tx.append_fact(&fact, &json::to_text(&fact))?;
                if let Some((order, step)) = Step::of_fact(&fact) {
                    tx.tell_purchase(order, None, step, at)?;
                }
                Ok::<_, books::BooksError>(fact.id)
            })
            .unwrap()
    }

    /// Edits a product at the store.
    pub(crate) fn edit(&self, sku: &str, field: Field, text: &str) {
        let fields = [(field, text.to_owned())].into();
        let edits = Edits::from([(sku.parse().unwrap(), fields)]);
        let at = self.clock.now();
        self.books.write(move |tx| tx.edit_catalog(&edits, at)).unwrap();
    }

    /// A field of a product as the store knows it.
    pub(crate) fn field(&self, sku: &str, field: Field) -> Option<String> {
        let product = self.books.reader().unwrap().product(&sku.parse().unwrap()).unwrap();
        product.map(|product| product.get(field))
    }
}

/// A store's end of a session.
pub(crate) struct Connected {
    events: Arc<Mutex<Vec<Event>>>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<SessionEnd>,
}

impl Connected {
    pub(crate) fn has(&self, wanted: impl Fn(&Event) -> bool) -> bool {
        self.events.lock().unwrap().iter().any(wanted)
    }

    /// How the session ends by itself.
    pub(crate) async fn end(self) -> SessionEnd {
        tokio::time::timeout(PATIENCE, self.task).await.unwrap().unwrap()
    }

    /// Leaves, and waits until the hub has noticed.
    pub(crate) async fn leave(self, chain: &Chain, shop: &Shop) {
        self.stop.send(()).unwrap();
        self.task.await.unwrap();
        until(|| status(&chain.hub, &shop.store).connection.is_none()).await;
    }
}

pub(crate) fn status(hub: &Hub, store: &StoreId) -> hub::ask::status::StoreState {
    let ask = hub::ask::status::ShowStatus { store: Some(store.clone()) };
    hub.ask(ask).unwrap().stores.remove(0)
}

fn in_step(hub: &Hub, store: &StoreId) -> bool {
    status(hub, store).connection.is_some_and(|connection| connection.in_step)
}

/// Waits for something that must come.
pub(crate) async fn until(mut is_so: impl FnMut() -> bool) {
    let wait = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.expect("what must come has come");
}
