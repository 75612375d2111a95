//! The full till: baskets of ten lines at member prices under 200 promotions in force, paid in two ways. What the
//! price of a basket takes, against the aim; and what a durable sale takes, against the same rows written by
//! bare rusqlite.

use std::time::{Duration, Instant};

use books::PartyEdits;
use ledger::basket::{self, Basket, Line, Off, Place, Price, Rounding, WholesaleTax};
use ledger::catalog::{Field, Product};
use ledger::id::{PromotionId, RequestId};
use ledger::price::Level;
use ledger::promotion::{self, Promotion};
use ledger::scope::Membership;
use store_node::request::{Pay, SaleLine};
use store_node::{Request, Sell};

use crate::Outcome;
use crate::bare::Bare;
use crate::report::{Report, Times};
use crate::work::{self, Result};

/// Promotions in force at once.
const PROMOTIONS: usize = 200;

/// Products of which baskets are made.
const PRODUCTS: usize = 300;

/// Lines of a basket.
const LINES: usize = 10;

/// Baskets that are sold one by one, and priced: enough for a p99 of thirty.
const BASKETS: usize = 3_000;

/// What the price of a basket may take at a till, in milliseconds.
const AIM_MS: f64 = 1.0;

pub(crate) fn run() -> Outcome {
    let products = products()?;
    let promotions = promotions()?;
    let pricing = Times::new(priced(&products, &promotions)?);

    let chain = work::chain(1, 1)?;
    let dir = tempfile::tempdir()?;
    let store = &chain.stores()[0];
    let node = work::node(dir.path(), store)?;
    let fields = |product: &Product| (product.sku.clone(), product.fields());
    node.edit_catalog(&products.iter().map(fields).collect())?;
    let edits = promotions.iter().map(|one| (one.id.clone(), one.fields())).collect();
    node.edit_parties(&PartyEdits { promotions: edits, ..PartyEdits::default() })?;

    let mut times = Vec::with_capacity(BASKETS);
    let mut facts = Vec::with_capacity(BASKETS);
    for basket in 0..BASKETS {
        let request = request(basket, &products)?;
        let started = Instant::now();
        facts.push(node.book(request)?.fact);
        times.push(started.elapsed());
    }
    let durable = Times::new(times);
    drop(node);

    let mut bare = Bare::of(&dir.path().join(store.id.as_str()).join("books.db"))?;
    bare.know(&facts);
    let mut times = Vec::with_capacity(BASKETS);
    for fact in &facts {
        let started = Instant::now();
        bare.sell(std::slice::from_ref(fact))?;
        times.push(started.elapsed());
    }
    let reference = Times::new(times);

    let work = format!("{BASKETS} baskets of {LINES} lines, {PROMOTIONS} promotions, 2 payments");
    let same = "bare rusqlite, same rows and pragmas";
    Ok(vec![
        Report::lower("till_full.price_p50", "ms", pricing.percentile_ms(50))
            .against("the aim", AIM_MS)
            .work(work.clone()),
        Report::lower("till_full.price_p99", "ms", pricing.percentile_ms(99))
            .against("the aim", AIM_MS)
            .work(work.clone()),
        Report::lower("till_full.p50", "ms", durable.percentile_ms(50))
            .against(same, reference.percentile_ms(50))
            .work(work.clone()),
        Report::lower("till_full.p99", "ms", durable.percentile_ms(99))
            .against(same, reference.percentile_ms(99))
            .work(work),
    ])
}

/// Products in ten categories, each with a member price and a floor.
fn products() -> Result<Vec<Product>> {
    let product = |number: usize| -> Result<Product> {
        let price = format!("{}.{}", 5 + number % 40, number % 10);
        let member = format!("{}", 4 + number % 40);
        let category = format!("C{}", number % 10);
        let texts = [
            (Field::NameEn, "product"),
            (Field::Price, &price),
            (Field::MemberPrice, &member),
            (Field::FloorPrice, "1"),
            (Field::TaxRate, "1300"),
            (Field::Category, &category),
        ];
        let (product, wrong) = Product::from_fields(format!("P{number:04}").parse()?, texts);
        wrong.into_iter().next().map_or(Ok(product), |wrong| Err(wrong.into()))
    };
    (0..PRODUCTS).map(product).collect()
}

/// Promotions of every kind, on a category or on three products each, half of which stack.
fn promotions() -> Result<Vec<Promotion>> {
    let promotion = |number: usize| -> Result<Promotion> {
        let deal = match number % 7 {
            0 => format!("percent:{}", 5 + number % 20),
            1 => "each:0.50".to_owned(),
            2 => "total:5".to_owned(),
            3 => "buy:2+1".to_owned(),
            4 => "second:50".to_owned(),
            5 => "bundle:3=20".to_owned(),
            _ => "clearance-date:0=5,7=20".to_owned(),
        };
        let first = number * 3 % PRODUCTS;
        let skus = (first..first + 3).map(|one| format!("P{:04}", one % PRODUCTS));
        let skus = skus.collect::<Vec<_>>().join(";");
        let category = format!("C{}", number % 10);
        let goods = match number % 2 {
            0 => (promotion::Field::Categories, category.as_str()),
            _ => (promotion::Field::Skus, skus.as_str()),
        };
        let stacking = if number % 4 < 2 { "with:a" } else { "exclusive" };
        let priority = (number % 3).to_string();
        let fields = [
            (promotion::Field::Name, "promotion"),
            (promotion::Field::Deal, &deal),
            (promotion::Field::From, "2020-01-01"),
            (promotion::Field::Stacking, stacking),
            (promotion::Field::Priority, &priority),
            goods,
        ];
        let id = PromotionId::new(&format!("SP{number:03}"))?;
        Ok(Promotion::from_fields(id, fields)?)
    };
    (0..PROMOTIONS).map(promotion).collect()
}

/// Which product stands on a line of a basket.
fn on_line(basket: usize, line: usize) -> usize {
    (basket * 7 + line * 31) % PRODUCTS
}

/// How long the price of each basket takes.
fn priced(products: &[Product], promotions: &[Promotion]) -> Result<Vec<Duration>> {
    let store = Membership::alone("S001".parse()?);
    let place = Place {
        store: &store,
        wall: "2026-12-01T12:00".parse()?,
        rounding: Rounding::Tenth,
        wholesale_tax: WholesaleTax::Included,
    };
    let mut times = Vec::with_capacity(BASKETS);
    for number in 0..BASKETS {
        let line = |line: usize| Line {
            quantity: ledger::amount::Quantity::ONE,
            price: Price::Listed { product: &products[on_line(number, line)], stock_days: None },
            off: Off::NOTHING,
        };
        let lines = (0..LINES).map(line).collect();
        let basket = Basket { lines, level: Level::Member, off: Off::NOTHING };
        let started = Instant::now();
        let quote = basket::price(&basket, promotions, place)?;
        times.push(started.elapsed());
        std::hint::black_box(quote);
    }
    Ok(times)
}

fn request(number: usize, products: &[Product]) -> Result<Request> {
    let line =
        |line: usize| Ok(products[on_line(number, line)].sku.as_str().parse::<SaleLine>()?);
    let lines = (0..LINES).map(line).collect::<Result<_>>()?;
    let payments = ["mobile:5", "cash"].map(str::parse::<Pay>);
    let payments = payments.into_iter().collect::<std::result::Result<_, _>>()?;
    let sell = Sell { lines, payments, level: Level::Member, ..Sell::default() };
    let about = store_node::About::named(RequestId::new(&format!("till:{number}"))?);
    Ok(Request { about, task: sell.into() })
}
