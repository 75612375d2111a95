//! Suppliers and what they offer.

use std::collections::BTreeMap;

use ledger::id::{Sku, StoreId, SupplierId};
use ledger::payable::Entry;
use ledger::supplier::{Deliveries, Field, Offer, OfferField, Supplier};
use rusqlite::Connection;

use super::Reader;
use super::stock::parse_sku;
use crate::error::{BooksError, Result};
use crate::facts::store_number;
use crate::payables::{self, Uninvoiced};
use crate::{dates, sql};

/// Whose offers, and for what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfferFilter {
    /// Of this supplier only.
    pub supplier: Option<SupplierId>,
    /// For this product only.
    pub sku: Option<Sku>,
}

impl Reader {
    /// Every supplier, by id.
    pub fn suppliers(&self) -> Result<Vec<Supplier>> {
        suppliers_by(self.conn(), None)
    }

    /// One supplier.
    pub fn supplier(&self, id: &SupplierId) -> Result<Option<Supplier>> {
        Ok(suppliers_by(self.conn(), Some(id))?.pop())
    }

    /// The suppliers that go by a name: the one with this id, else those that are called so.
    pub fn suppliers_called(&self, name: &str) -> Result<Vec<Supplier>> {
        suppliers_called(self.conn(), name)
    }

    /// Offers, by supplier and product.
    pub fn offers(&self, filter: &OfferFilter) -> Result<BTreeMap<(SupplierId, Sku), Offer>> {
        let supplier = filter.supplier.as_ref().map(SupplierId::as_str);
        let rows: Vec<(String, String, String, String)> = sql::all(
            self.conn(),
            "list offers",
            "SELECT supplier, sku.name, field, text FROM offer_field \
             JOIN sku ON sku.id = offer_field.sku \
             WHERE (?1 IS NULL OR supplier = ?1) AND (?2 IS NULL OR sku.name = ?2)",
            [supplier, filter.sku.as_ref().map(Sku::as_str)],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )?;
        let mut fields: BTreeMap<(SupplierId, Sku), Vec<(OfferField, String)>> = BTreeMap::new();
        for (supplier, sku, field, text) in rows {
            let of = (parse_supplier(&supplier)?, parse_sku(&sku)?);
            let known = fields.entry(of).or_default();
            known.extend(OfferField::named(&field).map(|field| (field, text)));
        }
        let offer = |(of, fields): (_, Vec<(OfferField, String)>)| {
            let texts = fields.iter().map(|(field, text)| (*field, text.as_str()));
            (of, Offer::from_fields(texts).0)
        };
        Ok(fields.into_iter().map(offer).collect())
    }

    /// What changes a supplier's account; at one store, or at all.
    pub fn supplier_entries(
        &self,
        supplier: &SupplierId,
        store: Option<&StoreId>,
    ) -> Result<Vec<Entry>> {
        match self.number_of(store)? {
            Some(store) => payables::entries(self.conn(), supplier, store),
            None => Ok(Vec::new()),
        }
    }

    /// The receipts from a supplier of which goods are not invoiced; at one store, or at all.
    pub fn uninvoiced(
        &self,
        supplier: &Supplier,
        store: Option<&StoreId>,
    ) -> Result<Vec<Uninvoiced>> {
        match self.number_of(store)? {
            Some(store) => payables::uninvoiced(self.conn(), supplier, store),
            None => Ok(Vec::new()),
        }
    }

    /// What was delivered of a product, by what the receipts call their suppliers.
    ///
    /// Where an order names no day, the lead time that is offered now counts from when it was sent.
    pub fn deliveries(&self, sku: &Sku) -> Result<BTreeMap<String, Deliveries>> {
        type Row = (String, i64, [i64; 3], Option<i64>, Option<i64>, Option<String>);
        let rows: Vec<Row> = sql::all(
            self.conn(),
            "list the deliveries of a product",
            "SELECT r.supplier, r.date, t.quantity, t.value, t.rejected, o.due, o.sent, f.text \
             FROM sku JOIN supplier_goods AS t ON t.sku = sku.id AND t.receipt_epoch = t.epoch \
             AND t.receipt_seq = t.seq JOIN supplier_entry AS r ON r.store = t.store \
             AND r.epoch = t.epoch AND r.seq = t.seq \
             LEFT JOIN purchase_receipt AS o ON o.store = t.store AND o.epoch = t.epoch \
             AND o.seq = t.seq AND o.purchase = (SELECT min(purchase) FROM purchase_receipt AS p \
             WHERE p.store = t.store AND p.epoch = t.epoch AND p.seq = t.seq) \
             LEFT JOIN offer_field AS f ON f.supplier = o.supplier AND f.sku = sku.id \
             AND f.field = 'lead_days' WHERE sku.name = ?1 \
             AND r.supplier IS NOT NULL AND NOT EXISTS (SELECT 1 FROM supplier_entry AS u \
             WHERE u.store = t.store AND u.of_epoch = t.epoch AND u.of_seq = t.seq) \
             ORDER BY r.date, t.store, t.epoch, t.seq",
            [sku.as_str()],
            |row| {
                let goods = [row.get(2)?, row.get(3)?, row.get(4)?];
                Ok((row.get(0)?, row.get(1)?, goods, row.get(5)?, row.get(6)?, row.get(7)?))
            },
        )?;
        let mut deliveries: BTreeMap<String, Deliveries> = BTreeMap::new();
        for (supplier, date, [quantity, value, rejected], due, sent, lead) in rows {
            let of = deliveries.entry(supplier).or_default();
            let (quantity, value) = (super::quantity(quantity)?, super::money(value)?);
            let came = dates::of_number(date)?;
            of.add(came, quantity, value, super::quantity(rejected)?);
            let day = |number: Option<i64>| number.map(dates::of_number).transpose();
            let (due, sent) = (day(due)?, day(sent)?);
            let lead = lead.and_then(|days| days.parse::<u16>().ok());
            let promised = || Some(sent?.plus_days(lead?.into()));
            of.kept.add(came, due.or_else(promised), sent);
        }
        Ok(deliveries)
    }

    /// The number of a store, for what is asked of one; none in it for all stores, none at all for one
    /// that was never seen.
    fn number_of(&self, store: Option<&StoreId>) -> Result<Option<Option<i64>>> {
        match store {
            None => Ok(Some(None)),
            Some(store) => Ok(store_number(self.conn(), store)?.map(Some)),
        }
    }
}

/// The suppliers that go by a name: the one with this id, else those that are called so.
pub(crate) fn suppliers_called(conn: &Connection, name: &str) -> Result<Vec<Supplier>> {
    if let Ok(id) = SupplierId::new(name)
        && let Some(supplier) = suppliers_by(conn, Some(&id))?.pop()
    {
        return Ok(vec![supplier]);
    }
    let all = suppliers_by(conn, None)?.into_iter();
    Ok(all.filter(|supplier| supplier.is_called(name)).collect())
}

fn suppliers_by(conn: &Connection, id: Option<&SupplierId>) -> Result<Vec<Supplier>> {
    let rows: Vec<(String, String, String)> = sql::all(
        conn,
        "list suppliers",
        "SELECT supplier, field, text FROM supplier_field WHERE ?1 IS NULL OR supplier = ?1",
        [id.map(SupplierId::as_str)],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let mut fields: BTreeMap<SupplierId, Vec<(Field, String)>> = BTreeMap::new();
    for (supplier, field, text) in rows {
        let known = fields.entry(parse_supplier(&supplier)?).or_default();
        known.extend(Field::named(&field).map(|field| (field, text)));
    }
    let supplier = |(id, fields): (_, Vec<(Field, String)>)| {
        let texts = fields.iter().map(|(field, text)| (*field, text.as_str()));
        Supplier::from_fields(id, texts).0
    };
    Ok(fields.into_iter().map(supplier).collect())
}

fn parse_supplier(name: &str) -> Result<SupplierId> {
    SupplierId::new(name).map_err(|source| BooksError::text("a supplier id", name, source))
}
