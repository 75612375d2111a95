//! Real barcodes, 29,684 of them, as a catalog: those that can't be are rejected with the reason, and
//! a scanner finds the others, in whatever form it sends them.

use std::fs::File;
use std::io::{BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use flate2::read::MultiGzDecoder;
use hub::ask::catalog::{ImportCatalog, ImportMode, Imported};
use hub::{Door as _, Home, Hub, Setup};
use ledger::scan::Codes;
use store_node::ask::catalog::{PutProducts, Sheet};
use store_node::ask::scan::Scan;
use store_node::door::Door as _;
use store_node::{Config, Node};

/// Rows of the file; those of them with a wrong check digit, and of a length that no barcode has.
const ROWS: u64 = 29_684;
const WRONG_DIGIT: usize = 1;
const ODD_LENGTH: usize = 154;

/// One in so many is scanned: an unoptimised build takes a minute for all.
const EVERY: usize = 20;

#[test]
fn a_catalog_of_real_barcodes_is_scanned() {
    let Some(file) = file() else { return };
    let codes = codes(&file);
    let imported = import(&codes);
    assert_eq!(imported.rows, ROWS);
    let because =
        |word: &str| imported.rejected.iter().filter(|row| row.reason.contains(word)).count();
    assert_eq!(because("check digit"), WRONG_DIGIT);
    assert_eq!(because("8, 12, 13 or 14 digits"), ODD_LENGTH);
    assert_eq!(imported.rejected.len(), WRONG_DIGIT + ODD_LENGTH);

    let dir = tempfile::tempdir().unwrap();
    let config = Config::standalone("S001".parse().unwrap());
    let node = Node::init(dir.path().join("store"), &config).unwrap();
    let good: Vec<(usize, &String)> =
        codes.iter().enumerate().filter(|(_, code)| Codes::Articles.check(code).is_ok()).collect();
    let sheet = |(row, code): &(usize, &String)| Sheet {
        sku: format!("P{row}").parse().unwrap(),
        fields: [("barcode".to_owned(), (*code).clone())].into(),
    };
    node.ask(PutProducts { products: good.iter().map(sheet).collect() }).unwrap();
    let (started, mut scans) = (Instant::now(), 0_u32);
    for (row, code) in good.iter().step_by(EVERY) {
        let article = format!("{code:0>14}");
        let forms = [
            (*code).clone(),
            article.clone(),
            format!("]C101{article}17270630\u{1d}10L1"),
            format!("(01){article}(21)42"),
            format!("https://id.gs1.org/01/{article}/10/L1"),
        ];
        for form in forms {
            let found = node.ask(Scan { code: form.clone() }).unwrap().product;
            let sku = found.unwrap_or_else(|| panic!("{form} is not found")).sku;
            assert_eq!(sku.as_str(), format!("P{row}"), "{form}");
            scans += 1;
        }
    }
    println!("{scans} scans among {} products, {:?} each", good.len(), started.elapsed() / scans);
}

fn import(codes: &[String]) -> Imported {
    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::init(&Home::at(dir.path().join("hub")), Setup::default()).unwrap();
    let mut text = b"sku,barcode\n".to_vec();
    for (row, code) in codes.iter().enumerate() {
        writeln!(text, "P{row},{code}").unwrap();
    }
    let text = String::from_utf8(text).unwrap();
    let (mode, codes, lang) = (ImportMode::DryRun, Codes::Articles, "en".to_owned());
    hub.ask(ImportCatalog { text, mode, codes, lang }).unwrap()
}

fn codes(file: &Path) -> Vec<String> {
    let text = MultiGzDecoder::new(BufReader::new(File::open(file).unwrap()));
    let rows = csv::Reader::from_reader(text).into_records();
    rows.map(|row| row.unwrap()[0].to_owned()).collect()
}

/// The file, if the data is here.
fn file() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let data = std::env::var_os("EVENSTOCK_DATA")
        .map_or_else(|| root.join("../shared/data"), PathBuf::from);
    let file = data.join("barcodes_croatia/products.csv.gz");
    if file.is_file() {
        return Some(file);
    }
    println!("skipped: there is no {}; EVENSTOCK_DATA names the data folder", file.display());
    None
}
