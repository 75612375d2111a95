//! A month of two stores in a bookkeeper's program: hledger takes the vouchers in, its balance sheet balances, and
//! its accounts say what the books say, to the cent. Then the month is closed, and a fact comes late.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use books::read::StockFilter;
use hub::ask::finance::{AcknowledgeVouchers, FeedVouchers};
use hub::ask::supplier::SetSupplier;
use hub::door::Ask as _;
use hub::{Home, Hub, Setup};
use ledger::amount::{Money, Quantity};
use ledger::fact::PaymentMethod;
use ledger::id::{RequestId, StoreId};
use ledger::measure::Measure;
use ledger::payable::account;
use ledger::time::BusinessDate;
use ledger::voucher::{Line, Voucher};
use serde_json::Value;
use store_node::request::{
    Cost, InboundLine, InvoiceLine, NamedFact, PaySupplier, TakeInvoice, Unheard,
};
use store_node::{
    About, Adjust, Config, CountLine, FactRef, GiveBack, Node, Pay, Receive, Request, Reverse,
    SaleLine, Scrap, Sell, Task,
};
use sync_proto::Writer;
use tests::daemon::run;
use tests::dice::Dice;

use crate::warehouses::meet;

const STORES: [&str; 2] = ["A01", "B02"];
const SKUS: [&str; 4] = ["cola", "apple", "tea", "rice"];
const MONTH: &str = "2026-10";
const DAYS: i32 = 31;
const SALES_A_DAY: u64 = 8;

/// A store while its month is played.
struct Shop {
    node: Node,
    dice: Dice,
    requests: u64,
    sales: Vec<FactRef>,
    receipts: Vec<FactRef>,
}

#[test]
fn a_bookkeepers_program_says_what_the_books_say() {
    let dir = tempfile::tempdir().unwrap();
    let (home, shops) = play(dir.path());
    let exported = export(&home, dir.path(), "month.journal", &["--form", "hledger"]);
    assert_eq!(exported["unmapped"], 0);

    let hub = Hub::open(&Home::at(&home)).unwrap();
    let expected: Vec<Expected> = shops.iter().map(|shop| Expected::of(&hub, shop)).collect();
    drop(hub);
    if let Some(found) = hledger(&dir.path().join("month.journal")) {
        for expected in &expected {
            let of = |account: &str| {
                let begins = |name: &&String| {
                    name.split(':').nth(1).is_some_and(|part| part.starts_with(account))
                        && name.split(':').nth(2) == Some(expected.store.as_str())
                };
                found.iter().filter(|(name, _)| begins(name)).map(|(_, cents)| *cents).sum::<i128>()
            };
            let store = &expected.store;
            assert_eq!(of("1405 "), rounded(expected.stock), "stock of {store}");
            assert_eq!(of("1001 ") * 100, expected.cash, "cash of {store}");
            assert_eq!(of("6001 ") * 100, -expected.sold, "sales of {store}");
            assert_eq!(of("2221.01.02 ") * 100, -expected.tax, "output tax of {store}");
            assert_eq!(of("2202.01 ") * 100, -expected.owed, "owed by {store}");
        }
    }
    reports_say_what_vouchers_say(&home, dir.path(), &expected);
    closed_stays_closed(&home, dir.path(), &shops[0]);
}

/// Margin, tax and debts as reports, and stock on a day in the middle.
fn reports_say_what_vouchers_say(home: &Path, dir: &Path, expected: &[Expected]) {
    let total = |report: &[&str], column: &str| {
        let asked = run("hub", home, &[&["report"], report].concat()).expect("the report");
        let text = asked["total"][column].as_str().unwrap().to_owned();
        i128::from(text.parse::<Money>().unwrap().ten_thousandths())
    };
    let sum = |of: fn(&Expected) -> i128| expected.iter().map(of).sum::<i128>();
    let month = ["--month", MONTH];
    let sold = sum(|expected| expected.sold);
    for by in ["product", "store", "operator", "member"] {
        let report = [&["margin", "--by", by], &month[..]].concat();
        assert_eq!(total(&report, "net_sales"), sold, "{by}");
    }
    let tax = [&["tax"], &month[..]].concat();
    assert_eq!(total(&tax, "output_tax"), sum(|expected| expected.tax));
    let owed = ["payables", "--at", "2026-10-31"];
    assert_eq!(total(&owed, "owed"), sum(|expected| expected.owed));

    export(home, dir, "reports.json", &["--form", "json"]);
    let text = fs::read(dir.join("reports.json")).unwrap();
    let vouchers: Vec<Voucher> = serde_json::from_slice(&text).unwrap();
    let cents = |account: &str, through: &str, store: &str| -> i128 {
        let through: BusinessDate = through.parse().unwrap();
        let wanted =
            |voucher: &&Voucher| voucher.store.as_str() == store && voucher.date <= through;
        let lines = vouchers.iter().filter(wanted).flat_map(|voucher| &voucher.lines);
        lines.filter(|line| line.account == account).map(Line::change).sum()
    };
    for store in STORES {
        for at in ["2026-10-04", "2026-10-17", "2026-10-31"] {
            let value = total(&["stock", "--at", at, "--store", store], "closing_value");
            assert_eq!(cents("1405", at, store), rounded(value), "{store} at the end of {at}");
        }
        let profit = ["profit", "--store", store, "--month", MONTH];
        for (column, account) in [("cost_of_sales", "6401"), ("cost_adjustments", "6401.09")] {
            let value = total(&profit, column);
            assert_eq!(cents(account, "2026-10-31", store), rounded(value), "{column} of {store}");
        }
    }
}

/// A closed month is given as it was, and what comes late stands in the next one.
fn closed_stays_closed(home: &Path, dir: &Path, shop: &Shop) {
    let october = |name: &str| {
        export(home, dir, name, &["--form", "json"]);
        fs::read(dir.join(name)).unwrap()
    };
    let before = october("before.json");
    assert_eq!(before, october("again.json"), "the same facts, the same bytes");
    let closed = run("hub", home, &["finance", "close-period", "2026-10-31"]).expect("closing");
    let vouchers: Vec<Value> = serde_json::from_slice(&before).unwrap();
    assert_eq!(closed["vouchers"].as_u64(), Some(vouchers.len() as u64));
    let twice = run("hub", home, &["finance", "close-period", "2026-10-31"]);
    assert_eq!(twice.code, Some(2), "{}", twice.complaint);

    let sell = Sell { lines: vec![line("cola", 1_000, 35_000)], ..Sell::default() };
    let about = About::named(RequestId::new("late").unwrap()).on("2026-10-15".parse().unwrap());
    shop.node.book(Request { about, task: sell.into() }).unwrap();
    {
        let hub = Hub::open(&Home::at(home)).unwrap();
        meet(shop.node.books(), hub.books(), &Writer::Store(shop.node.store().clone()));
    }
    assert_eq!(before, october("after.json"), "a closed month takes nothing in");
    let november = ["finance", "vouchers", "--from", "2026-11-01", "--to", "2026-11-02"];
    let november = run("hub", home, &november).expect("vouchers");
    let late = &november["vouchers"][0];
    assert_eq!(late["number"], format!("20261101-{}-sale-late", shop.node.store()));
    assert_eq!(late["late_of"], "2026-10-15");
    fed_in_pieces(home, vouchers.len());
    // Rounding goes on: the account is what the books say after both periods.
    let hub = Hub::open(&Home::at(home)).unwrap();
    let stock = Expected::of(&hub, shop).stock;
    drop(hub);
    let all: Vec<Value> = serde_json::from_slice(&before).unwrap();
    let lines = all.iter().chain(november["vouchers"].as_array().unwrap());
    let of_store = lines.filter(|voucher| voucher["store"] == shop.node.store().as_str());
    let change = |line: &Value| {
        let cents = line["amount"].as_str().unwrap().replace('.', "").parse::<i128>().unwrap();
        if line["side"] == "debit" { cents } else { -cents }
    };
    let sum: i128 = of_store
        .flat_map(|voucher| voucher["lines"].as_array().unwrap())
        .filter(|line| line["account"] == "1405")
        .map(change)
        .sum();
    assert_eq!(sum, rounded(stock));
}

/// A reader of the feed is given everything once, and again what it has not acknowledged.
fn fed_in_pieces(home: &Path, all: usize) {
    let hub = Hub::open(&Home::at(home)).unwrap();
    let reader: RequestId = "erp".parse().unwrap();
    let mut numbers = Vec::new();
    loop {
        let ask = FeedVouchers { reader: reader.clone(), limit: 100 };
        let fed = ask.clone().answer(&hub).unwrap();
        assert_eq!(ask.answer(&hub).unwrap(), fed, "not acknowledged, so given again");
        let cursor = fed.cursor.unwrap();
        AcknowledgeVouchers { reader: reader.clone(), cursor }.answer(&hub).unwrap();
        if fed.vouchers.is_empty() {
            break;
        }
        numbers.extend(fed.vouchers.into_iter().map(|voucher| voucher.number));
    }
    assert_eq!(numbers.len(), all);
    numbers.dedup();
    assert_eq!(numbers.len(), all, "each once");
    let beyond = "2026-10-31:1000000".parse().unwrap();
    assert!(AcknowledgeVouchers { reader, cursor: beyond }.answer(&hub).is_err());
}

/// What the product says of a store, in ten-thousandths.
struct Expected {
    store: StoreId,
    stock: i128,
    cash: i128,
    sold: i128,
    tax: i128,
    owed: i128,
}

impl Expected {
    fn of(hub: &Hub, shop: &Shop) -> Self {
        let (reader, store) = (hub.reader().unwrap(), shop.node.store().clone());
        let filter = StockFilter { store: Some(store.clone()), ..StockFilter::default() };
        let rows = reader.stock(&filter).unwrap();
        let stock = rows.iter().map(|row| i128::from(row.stock.value.ten_thousandths())).sum();
        let totals = reader.totals(Some(&store), None, None).unwrap();
        let of = |measure| i128::from(totals.get(&measure).copied().unwrap_or_default());
        let tax = of(Measure::Tax);
        let sold = of(Measure::SalesNet) - of(Measure::ReturnsNet) - tax;
        let entries = reader.supplier_entries(&"V1".parse().unwrap(), Some(&store)).unwrap();
        let owed = account(&entries, day(DAYS)).balance;
        Self { store, stock, cash: of(Measure::Paid(PaymentMethod::Cash)), sold, tax, owed }
    }
}

/// To cents, ties away from nothing.
fn rounded(raw: i128) -> i128 {
    (raw + 50 * raw.signum()) / 100
}

/// What hledger makes of a journal: cents by account. None where it is not installed.
fn hledger(journal: &Path) -> Option<BTreeMap<String, i128>> {
    if Command::new("hledger").arg("--version").output().is_err() {
        eprintln!("skipped: hledger is not installed (apt-get install hledger)");
        return None;
    }
    let ask = |args: &[&str]| {
        let mut command = Command::new("hledger");
        command.env("LANG", "C.UTF-8").arg("-f").arg(journal).args(args);
        let done = command.output().unwrap();
        assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    };
    ask(&["check"]);
    let cents = |text: &str| {
        let number = text.trim_end_matches(" CNY");
        if number == "0" {
            return 0;
        }
        let (whole, part) = number.split_once('.').unwrap();
        assert_eq!(part.len(), 2, "{text}");
        format!("{whole}{part}").parse::<i128>().unwrap()
    };
    let table = |text: &str| -> Vec<(String, i128)> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader
            .records()
            .map(|row| row.unwrap())
            .map(|row| (row[0].to_owned(), cents(&row[1])))
            .collect()
    };
    let all = table(&ask(&["balance", "--flat", "--no-total", "-O", "csv"]));
    assert_eq!(all.iter().map(|(_, cents)| cents).sum::<i128>(), 0, "debits equal credits");
    // What assets are worth beyond debts is what was put in and earned.
    let sheet = ask(&["balancesheet", "--depth", "1", "-O", "csv"]);
    let net = sheet.lines().last().unwrap().rsplit(',').next().unwrap().trim_matches('"');
    let earned: i128 = all
        .iter()
        .filter(|(name, _)| !name.starts_with("assets:") && !name.starts_with("liabilities:"))
        .map(|(_, cents)| cents)
        .sum();
    assert_eq!(cents(net), -earned, "{sheet}");
    Some(all.into_iter().collect())
}

fn export(home: &Path, dir: &Path, name: &str, more: &[&str]) -> Value {
    let file = dir.join(name).display().to_string();
    let args = [&["finance", "export", &file, "--month", MONTH], more].concat();
    run("hub", home, &args).expect("the export")
}

/// Both stores' month, and head office that has heard of it.
fn play(dir: &Path) -> (PathBuf, Vec<Shop>) {
    let home = dir.join("hub");
    let hub = Hub::init(&Home::at(&home), Setup::default()).unwrap();
    let fields = BTreeMap::from([("name_zh".to_owned(), "东方批发".to_owned())]);
    let supplier = "V1".parse().unwrap();
    SetSupplier { supplier, fields, same_names: Default::default() }.answer(&hub).unwrap();
    let shops: Vec<Shop> = (1..)
        .zip(STORES)
        .map(|(seed, store)| {
            let store: StoreId = store.parse().unwrap();
            let chain = hub.config().chain.clone();
            let config = Config { chain, ..Config::standalone(store.clone()) };
            let node = Node::init(dir.join(store.as_str()), &config).unwrap();
            meet(node.books(), hub.books(), &Writer::Store(store.clone()));
            let dice = Dice::new(seed);
            let mut shop = Shop { node, dice, requests: 0, sales: vec![], receipts: vec![] };
            shop.month();
            meet(shop.node.books(), hub.books(), &Writer::Store(store));
            shop
        })
        .collect();
    (home, shops)
}

impl Shop {
    fn month(&mut self) {
        for n in 0..DAYS {
            if n % 5 == 0 {
                self.delivery(day(n));
            }
            for _ in 0..SALES_A_DAY {
                self.sale(day(n));
            }
            if n % 3 == 0 {
                let source = self.sales[self.sales.len() - 2].clone();
                self.book(day(n), GiveBack { source: Some(source), ..GiveBack::default() });
            }
            if n % 4 == 1 {
                let fact = self.sales.pop().unwrap();
                self.book(day(n), Reverse { fact, reason: "typed wrong".to_owned() });
            }
            if n % 7 == 2 {
                let lines = vec![count("apple", 333)];
                self.book(day(n), Scrap { lines, reason: "rotten".into() });
                let lines = vec![count("tea", -1_000), count("rice", 500)];
                self.book(day(n), Adjust { lines, reason: "counted".into() });
            }
            if n == 12 || n == 13 {
                self.invoice(day(n), n);
            }
        }
        // An invoice that was wrong, and a delivery that was another store's.
        let undone = self.invoice(day(20), 20);
        self.book(day(21), Reverse { fact: undone, reason: "another's".to_owned() });
        let fact = self.receipts.pop().unwrap();
        self.book(day(30), Reverse { fact, reason: "another's".to_owned() });
        let payment = PaySupplier {
            supplier: "V1".to_owned(),
            amount: Some("12.34".parse().unwrap()),
            method: PaymentMethod::Transfer,
            reference: String::new(),
            invoices: vec![],
        };
        self.book(day(30), payment);
    }

    /// Goods at costs that no number of units divides.
    fn delivery(&mut self, date: BusinessDate) {
        let mut lines = Vec::new();
        for sku in SKUS {
            let quantity = i64::try_from(self.dice.between(7_000, 60_000)).unwrap();
            let cost = i64::try_from(self.dice.between(100_001, 900_003)).unwrap();
            let (quantity, cost) = (thousandths(quantity), Cost::Whole(ten_thousandths(cost)));
            lines.push(InboundLine {
                item: sku.to_owned(),
                lot: None,
                expiry: None,
                quantity,
                cost,
            });
        }
        let receipt = self.book(date, Receive { lines, supplier: Some("V1".to_owned()) });
        self.receipts.push(receipt);
    }

    /// The oldest delivery's invoice, dearer than it was taken for.
    fn invoice(&mut self, date: BusinessDate, number: i32) -> FactRef {
        let receipt = self.receipts.remove(0);
        let line = |sku: &str, cost: i64| InvoiceLine {
            item: sku.to_owned(),
            quantity: thousandths(7_000),
            cost: Cost::Whole(ten_thousandths(cost)),
            tax: None,
        };
        let invoice = TakeInvoice {
            supplier: "V1".to_owned(),
            number: format!("F-{}-{number}", self.node.store()).parse().unwrap(),
            dated: Some(date),
            due: Some(date.plus_days(30)),
            receipts: vec![NamedFact(receipt)],
            lines: vec![line("cola", 333_300), line("tea", 77_700)],
            tax_rate: Some(1_300),
            accept: Some("agreed by phone".to_owned()),
        };
        self.book(date, invoice)
    }

    fn sale(&mut self, date: BusinessDate) {
        let mut lines = Vec::new();
        for sku in &SKUS[..usize::try_from(self.dice.between(1, 4)).unwrap()] {
            let quantity = i64::try_from(self.dice.between(1, 2_999)).unwrap();
            let price = i64::try_from(self.dice.between(100, 999)).unwrap() * 100;
            lines.push(line(sku, quantity, price));
        }
        // Stored value wants a member who has some.
        let money = |method: &PaymentMethod| *method != PaymentMethod::StoredValue;
        let methods: Vec<_> = PaymentMethod::ALL.into_iter().filter(money).collect();
        let method = *self.dice.pick(&methods);
        let sale = self.book(
            date,
            Sell {
                lines,
                payments: vec![Pay { method, amount: None, reference: None }],
                ..Sell::default()
            },
        );
        self.sales.push(sale);
    }

    fn book(&mut self, date: BusinessDate, task: impl Into<Task>) -> FactRef {
        self.requests += 1;
        let name = format!("{}-{}", self.node.store(), self.requests);
        let about = About::named(RequestId::new(&name).unwrap()).on(date);
        let booked = self.node.book(Request { about, task: task.into() });
        FactRef::Id(booked.unwrap_or_else(|error| panic!("{name}: {error:?}")).fact.id)
    }
}

fn day(n: i32) -> BusinessDate {
    "2026-10-01".parse::<BusinessDate>().unwrap().plus_days(n)
}

fn line(sku: &str, quantity: i64, price: i64) -> SaleLine {
    SaleLine {
        item: sku.to_owned(),
        quantity: thousandths(quantity),
        price: Some(ten_thousandths(price)),
        discount: Money::ZERO,
        tax_rate: Some(1_300),
        percent_off: None,
    }
}

fn count(sku: &str, quantity: i64) -> CountLine {
    CountLine {
        item: sku.to_owned(),
        quantity: thousandths(quantity),
        lot: None,
        unheard: Unheard::Refuse,
    }
}

fn thousandths(raw: i64) -> Quantity {
    Quantity::from_thousandths(raw).unwrap()
}

fn ten_thousandths(raw: i64) -> Money {
    Money::from_ten_thousandths(raw).unwrap()
}
