//! Montgomery County: a warehouse's transfers to its shops, month by month, in fractions of a case;
//! negative ones come back.

use std::collections::BTreeMap;

use ledger::transfer::Stage;

use super::{Chain, Counts, FULL, LINES, add, open, rows, scaled};

const FILE: &str = "montgomery_warehouse_retail/warehouse_and_retail_sales.csv.gz";

const COLUMNS: [&str; 4] = ["YEAR", "MONTH", "ITEM CODE", "RETAIL TRANSFERS"];

/// The month that stands for all of them otherwise: one with returns.
const ONE: (u32, u32) = (2020, 9);

/// What goods without a code go under.
const NO_CODE: &str = "no code";

/// What a unit costs.
const UNIT_COST: i64 = 71_300;

/// What went out and what came back in a month, by item.
#[derive(Default)]
struct Month {
    out: Counts,
    back: Counts,
}

#[test]
fn fractions_and_returns_add_up_to_the_file() {
    let Some(rows) = rows(FILE, COLUMNS) else { return };
    let mut months: BTreeMap<(u32, u32), Month> = BTreeMap::new();
    let (mut stock, mut sent) = (Counts::new(), Counts::new());
    let mut fractions = 0;
    for [year, month, item, moved] in rows {
        let when = (year.parse().unwrap(), month.parse().unwrap());
        if std::env::var_os(FULL).is_none() && when != ONE {
            continue;
        }
        let (moved, item) =
            (scaled(&moved, 3), if item.is_empty() { NO_CODE.into() } else { item });
        let month = months.entry(when).or_default();
        match moved {
            0 => continue,
            1.. => {
                add(&mut month.out, &item, moved);
                add(&mut sent, &item, moved);
            }
            _ => add(&mut month.back, &item, -moved),
        }
        fractions += usize::from(moved % 1_000 != 0);
        add(&mut stock, &item, moved);
    }
    assert!(fractions > 0 && months.values().any(|month| !month.back.is_empty()));

    let dir = tempfile::tempdir().unwrap();
    let chain = Chain::new(dir.path(), "WAREHOUSE", "RETAIL");
    let goods = sent.iter().map(|(item, n)| (item.clone(), (*n, n * UNIT_COST / 1_000)));
    let goods: BTreeMap<_, _> = goods.collect();
    let worth: i64 = goods.values().map(|(_, cost)| cost).sum();
    open(&chain.source, &goods);
    let mut ids = Vec::new();
    for ((year, month), Month { out, back }) in &months {
        let ways = [
            ((&chain.source, &chain.target), out, "out"),
            ((&chain.target, &chain.source), back, "back"),
        ];
        for (ends, lines, way) in ways {
            let lines: Vec<_> = lines.iter().map(|(item, n)| (item.clone(), *n)).collect();
            let part = |(at, part): (usize, &[(String, i64)])| {
                (format!("{year}-{month}:{way}:{at}"), part.iter().cloned().collect())
            };
            let documents: Vec<(String, Counts)> =
                lines.chunks(LINES).enumerate().map(part).collect();
            ids.extend(chain.carry(ends, &documents, |at| documents[at].1.clone()));
        }
    }
    chain.meet();

    for id in &ids {
        let transfer = chain.status(id);
        assert_eq!((transfer.stage, transfer.waits_for), (Stage::Received, vec![]), "{id}");
        assert_eq!(transfer.anomalies, [], "{id}");
    }
    let (retail, retail_worth) = chain.stock(&chain.target);
    let (warehouse, warehouse_worth) = chain.stock(&chain.source);
    stock.retain(|_, n| *n != 0);
    assert_eq!(retail, stock, "the shops hold what the file adds up to");
    for (item, n) in &sent {
        let of = |counts: &Counts| counts.get(item).copied().unwrap_or(0);
        assert_eq!(of(&retail) + of(&warehouse), *n, "{item} is neither made nor lost");
    }
    // What came back before it was ever sent had no known cost to carry; that was set right later.
    let corrected = chain.corrected();
    assert_eq!(retail_worth + warehouse_worth + corrected, worth, "cost travels both ways");
    chain.assert_sound();
}
