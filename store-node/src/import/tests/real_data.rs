//! The shipped mappings on the real files they are for, against recounts that share no code with
//! the import: plain CSV and integers.

use std::collections::BTreeMap;
use std::io::BufReader;

use console::words::Lang;
use flate2::read::MultiGzDecoder;

use super::*;

/// The folder of a data set, if the data is here.
fn data(set: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let data = std::env::var_os("EVENSTOCK_DATA")
        .map_or_else(|| root.join("../shared/data"), PathBuf::from);
    let folder = data.join(set);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: there is no {}; EVENSTOCK_DATA names the data folder", folder.display());
    None
}

fn shipped(name: &str) -> Mapping {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let path = root.join("examples/mappings").join(name);
    Mapping::read(&path).unwrap_or_else(|error| panic!("{name}: {}", chain(&error)))
}

fn check(mapping: &Mapping, file: &Path) -> Report {
    let report = Import::new(mapping, file).check(&mut |_| ());
    report.unwrap_or_else(|error| panic!("{}", chain(&error))).report
}

/// A decimal number as an integer of so many places, digits beyond them rounded half up.
fn scaled(text: &str, places: usize) -> i64 {
    let text = text.trim().trim_start_matches('$').trim();
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let part = format!("{part:0<10}");
    let (kept, dropped) = part.split_at(places);
    let raw: i64 = format!("{whole}{kept}").parse().unwrap();
    sign * (raw + i64::from(dropped.as_bytes()[0] >= b'5'))
}

/// `price × units` to the cent, in ten-thousandths.
fn amount(price: i64, units: i64) -> i128 {
    i128::from((price * units + 50) / 100 * 100)
}

fn records(file: &Path) -> impl Iterator<Item = csv::StringRecord> {
    let packed = BufReader::new(fs::File::open(file).unwrap());
    csv::Reader::from_reader(MultiGzDecoder::new(packed)).into_records().map(Result::unwrap)
}

/// Documents, lines, quantity in thousandths, money in ten-thousandths.
type Sum = (u64, u64, i128, i128);

fn sums(report: &Report) -> BTreeMap<(String, &'static str), Sum> {
    let entry = |((store, kind), t): (&(_, DocumentKind), &Total)| {
        let store: &ledger::id::StoreId = store;
        ((store.to_string(), kind.name()), (t.documents, t.lines, t.quantity, t.money))
    };
    report.totals.iter().map(entry).collect()
}

fn add(to: &mut BTreeMap<(String, &'static str), Sum>, key: (String, &'static str), sum: Sum) {
    let known = to.entry(key).or_default();
    *known = (known.0 + sum.0, known.1 + sum.1, known.2 + sum.2, known.3 + sum.3);
}

#[test]
fn maven_toys_comes_out_as_a_recount() {
    let Some(folder) = data("maven_toys") else { return };
    let mut prices = BTreeMap::new();
    let mut costs = BTreeMap::new();
    for record in records(&folder.join("products.csv.gz")) {
        costs.insert(record[0].to_owned(), scaled(&record[3], 4));
        prices.insert(record[0].to_owned(), scaled(&record[4], 4));
    }

    let (file, mapping) = (folder.join("products.csv.gz"), shipped("maven_toys_products.toml"));
    let list = read_products(&mapping, &file, None, Lang::En, &mut |_| ()).unwrap();
    let read: BTreeMap<_, _> =
        list.products.iter().map(|p| (p.sku.to_string(), p.price.ten_thousandths())).collect();
    assert_eq!(read, prices);

    let file = folder.join("inventory.csv.gz");
    let mut wanted = BTreeMap::new();
    for record in records(&file) {
        let units: i64 = record[2].parse().unwrap();
        if units > 0 {
            let key = (format!("S{:0>3}", &record[0]), "opening");
            let documents = u64::from(!wanted.contains_key(&key));
            let (quantity, cost) =
                (i128::from(units) * 1_000, i128::from(costs[&record[1]] * units));
            add(&mut wanted, key, (documents, 1, quantity, cost));
        }
    }
    let report = check(&shipped("maven_toys_opening.toml"), &file);
    assert_eq!((sums(&report), report.rejected), (wanted, 0));

    let file = folder.join("sales.csv.gz");
    let mut wanted = BTreeMap::new();
    for record in records(&file) {
        let units: i64 = record[4].parse().unwrap();
        let money = amount(prices[&record[3]], units);
        let key = (format!("S{:0>3}", &record[2]), "sale");
        add(&mut wanted, key, (1, 1, i128::from(units) * 1_000, money));
    }
    let started = std::time::Instant::now();
    let report = check(&shipped("maven_toys_sales.toml"), &file);
    println!("{} rows in {:?}", report.rows, started.elapsed());
    assert_eq!(sums(&report), wanted);
    assert_eq!((report.rows, report.used, report.rejected), (829_262, 829_262, 0));
    assert_eq!(report.days.map(|d| (d.0.to_string(), d.1.to_string())).unwrap().0, "2017-01-01");
}

/// Codes of the UCI set that are no goods.
const NO_GOODS: [&str; 11] =
    ["POST", "DOT", "C2", "M", "m", "D", "B", "S", "CRUK", "BANK CHARGES", "AMAZONFEE"];

#[test]
fn uci_comes_out_as_a_recount() {
    let Some(folder) = data("uci_online_retail") else { return };
    let file = folder.join("online_retail_2010_2011.csv.gz");
    // What a product is called in priced rows; an unpriced row called otherwise is a remark.
    let (mut names, mut codes) = (BTreeSet::new(), BTreeSet::new());
    for record in records(&file) {
        let (code, name) = (record[1].trim(), record[2].trim());
        if scaled(&record[5], 4) > 0 {
            names.insert(name.to_owned());
            if !NO_GOODS.contains(&code) && !name.is_empty() {
                codes.insert(code.to_owned());
            }
        }
    }
    let mut wanted = BTreeMap::new();
    let mut documents = BTreeSet::new();
    let mut rejected = 0;
    for record in records(&file) {
        let (invoice, code, name) = (&record[0], record[1].trim(), record[2].trim());
        let (units, price) = (scaled(&record[3], 3) / 1_000, scaled(&record[5], 4));
        let store = record[7].to_lowercase().replace(' ', "-");
        let is_remark = !names.contains(name) && name != "TRAVEL CARD WALLET DOTCOMGIFTSHOP";
        let kind = match (units.signum(), price.signum()) {
            _ if NO_GOODS.contains(&code) => {
                rejected += 1;
                continue;
            }
            (-1, 1) if invoice.starts_with('C') => "return",
            (-1, 0) => "adjustment",
            (1, 0) if is_remark => "adjustment",
            (1, 0 | 1) => "sale",
            other => panic!("{invoice}: {other:?} is not expected"),
        };
        let counted = if kind == "return" { -units } else { units };
        let money = amount(price, counted);
        let remark = if kind == "adjustment" { name } else { "" };
        let document = (invoice.to_owned(), kind, remark.to_owned());
        let is_new = u64::from(documents.insert(document));
        add(&mut wanted, (store, kind), (is_new, 1, i128::from(counted) * 1_000, money));
    }
    let sales = shipped("uci_online_retail_sales.toml");
    let mut requests = BTreeSet::new();
    let started = std::time::Instant::now();
    let report = Import::new(&sales, &file)
        .for_each_document(&mut |document| {
            requests.insert(document.request);
            ControlFlow::Continue(())
        })
        .unwrap();
    println!("{} rows in {:?}", report.rows, started.elapsed());
    assert_eq!(sums(&report), wanted);
    assert_eq!(requests.len() as u64, report.documents(), "no two documents have one name");
    assert_eq!((report.rows, report.rejected), (541_909, rejected));
    assert_eq!(report.used + report.rejected, report.rows);

    let mapping = shipped("uci_online_retail_products.toml");
    let list = read_products(&mapping, &file, None, Lang::En, &mut |_| ()).unwrap();
    let read: BTreeSet<_> = list.products.iter().map(|p| p.sku.to_string()).collect();
    assert_eq!(read, codes);
}

#[test]
fn onec_comes_out_as_a_recount() {
    let Some(folder) = data("onec_jan2013") else { return };
    let file = folder.join("sales_2013_01.csv.gz");
    let mut wanted = BTreeMap::new();
    for record in records(&file) {
        let units = scaled(&record[5], 3) / 1_000;
        let kind = if units < 0 { "return" } else { "sale" };
        let money = amount(scaled(&record[4], 4), units.abs());
        let key = (format!("S{:0>3}", &record[2]), kind);
        add(&mut wanted, key, (1, 1, i128::from(units.abs()) * 1_000, money));
    }
    let (found, report) = documents(&shipped("onec_jan2013_sales.toml"), &file);
    assert_eq!((sums(&report), report.rejected), (wanted, 0));
    let names: BTreeSet<_> = found.iter().map(|d| &d.request).collect();
    assert_eq!(names.len(), 106_497);

    let (file, mapping) = (folder.join("items.csv.gz"), shipped("onec_jan2013_products.toml"));
    let list = read_products(&mapping, &file, None, Lang::En, &mut |_| ()).unwrap();
    assert_eq!((list.products.len(), list.report.rejected), (22_170, 0));
    assert_eq!(&*list.products[0].category, "Кино - DVD");
}
