//! A shop in a temporary folder, with a small catalog and a clock that stands still.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use ledger::catalog::{Product, ProductStatus, SoldBy};
use ledger::time::Timestamp;
use store_node::ask::catalog::{PutProducts, Sheet};
use store_node::clock::WallClock;
use store_node::door::Door;
use store_node::{About, Booked, Config, GiveBack, Node, Receive, Result, Sell};
use tempfile::TempDir;

/// 2026-11-22 09:00 in Shanghai.
pub(crate) const MORNING: i64 = 1_795_309_200_000;

pub(crate) struct Shop {
    pub(crate) node: Node,
    pub(crate) clock: Arc<Hands>,
    pub(crate) folder: PathBuf,
    _dir: TempDir,
}

/// A clock that goes when it is told to.
#[derive(Debug)]
pub(crate) struct Hands(AtomicI64);

impl Hands {
    pub(crate) fn advance(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::Relaxed);
    }
}

impl WallClock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Relaxed))
    }
}

impl Shop {
    /// A shop that sells cola (3.50), apples (12.80 a kg) and old tape, withdrawn.
    pub(crate) fn open() -> Self {
        Self::open_until(None)
    }

    /// The same, which also sells these by weight, for a price a kilogram.
    pub(crate) fn open_selling(weighed: &[(&str, &str)]) -> Self {
        let shop = Self::open();
        let product = |(sku, price): &(&str, &str)| Product {
            price: price.parse().unwrap(),
            sold_by: SoldBy::Weight,
            ..Product::named_after(sku.parse().unwrap())
        };
        let products: Vec<_> = weighed.iter().map(product).collect();
        let products = products.iter().map(Sheet::from).collect();
        shop.node.ask(PutProducts { products }).unwrap();
        shop
    }

    /// The same, whose business day ends at another time than midnight.
    pub(crate) fn open_until(cutoff: Option<&str>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("store");
        let zone = Some("Asia/Shanghai".to_owned());
        let cutoff = cutoff.map(|time| time.parse().unwrap());
        let config = Config { zone, cutoff, ..Config::standalone("S012".parse().unwrap()) };
        drop(Node::init(&folder, &config).unwrap());
        let clock = Arc::new(Hands(AtomicI64::new(MORNING)));
        let node = Node::open_with(&folder, clock.clone()).unwrap();
        node.ask(PutProducts { products: catalog().iter().map(Sheet::from).collect() }).unwrap();
        Self { node, clock, folder, _dir: dir }
    }

    /// The same folder, opened by another start of the program.
    pub(crate) fn reopened(self) -> Self {
        let Self { node, clock, folder, _dir } = self;
        drop(node);
        let node = Node::open_with(&folder, clock.clone()).unwrap();
        Self { node, clock, folder, _dir }
    }

    /// The same folder, and a copy of it on another machine.
    pub(crate) fn cloned(self, to: &Path) -> (Self, Node) {
        let Self { node, clock, folder, _dir } = self;
        drop(node);
        fs::create_dir(to).unwrap();
        for entry in fs::read_dir(&folder).unwrap() {
            let file = entry.unwrap();
            fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
        let node = Node::open_with(&folder, clock.clone()).unwrap();
        let clone = Node::open_with(to, clock.clone()).unwrap();
        (Self { node, clock, folder, _dir }, clone)
    }

    pub(crate) fn sell(&self, lines: &[&str], payments: &[&str]) -> Result<Booked> {
        self.node.sell(About::default(), sale(lines, payments))
    }

    pub(crate) fn give_back(&self, bill: &Booked, lines: &[&str]) -> Result<Booked> {
        let source = Some(store_node::FactRef::Bill(bill.fact.bill.clone()));
        let lines = lines.iter().map(|line| line.parse().unwrap()).collect();
        let give_back = GiveBack { source, lines, ..GiveBack::default() };
        self.node.give_back(About::default(), give_back)
    }

    pub(crate) fn receive(&self, lines: &[&str]) -> Booked {
        let lines = lines.iter().map(|line| line.parse().unwrap()).collect();
        self.node.receive(About::default(), Receive { lines, supplier: None }).unwrap()
    }
}

pub(crate) fn sale(lines: &[&str], payments: &[&str]) -> Sell {
    Sell {
        lines: lines.iter().map(|line| line.parse().unwrap()).collect(),
        payments: payments.iter().map(|pay| pay.parse().unwrap()).collect(),
        ..Sell::default()
    }
}

/// What a request was refused for.
pub(crate) fn refusal(result: Result<Booked>) -> String {
    result.expect_err("the request is refused").to_string()
}

/// What a booked sale or return comes to.
pub(crate) fn total(booked: &Booked) -> String {
    use ledger::fact::Body;
    let (Body::RetailSale(receipt) | Body::SaleReturn { receipt, .. }) = &booked.fact.body else {
        panic!("{:?} has no receipt", booked.fact);
    };
    receipt.total().unwrap().to_string()
}

pub(crate) fn catalog() -> Vec<Product> {
    let product = |sku: &str, barcode: Option<&str>, price: &str, sold_by| Product {
        barcode: barcode.map(Into::into),
        name_zh: format!("{sku}（中文）").into(),
        price: price.parse().unwrap(),
        sold_by,
        ..Product::named_after(sku.parse().unwrap())
    };
    let tape = product("tape", None, "2", SoldBy::Piece);
    vec![
        product("cola", Some("6901234567892"), "3.50", SoldBy::Piece),
        product("apple", None, "12.80", SoldBy::Weight),
        product("unpriced", None, "0", SoldBy::Piece),
        Product { status: ProductStatus::Withdrawn, ..tape },
    ]
}
