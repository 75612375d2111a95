//! A run that looks at what has changed says what one that looks at everything says.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use books::Books;
use ledger::amount::TaxRate;
use ledger::command::{AdjustLine, Command, SaleLine};
use ledger::fact::{Body, Fact, Priced};
use ledger::id::{Sku, StoreId};
use ledger::json;
use ledger::post::{Header, post};
use ledger::time::{BusinessDate, Timestamp};
use proptest::prelude::*;
use sync_proto::quic::WallClock;
use sync_proto::replica::{Outgoing, Replica as _, Row};
use sync_proto::{Admission, WireChange, Writer};

use super::memory::Memory;
use super::report::{CheckFinding, Scope};
use super::{Depth, look};
use crate::{Home, Hub, Setup};

/// 2026-11-22 10:00 UTC.
const START: i64 = 1_795_341_600_000;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

#[derive(Debug)]
struct Clock(AtomicI64);

impl WallClock for Clock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// Something that happens in a chain of three stores.
#[derive(Debug, Clone)]
enum Step {
    /// A store books a sale of a SKU, so many days ago, with or without a fault in it.
    Sell { store: usize, sku: usize, days_ago: i32, fault: Fault },
    /// A store takes goods in.
    Receive { store: usize, sku: usize, days_ago: i32 },
    /// A store tells the hub what it has booked.
    Send { store: usize },
    /// Head office sets a price.
    Price { sku: usize, cents: u32 },
    /// Time goes by.
    Wait { hours: i64 },
    /// Somebody looks.
    Run,
}

#[derive(Debug, Clone, Copy)]
enum Fault {
    None,
    Payment,
    Bill,
    ClockAhead,
}

fn step() -> impl Strategy<Value = Step> {
    let (store, sku, ago) = (0..3_usize, 0..3_usize, prop_oneof![3 => Just(0), 1 => 0..40]);
    let fault = prop_oneof![
        6 => Just(Fault::None),
        1 => Just(Fault::Payment),
        1 => Just(Fault::Bill),
        1 => Just(Fault::ClockAhead),
    ];
    prop_oneof![
        4 => (store.clone(), sku.clone(), ago.clone(), fault)
            .prop_map(|(store, sku, days_ago, fault)| Step::Sell { store, sku, days_ago, fault }),
        2 => (store.clone(), sku.clone(), ago)
            .prop_map(|(store, sku, days_ago)| Step::Receive { store, sku, days_ago }),
        3 => store.prop_map(|store| Step::Send { store }),
        1 => (sku, 100..400_u32).prop_map(|(sku, cents)| Step::Price { sku, cents }),
        2 => (1..60_i64).prop_map(|hours| Step::Wait { hours }),
        3 => Just(Step::Run),
    ]
}

fn sku(number: usize) -> Sku {
    format!("C{number}").parse().unwrap()
}

struct World {
    hub: Hub,
    clock: Arc<Clock>,
    shops: Vec<(StoreId, Books, Row)>,
    memory: Memory,
    dir: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(Clock(AtomicI64::new(START)));
        let home = Home::at(dir.path().join("hub"));
        let hub = Hub::init_at(&home, Setup::default(), clock.clone()).unwrap();
        let shop = |number: usize| {
            let store: StoreId = format!("S{number}").parse().unwrap();
            let me = Writer::Store(store.clone());
            let config = books::Config { chain: hub.config().chain.clone(), me };
            let path = dir.path().join(format!("{store}.db"));
            (store, Books::open(&path, config).unwrap(), Row::START)
        };
        let shops = (0..3).map(shop).collect();
        Self { hub, clock, shops, memory: Memory::at(dir.path().join("seen")), dir }
    }

    fn play(&mut self, step: &Step) {
        match *step {
            Step::Sell { store, sku: number, days_ago, fault } => {
                let line = SaleLine {
                    sku: sku(number),
                    quantity: "1".parse().unwrap(),
                    list_price: "2".parse().unwrap(),
                    discount: "0".parse().unwrap(),
                    tax_rate: TaxRate::ZERO,
                    priced: Priced::default(),
                };
                let command = Command::Sell { lines: vec![line], payments: vec![] };
                self.book(store, number, days_ago, command, move |fact| plant(fact, fault));
            }
            Step::Receive { store, sku: number, days_ago } => {
                let line =
                    AdjustLine { sku: sku(number), lot: None, quantity: "1".parse().unwrap() };
                let command = Command::Adjust { lines: vec![line], reason: "found".into() };
                self.book(store, number, days_ago, command, |_| ());
            }
            Step::Send { store } => self.send(store),
            Step::Price { sku: number, cents } => {
                let price = format!("{}.{:02}", cents / 100, cents % 100);
                let fields = [(ledger::catalog::Field::Price, price)].into();
                self.hub.edit_catalog([(sku(number), fields)].into()).unwrap();
            }
            Step::Wait { hours } => {
                self.clock.0.fetch_add(hours * 60 * 60 * 1_000, Ordering::SeqCst);
            }
            Step::Run => self.compare(),
        }
    }

    fn book(
        &self,
        store: usize,
        number: usize,
        days_ago: i32,
        command: Command,
        plant: impl FnOnce(&mut Fact) + Send + 'static,
    ) {
        let (store, books, _) = &self.shops[store];
        let (store, at) = (store.clone(), self.clock.now());
        let today: BusinessDate = "2026-11-22".parse().unwrap();
        let passed = i32::try_from((at.millis() - START) / DAY_MS).unwrap();
        let date = today.plus_days(passed - days_ago);
        let booked = books.write(move |tx| -> Result<(), books::BooksError> {
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
            let stock = tx.positions([&sku(number)])?;
            let mut fact = post(header, command, &stock).unwrap().fact;
            plant(&mut fact);
            tx.append_fact(&fact, &json::to_text(&fact))
        });
        booked.unwrap();
    }

    /// What the store's session does, without the network between.
    fn send(&mut self, store: usize) {
        let (store, books, after) = &mut self.shops[store];
        let peer = Writer::Store(store.clone());
        let chain = self.hub.config().chain.clone();
        let admission = Admission::new(chain, Writer::Hub, peer.clone());
        let batch = books.tail(&Writer::Hub, *after, usize::MAX / 2).unwrap();
        *after = batch.last;
        let changes = batch
            .changes
            .into_iter()
            .map(|Outgoing { doc, bytes, .. }| admission.admit(WireChange { doc, bytes }).unwrap());
        self.hub.books().apply(&peer, changes.collect()).unwrap();
    }

    /// Compares what is found with and without what earlier runs have looked at.
    fn compare(&mut self) {
        let found = |seen: super::Seen| {
            let told = |finding| CheckFinding::of(finding, seen.at);
            (seen.sieve.kept.iter().map(told).collect::<Vec<_>>(), seen.facts, seen.stores)
        };
        let changed = look(&self.hub, Scope::default(), Depth::Changed, &mut self.memory).unwrap();
        let mut nothing = Memory::at(self.dir.path().join("nothing"));
        nothing.forget().unwrap();
        let whole = look(&self.hub, Scope::default(), Depth::Changed, &mut nothing).unwrap();
        assert_eq!(whole.read, whole.facts, "nothing was known");
        assert_eq!(found(changed), found(whole));
    }
}

fn plant(fact: &mut Fact, fault: Fault) {
    match (fault, &mut fact.body) {
        (Fault::Payment, Body::RetailSale(receipt)) => {
            receipt.payments[0].amount = "1".parse().unwrap();
        }
        (Fault::Bill, _) => fact.bill = "X-1".parse().unwrap(),
        (Fault::ClockAhead, _) => {
            fact.at = Timestamp::from_millis(fact.at.millis() + DAY_MS);
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn a_run_over_what_has_changed_finds_what_a_full_one_finds(
        steps in prop::collection::vec(step(), 1..80),
    ) {
        let mut world = World::new();
        steps.iter().for_each(|step| world.play(step));
        (0..3).for_each(|store| world.send(store));
        world.compare();
        world.compare();
    }
}

#[test]
fn what_has_not_changed_is_not_read_again() {
    let mut world = World::new();
    for days_ago in (1..30).rev() {
        for store in 0..2 {
            world.play(&Step::Receive { store, sku: 0, days_ago });
        }
    }
    (0..2).for_each(|store| world.send(store));
    world.play(&Step::Wait { hours: 1 });
    let read = |world: &World| {
        // Each time as a hub that was started again.
        let mut memory = Memory::at(world.dir.path().join("seen"));
        let seen = look(&world.hub, Scope::default(), Depth::Changed, &mut memory).unwrap();
        (seen.read, seen.facts)
    };
    assert_eq!(read(&world), (58, 58));
    assert_eq!(read(&world), (0, 58));
    // One more day at one store.
    world.play(&Step::Receive { store: 0, sku: 1, days_ago: 0 });
    world.send(0);
    world.play(&Step::Wait { hours: 1 });
    assert_eq!(read(&world), (1, 59));
    // A late fact: the days behind it, and at most as many before it.
    world.play(&Step::Receive { store: 0, sku: 1, days_ago: 6 });
    world.send(0);
    let (again, facts) = read(&world);
    assert!((2..=16).contains(&again) && facts == 60, "{again} of {facts}");
}

#[test]
fn what_was_remembered_and_is_damaged_is_looked_at_again() {
    let mut world = World::new();
    for days_ago in (1..10).rev() {
        (0..2).for_each(|store| world.play(&Step::Receive { store, sku: 0, days_ago }));
    }
    (0..2).for_each(|store| world.send(store));
    world.play(&Step::Wait { hours: 1 });
    let seen = world.dir.path().join("seen");
    let read = |scope: Scope| {
        let mut memory = Memory::at(seen.clone());
        look(&world.hub, scope, Depth::Changed, &mut memory).unwrap().read
    };
    assert_eq!((read(Scope::default()), read(Scope::default())), (18, 0));
    // What each file is worth: how many facts are read again when it is damaged.
    for (file, facts) in [("S0.end", 0), ("S0.stops", 0), ("terms", 18), ("transfers", 0)] {
        let path = seen.join(file);
        let whole = std::fs::read(&path).unwrap();
        for damaged in [whole[..whole.len() - 1].to_vec(), Vec::new(), {
            let mut bent = whole.clone();
            bent[whole.len() / 2] ^= 1;
            bent
        }] {
            std::fs::write(&path, damaged).unwrap();
            assert_eq!(read(Scope::default()), facts, "{file}");
        }
    }
    // With neither of its two files a store is looked at from its first day.
    std::fs::write(seen.join("S0.end"), "").unwrap();
    std::fs::write(seen.join("S0.stops"), "").unwrap();
    let one = Scope { store: Some(world.shops[0].0.clone()), ..Scope::default() };
    assert_eq!((read(one.clone()), read(one)), (9, 0));
    // Another store's file under its name is not believed.
    std::fs::copy(seen.join("S1.end"), seen.join("S0.end")).unwrap();
    std::fs::copy(seen.join("S1.stops"), seen.join("S0.stops")).unwrap();
    assert_eq!(read(Scope::default()), 9);
    // Whoever forgets has forgotten also after a start.
    Memory::at(seen.clone()).forget().unwrap();
    assert_eq!(read(Scope::default()), 18);
}
