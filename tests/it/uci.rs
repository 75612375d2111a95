//! A year of a real web shop, imported with the shipped mapping into one store per country, against a
//! recount with plain CSV and integers that shares no code with the import or the ledger.
//!
//! The United Kingdom is nine rows in ten, more than an unoptimised build books in reasonable time. Of
//! its rows only those without a price, most of them stock corrections, are booked, unless
//! `EVENSTOCK_FULL` is set.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::time::Instant;

use books::read::StockFilter;
use console::Lang;
use flate2::read::MultiGzDecoder;
use ledger::id::StoreId;
use store_node::import::{Import, ImportedDocument, Mapping, PostOutcome, Sink};
use store_node::sink::DoorSink;
use store_node::{Config, Node};

/// Set this variable to book every row.
const FULL: &str = "EVENSTOCK_FULL";

/// The store of which most is left out otherwise.
const LARGEST: &str = "United Kingdom";

/// Countries in the file.
const COUNTRIES: usize = 38;

/// Codes that are no goods: postage, fees, manual entries, discounts, samples.
const NO_GOODS: [&str; 11] =
    ["POST", "DOT", "C2", "M", "m", "D", "B", "S", "CRUK", "BANK CHARGES", "AMAZONFEE"];

/// Sold at no price under a name that no priced row has.
const GIFT: &str = "TRAVEL CARD WALLET DOTCOMGIFTSHOP";

/// What a store comes to: units on hand by SKU, and money in ten-thousandths.
#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    units: BTreeMap<String, i64>,
    sold: i64,
    given_back: i64,
}

#[test]
fn stock_and_money_equal_a_recount() {
    let Some(file) = file() else { return };
    let dir = tempfile::tempdir().unwrap();
    let mut rows: Vec<csv::StringRecord> =
        reader(&file).into_records().map(Result::unwrap).collect();
    let names = names_of_priced(&rows);
    let file = if std::env::var_os(FULL).is_some() {
        file
    } else {
        let rest = dir.path().join("rest.csv");
        let mut writer = csv::Writer::from_path(&rest).unwrap();
        writer.write_record(reader(&file).headers().unwrap()).unwrap();
        rows.retain(|row| &row[7] != LARGEST || ten_thousandths(&row[5]) <= 0);
        rows.iter().for_each(|row| writer.write_record(row).unwrap());
        writer.flush().unwrap();
        rest
    };
    let (wanted, no_goods) = recount(&rows, &names);
    assert_eq!(wanted.len(), COUNTRIES);

    let nodes = wanted.keys().map(|store| {
        let store: StoreId = store.parse().unwrap();
        let node = Node::init(dir.path().join(store.as_str()), &Config::standalone(store.clone()));
        (store, node.unwrap())
    });
    let mut stores = Stores(nodes.collect());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mapping = root.join("examples/mappings/uci_online_retail_sales.toml");
    let mapping = Mapping::read(&mapping).unwrap();
    let import = Import::new(&mapping, &file);
    let (started, rejects) = (Instant::now(), dir.path().join("rejects.csv"));
    let checked = import.check(&mut |_| ()).unwrap();
    let applied = import.apply(&checked, &mut stores, &rejects, &mut |_| ()).unwrap();
    println!(
        "{} documents of {} rows in {:?}",
        applied.posted,
        applied.report.rows,
        started.elapsed()
    );

    assert_eq!((applied.refused, applied.rejected_rows), (0, no_goods));
    assert_eq!(applied.report.used + no_goods, rows.len() as u64);
    let mut rejected = csv::Reader::from_path(&rejects).unwrap();
    assert_eq!(rejected.records().map(Result::unwrap).count() as u64, no_goods);
    let even = |stores: &Stores| {
        for (store, node) in &stores.0 {
            assert_eq!(counted(node), wanted[store.as_str()], "{store}");
        }
    };
    even(&stores);
    // The same file again changes nothing.
    let again = import.apply(&checked, &mut stores, &rejects, &mut |_| ()).unwrap();
    assert_eq!((again.posted, again.already_there), (0, applied.posted));
    even(&stores);
    // Whole books, and a read model that the documents give again: at the second largest store.
    let ireland = &stores.0[&"eire".parse::<StoreId>().unwrap()];
    assert!(ireland.books().verify(|_| ()).unwrap().is_whole());
}

/// Every document to the store of its country.
pub(crate) struct Stores(pub(crate) BTreeMap<StoreId, Node>);

impl Sink for Stores {
    fn post_batch(
        &mut self,
        documents: Vec<ImportedDocument>,
    ) -> Result<Vec<PostOutcome>, Box<dyn Error + Send + Sync>> {
        let mut outcomes = vec![PostOutcome::AlreadyThere; documents.len()];
        let mut batches: BTreeMap<StoreId, Vec<(usize, ImportedDocument)>> = BTreeMap::new();
        for (place, document) in documents.into_iter().enumerate() {
            batches.entry(document.store.clone()).or_default().push((place, document));
        }
        for (store, batch) in batches {
            let node = self.0.get(&store).ok_or("a country that the recount did not find")?;
            let (places, documents): (Vec<usize>, Vec<ImportedDocument>) =
                batch.into_iter().unzip();
            let posted = DoorSink::new(node, None, Lang::En).post_batch(documents)?;
            for (place, outcome) in places.into_iter().zip(posted) {
                outcomes[place] = outcome;
            }
        }
        Ok(outcomes)
    }
}

/// What a store's books say.
fn counted(node: &Node) -> Count {
    let reader = node.books().reader().unwrap();
    let filter = StockFilter { store: Some(node.store().clone()), sku: None, at: None };
    let rows = reader.stock(&filter).unwrap().into_iter();
    let rows = rows.map(|row| (row.sku.to_string(), row.stock.quantity.thousandths()));
    let units = rows.filter(|(_, thousandths)| *thousandths != 0);
    let units = units.map(|(sku, thousandths)| {
        assert_eq!(thousandths % 1_000, 0, "{sku} is sold by the piece");
        (sku, thousandths / 1_000)
    });
    let totals = reader.totals(Some(node.store()), None, None).unwrap();
    let total = |name: &str| {
        let found = totals.iter().find(|(measure, _)| measure.name() == name);
        found.map_or(0, |(_, raw)| *raw)
    };
    Count { units: units.collect(), sold: total("sales_net"), given_back: total("returns_net") }
}

/// What goods with a price are called. Of goods without one, those called likewise went to a
/// customer; any other description is a remark on stock that turned up.
fn names_of_priced(rows: &[csv::StringRecord]) -> BTreeSet<String> {
    let priced = rows.iter().filter(|row| ten_thousandths(&row[5]) > 0);
    priced.map(|row| row[2].trim().to_owned()).chain([GIFT.to_owned()]).collect()
}

/// The same from the rows alone: by store, and how many rows are no goods.
fn recount(rows: &[csv::StringRecord], names: &BTreeSet<String>) -> (BTreeMap<String, Count>, u64) {
    let (mut counts, mut no_goods) = (BTreeMap::<String, Count>::new(), 0);
    for row in rows {
        let store = counts.entry(row[7].to_lowercase().replace(' ', "-")).or_default();
        let (code, name) = (row[1].trim(), row[2].trim());
        if NO_GOODS.contains(&code) {
            no_goods += 1;
            continue;
        }
        let (quantity, price): (i64, i64) = (row[3].parse().unwrap(), ten_thousandths(&row[5]));
        let on_hand = store.units.entry(code.to_owned()).or_default();
        if price == 0 && (quantity < 0 || !names.contains(name)) {
            *on_hand += quantity;
            continue;
        }
        // A sale takes goods out; a cancellation, whose quantity is negative, brings them back.
        *on_hand -= quantity;
        let cents = (price * quantity.abs() + 50) / 100;
        if row[0].starts_with('C') {
            store.given_back += cents * 100;
        } else {
            store.sold += cents * 100;
        }
    }
    for count in counts.values_mut() {
        count.units.retain(|_, units| *units != 0);
    }
    (counts, no_goods)
}

fn ten_thousandths(text: &str) -> i64 {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    assert!(part.len() <= 4, "{text}");
    let raw: i64 = format!("{whole}{part:0<4}").parse().unwrap();
    sign * raw
}

fn reader(file: &Path) -> csv::Reader<MultiGzDecoder<BufReader<File>>> {
    csv::Reader::from_reader(MultiGzDecoder::new(BufReader::new(File::open(file).unwrap())))
}

/// The file, if the data is here.
fn file() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let data = std::env::var_os("EVENSTOCK_DATA")
        .map_or_else(|| root.join("../shared/data"), PathBuf::from);
    let file = data.join("uci_online_retail/online_retail_2010_2011.csv.gz");
    if file.is_file() {
        return Some(file);
    }
    println!("skipped: there is no {}; EVENSTOCK_DATA names the data folder", file.display());
    None
}
