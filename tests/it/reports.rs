//! Reports: a real toy chain's months against a recount of its files in plain integers, and the programs.
//!
//! A part of the chain by default, every store and row if `EVENSTOCK_FULL` is set.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use books::read::StockFilter;
use console::report::Asked;
use hub::door::Ask as _;
use hub::{Home, Hub, Setup};
use ledger::id::StoreId;
use ledger::report::{
    Answer, Cell, Column, Flow, Group, Measured, Period, Question, Report, Scope,
};
use store_node::import::{Import, Mapping};
use store_node::{Config, Node};
use sync_proto::Writer;
use tests::daemon::{Store, run};

use crate::uci::Stores;
use crate::warehouses::{meet, rows, scaled};

/// Set this variable to book every row.
const FULL: &str = "EVENSTOCK_FULL";

/// The stores that are booked otherwise, and the last of their days.
const SOME: ([&str; 3], &str) = (["1", "8", "24"], "2017-03-31");

/// Thousandths by store and product.
type Counts = BTreeMap<(String, String), i128>;

/// What the files say.
struct Files {
    opening: Counts,
    /// By month.
    sold: BTreeMap<String, Counts>,
}

#[test]
fn every_month_of_a_real_chain_balances_to_the_unit() {
    let Some(sales) =
        rows("maven_toys/sales.csv.gz", ["Sale_ID", "Date", "Store_ID", "Product_ID", "Units"])
    else {
        return;
    };
    let stock = rows("maven_toys/inventory.csv.gz", ["Store_ID", "Product_ID", "Stock_On_Hand"]);
    let products =
        rows("maven_toys/products.csv.gz", ["Product_ID", "Product_Cost", "Product_Price"]);
    let (stock, products) = (stock.unwrap(), products.unwrap());
    let full = std::env::var_os(FULL).is_some();
    let is_wanted = |store: &str| full || SOME.0.contains(&store);
    let sales: Vec<_> = sales
        .into_iter()
        .filter(|sale| is_wanted(&sale[2]) && (full || sale[1].as_str() <= SOME.1))
        .collect();
    let stock: Vec<_> = stock.into_iter().filter(|row| is_wanted(&row[0])).collect();
    let files = recount(&stock, &sales);

    let dir = tempfile::tempdir().unwrap();
    let hub = Hub::init(&Home::at(dir.path().join("hub")), Setup::default()).unwrap();
    let ids: BTreeSet<StoreId> =
        stock.iter().map(|row| store_id(&row[0]).parse().unwrap()).collect();
    let node = |store: StoreId| {
        let chain = hub.config().chain.clone();
        let config = Config { chain, ..Config::standalone(store.clone()) };
        (store.clone(), Node::init(dir.path().join(store.as_str()), &config).unwrap())
    };
    let mut stores = Stores(ids.into_iter().map(node).collect());
    write(dir.path(), "products.csv", &["Product_ID", "Product_Cost", "Product_Price"], &products);
    import(
        &mut stores,
        dir.path(),
        "opening",
        &["Store_ID", "Product_ID", "Stock_On_Hand"],
        &stock,
    );
    let columns = ["Sale_ID", "Date", "Store_ID", "Product_ID", "Units"];
    import(&mut stores, dir.path(), "sales", &columns, &sales);

    for (store, node) in &stores.0 {
        assert_months(&files, store, node);
        meet(node.books(), hub.books(), &Writer::Store(store.clone()));
    }
    // Head office says of all of them what each says of itself.
    for month in files.sold.keys() {
        let period: Period = month.parse().unwrap();
        let asked = Asked {
            report: Report::Movements { by: Group::StoreAndProduct },
            from: Some(period.from()),
            to: Some(period.to()),
            stores: Vec::new(),
            category: None,
        };
        let chain = hub::ask::report::ShowReport(asked).answer(&hub).unwrap();
        let own = stores.0.values().flat_map(|node| movements(node, period).sheet.rows);
        assert_eq!(chain.sheet.rows, own.collect::<Vec<_>>(), "{month}");
    }
}

/// Each month's opening, sales and closing are the files', it balances, and the next one goes on from it.
fn assert_months(files: &Files, store: &StoreId, node: &Node) {
    let of_store = |counts: &Counts| -> BTreeMap<String, i128> {
        let own = counts.iter().filter(|((of, _), _)| of == store.as_str());
        own.map(|((_, sku), count)| (sku.clone(), *count)).collect()
    };
    let mut standing = of_store(&files.opening);
    let mut before: Option<BTreeMap<String, (i128, i128)>> = None;
    for (month, sold) in &files.sold {
        let answer = movements(node, month.parse().unwrap());
        assert_eq!(answer.notes, [], "{store} {month}");
        let sold = of_store(sold);
        let column = |column: &Column| by_sku(&answer, column);
        let both = |of: fn(Measured) -> Column| {
            let (quantities, values) =
                (column(&of(Measured::Quantity)), column(&of(Measured::Value)));
            quantities
                .into_iter()
                .map(|(sku, quantity)| (sku.clone(), (quantity, values[&sku])))
                .collect::<BTreeMap<_, _>>()
        };
        let found = column(&Column::Flow(Flow::Sold, Measured::Quantity));
        let (opening, closing) = (both(Column::Opening), both(Column::Closing));
        for (sku, count) in &found {
            assert_eq!(*count, sold.get(sku).copied().unwrap_or(0), "{store} {month} {sku}");
            let stood = standing.entry(sku.clone()).or_default();
            assert_eq!(opening[sku].0, *stood, "{store} {month} {sku}");
            *stood -= count;
            assert_eq!(closing[sku].0, *stood, "{store} {month} {sku}");
        }
        assert!(sold.keys().all(|sku| found.contains_key(sku)), "{store} {month}");
        if let Some(before) = before {
            for (sku, amounts) in before {
                assert_eq!(
                    opening.get(&sku).copied().unwrap_or_default(),
                    amounts,
                    "{month} {sku}"
                );
            }
        }
        before = Some(closing);
    }
    // What the last month ends with is what the books say now.
    let reader = node.books().reader().unwrap();
    let now = reader.stock(&StockFilter::default()).unwrap();
    let last = before.unwrap();
    for row in now {
        let (quantity, value) = last.get(row.sku.as_str()).copied().unwrap_or_default();
        assert_eq!(quantity, i128::from(row.stock.quantity.thousandths()), "{store} {}", row.sku);
        assert_eq!(value, i128::from(row.stock.value.ten_thousandths()), "{store} {}", row.sku);
    }
}

pub(crate) fn movements(node: &Node, period: Period) -> Answer {
    let scope = Scope { period, stores: vec![node.store().clone()], category: None };
    let report = Report::Movements { by: Group::StoreAndProduct };
    node.books().reader().unwrap().report(&Question { report, scope }).unwrap()
}

/// The integers of a column by SKU, which stands second.
fn by_sku(answer: &Answer, column: &Column) -> BTreeMap<String, i128> {
    let skus = answer.sheet.rows.iter().map(|row| match &row[1] {
        Cell::Text(sku) => sku.to_string(),
        other => panic!("{other:?}"),
    });
    skus.zip(answer.sheet.cells(column).unwrap().map(Cell::number)).collect()
}

fn recount(stock: &[[String; 3]], sales: &[[String; 5]]) -> Files {
    let mut files = Files { opening: Counts::new(), sold: BTreeMap::new() };
    for [store, product, units] in stock {
        *files.opening.entry((store_id(store), product.clone())).or_default() +=
            i128::from(scaled(units, 3));
    }
    for [_, date, store, product, units] in sales {
        let month = files.sold.entry(date[..7].to_owned()).or_default();
        *month.entry((store_id(store), product.clone())).or_default() +=
            i128::from(scaled(units, 3));
    }
    files
}

pub(crate) fn store_id(number: &str) -> String {
    format!("S{number:0>3}")
}

pub(crate) fn import<const N: usize>(
    stores: &mut Stores,
    dir: &Path,
    kind: &str,
    columns: &[&str; N],
    rows: &[[String; N]],
) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let shipped = root.join(format!("examples/mappings/maven_toys_{kind}.toml"));
    // The costs and prices stand in the folder's own list, which is not packed.
    let text = fs::read_to_string(shipped).unwrap().replace("products.csv.gz", "products.csv");
    let mapping = dir.join(format!("{kind}.toml"));
    fs::write(&mapping, text).unwrap();
    let file = write(dir, &format!("{kind}.csv"), columns, rows);
    let mapping = Mapping::read(&mapping).unwrap();
    let import = Import::new(&mapping, &file);
    let checked = import.check(&mut |_| ()).unwrap();
    let rejects = dir.join("rejects.csv");
    let applied = import.apply(&checked, stores, &rejects, &mut |_| ()).unwrap();
    assert_eq!((applied.refused, applied.rejected_rows), (0, 0));
}

pub(crate) fn write<const N: usize>(
    dir: &Path,
    name: &str,
    columns: &[&str; N],
    rows: &[[String; N]],
) -> std::path::PathBuf {
    let path = dir.join(name);
    let mut writer = csv::Writer::from_path(&path).unwrap();
    writer.write_record(columns).unwrap();
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    writer.flush().unwrap();
    path
}

#[test]
fn a_running_store_and_a_stopped_one_print_and_write_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("S001");
    run("store-node", &folder, &["init", "S001", "--zone", "UTC"]).expect("init");
    let mut shop = Store::at("S001", &folder);
    shop.ask(&["receive", "tea:40@1", "cola:30@2", "--date", "2026-10-02"]);
    shop.sell("cola:4@3");
    let (csv, xlsx) = (dir.path().join("r.csv"), dir.path().join("r.xlsx"));
    let (csv, xlsx) = (csv.to_str().unwrap(), xlsx.to_str().unwrap());
    let movements = ["report", "movements", "--from", "2026-10-01", "--csv", csv, "--xlsx", xlsx];
    let stopped = shop.ask(&movements);
    let written = fs::read_to_string(csv).unwrap();
    shop.start();
    let running = shop.ask(&movements);
    assert_eq!(stopped, running);
    assert_eq!(written, fs::read_to_string(csv).unwrap());
    let total = &running["total"];
    let figures = ["received_quantity", "sold_quantity", "closing_quantity", "closing_value"];
    assert_eq!(figures.map(|figure| total[figure].clone()), ["70", "4", "66", "92"]);
    assert!(written.lines().count() == 3 && fs::metadata(xlsx).unwrap().len() > 1_000);

    let month = shop.ask(&["report", "movements", "--month", "2026-10", "--by", "store"]);
    assert_eq!(month["rows"][0]["closing_quantity"], "70");
    let old = shop.ask(&["report", "stock", "--at", "2026-10-02"]);
    assert_eq!(old["rows"].as_array().unwrap().len(), 2);
    for report in [
        &["report", "matrix"] as &[&str],
        &["report", "ledger", "cola", "--from", "2026-10-01"],
        &["report", "ageing", "--buckets", "10,20"],
        &["report", "turnover"],
        &["report", "sell-through", "--by", "category"],
        &["report", "abc", "--rank", "margin", "--borders", "50,90"],
        &["report", "purchases", "--by", "month", "--from", "2026-10-01"],
        &["report", "suppliers", "--from", "2026-10-01"],
        &["report", "cost", "--rate", "12.5", "--store-rate", "S001=8"],
    ] {
        assert!(!shop.ask(report)["rows"].as_array().unwrap().is_empty(), "{report:?}");
    }
    let refused = shop.run(&["report", "stock", "--store", "S999"]);
    assert!(refused.code == Some(2) && refused.complaint.contains("S999"), "{refused:?}");
    let lines = shop.run(&["report", "turnover", "--from", "2026-12-01", "--to", "2026-11-01"]);
    assert_eq!(lines.code, Some(2));
    shop.stop();
}
