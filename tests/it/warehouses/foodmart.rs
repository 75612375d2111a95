//! Foodmart: two dozen warehouses deliver to a store each, in one case in six less than was ordered.
//!
//! The papers that leave the warehouse say what was ordered; what the file calls shipped is what
//! arrives. Of the differences, every second document's are settled, the others stay open.

use std::collections::BTreeMap;

use ledger::transfer::{Liable, Stage, Waiting};
use store_node::{About, Difference};

use super::{Chain, Counts, FULL, add, open, rows, scaled, wanted};

const FILES: [&str; 2] = ["inventory_fact_1997.csv.gz", "inventory_fact_1998.csv.gz"];

const COLUMNS: [&str; 6] =
    ["warehouse_id", "store_id", "time_id", "product_id", "units_ordered", "units_shipped"];

/// The warehouse that stands for all of them otherwise.
const ONE: &str = "2";

/// Short deliveries in the files.
const SHORT: usize = 1_797;

/// What a unit costs: the file's own costs are sums over what was shipped.
const UNIT_COST: i64 = 12_500;

/// A delivery: what was ordered and what came, by product.
#[derive(Default)]
struct Delivery {
    ordered: Counts,
    came: Counts,
    short_rows: Vec<String>,
}

#[test]
fn every_short_delivery_is_a_difference() {
    let mut deliveries: BTreeMap<(String, String), BTreeMap<u32, Delivery>> = BTreeMap::new();
    for file in FILES {
        let Some(rows) = rows(&format!("foodmart/{file}"), COLUMNS) else { return };
        for [warehouse, store, day, product, ordered, came] in rows {
            if std::env::var_os(FULL).is_none() && warehouse != ONE {
                continue;
            }
            let (ordered, came) = (scaled(&ordered, 3), scaled(&came, 3));
            let of_pair = deliveries.entry((warehouse, store)).or_default();
            let delivery = of_pair.entry(day.parse().unwrap()).or_default();
            add(&mut delivery.ordered, &product, ordered);
            add(&mut delivery.came, &product, came);
            if came < ordered {
                delivery.short_rows.push(product);
            }
        }
    }
    let mut short = 0;
    for ((warehouse, store), deliveries) in deliveries {
        short += carry(&format!("W{warehouse}"), &format!("S{store}"), deliveries);
    }
    assert!(short > 0);
    if std::env::var_os(FULL).is_some() {
        assert_eq!(short, SHORT);
    }
}

/// Carries all deliveries of a warehouse to its store, and says how many rows were short.
fn carry(warehouse: &str, store: &str, deliveries: BTreeMap<u32, Delivery>) -> usize {
    let dir = tempfile::tempdir().unwrap();
    let chain = Chain::new(dir.path(), warehouse, store);
    let (mut ordered, mut came) = (Counts::new(), Counts::new());
    for delivery in deliveries.values() {
        delivery.ordered.iter().for_each(|(sku, n)| add(&mut ordered, sku, *n));
        delivery.came.iter().for_each(|(sku, n)| add(&mut came, sku, *n));
    }
    let goods = ordered.iter().map(|(sku, n)| (sku.clone(), (*n, n * UNIT_COST / 1_000)));
    let goods: BTreeMap<_, _> = goods.collect();
    let worth: i64 = goods.values().map(|(_, cost)| cost).sum();
    open(&chain.source, &goods);

    let documents: Vec<_> =
        deliveries.iter().map(|(day, d)| (format!("{store}:{day}"), d.ordered.clone())).collect();
    let deliveries: Vec<Delivery> = deliveries.into_values().collect();
    let ends = (&chain.source, &chain.target);
    let ids = chain.carry(ends, &documents, |at| deliveries[at].came.clone());
    for (id, delivery) in ids.iter().zip(&deliveries).step_by(2) {
        let lost = wanted(&missing(delivery));
        if !lost.is_empty() {
            let (damaged, returned, surplus) = Default::default();
            let (liable, reason) = (Liable::Source, "delivered short".into());
            let difference = Difference { lost, damaged, returned, surplus, liable, reason };
            chain.target.settle_transfer(About::default(), id.clone(), difference).unwrap();
        }
    }
    chain.meet();

    let (mut open, mut settled, mut value_away) = (Counts::new(), Counts::new(), 0);
    for (at, (id, delivery)) in ids.iter().zip(&deliveries).enumerate() {
        let transfer = chain.status(id);
        let missing = missing(delivery);
        assert_eq!(transfer.anomalies, [], "{id}");
        let (stage, waits) = match (missing.is_empty(), at % 2) {
            (true, _) => (Stage::Received, vec![]),
            (false, 0) => (Stage::Settled, vec![]),
            (false, _) => (Stage::PartlyReceived, vec![Waiting::Receipt]),
        };
        // Where nothing came at all, all of it is still on its way.
        let stage = if stage == Stage::PartlyReceived && wanted(&delivery.came).is_empty() {
            Stage::Shipped
        } else {
            stage
        };
        assert_eq!((transfer.stage, transfer.waits_for), (stage, waits), "{id}");
        for (sku, line) in &transfer.lines {
            let due = missing.get(sku.as_str()).copied().unwrap_or(0);
            let difference = if at % 2 == 0 { line.lost } else { line.in_transit };
            assert_eq!(difference.quantity, i128::from(due), "{id}: {sku}");
            value_away += i64::try_from(difference.value).unwrap();
            add(if at % 2 == 0 { &mut settled } else { &mut open }, sku.as_str(), due);
        }
        for sku in &delivery.short_rows {
            assert!(missing[sku] > 0, "{id}: {sku} was short");
        }
    }
    let (on_shelf, value) = chain.stock(&chain.target);
    let arrived: Counts = came.into_iter().filter(|(_, n)| *n != 0).collect();
    assert_eq!(on_shelf, arrived, "{store}");
    assert_eq!(chain.stock(&chain.source).0, Counts::new(), "all that was ordered has left");
    assert_eq!(value + value_away, worth, "no cost is lost on the way to {store}");
    for (sku, n) in ordered {
        let of = |sums: &Counts| sums.get(&sku).copied().unwrap_or(0);
        assert_eq!(of(&arrived) + of(&open) + of(&settled), n, "{sku} for {store}");
    }
    chain.assert_sound();
    deliveries.iter().map(|delivery| delivery.short_rows.len()).sum()
}

/// What did not come.
fn missing(delivery: &Delivery) -> Counts {
    let left = delivery.ordered.iter().map(|(sku, n)| (sku.clone(), n - delivery.came[sku]));
    left.filter(|(_, n)| *n != 0).collect()
}
