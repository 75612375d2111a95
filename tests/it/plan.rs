//! Two months of a real toy chain, bought for by the plan: every evening every shelf is between its limits.
//!
//! The limits are what the history before those months suggests for goods that sell by jumps: a week's sales
//! at least, and room for four times what was ever sold until a delivery. Goods with hardly a history are a
//! person's business; they have no limits here. A few stores by default, all if `EVENSTOCK_FULL` is set.

use std::collections::BTreeMap;
use std::path::Path;

use books::PartyEdits;
use books::read::StockFilter;
use console::plan::{Plan, PlanOptions};
use console::purchase::{OrderPurchase, PurchaseLine, Said, SayPurchase};
use hub::ask::catalog::{ImportCatalog, ImportMode};
use hub::door::Door as _;
use hub::{Home, Hub, Setup};
use ledger::amount::Quantity;
use ledger::bounds::{Bounds, Entry, Key};
use ledger::id::{Sku, StoreId, SupplierId};
use ledger::scan::Codes;
use ledger::supplier::{Field, OfferField};
use ledger::time::BusinessDate;
use store_node::ask::plan::PlanPurchases;
use store_node::ask::purchase::ReceivePurchase;
use store_node::door::Door as _;
use store_node::request::{About, Adjust, CountLine, Request, Unheard};
use store_node::{Config, Node};
use sync_proto::Writer;

use crate::reports::{import, movements, store_id, write};
use crate::uci::Stores;
use crate::warehouses::{meet, rows};

/// Set this variable to replay every store.
const FULL: &str = "EVENSTOCK_FULL";

/// The stores that are replayed otherwise.
const SOME: [&str; 2] = ["8", "49"];

/// The last day of the history, and of the replay.
const HISTORY_ENDS: &str = "2018-07-31";
const REPLAY_ENDS: &str = "2018-09-30";

/// Days from an order to its delivery.
const LEAD_DAYS: i32 = 3;

/// Units that must have been sold for a history to say something.
const KNOWN_UNITS: i64 = 20;

/// A daily look at the plan, over all the history there is.
const OPTIONS: PlanOptions =
    PlanOptions { days: 731, lead: LEAD_DAYS as u32, review: 1, reserve: 7, refill: 80 };

const SUPPLIER: &str = "V001";

type Limits = BTreeMap<(StoreId, Sku), (Quantity, Quantity)>;

#[test]
fn the_plan_keeps_every_store_between_its_limits() {
    let columns = ["Sale_ID", "Date", "Store_ID", "Product_ID", "Units"];
    let Some(sales) = rows("maven_toys/sales.csv.gz", columns) else { return };
    let products =
        rows("maven_toys/products.csv.gz", ["Product_ID", "Product_Cost", "Product_Price"]);
    let products = products.unwrap();
    let full = std::env::var_os(FULL).is_some();
    let sales: Vec<_> =
        sales.into_iter().filter(|sale| full || SOME.contains(&sale[2].as_str())).collect();
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "products.csv", &["Product_ID", "Product_Cost", "Product_Price"], &products);
    let hub = hub(dir.path(), &products);
    let mut stores = open(dir.path(), &hub, &sales);

    let history: Vec<_> =
        sales.iter().filter(|sale| sale[1].as_str() <= HISTORY_ENDS).cloned().collect();
    import(&mut stores, dir.path(), "sales", &columns, &history);
    let limits = set_limits(&hub, &stores, &history);
    assert!(limits.len() > 20 * stores.0.len(), "{} limits", limits.len());
    stores.0.values().for_each(|node| fill(node, &limits));

    let mut on_their_way = Vec::new();
    let (mut day, last) = (date(HISTORY_ENDS).plus_days(1), date(REPLAY_ENDS));
    let (mut looked_at, mut ordered) = (0, 0);
    while day <= last {
        on_their_way.retain(|(due, store, purchase): &(BusinessDate, StoreId, String)| {
            if *due == day {
                take_in(&stores.0[store], purchase, day);
            }
            *due > day
        });
        for (store, node) in &stores.0 {
            if let Some(purchase) = buy(node, day) {
                on_their_way.push((day.plus_days(LEAD_DAYS), store.clone(), purchase));
                ordered += 1;
            }
        }
        let sold: Vec<_> = sales.iter().filter(|sale| date(&sale[1]) == day).cloned().collect();
        import(&mut stores, dir.path(), "sales", &columns, &sold);
        for node in stores.0.values() {
            looked_at += assert_between(node, &limits, day);
        }
        day = day.plus_days(1);
    }
    println!("{looked_at} shelves in the evening, {ordered} orders");
    assert!(ordered > 10 * stores.0.len(), "{ordered} orders");

    // What came and went balances in both months, and head office hears the same.
    for (store, node) in &stores.0 {
        for month in ["2018-08", "2018-09"] {
            let own = movements(node, month.parse().unwrap());
            assert_eq!(own.notes, [], "{store} {month}");
        }
        meet(node.books(), hub.books(), &Writer::Store(store.clone()));
        let open = |books: &books::Books| {
            let reader = books.reader().unwrap();
            reader.all_on_order(Some(store)).unwrap()
        };
        assert_eq!(open(node.books()), open(hub.books()), "{store}");
        assert!(node.books().verify(|_| ()).unwrap().is_whole(), "{store}");
    }
}

/// Head office with the products, and a supplier of all of them.
fn hub(dir: &Path, products: &[[String; 3]]) -> Hub {
    let hub = Hub::init(&Home::at(dir.join("hub")), Setup::default()).unwrap();
    let money = |text: &str| text.trim_matches(['$', ' ']).to_owned();
    let mut text = "sku,name_en,unit,price\n".to_owned();
    let mut edits = PartyEdits::default();
    let supplier: SupplierId = SUPPLIER.parse().unwrap();
    edits
        .suppliers
        .insert(supplier.clone(), BTreeMap::from([(Field::NameEn, "Toy works".to_owned())]));
    for [sku, cost, price] in products {
        text += &format!("{sku},Toy {sku},piece,{}\n", money(price));
        let lead = (OfferField::LeadDays, LEAD_DAYS.to_string());
        let fields = BTreeMap::from([(OfferField::Price, money(cost)), lead]);
        edits.offers.insert((supplier.clone(), sku.parse().unwrap()), fields);
    }
    let lang = "en".to_owned();
    let imported =
        hub.ask(ImportCatalog { text, mode: ImportMode::Apply, codes: Codes::Any, lang }).unwrap();
    assert_eq!(imported.rejected.len(), 0, "{:?}", imported.rejected);
    let now = hub.now();
    hub.books().write(move |tx| tx.edit_parties(&edits, now)).unwrap();
    hub
}

fn open(dir: &Path, hub: &Hub, sales: &[[String; 5]]) -> Stores {
    let ids = sales.iter().map(|sale| store_id(&sale[2]).parse().unwrap());
    let node = |store: StoreId| {
        let config = Config {
            chain: hub.config().chain.clone(),
            approve_purchases_up_to: Some("1000000".parse().unwrap()),
            ..Config::standalone(store.clone())
        };
        (store.clone(), Node::init(dir.join(store.as_str()), &config).unwrap())
    };
    let ids: std::collections::BTreeSet<StoreId> = ids.collect();
    let stores = Stores(ids.into_iter().map(node).collect());
    for (store, node) in &stores.0 {
        meet(node.books(), hub.books(), &Writer::Store(store.clone()));
    }
    stores
}

/// Sets limits at head office by what the stores' own plans tell of their sales, and tells the stores.
fn set_limits(hub: &Hub, stores: &Stores, history: &[[String; 5]]) -> Limits {
    let mut sold: BTreeMap<(StoreId, Sku), i64> = BTreeMap::new();
    for [_, _, store, sku, units] in history {
        let key = (store_id(store).parse().unwrap(), sku.parse().unwrap());
        *sold.entry(key).or_default() += units.parse::<i64>().unwrap();
    }
    let (mut limits, mut edits) = (Limits::new(), BTreeMap::new());
    for (store, node) in &stores.0 {
        for row in plan(node, date(HISTORY_ENDS)).rows {
            let place = (store.clone(), row.sku.clone());
            if sold.get(&place).copied().unwrap_or_default() < KNOWN_UNITS {
                continue;
            }
            let room = row.peak.times(units(4)).unwrap().plus(units(2)).unwrap();
            let max = row.min.plus(room).unwrap();
            let key: Key = format!("store:{store}@year").parse().unwrap();
            let bounds = Bounds { min: Some(row.min), max: Some(max) };
            edits.insert((row.sku, key.clone()), Some(Entry { key, bounds }));
            limits.insert(place, (row.min, max));
        }
    }
    hub.set_bounds(edits).unwrap();
    for (store, node) in &stores.0 {
        meet(node.books(), hub.books(), &Writer::Store(store.clone()));
    }
    limits
}

/// Fills the shelves to their limits on the last evening of the history.
fn fill(node: &Node, limits: &Limits) {
    let stock = on_hand(node);
    let own = limits.iter().filter(|((store, _), _)| store == node.store());
    let lines = own.filter_map(|((_, sku), (_, max))| {
        let missing = max.minus(stock.get(sku).copied().unwrap_or_default()).unwrap();
        let item = sku.to_string();
        (!missing.is_zero()).then_some(CountLine {
            item,
            quantity: missing,
            lot: None,
            unheard: Unheard::Take,
        })
    });
    let task = Adjust { lines: lines.collect(), reason: "opening".to_owned() };
    let about = About { date: Some(date(HISTORY_ENDS)), ..About::default() };
    node.ask(Request { about, task: task.into() }).unwrap();
}

/// Orders what the plan proposes in the morning, and has it agreed to and sent. Gives the order's number.
fn buy(node: &Node, day: BusinessDate) -> Option<String> {
    let plan = plan(node, day.plus_days(-1));
    let due = plan.rows.iter().filter(|row| row.order.is_positive());
    let line = |row: &console::plan::PlanRow| PurchaseLine {
        store: None,
        item: row.sku.to_string(),
        quantity: row.order,
        price: row.unit_price,
    };
    let lines: Vec<_> = due.map(line).collect();
    if lines.is_empty() {
        return None;
    }
    let order = OrderPurchase {
        purchase: None,
        supplier: SUPPLIER.parse().unwrap(),
        stores: Vec::new(),
        lines,
        expected: Some(day.plus_days(LEAD_DAYS)),
        note: None,
        request: None,
        operator: None,
        lang: "en".to_owned(),
    };
    let purchase = node.ask(order).unwrap().purchase;
    let note = || None;
    for word in
        [Said::Submit { note: note() }, Said::Approve { note: note() }, Said::Send { note: note() }]
    {
        let id = purchase.parse().unwrap();
        let said = SayPurchase { purchase: id, word, operator: None, lang: "en".to_owned() };
        node.ask(said).unwrap();
    }
    Some(purchase)
}

/// Takes all of an order in.
fn take_in(node: &Node, purchase: &str, day: BusinessDate) {
    let about = About { date: Some(day), ..About::default() };
    let came = ReceivePurchase {
        about,
        purchase: purchase.parse().unwrap(),
        lines: Vec::new(),
        note: None,
        invoice: None,
        freight: None,
        spread: Default::default(),
        lang: "en".to_owned(),
    };
    node.ask(came).unwrap();
}

fn assert_between(node: &Node, limits: &Limits, day: BusinessDate) -> usize {
    let stock = on_hand(node);
    let own = limits.iter().filter(|((store, _), _)| store == node.store());
    let mut looked_at = 0;
    for ((store, sku), (min, max)) in own {
        let held = stock.get(sku).copied().unwrap_or_default();
        assert!(*min <= held && held <= *max, "{day} {store} {sku}: {held} not in {min}..={max}");
        looked_at += 1;
    }
    looked_at
}

fn on_hand(node: &Node) -> BTreeMap<Sku, Quantity> {
    let stock = node.books().reader().unwrap().stock(&StockFilter::default()).unwrap();
    let own = stock.into_iter().filter(|row| row.store == *node.store());
    own.map(|row| (row.sku, row.stock.quantity)).collect()
}

fn plan(node: &Node, through: BusinessDate) -> Plan {
    node.ask(PlanPurchases { through: Some(through), options: OPTIONS }).unwrap()
}

fn units(units: i64) -> Quantity {
    Quantity::units(units).unwrap()
}

fn date(text: &str) -> BusinessDate {
    text.parse().unwrap()
}
