//! The three-way match (三单核对): what was ordered, what was received, what is invoiced.

use std::collections::{BTreeMap, BTreeSet};

use super::{InvoiceLine, Received};
use crate::amount::{AmountError, Money, Quantity};
use crate::id::Sku;

/// Basis points in a whole.
const BASIS_POINTS: i128 = 10_000;

/// How much an invoice may differ before a person must accept it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tolerance {
    /// Of the price, in basis points of what it should be.
    pub price_points: u16,
    /// Of the price of a unit, whatever the points say.
    pub price: Money,
    /// Of the quantity, in basis points of what was received.
    pub quantity_points: u16,
}

impl Tolerance {
    /// A price may differ by 1 %, or by a coin, to which suppliers round; a quantity by 0.2 %, by
    /// which two good scales may differ.
    pub fn usual() -> Self {
        let price = Money::from_ten_thousandths(100).unwrap_or_default();
        Self { price_points: 100, price, quantity_points: 20 }
    }
}

/// What the match says of one product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Within tolerance.
    Matches,
    /// The price is another than was ordered; where that is not known, than was received at.
    PriceDiffers,
    /// Another quantity than was received.
    QuantityDiffers,
    /// Nothing of it was received.
    NotReceived,
    /// Nothing of it is invoiced.
    NotInvoiced,
}

impl Verdict {
    /// Its name in machine-readable output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Matches => "matches",
            Self::PriceDiffers => "price_differs",
            Self::QuantityDiffers => "quantity_differs",
            Self::NotReceived => "not_received",
            Self::NotInvoiced => "not_invoiced",
        }
    }
}

/// One product in order, receipts and invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// What.
    pub sku: Sku,
    /// The price of a unit on the order, if it is known.
    pub ordered: Option<Money>,
    /// The price of a unit at which it was received.
    pub estimated: Option<Money>,
    /// The price of a unit on the invoice.
    pub price: Option<Money>,
    /// How much was received and is open.
    pub received: Quantity,
    /// How much is invoiced.
    pub invoiced: Quantity,
    /// What differs; [`Verdict::Matches`] alone if nothing does.
    pub verdicts: Vec<Verdict>,
}

impl Compared {
    /// Whether it is within tolerance.
    pub fn matches(&self) -> bool {
        self.verdicts == [Verdict::Matches]
    }
}

/// Compares an invoice with what the receipts have open and the prices that were ordered, product by
/// product.
pub fn compare(
    lines: &[InvoiceLine],
    open: &BTreeMap<Sku, Received>,
    ordered: &BTreeMap<Sku, Money>,
    tolerance: Tolerance,
) -> Result<Vec<Compared>, AmountError> {
    let mut invoiced: BTreeMap<&Sku, Received> = BTreeMap::new();
    for line in lines {
        let sum = invoiced.entry(&line.sku).or_default();
        *sum = sum.plus(Received { quantity: line.quantity, value: line.net })?;
    }
    let skus: BTreeSet<&Sku> = invoiced.keys().copied().chain(open.keys()).collect();
    let of = |sku: &Sku| {
        let received = open.get(sku).copied().unwrap_or_default();
        let invoiced = invoiced.get(sku).copied().unwrap_or_default();
        compared(sku, received, invoiced, ordered.get(sku).copied(), tolerance)
    };
    skus.into_iter().map(of).collect()
}

fn compared(
    sku: &Sku,
    received: Received,
    invoiced: Received,
    ordered: Option<Money>,
    tolerance: Tolerance,
) -> Result<Compared, AmountError> {
    let unit = |goods: Received| {
        let known = goods.quantity.is_positive();
        known.then(|| goods.value.per_unit(goods.quantity)).transpose()
    };
    let (estimated, price) = (unit(received)?, unit(invoiced)?);
    let mut verdicts = Vec::new();
    match (received.quantity.is_positive(), invoiced.quantity.is_positive()) {
        (true, false) => verdicts.push(Verdict::NotInvoiced),
        (false, true) => verdicts.push(Verdict::NotReceived),
        _ if tolerance.takes_quantity(received.quantity, invoiced.quantity) => {}
        _ => verdicts.push(Verdict::QuantityDiffers),
    }
    if let (Some(due), Some(price)) = (ordered.or(estimated), price)
        && !tolerance.takes_price(due, price)
    {
        verdicts.push(Verdict::PriceDiffers);
    }
    if verdicts.is_empty() {
        verdicts.push(Verdict::Matches);
    }
    Ok(Compared {
        sku: sku.clone(),
        ordered,
        estimated,
        price,
        received: received.quantity,
        invoiced: invoiced.quantity,
        verdicts,
    })
}

impl Tolerance {
    fn takes_price(self, due: Money, price: Money) -> bool {
        let [due, price] = [due, price].map(|price| i128::from(price.ten_thousandths()));
        let off = (price - due).abs();
        off <= i128::from(self.price.ten_thousandths()) || within(off, due, self.price_points)
    }

    fn takes_quantity(self, received: Quantity, invoiced: Quantity) -> bool {
        let [received, invoiced] =
            [received, invoiced].map(|quantity| i128::from(quantity.thousandths()));
        within((invoiced - received).abs(), received, self.quantity_points)
    }
}

fn within(off: i128, of: i128, points: u16) -> bool {
    off * BASIS_POINTS <= of.abs() * i128::from(points)
}
