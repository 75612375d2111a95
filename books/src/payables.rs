//! Supplier accounts: rows of the facts that concern suppliers, for whoever reads and whoever writes.
//!
//! Facts may be learned in any order, so a row says what its own fact says and nothing of others:
//! whether a fact stands is asked when it is read.

use ledger::amount::{Money, Quantity};
use ledger::fact::{Body, Fact};
use ledger::id::{FactId, InvoiceNo, Sku, StoreId, SupplierId};
use ledger::invoice::{self, OpenReceipt, Received};
use ledger::payable::{Entry, What, what};
use ledger::supplier::Supplier;
use rusqlite::{Connection, params};

use crate::dates;
use crate::error::{BooksError, Result};
use crate::facts::fact_id;
use crate::project::Booking;
use crate::sql;
use crate::state::Names;

/// Kinds of rows, as they are stored.
const RECEIPT: &str = "receipt";
const INVOICE: &str = "invoice";
const CREDIT: &str = "credit";
const PAYMENT: &str = "payment";
const REVERSAL: &str = "reversal";

/// What holds of a row, as `t`, whose fact was not undone.
pub(crate) const STANDS: &str = "NOT EXISTS (SELECT 1 FROM supplier_entry AS u WHERE u.store = t.store \
     AND u.of_epoch = t.epoch AND u.of_seq = t.seq)";

/// What a fact says of suppliers.
#[derive(Default)]
pub(crate) struct Said {
    id: Option<FactId>,
    kind: &'static str,
    supplier: Option<String>,
    amount: i64,
    number: Option<String>,
    due: Option<i64>,
    named: Option<String>,
    of: Option<FactId>,
    goods: Vec<Goods>,
}

/// Goods of a receipt that came in, or that an invoice covers.
struct Goods {
    receipt: FactId,
    sku: Sku,
    quantity: i64,
    value: i64,
    rejected: i64,
}

/// What there is to keep of a fact.
pub(crate) fn said(fact: &Fact) -> Option<Said> {
    let said = Said { id: Some(fact.id), ..Said::default() };
    match &fact.body {
        Body::GoodsReceipt { supplier, .. } => {
            let goods = goods_of(fact);
            let amount = goods.iter().map(|goods| goods.value).sum();
            let supplier = supplier.as_deref().map(str::to_owned);
            Some(Said { kind: RECEIPT, supplier, amount, goods, ..said })
        }
        Body::Reversal { of, .. } => Some(Said { kind: REVERSAL, of: Some(*of), ..said }),
        _ => of_account(fact, said),
    }
}

fn of_account(fact: &Fact, said: Said) -> Option<Said> {
    let (supplier, what) = what(fact)?;
    let said = Said { supplier: Some(supplier.to_string()), ..said };
    let names = |ids: &[FactId]| {
        let names: Vec<String> = ids.iter().map(FactId::to_string).collect();
        Some(names.join(" "))
    };
    Some(match what {
        What::Invoice { number, due, amount } => {
            let Body::Invoice(invoice) = &fact.body else { return None };
            let covered = |covered: &invoice::Covered| Goods {
                receipt: covered.receipt,
                sku: covered.sku.clone(),
                quantity: -covered.quantity.thousandths(),
                value: -covered.estimate.ten_thousandths(),
                rejected: 0,
            };
            Said {
                kind: INVOICE,
                amount: amount.ten_thousandths(),
                number: Some(number.to_string()),
                due: Some(dates::number(due)),
                named: names(&invoice.receipts),
                goods: invoice.covers.iter().map(covered).collect(),
                ..said
            }
        }
        What::Credit { amount } => Said { kind: CREDIT, amount: amount.ten_thousandths(), ..said },
        What::Payment { amount, reference, invoices } => Said {
            kind: PAYMENT,
            amount: amount.ten_thousandths(),
            number: Some(reference.into()),
            named: names(&invoices),
            ..said
        },
    })
}

fn goods_of(receipt: &Fact) -> Vec<Goods> {
    let row = |sku, quantity: Quantity, value: Money, rejected: Quantity| Goods {
        receipt: receipt.id,
        sku,
        quantity: quantity.thousandths(),
        value: value.ten_thousandths(),
        rejected: rejected.thousandths(),
    };
    let mut goods: Vec<Goods> = invoice::received(receipt)
        .into_iter()
        .map(|(sku, came)| row(sku, came.quantity, came.value, Quantity::ZERO))
        .collect();
    for (sku, back) in invoice::rejected(receipt) {
        match goods.iter_mut().find(|goods| goods.sku == sku) {
            Some(goods) => goods.rejected = back.quantity.thousandths(),
            None => goods.push(row(sku, Quantity::ZERO, Money::ZERO, back.quantity)),
        }
    }
    goods
}

/// Keeps what a fact says. What is kept already stays.
pub(crate) fn insert(
    conn: &Connection,
    names: &mut Names,
    booking: Booking<'_>,
    said: &Said,
) -> Result<()> {
    let Some(id) = said.id else { return Ok(()) };
    let (store, epoch, seq) = (booking.number, id.epoch.number(), id.seq.cast_signed());
    sql::run(
        conn,
        "index what concerns a supplier",
        "INSERT INTO supplier_entry (store, epoch, seq, kind, date, supplier, amount, number, due, \
         named, of_epoch, of_seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) \
         ON CONFLICT DO NOTHING",
        params![
            store,
            epoch,
            seq,
            said.kind,
            booking.date,
            said.supplier,
            said.amount,
            said.number,
            said.due,
            said.named,
            said.of.map(|of| of.epoch.number()),
            said.of.map(|of| of.seq.cast_signed())
        ],
    )?;
    for goods in &said.goods {
        let sku = names.sku(conn, &goods.sku)?;
        sql::run(
            conn,
            "index the goods of a receipt",
            "INSERT INTO supplier_goods (store, receipt_epoch, receipt_seq, sku, epoch, seq, \
             quantity, value, rejected) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) \
             ON CONFLICT DO NOTHING",
            params![
                store,
                goods.receipt.epoch.number(),
                goods.receipt.seq.cast_signed(),
                sku,
                epoch,
                seq,
                goods.quantity,
                goods.value,
                goods.rejected
            ],
        )?;
    }
    Ok(())
}

/// What of a receipt's goods no invoice has covered. Nothing, if it is no receipt that stands.
pub(crate) fn open_receipt(
    conn: &Connection,
    store: i64,
    receipt: FactId,
) -> Result<Option<OpenReceipt>> {
    let key = params![store, receipt.epoch.number(), receipt.seq.cast_signed()];
    let rows: Vec<(String, i64, i64)> = sql::all(
        conn,
        "look up the goods of a receipt",
        &format!(
            "SELECT sku.name, sum(quantity), sum(value) FROM supplier_goods AS t \
             JOIN sku ON sku.id = t.sku WHERE store = ?1 AND receipt_epoch = ?2 \
             AND receipt_seq = ?3 AND {STANDS} GROUP BY sku.name HAVING sum(quantity) > 0"
        ),
        key,
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let stands: bool = sql::one(
        conn,
        "look up a receipt",
        &format!(
            "SELECT EXISTS (SELECT 1 FROM supplier_entry AS t WHERE store = ?1 AND epoch = ?2 \
             AND seq = ?3 AND kind = 'receipt' AND {STANDS})"
        ),
        key,
        |row| row.get(0),
    )?;
    if !stands {
        return Ok(None);
    }
    let goods = rows.into_iter().map(|(sku, quantity, value)| {
        let sku = Sku::new(&sku).map_err(|source| BooksError::text("a SKU", &sku, source))?;
        Ok((sku, amounts(quantity, value)?))
    });
    Ok(Some(OpenReceipt { id: receipt, goods: goods.collect::<Result<_>>()? }))
}

/// The invoice of a supplier and number that stands.
pub(crate) fn invoice_numbered(
    conn: &Connection,
    store: i64,
    (supplier, number): (&SupplierId, &InvoiceNo),
) -> Result<Option<FactId>> {
    sql::first(
        conn,
        "look up an invoice",
        &format!(
            "SELECT epoch, seq FROM supplier_entry AS t WHERE supplier = ?1 AND kind = 'invoice' \
             AND store = ?2 AND number = ?3 AND {STANDS}"
        ),
        params![supplier.as_str(), store, number.as_str()],
        |row| Ok(fact_id(row.get(0)?, row.get(1)?)),
    )
    .map(Option::flatten)
}

/// The first invoice that stands and covers goods of a receipt.
pub(crate) fn invoice_of(conn: &Connection, store: i64, receipt: FactId) -> Result<Option<FactId>> {
    sql::first(
        conn,
        "look up the invoices of a receipt",
        &format!(
            "SELECT epoch, seq FROM supplier_goods AS t WHERE store = ?1 AND receipt_epoch = ?2 \
             AND receipt_seq = ?3 AND (epoch, seq) IS NOT (?2, ?3) AND {STANDS} \
             ORDER BY epoch, seq LIMIT 1"
        ),
        params![store, receipt.epoch.number(), receipt.seq.cast_signed()],
        |row| Ok(fact_id(row.get(0)?, row.get(1)?)),
    )
    .map(Option::flatten)
}

/// What changes an account, with what undid it; at one store, or at all.
pub(crate) fn entries(
    conn: &Connection,
    supplier: &SupplierId,
    store: Option<i64>,
) -> Result<Vec<Entry>> {
    type Row = (String, (u32, i64), i64, (String, i64), [Option<String>; 2], Option<i64>, Undone);
    type Undone = Option<(u32, i64, i64)>;
    let rows: Vec<Row> = sql::all(
        conn,
        "read a supplier's account",
        "SELECT store.name, t.epoch, t.seq, t.date, t.kind, t.amount, t.number, t.named, t.due, \
         u.epoch, u.seq, u.date FROM supplier_entry AS t JOIN store ON store.id = t.store \
         LEFT JOIN supplier_entry AS u ON u.store = t.store AND u.of_epoch = t.epoch \
         AND u.of_seq = t.seq \
         WHERE t.supplier = ?1 AND t.kind IN ('invoice', 'credit', 'payment') \
         AND (?2 IS NULL OR t.store = ?2) ORDER BY t.date, t.store, t.epoch, t.seq, u.date, u.epoch, u.seq",
        params![supplier.as_str(), store],
        |row| {
            let undone: Option<u32> = row.get(9)?;
            let undone = match undone {
                Some(epoch) => Some((epoch, row.get(10)?, row.get(11)?)),
                None => None,
            };
            Ok((
                row.get(0)?,
                (row.get(1)?, row.get(2)?),
                row.get(3)?,
                (row.get(4)?, row.get(5)?),
                [row.get(6)?, row.get(7)?],
                row.get(8)?,
                undone,
            ))
        },
    )?;
    let mut entries: Vec<Entry> = Vec::with_capacity(rows.len());
    for (store, id, date, (kind, amount), [number, named], due, undone) in rows {
        let store = StoreId::new(&store)
            .map_err(|source| BooksError::text("a store id", &store, source))?;
        let Some(id) = fact_id(id.0, id.1) else { continue };
        // What was undone twice, by histories that parted, is undone once.
        if entries.last().is_some_and(|last| (&last.store, last.id) == (&store, id)) {
            continue;
        }
        let undone = match undone {
            Some((epoch, seq, day)) => {
                fact_id(epoch, seq).map(|id| Ok::<_, BooksError>((id, dates::of_number(day)?)))
            }
            None => None,
        };
        let what = what_of(&kind, amount, number.unwrap_or_default(), named, due)?;
        let (date, undone) = (dates::of_number(date)?, undone.transpose()?);
        entries.push(Entry { store, id, date, what, undone });
    }
    Ok(entries)
}

fn what_of(
    kind: &str,
    amount: i64,
    number: String,
    named: Option<String>,
    due: Option<i64>,
) -> Result<What> {
    let amount = money(amount)?;
    Ok(match kind {
        INVOICE => {
            let no = InvoiceNo::new(&number);
            let number = no.map_err(|why| BooksError::text("an invoice number", &number, why))?;
            What::Invoice { number, due: dates::of_number(due.unwrap_or_default())?, amount }
        }
        PAYMENT => {
            let named = named.unwrap_or_default();
            let invoices = named.split_whitespace().filter_map(|id| id.parse().ok()).collect();
            What::Payment { amount, reference: number.into(), invoices }
        }
        _ => What::Credit { amount },
    })
}

/// A receipt of which goods are not invoiced (暂估).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uninvoiced {
    /// At which store.
    pub store: StoreId,
    /// The receipt.
    pub id: FactId,
    /// Its day.
    pub date: ledger::time::BusinessDate,
    /// What those goods were taken to cost.
    pub value: Money,
}

/// The receipts from a supplier of which goods are not invoiced; at one store, or at all.
pub(crate) fn uninvoiced(
    conn: &Connection,
    supplier: &Supplier,
    store: Option<i64>,
) -> Result<Vec<Uninvoiced>> {
    // A name that is none finds nothing, not the receipts that name nobody.
    let [zh, en] = [&supplier.name_zh, &supplier.name_en];
    let rows: Vec<(String, u32, i64, i64, i64)> = sql::all(
        conn,
        "list what a supplier has not invoiced",
        &format!(
            "SELECT store.name, r.epoch, r.seq, r.date, sum(t.value) FROM supplier_entry AS r \
             JOIN store ON store.id = r.store JOIN supplier_goods AS t ON t.store = r.store \
             AND t.receipt_epoch = r.epoch AND t.receipt_seq = r.seq AND {STANDS} \
             WHERE r.kind = 'receipt' AND r.supplier IN (?1, ?2, ?3) AND r.supplier != '' \
             AND (?4 IS NULL OR r.store = ?4) AND NOT EXISTS (SELECT 1 FROM supplier_entry AS u \
             WHERE u.store = r.store AND u.of_epoch = r.epoch AND u.of_seq = r.seq) \
             GROUP BY r.store, r.epoch, r.seq HAVING sum(t.quantity) > 0 \
             ORDER BY r.date, r.store, r.epoch, r.seq"
        ),
        params![supplier.id.as_str(), zh, en, store],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)),
    )?;
    let open = |(store, epoch, seq, date, value): (String, u32, i64, i64, i64)| {
        let id = fact_id(epoch, seq)?;
        let read = || {
            let bad = |source| BooksError::text("a store id", &store, source);
            let (store, date) = (StoreId::new(&store).map_err(bad)?, dates::of_number(date)?);
            Ok(Uninvoiced { store, id, date, value: money(value)? })
        };
        Some(read())
    };
    rows.into_iter().filter_map(open).collect()
}

fn amounts(quantity: i64, value: i64) -> Result<Received> {
    let bad = |_| BooksError::damaged("the goods of a receipt", "they are out of range");
    let quantity = Quantity::from_thousandths(quantity).map_err(bad)?;
    Ok(Received { quantity, value: money(value)? })
}

fn money(raw: i64) -> Result<Money> {
    let bad = |_| BooksError::damaged("a supplier's account", format!("it has {raw}"));
    Money::from_ten_thousandths(raw).map_err(bad)
}
