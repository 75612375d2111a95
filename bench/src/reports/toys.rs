//! A chain of toy shops: the real one's files if they are here, or generated sales of the same shape.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use ledger::amount::{Money, Quantity, TaxRate};
use ledger::command::{Command, InboundLine, SaleLine};
use ledger::cost::{Position, inbound_cost};
use ledger::fact::{Fact, Priced};
use ledger::id::{BillNo, Epoch, FactId, Sku, StoreId};
use ledger::movement::Account;
use ledger::post::{Header, post};
use ledger::report::Period;
use ledger::time::{BusinessDate, Timestamp};
use sync_proto::{Actor, Admission, Admitted, Writer};

use crate::work::{self, Result};

/// The shape of the real chain.
const STORES: u32 = 50;
const SKUS: u32 = 35;
const DAYS: i32 = 638;
const SALES: u32 = 829_262;

/// The day before the first sale, on which the books begin.
const OPENING_DAY: &str = "2016-12-31";

/// What a toy costs and what it is sold for, in whole currency units, where the files don't say.
const COST: i64 = 9;
const PRICE: i64 = 14;

/// A store, and what is known of it.
pub(super) struct Store {
    pub(super) id: StoreId,
    /// Units by product on the first day.
    opening: Vec<(Sku, i64)>,
    /// Product and units, by day, in order.
    sales: BTreeMap<BusinessDate, Vec<(Sku, i64)>>,
}

/// The chain.
pub(super) struct Toys {
    stores: Vec<Store>,
    /// Cost and price.
    prices: BTreeMap<Sku, (Money, Money)>,
    source: &'static str,
}

impl Toys {
    /// The real chain, or a generated one.
    pub(super) fn read() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
        let data = std::env::var_os("EVENSTOCK_DATA")
            .map_or_else(|| root.join("../shared/data"), PathBuf::from);
        let folder = data.join("maven_toys");
        if folder.is_dir() { Self::of_files(&folder) } else { Self::generated() }
    }

    pub(super) fn stores(&self) -> &[Store] {
        &self.stores
    }

    pub(super) const fn source(&self) -> &'static str {
        self.source
    }

    pub(super) fn month_in_the_middle(&self) -> Period {
        let (first, last) = self.ends();
        let half = Period::new(first, last).map_or(0, Period::days) / 2;
        Period::month_of(first.plus_days(i32::try_from(half).unwrap_or(0)))
    }

    pub(super) fn last_month(&self) -> Period {
        Period::month_of(self.ends().1)
    }

    fn ends(&self) -> (BusinessDate, BusinessDate) {
        let days = || self.stores.iter().flat_map(|store| store.sales.keys());
        let none = BusinessDate::new(jiff::civil::Date::MIN);
        (*days().min().unwrap_or(&none), *days().max().unwrap_or(&none))
    }

    /// A store's history as it reaches the hub, and how many sales are in it.
    pub(super) fn history(&self, store: &Store) -> Result<(usize, Vec<Admitted>)> {
        let peer = Writer::Store(store.id.clone());
        let actor = Actor::derive(&work::chain_id(), &peer, Epoch::FIRST);
        let admission = Admission::new(work::chain_id(), Writer::Hub, peer);
        let mut shop = Shop { store: &store.id, seq: 0, stock: BTreeMap::new() };
        let first = OPENING_DAY.parse()?;
        let lines = store.opening.iter().filter(|(_, units)| *units > 0);
        let lines = lines.map(|(sku, units)| {
            let quantity = Quantity::units(*units)?;
            let cost = self.prices[sku].0.times(quantity)?;
            Ok(InboundLine { sku: sku.clone(), lot: None, quantity, cost })
        });
        let lines: Result<Vec<_>> = lines.collect();
        let opening = shop.book(first, 1, Command::Opening { lines: lines? })?;
        let mut changes = work::seal(first, &[opening], actor, &admission)?;
        let mut count = 0;
        for (date, sales) in &store.sales {
            let mut facts = Vec::with_capacity(sales.len());
            for (sku, units) in sales {
                let line = SaleLine {
                    sku: sku.clone(),
                    quantity: Quantity::units(*units)?,
                    list_price: self.prices[sku].1,
                    discount: Money::ZERO,
                    tax_rate: TaxRate::ZERO,
                    priced: Priced::default(),
                };
                let sell = Command::Sell { lines: vec![line], payments: Vec::new() };
                facts.push(shop.book(*date, facts.len() + 1, sell)?);
            }
            count += facts.len();
            changes.extend(work::seal(*date, &facts, actor, &admission)?);
        }
        Ok((count, changes))
    }

    fn of_files(folder: &Path) -> Result<Self> {
        let mut prices = BTreeMap::new();
        for [sku, cost, price] in
            rows(&folder.join("products.csv.gz"), ["Product_ID", "Product_Cost", "Product_Price"])?
        {
            let dollars = |text: &str| text.trim().trim_start_matches('$').parse::<Money>();
            prices.insert(Sku::new(&sku)?, (dollars(&cost)?, dollars(&price)?));
        }
        let mut stores: BTreeMap<String, Store> = BTreeMap::new();
        for [store, sku, units] in
            rows(&folder.join("inventory.csv.gz"), ["Store_ID", "Product_ID", "Stock_On_Hand"])?
        {
            let id = StoreId::new(&format!("S{store:0>3}"))?;
            let empty = Store { id, opening: Vec::new(), sales: BTreeMap::new() };
            let store = stores.entry(store).or_insert(empty);
            store.opening.push((Sku::new(&sku)?, units.parse()?));
        }
        let columns = ["Date", "Store_ID", "Product_ID", "Units"];
        for [date, store, sku, units] in rows(&folder.join("sales.csv.gz"), columns)? {
            let store = stores.get_mut(&store).ok_or("a sale of no store")?;
            let day = store.sales.entry(date.parse()?).or_default();
            day.push((Sku::new(&sku)?, units.parse()?));
        }
        let mut stores: Vec<Store> = stores.into_values().collect();
        stores.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Self { stores, prices, source: "Maven Toys" })
    }

    fn generated() -> Result<Self> {
        let skus: Vec<Sku> = (1..=SKUS)
            .map(|sku| Sku::new(&sku.to_string()))
            .collect::<std::result::Result<_, _>>()?;
        let price = |units| Money::from_ten_thousandths(units * 10_000);
        let mut prices = BTreeMap::new();
        for sku in &skus {
            prices.insert(sku.clone(), (price(COST)?, price(PRICE)?));
        }
        let first: BusinessDate = OPENING_DAY.parse()?;
        let mut stores = Vec::new();
        // Steps by numbers prime to what they go through: every store, day and product gets its share.
        for number in 0..STORES {
            let id = StoreId::new(&format!("S{:03}", number + 1))?;
            let opening = skus.iter().map(|sku| (sku.clone(), 30)).collect();
            let mut sales: BTreeMap<BusinessDate, Vec<_>> = BTreeMap::new();
            for sale in 0..SALES / STORES {
                let day = i32::try_from(sale % DAYS.unsigned_abs())? + 1;
                let sku = &skus[((sale * 11 + number) % SKUS) as usize];
                let units = i64::from(sale % 7 == 0) + 1;
                sales.entry(first.plus_days(day)).or_default().push((sku.clone(), units));
            }
            stores.push(Store { id, opening, sales });
        }
        Ok(Self { stores, prices, source: "generated" })
    }
}

/// A store that books.
struct Shop<'a> {
    store: &'a StoreId,
    seq: u64,
    stock: BTreeMap<Sku, Position>,
}

impl Shop<'_> {
    fn book(&mut self, date: BusinessDate, bill: usize, command: Command) -> Result<Fact> {
        self.seq += 1;
        let (store, series, day) = (self.store, Epoch::FIRST.series(), date.compact());
        let header = Header {
            id: FactId { epoch: Epoch::FIRST, seq: self.seq },
            store: store.clone(),
            date,
            true_date: None,
            at: Timestamp::from_millis(1_483_228_800_000 + i64::try_from(self.seq)? * 1_000),
            bill: BillNo::new(&format!("{store}-{series}-{day}-{bill:05}"))?,
            request: None,
            operator: None,
            shift: None,
            member: None,
        };
        let fact = post(header, command, &self.stock)?.fact;
        for movement in &fact.movements {
            for (account, quantity, value) in movement.legs() {
                if *account == Account::OnHand {
                    let position = self.stock.entry(movement.sku.clone()).or_default();
                    position.quantity = position.quantity.plus(quantity)?;
                    position.value = position.value.plus(value)?;
                }
            }
        }
        for (sku, cost) in inbound_cost(&fact) {
            self.stock.entry(sku).or_default().last_cost = Some(cost);
        }
        Ok(fact)
    }
}

/// Some columns of a packed CSV file.
fn rows<const N: usize>(file: &Path, columns: [&str; N]) -> Result<Vec<[String; N]>> {
    let mut reader =
        csv::Reader::from_reader(MultiGzDecoder::new(BufReader::new(File::open(file)?)));
    let header = reader.headers()?.clone();
    let places: Vec<usize> = columns
        .iter()
        .filter_map(|column| header.iter().position(|name| name == *column))
        .collect();
    let mut rows = Vec::new();
    for record in reader.into_records() {
        let record = record?;
        let cells: Vec<String> =
            places.iter().map(|place| record[*place].trim().to_owned()).collect();
        rows.push(cells.try_into().map_err(|_| "a column is missing")?);
    }
    Ok(rows)
}
