//! Real warehouses' deliveries to their shops, run as transfers in books that meet without a network,
//! and compared with a recount of the files in plain integers.
//!
//! A part of the files by default, every row if `EVENSTOCK_FULL` is set.

mod foodmart;
mod montgomery;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use books::Books;
use flate2::read::MultiGzDecoder;
use hub::ask::checks::RunChecks;
use hub::checks::Depth;
use hub::checks::report::Scope;
use hub::door::Ask as _;
use hub::transfers::Word;
use hub::{Home, Hub, Setup};
use ledger::amount::{Money, Quantity};
use ledger::fold::Place;
use ledger::id::{RequestId, Sku, StoreId, TransferId};
use ledger::movement::Account;
use ledger::time::Timestamp;
use ledger::transfer::{Route, Transfer, Wanted, status};
use store_node::request::{Cost, InboundLine, Opening};
use store_node::{About, Config, Node};
use sync_proto::Writer;
use sync_proto::clock::{Millis, Now};
use sync_proto::frame::PREFIX_LEN;
use sync_proto::session::{self, Effect, Event, Session};

/// Set this variable to run every row.
const FULL: &str = "EVENSTOCK_FULL";

/// Lines of a document; a fact takes a few more.
const LINES: usize = 1_000;

/// Thousandths by SKU.
type Counts = BTreeMap<String, i64>;

/// A warehouse, a shop and head office.
struct Chain {
    hub: Hub,
    source: Node,
    target: Node,
}

impl Chain {
    fn new(dir: &Path, source: &str, target: &str) -> Self {
        let hub = Hub::init(&Home::at(dir.join("hub")), Setup::default()).unwrap();
        let node = |store: &str| {
            let store: StoreId = store.parse().unwrap();
            let chain = hub.config().chain.clone();
            let config = Config { chain, ..Config::standalone(store) };
            Node::init(dir.join(config.store.as_str()), &config).unwrap()
        };
        let (source, target) = (node(source), node(target));
        Self { hub, source, target }
    }

    /// Everybody hears of everything.
    fn meet(&self) {
        for node in [&self.source, &self.target, &self.source] {
            meet(node.books(), self.hub.books(), &Writer::Store(node.store().clone()));
        }
    }

    /// Asks, agrees, ships and receives, in batches: each step is told before the next. `arrived` says
    /// what of each document arrives.
    fn carry(
        &self,
        (from, to): (&Node, &Node),
        documents: &[(String, Counts)],
        arrived: impl Fn(usize) -> Counts,
    ) -> Vec<TransferId> {
        let route = Route::new(from.store().clone(), to.store().clone()).unwrap();
        let about = |name: &str, step: &str| {
            About::named(RequestId::new(&format!("{name}:{step}")).unwrap())
        };
        let ask = |(name, lines): &(String, Counts)| {
            let asked = to.request_transfer(about(name, "ask"), route.clone(), wanted(lines), None);
            asked.unwrap().0
        };
        let ids: Vec<TransferId> = documents.iter().map(ask).collect();
        self.meet();
        for id in &ids {
            self.hub.decide_transfer(id, None, Word::Approve(Vec::new())).unwrap();
        }
        self.meet();
        for (id, (name, _)) in ids.iter().zip(documents) {
            from.ship_transfer(about(name, "ship"), id.clone(), Vec::new()).unwrap();
        }
        self.meet();
        for (at, (id, (name, _))) in ids.iter().zip(documents).enumerate() {
            let lines = wanted(&arrived(at));
            if !lines.is_empty() {
                let receive = about(name, "receive");
                to.receive_transfer(receive, id.clone(), None, lines, Vec::new()).unwrap();
            }
        }
        ids
    }

    /// How a transfer stands at head office.
    fn status(&self, id: &TransferId) -> Transfer {
        status(&self.hub.reader().unwrap().transfer(id).unwrap())
    }

    /// A store's stock at head office, which is its own: thousandths by SKU, and what it is worth.
    fn stock(&self, node: &Node) -> (Counts, i64) {
        let filter =
            books::read::StockFilter { store: Some(node.store().clone()), ..Default::default() };
        let count = |reader: books::Reader| {
            let (mut counts, mut value) = (Counts::new(), 0);
            for row in reader.stock(&filter).unwrap() {
                value += row.stock.value.ten_thousandths();
                counts.insert(row.sku.to_string(), row.stock.quantity.thousandths());
            }
            counts.retain(|_, quantity| *quantity != 0);
            (counts, value)
        };
        let (own, seen) =
            (count(node.books().reader().unwrap()), count(self.hub.reader().unwrap()));
        assert_eq!(own, seen, "{} at head office", node.store());
        own
    }

    /// What corrections of cost took from the shelves.
    fn corrected(&self) -> i64 {
        let rows = self.hub.reader().unwrap().balances(None).unwrap();
        let is_correction = |row: &&books::read::BalanceRow| {
            matches!(row.place, Place::Store(_, Account::CostAdjustment))
        };
        rows.iter().filter(is_correction).map(|row| row.stock.value.ten_thousandths()).sum()
    }

    /// Every replica is whole, and head office's checks find no error.
    fn assert_sound(&self) {
        for books in [self.source.books(), self.target.books(), self.hub.books()] {
            assert!(books.verify(|_| ()).unwrap().is_whole());
        }
        let report =
            RunChecks { scope: Scope::default(), depth: Depth::Full }.answer(&self.hub).unwrap();
        assert!(report.is_sound(), "{report:?}");
    }
}

/// Puts goods on a shelf: thousandths and ten-thousandths by SKU.
fn open(node: &Node, goods: &BTreeMap<String, (i64, i64)>) {
    let goods: Vec<_> = goods.iter().filter(|(_, (quantity, _))| *quantity > 0).collect();
    for (at, part) in goods.chunks(LINES).enumerate() {
        let line = |(sku, (quantity, cost)): &(&String, &(i64, i64))| InboundLine {
            item: (*sku).clone(),
            lot: None,
            expiry: None,
            quantity: Quantity::from_thousandths(*quantity).unwrap(),
            cost: Cost::Whole(Money::from_ten_thousandths(*cost).unwrap()),
        };
        let lines = part.iter().map(line).collect();
        let about = About::named(RequestId::new(&format!("opening:{at}")).unwrap());
        node.open_books(about, Opening { lines }).unwrap();
    }
}

fn wanted(counts: &Counts) -> Vec<Wanted> {
    let line = |(sku, thousandths): (&String, &i64)| Wanted {
        sku: Sku::new(sku).unwrap(),
        quantity: Quantity::from_thousandths(*thousandths).unwrap(),
    };
    counts.iter().filter(|(_, thousandths)| **thousandths > 0).map(line).collect()
}

/// Lets two replicas meet in memory until both are in step.
pub(crate) fn meet(store: &Books, hub: &Books, name: &Writer) {
    let now = Now { ticks: Millis(0), wall: Timestamp::from_millis(1_795_312_800_000) };
    let writers = [name.clone(), Writer::Hub];
    let end = |me: usize| {
        let (me, peer) = (writers[me].clone(), writers[1 - me].clone());
        Session::new(session::Config { chain: store.chain().clone(), me, peer }, now)
    };
    let (mut ends, mut in_step) = ([end(0), end(1)], [false; 2]);
    while in_step != [true; 2] {
        let mut idle = true;
        for side in 0..2 {
            while let Some(effect) = ends[side].poll_effect() {
                idle = false;
                match effect {
                    Effect::Send(frame) => ends[1 - side].handle_frame(now, &frame[PREFIX_LEN..]),
                    Effect::Ask(id, ask) => {
                        let peer = &writers[1 - side];
                        let answer = if side == 0 {
                            sync_proto::ask::answer(store, peer, ask)
                        } else {
                            sync_proto::ask::answer(hub, peer, ask)
                        };
                        ends[side].handle_answer(now, id, answer);
                    }
                    Effect::Event(Event::InSync) => in_step[side] = true,
                    Effect::Event(_) => {}
                    Effect::Close(reason) => panic!("the session closed: {reason}"),
                }
            }
        }
        assert!(!idle, "the sessions stand still");
    }
}

/// Adds to a sum.
fn add(sums: &mut Counts, sku: &str, thousandths: i64) {
    *sums.entry(sku.to_owned()).or_default() += thousandths;
}

/// A decimal text in units of one to ten to the `places`.
pub(crate) fn scaled(text: &str, places: usize) -> i64 {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    assert!(part.len() <= places, "{text}");
    let raw: i64 = format!("{whole}{part:0<places$}").parse().unwrap();
    sign * raw
}

/// The rows of a file of the data folder, some columns of each; nothing, with a message, where it is not
/// there.
pub(crate) fn rows<const N: usize>(file: &str, columns: [&str; N]) -> Option<Vec<[String; N]>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let data = std::env::var_os("EVENSTOCK_DATA")
        .map_or_else(|| root.join("../shared/data"), PathBuf::from);
    let file = data.join(file);
    if !file.is_file() {
        println!("skipped: there is no {}; EVENSTOCK_DATA names the data folder", file.display());
        return None;
    }
    let bytes = MultiGzDecoder::new(BufReader::new(File::open(file).unwrap()));
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().unwrap().clone();
    let places = columns.map(|column| header.iter().position(|name| name == column).unwrap());
    let row = |row: csv::StringRecord| places.map(|place| row[place].trim().to_owned());
    Some(reader.into_records().map(|record| row(record.unwrap())).collect())
}
