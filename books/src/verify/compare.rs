//! Two read models side by side.

use std::cmp::Ordering;

use rusqlite::types::Value;
use rusqlite::{Connection, Rows};

use super::{Problem, Verified};
use crate::error::{During, Result};

/// A table, with names in place of numbers so that a difference can be read.
struct Table {
    name: &'static str,
    /// The rows, in the order of their leading key columns.
    sql: &'static str,
    /// The columns of `sql`.
    columns: &'static [&'static str],
    /// How many of them are the key.
    keys: usize,
}

const TABLES: [Table; 39] = [
    Table {
        name: "run",
        sql: "SELECT store.name, epoch, first, last, change, link \
              FROM run LEFT JOIN store ON store.id = run.store ORDER BY store, epoch, first",
        columns: &["store", "epoch", "first", "last", "change", "link"],
        keys: 3,
    },
    Table {
        name: "balance",
        sql: "SELECT balance.place, sku.name, lot, store.name, quantity, value FROM balance \
              LEFT JOIN sku ON sku.id = balance.sku LEFT JOIN store ON store.id = place / 16 \
              ORDER BY place, sku, lot",
        columns: &["place", "sku", "lot", "store", "quantity", "value"],
        keys: 3,
    },
    Table {
        name: "cost",
        sql: "SELECT store.name, sku.name, cost, epoch, seq FROM cost \
              LEFT JOIN sku ON sku.id = cost.sku LEFT JOIN store ON store.id = cost.store \
              ORDER BY store, sku",
        columns: &["store", "sku", "cost", "epoch", "seq"],
        keys: 2,
    },
    Table {
        name: "day_balance",
        sql: "SELECT place, date, sku.name, store.name, quantity_in, quantity_out, value_in, \
              value_out FROM day_balance LEFT JOIN sku ON sku.id = day_balance.sku \
              LEFT JOIN store ON store.id = place / 16 ORDER BY place, date, sku",
        columns: &[
            "place",
            "date",
            "sku",
            "store",
            "quantity_in",
            "quantity_out",
            "value_in",
            "value_out",
        ],
        keys: 3,
    },
    Table {
        name: "day_flow",
        sql: "SELECT store.name, date, sku.name, flow, quantity, value, paid, tax FROM day_flow \
              LEFT JOIN sku ON sku.id = day_flow.sku LEFT JOIN store ON store.id = day_flow.store \
              ORDER BY store, date, sku, flow",
        columns: &["store", "date", "sku", "flow", "quantity", "value", "paid", "tax"],
        keys: 4,
    },
    Table {
        name: "day",
        sql: "SELECT store.name, date, epoch, facts, last_at, sales_count, sales_gross, \
              sales_discount, sales_net, tax, returns_count, returns_net, paid_cash, paid_card, \
              paid_transfer, paid_mobile, paid_stored_value FROM day LEFT JOIN store ON store.id = day.store \
              ORDER BY store, date, epoch",
        columns: &[
            "store",
            "date",
            "epoch",
            "facts",
            "last_at",
            "sales_count",
            "sales_gross",
            "sales_discount",
            "sales_net",
            "tax",
            "returns_count",
            "returns_net",
            "paid_cash",
            "paid_card",
            "paid_transfer",
            "paid_mobile",
            "paid_stored_value",
        ],
        keys: 3,
    },
    Table {
        name: "day_close",
        sql: "SELECT store.name, date, epoch, seq, facts FROM day_close \
              LEFT JOIN store ON store.id = day_close.store ORDER BY store, date, epoch, seq",
        columns: &["store", "date", "epoch", "seq", "facts"],
        keys: 4,
    },
    Table {
        name: "shift_fact",
        sql: "SELECT store.name, epoch, seq, shift_epoch, shift_seq, till, date, at, operator \
              FROM shift_fact LEFT JOIN store ON store.id = shift_fact.store \
              ORDER BY store, epoch, seq",
        columns: &[
            "store",
            "epoch",
            "seq",
            "shift_epoch",
            "shift_seq",
            "till",
            "date",
            "at",
            "operator",
        ],
        keys: 3,
    },
    Table {
        name: "lot_expiry",
        sql: "SELECT store.name, sku.name, lot.name, expiry, epoch, seq FROM lot_expiry \
              LEFT JOIN store ON store.id = lot_expiry.store \
              LEFT JOIN sku ON sku.id = lot_expiry.sku LEFT JOIN lot ON lot.id = lot_expiry.lot \
              ORDER BY store, sku, lot",
        columns: &["store", "sku", "lot", "expiry", "epoch", "seq"],
        keys: 3,
    },
    Table {
        name: "bin_entry",
        sql: "SELECT store.name, sku.name, bin, lot.name, epoch, seq, quantity FROM bin_entry \
              LEFT JOIN store ON store.id = bin_entry.store \
              LEFT JOIN sku ON sku.id = bin_entry.sku LEFT JOIN lot ON lot.id = bin_entry.lot \
              ORDER BY store, sku, bin, lot, epoch, seq",
        columns: &["store", "sku", "bin", "lot", "epoch", "seq", "quantity"],
        keys: 6,
    },
    Table {
        name: "bin_home",
        sql: "SELECT store.name, sku.name, bin, epoch, seq FROM bin_home \
              LEFT JOIN store ON store.id = bin_home.store \
              LEFT JOIN sku ON sku.id = bin_home.sku ORDER BY store, sku",
        columns: &["store", "sku", "bin", "epoch", "seq"],
        keys: 2,
    },
    Table {
        name: "serial_entry",
        sql: "SELECT serial, sku.name, store.name, epoch, seq, way, account, kind, bill, date, at \
              FROM serial_entry LEFT JOIN sku ON sku.id = serial_entry.sku \
              LEFT JOIN store ON store.id = serial_entry.store \
              ORDER BY serial, sku, store, epoch, seq",
        columns: &[
            "serial", "sku", "store", "epoch", "seq", "way", "account", "kind", "bill", "date",
            "at",
        ],
        keys: 5,
    },
    Table {
        name: "alert_ack",
        sql: "SELECT store.name, sku.name, alert_ack.kind, lot, date, at, operator, until, remark, \
              epoch, seq FROM alert_ack LEFT JOIN store ON store.id = alert_ack.store \
              LEFT JOIN sku ON sku.id = alert_ack.sku ORDER BY store, sku, alert_ack.kind, lot",
        columns: &[
            "store", "sku", "kind", "lot", "date", "at", "operator", "until", "remark", "epoch",
            "seq",
        ],
        keys: 4,
    },
    Table {
        name: "request",
        sql: "SELECT id, epoch, seq FROM request ORDER BY id",
        columns: &["id", "epoch", "seq"],
        keys: 1,
    },
    Table {
        name: "fact_link",
        sql: "SELECT store.name, source_epoch, source_seq, epoch, seq, kind FROM fact_link \
              LEFT JOIN store ON store.id = fact_link.store \
              ORDER BY store, source_epoch, source_seq, epoch, seq",
        columns: &["store", "source_epoch", "source_seq", "epoch", "seq", "kind"],
        keys: 5,
    },
    Table {
        name: "product",
        sql: "SELECT sku.name, bucket, barcode, name_zh, name_en, unit, category, price, tax_rate, \
              sold_by, status, floor_price, min_stock, more_barcodes, packs, spec, model, brand, \
              mnemonic, purchase_price, wholesale_price, member_price, shelf_life_days, max_stock, style, size, colour, \
              tracking \
              FROM product LEFT JOIN sku ON sku.id = product.sku ORDER BY sku",
        columns: &[
            "sku",
            "bucket",
            "barcode",
            "name_zh",
            "name_en",
            "unit",
            "category",
            "price",
            "tax_rate",
            "sold_by",
            "status",
            "floor_price",
            "min_stock",
            "more_barcodes",
            "packs",
            "spec",
            "model",
            "brand",
            "mnemonic",
            "purchase_price",
            "wholesale_price",
            "member_price",
            "shelf_life_days",
            "max_stock",
            "style",
            "size",
            "colour",
            "tracking",
        ],
        keys: 1,
    },
    Table {
        name: "product_code",
        sql: "SELECT code, sku.name, bucket, count FROM product_code \
              LEFT JOIN sku ON sku.id = product_code.sku ORDER BY code, sku",
        columns: &["code", "sku", "bucket", "count"],
        keys: 2,
    },
    Table {
        name: "catalog_conflict",
        sql: "SELECT sku.name, field, place, bucket, author, value FROM catalog_conflict \
              LEFT JOIN sku ON sku.id = catalog_conflict.sku ORDER BY sku, field, place",
        columns: &["sku", "field", "place", "bucket", "author", "value"],
        keys: 3,
    },
    Table {
        name: "supplier_field",
        sql: "SELECT supplier, field, bucket, text FROM supplier_field ORDER BY supplier, field",
        columns: &["supplier", "field", "bucket", "text"],
        keys: 2,
    },
    Table {
        name: "offer_field",
        sql: "SELECT sku.name, supplier, field, bucket, text FROM offer_field \
              LEFT JOIN sku ON sku.id = offer_field.sku ORDER BY sku, supplier, field",
        columns: &["sku", "supplier", "field", "bucket", "text"],
        keys: 3,
    },
    Table {
        name: "supplier_entry",
        sql: "SELECT store.name, epoch, seq, kind, date, supplier, amount, number, due, named, \
              of_epoch, of_seq FROM supplier_entry LEFT JOIN store ON store.id = supplier_entry.store \
              ORDER BY store, epoch, seq",
        columns: &[
            "store", "epoch", "seq", "kind", "date", "supplier", "amount", "number", "due",
            "named", "of_epoch", "of_seq",
        ],
        keys: 3,
    },
    Table {
        name: "supplier_goods",
        sql: "SELECT store.name, receipt_epoch, receipt_seq, sku.name, epoch, seq, quantity, value, \
              rejected FROM supplier_goods LEFT JOIN store ON store.id = supplier_goods.store \
              LEFT JOIN sku ON sku.id = supplier_goods.sku \
              ORDER BY store, receipt_epoch, receipt_seq, sku, epoch, seq",
        columns: &[
            "store",
            "receipt_epoch",
            "receipt_seq",
            "sku",
            "epoch",
            "seq",
            "quantity",
            "value",
            "rejected",
        ],
        keys: 6,
    },
    Table {
        name: "value_entry",
        sql: "SELECT store.name, epoch, seq, member, kind, date, balance, rights, letter, pool \
              FROM value_entry LEFT JOIN store ON store.id = value_entry.store \
              ORDER BY store, epoch, seq, member",
        columns: &[
            "store", "epoch", "seq", "member", "kind", "date", "balance", "rights", "letter",
            "pool",
        ],
        keys: 4,
    },
    Table {
        name: "value_letter",
        sql: "SELECT letter, member, purpose, store, epoch, pool, amount FROM value_letter \
              ORDER BY letter, member",
        columns: &["letter", "member", "purpose", "store", "epoch", "pool", "amount"],
        keys: 2,
    },
    Table {
        name: "price_entry",
        sql: "SELECT sku.name, level, scope, begins, ends, price, number, note, bucket \
              FROM price_entry LEFT JOIN sku ON sku.id = price_entry.sku \
              ORDER BY sku, level, scope, begins",
        columns: &["sku", "level", "scope", "begins", "ends", "price", "number", "note", "bucket"],
        keys: 4,
    },
    Table {
        name: "stock_bounds",
        sql: "SELECT sku.name, key, min, max, bucket FROM stock_bounds \
              LEFT JOIN sku ON sku.id = stock_bounds.sku ORDER BY sku, key",
        columns: &["sku", "key", "min", "max", "bucket"],
        keys: 2,
    },
    Table {
        name: "product_proposal",
        sql: "SELECT sku.name, store, text, bucket FROM product_proposal \
              LEFT JOIN sku ON sku.id = product_proposal.sku ORDER BY sku, store",
        columns: &["sku", "store", "text", "bucket"],
        keys: 2,
    },
    Table {
        name: "promotion_field",
        sql: "SELECT promotion, field, bucket, text FROM promotion_field \
              ORDER BY promotion, field",
        columns: &["promotion", "field", "bucket", "text"],
        keys: 2,
    },
    Table {
        name: "product_verdict",
        sql: "SELECT sku.name, text, bucket FROM product_verdict \
              LEFT JOIN sku ON sku.id = product_verdict.sku ORDER BY sku",
        columns: &["sku", "text", "bucket"],
        keys: 1,
    },
    Table {
        name: "store_profile",
        sql: "SELECT store, kind, name, address, groups, zone, cutoff, bins, bucket \
              FROM store_profile ORDER BY store",
        columns: &[
            "store", "kind", "name", "address", "groups", "zone", "cutoff", "bins", "bucket",
        ],
        keys: 1,
    },
    Table {
        name: "transfer_line",
        sql: "SELECT transfer.name, sku.name, source.name, target.name, reserved, in_transit \
              FROM transfer_line LEFT JOIN transfer ON transfer.id = transfer_line.transfer \
              LEFT JOIN sku ON sku.id = transfer_line.sku \
              LEFT JOIN store AS source ON source.id = transfer_line.source \
              LEFT JOIN store AS target ON target.id = transfer_line.target \
              ORDER BY transfer, sku",
        columns: &["transfer", "sku", "source", "target", "reserved", "in_transit"],
        keys: 2,
    },
    Table {
        name: "transfer_open",
        sql: "SELECT transfer.name FROM transfer_open \
              LEFT JOIN transfer ON transfer.id = transfer_open.transfer ORDER BY 1",
        columns: &["transfer"],
        keys: 1,
    },
    Table {
        name: "purchase_line",
        sql: "SELECT purchase, store.name, sku.name, supplier, expected, on_order, planned \
              FROM purchase_line LEFT JOIN store ON store.id = purchase_line.store \
              LEFT JOIN sku ON sku.id = purchase_line.sku ORDER BY purchase, store, sku",
        columns: &["purchase", "store", "sku", "supplier", "expected", "on_order", "planned"],
        keys: 3,
    },
    Table {
        name: "purchase_open",
        sql: "SELECT purchase FROM purchase_open ORDER BY 1",
        columns: &["purchase"],
        keys: 1,
    },
    Table {
        name: "purchase_receipt",
        sql: "SELECT store.name, epoch, seq, purchase, supplier, due, sent FROM purchase_receipt \
              LEFT JOIN store ON store.id = purchase_receipt.store ORDER BY 1, epoch, seq, purchase",
        columns: &["store", "epoch", "seq", "purchase", "supplier", "due", "sent"],
        keys: 4,
    },
    Table {
        name: "delivery",
        sql: "SELECT supplier, note, epoch, seq FROM delivery ORDER BY supplier, note",
        columns: &["supplier", "note", "epoch", "seq"],
        keys: 2,
    },
    Table {
        name: "doc_tail",
        sql: "SELECT doc.name, actor, seq, hash, max_op FROM doc_tail \
              LEFT JOIN doc ON doc.id = doc_tail.doc ORDER BY doc, actor",
        columns: &["doc", "actor", "seq", "hash", "max_op"],
        keys: 2,
    },
    Table {
        name: "collection",
        sql: "SELECT id, name, digest FROM collection ORDER BY id",
        columns: &["id", "name", "digest"],
        keys: 2,
    },
    Table {
        name: "sku",
        sql: "SELECT id, name FROM sku ORDER BY id",
        columns: &["id", "name"],
        keys: 1,
    },
];

/// Compares every table and reports the first difference of each.
pub(super) fn compare(
    kept: &Connection,
    rebuilt: &Connection,
    verified: &mut Verified,
) -> Result<()> {
    for table in &TABLES {
        let (rows, problem) = compare_table(kept, rebuilt, table).during("compare read models")?;
        verified.rows += rows;
        if let Some(problem) = problem {
            verified.add(problem);
        }
    }
    Ok(())
}

fn compare_table(
    kept: &Connection,
    rebuilt: &Connection,
    table: &Table,
) -> rusqlite::Result<(u64, Option<Problem>)> {
    let (mut kept, mut rebuilt) = (kept.prepare(table.sql)?, rebuilt.prepare(table.sql)?);
    let (mut kept, mut rebuilt) = (kept.query([])?, rebuilt.query([])?);
    let mut rows = 0;
    loop {
        let (ours, theirs) = (next(&mut kept, table)?, next(&mut rebuilt, table)?);
        match (ours, theirs) {
            (None, None) => return Ok((rows, None)),
            (Some(ours), Some(theirs)) if ours == theirs => rows += 1,
            (ours, theirs) => return Ok((rows, Some(table.difference(ours, theirs)))),
        }
    }
}

fn next(rows: &mut Rows<'_>, table: &Table) -> rusqlite::Result<Option<Vec<Value>>> {
    let Some(row) = rows.next()? else { return Ok(None) };
    (0..table.columns.len()).map(|column| row.get(column)).collect::<Result<_, _>>().map(Some)
}

impl Table {
    /// Describes the first rows that differ.
    fn difference(&self, kept: Option<Vec<Value>>, rebuilt: Option<Vec<Value>>) -> Problem {
        let order = match (&kept, &rebuilt) {
            (Some(kept), Some(rebuilt)) => self.compare_keys(kept, rebuilt),
            (Some(_), None) => Ordering::Less,
            (None, _) => Ordering::Greater,
        };
        match (order, kept, rebuilt) {
            (Ordering::Equal, Some(kept), Some(rebuilt)) => {
                let differs = |at: &usize| kept[*at] != rebuilt[*at];
                let told: Vec<String> = (self.keys..self.columns.len())
                    .filter(differs)
                    .map(|at| {
                        let (ours, theirs) = (show(&kept[at]), show(&rebuilt[at]));
                        format!("{} is {ours}, the changes make it {theirs}", self.columns[at])
                    })
                    .collect();
                Problem { subject: self.subject(&kept), problem: told.join("; ") }
            }
            (Ordering::Greater, _, Some(rebuilt)) => {
                let problem = "it is missing from the read model".to_owned();
                Problem { subject: self.subject(&rebuilt), problem }
            }
            (_, kept, _) => {
                let subject = kept.map_or_else(|| self.name.to_owned(), |kept| self.subject(&kept));
                Problem { subject, problem: "no change accounts for it".to_owned() }
            }
        }
    }

    fn subject(&self, row: &[Value]) -> String {
        let keys = self.columns.iter().zip(row).take(self.keys);
        let keys: Vec<String> =
            keys.map(|(name, value)| format!("{name} {}", show(value))).collect();
        format!("{} ({})", self.name, keys.join(", "))
    }

    /// Rows come in the order of numbers, which names do not follow: only numbers can say which of
    /// two different keys comes first, so for names the row that is kept counts as the extra one.
    fn compare_keys(&self, kept: &[Value], rebuilt: &[Value]) -> Ordering {
        for at in 0..self.keys {
            match (&kept[at], &rebuilt[at]) {
                (a, b) if a == b => {}
                (Value::Integer(a), Value::Integer(b)) => return a.cmp(b),
                _ => return Ordering::Less,
            }
        }
        Ordering::Equal
    }
}

fn show(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => format!("`{text}`"),
        Value::Blob(bytes) => {
            bytes.iter().take(8).fold("0x".to_owned(), |text, byte| format!("{text}{byte:02x}"))
        }
    }
}
