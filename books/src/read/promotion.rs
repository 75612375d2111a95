//! Promotions.

use std::collections::BTreeMap;

use ledger::id::PromotionId;
use ledger::promotion::{Field, Promotion, PromotionError};

use super::Reader;
use crate::error::{BooksError, Result};
use crate::sql;

/// A promotion as it is kept: one that this version can read, or why it can't.
pub type KnownPromotion = (PromotionId, std::result::Result<Promotion, PromotionError>);

impl Reader {
    /// Every promotion, by number.
    pub fn promotions(&self) -> Result<Vec<KnownPromotion>> {
        let rows: Vec<(String, String, String)> = sql::all(
            self.conn(),
            "list promotions",
            "SELECT promotion, field, text FROM promotion_field",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        let mut fields: BTreeMap<PromotionId, Vec<(Field, String)>> = BTreeMap::new();
        for (id, field, text) in rows {
            let wrong = |source| BooksError::text("a promotion number", &id, source);
            let known = fields.entry(PromotionId::new(&id).map_err(wrong)?).or_default();
            known.extend(Field::named(&field).map(|field| (field, text)));
        }
        let promotion = |(id, fields): (PromotionId, Vec<(Field, String)>)| {
            let texts = fields.iter().map(|(field, text)| (*field, text.as_str()));
            let read = Promotion::from_fields(id.clone(), texts);
            (id, read)
        };
        Ok(fields.into_iter().map(promotion).collect())
    }
}
