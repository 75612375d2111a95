//! Suppliers and what they offer.

use std::collections::BTreeMap;

use ledger::id::{Sku, SupplierId};
use ledger::supplier::{Field, Offer, OfferField, Supplier};

use super::Reader;
use super::stock::parse_sku;
use crate::error::{BooksError, Result};
use crate::sql;

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
        self.suppliers_by(None)
    }

    /// One supplier.
    pub fn supplier(&self, id: &SupplierId) -> Result<Option<Supplier>> {
        Ok(self.suppliers_by(Some(id))?.pop())
    }

    /// The suppliers that go by a name: the one with this id, else those that are called so.
    pub fn suppliers_called(&self, name: &str) -> Result<Vec<Supplier>> {
        if let Ok(id) = SupplierId::new(name)
            && let Some(supplier) = self.supplier(&id)?
        {
            return Ok(vec![supplier]);
        }
        let all = self.suppliers()?.into_iter();
        Ok(all.filter(|supplier| supplier.is_called(name)).collect())
    }

    /// Offers, by supplier and product.
    pub fn offers(&self, filter: &OfferFilter) -> Result<BTreeMap<(SupplierId, Sku), Offer>> {
        let supplier = filter.supplier.as_ref().map(SupplierId::as_str);
        let rows = sql::all(
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
            let (sku, field): (String, String) = (sku, field);
            let of = (parse_supplier(supplier)?, parse_sku(&sku)?);
            let known = fields.entry(of).or_default();
            known.extend(OfferField::named(&field).map(|field| (field, text)));
        }
        let offer = |(of, fields): (_, Vec<(OfferField, String)>)| {
            let texts = fields.iter().map(|(field, text)| (*field, text.as_str()));
            (of, Offer::from_fields(texts).0)
        };
        Ok(fields.into_iter().map(offer).collect())
    }

    fn suppliers_by(&self, id: Option<&SupplierId>) -> Result<Vec<Supplier>> {
        let rows: Vec<(String, String, String)> = sql::all(
            self.conn(),
            "list suppliers",
            "SELECT supplier, field, text FROM supplier_field WHERE ?1 IS NULL OR supplier = ?1",
            [id.map(SupplierId::as_str)],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        let mut fields: BTreeMap<SupplierId, Vec<(Field, String)>> = BTreeMap::new();
        for (supplier, field, text) in rows {
            let known = fields.entry(parse_supplier(supplier)?).or_default();
            known.extend(Field::named(&field).map(|field| (field, text)));
        }
        let supplier = |(id, fields): (_, Vec<(Field, String)>)| {
            let texts = fields.iter().map(|(field, text)| (*field, text.as_str()));
            Supplier::from_fields(id, texts).0
        };
        Ok(fields.into_iter().map(supplier).collect())
    }
}

pub(super) fn parse_supplier(name: String) -> Result<SupplierId> {
    SupplierId::new(&name).map_err(|source| BooksError::text("a supplier id", &name, source))
}
