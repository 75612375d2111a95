//! Suppliers of one product side by side: what they ask and promise, and what they did.

use std::collections::BTreeMap;

use ledger::amount::{Money, Quantity};
use ledger::id::{Sku, SupplierId};
use ledger::supplier::{Deliveries, Offer, Supplier};
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};

use super::SupplierView;
use crate::sums::Units;
use crate::{Column, Page, Table, format, text, words};

/// Asks for the suppliers of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompareSuppliers {
    /// The product, by barcode or SKU.
    pub item: String,
}

/// The suppliers of a product, the cheapest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// The product.
    #[serde(with = "text")]
    pub sku: Sku,
    /// Each with its offer and what it has delivered here.
    pub suppliers: Vec<ComparedView>,
}

/// A supplier of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedView {
    /// Its id; what receipts call it, where it is no supplier that head office knows.
    pub supplier: String,
    /// Its Chinese name.
    pub name_zh: String,
    /// Its English name.
    pub name_en: String,
    /// The price of its offer.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// The lead time that it promises, in days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_days: Option<u16>,
    /// The least that it delivers.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub minimum: Option<Quantity>,
    /// How many deliveries came.
    pub deliveries: u64,
    /// How much was taken in.
    pub quantity: Units,
    /// What a unit cost the last time.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub last_price: Option<Money>,
    /// When that was.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub last_delivery: Option<BusinessDate>,
    /// What was rejected of all that came, in basis points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejected_points: Option<u16>,
    /// How many deliveries had a day: the one of their order, or its lead time after it was sent.
    #[serde(default)]
    pub due: u64,
    /// What share of these came in time, in basis points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_points: Option<u16>,
    /// By how many days the others were late, on average.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_days: Option<Units>,
    /// How many days it took from order to delivery, on average.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_days: Option<Units>,
}

impl Comparison {
    /// Puts offers that stand and deliveries together. Deliveries are by what receipts call their
    /// supplier.
    pub fn of(
        sku: Sku,
        known: &[Supplier],
        offers: &BTreeMap<(SupplierId, Sku), Offer>,
        deliveries: BTreeMap<String, Deliveries>,
    ) -> Self {
        let mut found: BTreeMap<String, (Option<&Offer>, Deliveries)> = BTreeMap::new();
        for ((supplier, _), offer) in offers.iter().filter(|(_, offer)| offer.stands()) {
            found.entry(supplier.to_string()).or_default().0 = Some(offer);
        }
        for (called, delivered) in deliveries {
            let mut same = known.iter().filter(|supplier| supplier.is_called(&called));
            let id = match (same.next(), same.next()) {
                (Some(supplier), None) => supplier.id.to_string(),
                _ => called,
            };
            let entry = &mut found.entry(id).or_default().1;
            *entry = entry.and(delivered);
        }
        let view = |(id, (offer, delivered)): (String, (Option<&Offer>, Deliveries))| {
            let supplier = known.iter().find(|supplier| supplier.id.as_str() == id);
            let name = |of: fn(&Supplier) -> &str| supplier.map_or("", of).to_owned();
            ComparedView {
                name_zh: name(|supplier| &supplier.name_zh),
                name_en: name(|supplier| &supplier.name_en),
                price: offer.and_then(|offer| offer.price),
                lead_days: offer.and_then(|offer| offer.lead_days),
                minimum: offer.and_then(|offer| offer.minimum),
                deliveries: delivered.count,
                quantity: Units(delivered.quantity),
                last_price: delivered.last.map(|(_, price)| price),
                last_delivery: delivered.last.map(|(date, _)| date),
                rejected_points: delivered.rejected_points(),
                due: delivered.kept.due,
                kept_points: delivered.kept.kept_points(),
                late_days: delivered.kept.average_late().map(thousandths),
                taken_days: delivered.kept.average_taken().map(thousandths),
                supplier: id,
            }
        };
        let mut suppliers: Vec<ComparedView> = found.into_iter().map(view).collect();
        let rank = |view: &ComparedView| {
            (view.price.is_none(), view.price.or(view.last_price), view.lead_days)
        };
        suppliers.sort_by_key(rank);
        Self { sku, suppliers }
    }

    /// Shows them to a person.
    pub fn print(&self, page: &mut Page) {
        let lang = page.lang();
        let sku = &self.sku;
        if self.suppliers.is_empty() {
            return page.say(words::SuppliersOfNone { sku });
        }
        page.heading(words::SuppliersOf { sku });
        let mut table = Table::new([
            Column::flexible(lang.say(words::Supplier)),
            Column::number(lang.say(words::OfferPrice)),
            Column::number(lang.say(words::OfferLeadDays)),
            Column::number(lang.say(words::LeadTaken)),
            Column::number(lang.say(words::LeadKept)),
            Column::number(lang.say(words::LeadLate)),
            Column::number(lang.say(words::OfferMinimum)),
            Column::number(lang.say(words::DeliveredTimes)),
            Column::number(lang.say(words::DeliveredQuantity)),
            Column::number(lang.say(words::DeliveredPrice)),
            Column::text(lang.say(words::DeliveredDay)),
            Column::number(lang.say(words::DeliveredRejected)),
        ]);
        for view in &self.suppliers {
            let number = |n: Option<u16>| n.map(|n| n.to_string()).unwrap_or_default();
            let days = |days: Option<Units>| days.map(tenths).unwrap_or_default();
            let percent = |points: u16| format!("{}.{:02}%", points / 100, points % 100);
            table.row([
                view.title(lang),
                view.price.map(format::money).unwrap_or_default(),
                number(view.lead_days),
                days(view.taken_days),
                view.kept_points.map(percent).unwrap_or_default(),
                days(view.late_days),
                view.minimum.map(format::quantity).unwrap_or_default(),
                format::count(view.deliveries),
                format::quantity_total(view.quantity.0),
                view.last_price.map(format::money).unwrap_or_default(),
                view.last_delivery.map(|date| date.to_string()).unwrap_or_default(),
                view.rejected_points.map(percent).unwrap_or_default(),
            ]);
        }
        page.table(&table);
    }
}

impl ComparedView {
    fn title(&self, lang: crate::Lang) -> String {
        let names = [("name_zh", &self.name_zh), ("name_en", &self.name_en)];
        let fields = names.map(|(name, text)| (name.to_owned(), text.clone())).into();
        match self.supplier.parse() {
            Ok(supplier) => SupplierView { supplier, fields }.title(lang),
            Err(_) => self.supplier.clone(),
        }
    }
}

fn thousandths(of_a_day: u64) -> Units {
    Units(of_a_day.into())
}

/// Days to a tenth, as people compare them.
fn tenths(days: Units) -> String {
    let tenths = (days.0 + 50) / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}
