//! Offers of a supplier.

use std::collections::BTreeMap;

use ledger::id::{Sku, SupplierId};
use ledger::supplier::{Offer, OfferField};
use serde::{Deserialize, Serialize};

use super::say;
use crate::{Column, Page, Table, text, words};

/// An offer: whose, for what, and its fields by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferView {
    /// Whose.
    #[serde(with = "text")]
    pub supplier: SupplierId,
    /// For what.
    #[serde(with = "text")]
    pub sku: Sku,
    /// Every field that is set, as text.
    #[serde(flatten)]
    pub fields: BTreeMap<String, String>,
}

impl OfferView {
    /// An offer of a supplier for a product.
    pub fn of(supplier: &SupplierId, sku: &Sku, offer: &Offer) -> Self {
        let text = |(field, text): (OfferField, String)| (field.name().to_owned(), text);
        let fields = offer.fields().into_iter().map(text).collect();
        Self { supplier: supplier.clone(), sku: sku.clone(), fields }
    }

    /// A field's text.
    pub fn get(&self, field: OfferField) -> &str {
        self.fields.get(field.name()).map_or("", String::as_str)
    }

    /// Shows offers of one supplier to a person.
    pub(super) fn print(offers: &[Self], page: &mut Page) {
        let lang = page.lang();
        if offers.is_empty() {
            return page.say(words::SupplierNoOffers);
        }
        let number = |field| Column::number(say::offer_field(lang, field));
        let mut table = Table::new([
            Column::flexible(lang.say(words::Sku)),
            number(OfferField::Price),
            number(OfferField::LeadDays),
            number(OfferField::Minimum),
            number(OfferField::Pack),
            Column::text(say::offer_field(lang, OfferField::Breaks)),
            Column::text(say::offer_field(lang, OfferField::Article)),
            Column::text(say::offer_field(lang, OfferField::Status)),
        ]);
        for offer in offers {
            table.row([
                offer.sku.as_str(),
                offer.get(OfferField::Price),
                offer.get(OfferField::LeadDays),
                offer.get(OfferField::Minimum),
                offer.get(OfferField::Pack),
                offer.get(OfferField::Breaks),
                offer.get(OfferField::Article),
                offer.get(OfferField::Status),
            ]);
        }
        page.table(&table);
    }
}
