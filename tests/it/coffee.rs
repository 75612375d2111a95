//! A month of three real coffee shops: receipts from the tills, and the sheet on which staff wrote each
//! evening how the pastry went. The checks must find each day on which the two disagree, each sheet that
//! does not add up, and nothing else; a naive recount of the files says which those are.
//!
//! The pastry comes in every morning and what is left is thrown away at night, so the sheet becomes: a
//! delivery (what there was in the morning), goods thrown away, a count of the empty case, and the
//! statement itself, which moves nothing and is compared.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use console::Lang;
use flate2::read::MultiGzDecoder;
use hub::ask::checks::RunChecks;
use hub::checks::Depth;
use hub::checks::report::Scope;
use hub::{Door, Home, Hub, Setup};
use ledger::check::Check;
use ledger::fact::Body;
use ledger::id::{FactId, StoreId};
use ledger::time::BusinessDate;
use store_node::import::{Import, Mapping};
use store_node::request::{About, Cost, CountLine, InboundLine, Unheard};
use store_node::sink::DoorSink;
use store_node::{Adjust, Config, Node, Receive, Scrap};
use sync_proto::replica::{Outgoing, Replica, Row};
use sync_proto::{Admission, WireChange, Writer};

const MAPPING: &str = r#"
set = "coffee"
kind = "sales"

[columns]
document = "transaction_id"
date = "transaction_date"
time = "transaction_time"
store = "sales_outlet_id"
sku = "product_id"
quantity = "quantity"
price = "unit_price"

[dates]
formats = ["%Y-%m-%d"]

[store]
form = "S{:03}"
"#;

const SHEET: &str = r#"
set = "coffee"
kind = "statements"

[columns]
date = "transaction_date"
store = "sales_outlet_id"
sku = "product_id"
opening = "start_of_day"
sold = "quantity_sold"
scrapped = "waste"

[defaults]
closing = "0" # what is left is thrown away

[dates]
formats = ["%m/%d/%Y"]

[store]
form = "S{:03}"
"#;

/// A line of the sheet.
#[derive(Debug)]
struct Sheet {
    store: String,
    date: BusinessDate,
    sku: String,
    opening: i64,
    sold: i64,
    waste: i64,
}

/// Store, day and product.
type Place = (StoreId, BusinessDate, String);

#[test]
fn the_checks_find_what_a_recount_finds_and_nothing_else() {
    let Some(data) = data() else { return };
    let sheet = sheet(&data);
    let pastry: BTreeSet<&str> = sheet.iter().map(|line| line.sku.as_str()).collect();
    let dir = tempfile::tempdir().unwrap();
    let receipts = receipts(&data, &pastry, dir.path());
    let hub = Hub::init(&Home::at(dir.path().join("hub")), Setup::default()).unwrap();
    let chain = hub.config().chain.clone();

    let stores: BTreeSet<&str> = sheet.iter().map(|line| line.store.as_str()).collect();
    let mut nodes = BTreeMap::new();
    for store in stores {
        let id: StoreId = store.parse().unwrap();
        let config = Config { chain: chain.clone(), ..Config::standalone(id.clone()) };
        let node = Node::init(dir.path().join(store), &config).unwrap();
        import(&node, MAPPING, &receipts[store], dir.path());
        import(&node, SHEET, &data.join("pastry_inventory.csv.gz"), dir.path());
        nodes.insert(id, node);
    }
    for line in &sheet {
        write_down(&nodes[&line.store.parse().unwrap()], line);
    }
    nodes.values().for_each(empty_the_case);
    nodes.values().for_each(|node| send(node, &hub));

    let (mut disagree, mut odd) = recount(&sheet, &nodes);
    assert_eq!((sheet.len(), disagree.len(), odd.len()), (307, 138, 3));
    let run = RunChecks { scope: Scope::default(), depth: Depth::Full };
    for finding in hub.ask(run).unwrap().findings {
        let place: Place = (
            finding.store.clone().unwrap(),
            finding.date.unwrap(),
            finding.sku.as_ref().unwrap().to_string(),
        );
        let due = match finding.check {
            Check::Statement => disagree.remove(&place),
            Check::StatementSum => odd.remove(&place),
            _ => None,
        };
        assert_eq!(due, finding.fact, "{finding:?}");
        assert!(due.is_some(), "nothing is wrong there: {finding:?}");
    }
    assert_eq!((disagree.len(), odd.len()), (0, 0), "not found: {disagree:?} {odd:?}");
}

/// From the facts one by one, by place: the first of a day on which sheet and receipts disagree, and
/// the statement of a sheet that does not add up.
fn recount(
    sheet: &[Sheet],
    nodes: &BTreeMap<StoreId, Node>,
) -> (BTreeMap<Place, FactId>, BTreeMap<Place, FactId>) {
    let mut sold: BTreeMap<Place, Vec<(FactId, i64)>> = BTreeMap::new();
    let mut stated: BTreeMap<Place, FactId> = BTreeMap::new();
    for (store, node) in nodes {
        let reader = node.books().reader().unwrap();
        let each = |stored: books::StoredFact| -> Result<(), books::BooksError> {
            let fact = stored.fact;
            let place = |sku: &ledger::id::Sku| (store.clone(), fact.date, sku.to_string());
            match &fact.body {
                Body::RetailSale(receipt) => {
                    for line in &receipt.lines {
                        let units = line.quantity.thousandths() / 1_000;
                        sold.entry(place(&line.sku)).or_default().push((fact.id, units));
                    }
                }
                Body::Statement { lines } => {
                    stated.extend(lines.iter().map(|line| (place(&line.sku), fact.id)));
                }
                _ => {}
            }
            Ok(())
        };
        reader.each_fact(store, each).unwrap();
    }
    let (mut disagree, mut odd) = (BTreeMap::new(), BTreeMap::new());
    for line in sheet {
        let place: Place = (line.store.parse().unwrap(), line.date, line.sku.clone());
        if line.opening - line.sold != line.waste {
            odd.insert(place.clone(), stated[&place]);
        }
        let mut sum = 0;
        let mut first_beyond = None;
        for (fact, units) in sold.get(&place).into_iter().flatten() {
            sum += units;
            if sum > line.sold && first_beyond.is_none() {
                first_beyond = Some(*fact);
            }
        }
        if sum != line.sold {
            disagree.insert(place.clone(), first_beyond.unwrap_or(stated[&place]));
        }
    }
    (disagree, odd)
}

/// Imports what a file holds of a store.
fn import(node: &Node, mapping: &str, file: &Path, dir: &Path) {
    let mapping: Mapping = mapping.parse().unwrap();
    let import = Import::new(&mapping, file).only_store(node.store());
    let checked = import.check(&mut |_| ()).unwrap();
    let rejects = dir.join("rejects.csv");
    let mut sink = DoorSink::new(node, None, Lang::En);
    let applied = import.apply(&checked, &mut sink, &rejects, &mut |_| ()).unwrap();
    assert_eq!((applied.refused, applied.rejected_rows), (0, 0));
}

/// Books what a line of the sheet says.
fn write_down(node: &Node, line: &Sheet) {
    let about = || About::default().on(line.date);
    let units = |units: i64| units.to_string().parse().unwrap();
    let delivered = InboundLine {
        item: line.sku.clone(),
        lot: None,
        expiry: None,
        quantity: units(line.opening),
        cost: Cost::PerUnit("1".parse().unwrap()),
    };
    node.receive(about(), Receive { lines: vec![delivered], supplier: None }).unwrap();
    if line.waste > 0 {
        let lines = vec![count(&line.sku, units(line.waste))];
        node.scrap(about(), Scrap { lines, reason: "evening".into() }).unwrap();
    }
}

/// Counts the case each night: whatever the books say, it is empty.
fn empty_the_case(node: &Node) {
    let reader = node.books().reader().unwrap();
    let mut left: BTreeMap<(BusinessDate, String), i64> = BTreeMap::new();
    for date in reader.days(node.store()).unwrap() {
        for flow in reader.flows_of_day(node.store(), date).unwrap() {
            let change = flow.inward.quantity - flow.outward.quantity;
            let change = i64::try_from(change).unwrap();
            *left.entry((date, flow.sku.to_string())).or_default() += change;
        }
    }
    drop(reader);
    for ((date, sku), left) in left {
        if left != 0 {
            let quantity = ledger::amount::Quantity::from_thousandths(-left).unwrap();
            let lines = vec![count(&sku, quantity)];
            let adjust = Adjust { lines, reason: "the case is empty".into() };
            node.adjust(About::default().on(date), adjust).unwrap();
        }
    }
}

fn count(sku: &str, quantity: ledger::amount::Quantity) -> CountLine {
    CountLine { item: sku.to_owned(), lot: None, quantity, unheard: Unheard::Take }
}

/// What a store's session does, without the network between.
fn send(node: &Node, hub: &Hub) {
    let peer = Writer::Store(node.store().clone());
    let chain = hub.config().chain.clone();
    let admission = Admission::new(chain, Writer::Hub, peer.clone());
    let batch = node.books().tail(&Writer::Hub, Row::START, usize::MAX / 2).unwrap();
    let changes = batch.changes.into_iter();
    let admitted = changes
        .map(|Outgoing { doc, bytes, .. }| admission.admit(WireChange { doc, bytes }).unwrap());
    hub.books().apply(&peer, admitted.collect()).unwrap();
}

fn sheet(data: &Path) -> Vec<Sheet> {
    let rows = reader(&data.join("pastry_inventory.csv.gz")).into_records();
    let line = |row: Result<csv::StringRecord, csv::Error>| {
        let row = row.unwrap();
        let number = |at: usize| row[at].parse::<i64>().unwrap();
        let (month, rest) = row[1].split_once('/').unwrap();
        let (day, year) = rest.split_once('/').unwrap();
        let date = format!("{year}-{month:0>2}-{day:0>2}").parse().unwrap();
        Sheet {
            store: format!("S{:03}", number(0)),
            date,
            sku: row[2].to_owned(),
            opening: number(3),
            sold: number(4),
            waste: number(5),
        }
    };
    rows.map(line).collect()
}

/// The rows of pastry, a file for each store: of coffee there is no sheet.
fn receipts(data: &Path, pastry: &BTreeSet<&str>, dir: &Path) -> BTreeMap<String, PathBuf> {
    let mut from = reader(&data.join("sales_receipts_2019_04.csv.gz"));
    let header = from.headers().unwrap().clone();
    let mut rows: BTreeMap<String, Vec<csv::StringRecord>> = BTreeMap::new();
    for row in from.records().map(Result::unwrap) {
        if pastry.contains(&row[9]) {
            let store = format!("S{:03}", row[3].parse::<u32>().unwrap());
            rows.entry(store).or_default().push(row);
        }
    }
    let write = |(store, rows): (String, Vec<csv::StringRecord>)| {
        let path = dir.join(format!("{store}.csv"));
        let mut writer = csv::Writer::from_path(&path).unwrap();
        writer.write_record(&header).unwrap();
        rows.iter().for_each(|row| writer.write_record(row).unwrap());
        writer.flush().unwrap();
        (store, path)
    };
    rows.into_iter().map(write).collect()
}

fn reader(file: &Path) -> csv::Reader<MultiGzDecoder<BufReader<File>>> {
    csv::Reader::from_reader(MultiGzDecoder::new(BufReader::new(File::open(file).unwrap())))
}

/// The folder, if the data is here.
fn data() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let data = std::env::var_os("EVENSTOCK_DATA")
        .map_or_else(|| root.join("../shared/data"), PathBuf::from);
    let folder = data.join("coffee_ibm");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: there is no {}; EVENSTOCK_DATA names the data folder", folder.display());
    None
}
