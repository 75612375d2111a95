//! What an order to a supplier costs by its terms: prices by quantity, and the discount on orders above
//! a value.

use std::collections::BTreeMap;

use super::{Offer, Supplier, WHOLE};
use crate::amount::{Money, Quantity};
use crate::id::Sku;

/// A line of an order, before it is known what it costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpriced {
    /// What.
    pub sku: Sku,
    /// How much.
    pub quantity: Quantity,
    /// What a unit costs, where somebody has said so: that is the price, and no discount comes off.
    pub given: Option<Money>,
    /// What a unit costs where nobody offers it.
    pub usual: Option<Money>,
}

/// What a unit of a line costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Priced {
    /// By the order alone: what was given, else what is offered for so many, else what is usual.
    pub list: Money,
    /// After the discount on the order.
    pub price: Money,
}

impl Offer {
    /// What a unit costs of so many.
    pub fn price_of(&self, quantity: Quantity) -> Option<Money> {
        self.breaks.price_of(quantity).or(self.price)
    }
}

impl Supplier {
    /// What comes off an order that comes to so much, in basis points.
    fn discount_on(&self, value: i128) -> u16 {
        let from = self.discount_over.map_or(0, Money::ten_thousandths);
        if value >= i128::from(from) { self.discount } else { 0 }
    }
}

/// The lines of one order, priced; none for a line of which no price is known. A product on several
/// lines, for several stores, is bought as one. Without a supplier that is known there are no terms.
pub fn priced(
    supplier: Option<&Supplier>,
    offers: &BTreeMap<Sku, Offer>,
    lines: &[Unpriced],
) -> Vec<Option<Priced>> {
    let mut together: BTreeMap<&Sku, Quantity> = BTreeMap::new();
    for line in lines {
        let sum = together.entry(&line.sku).or_default();
        *sum = sum.plus(line.quantity).unwrap_or(*sum);
    }
    let offered = |line: &Unpriced| {
        let offer = offers.get(&line.sku).filter(|offer| offer.stands())?;
        offer.price_of(together[&line.sku])
    };
    let list: Vec<Option<Money>> =
        lines.iter().map(|line| line.given.or_else(|| offered(line)).or(line.usual)).collect();
    let cost = |(line, price): (&Unpriced, &Option<Money>)| {
        let cost = price.and_then(|price| price.times(line.quantity).ok());
        cost.map_or(0, |cost| i128::from(cost.ten_thousandths()))
    };
    let value = lines.iter().zip(&list).map(cost).sum();
    let points = supplier.map_or(0, |supplier| supplier.discount_on(value));
    let priced = |(line, list): (&Unpriced, Option<Money>)| {
        let list = list?;
        // What is usual was paid, with whatever came off it.
        let is_offered = line.given.is_none() && offered(line).is_some();
        let price = if is_offered { less(list, points) } else { list };
        Some(Priced { list, price })
    };
    lines.iter().zip(list).map(priced).collect()
}

/// A price less basis points of it, to the ten-thousandth.
fn less(price: Money, points: u16) -> Money {
    let share = |points: u16| Quantity::from_thousandths(points.into()).unwrap_or_default();
    // A part of a price is one.
    price.share(share(WHOLE.saturating_sub(points)), share(WHOLE)).unwrap_or(price)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sku(name: &str) -> Sku {
        name.parse().unwrap()
    }

    fn supplier(discount: u16, over: Option<&str>) -> Supplier {
        let over = over.map(|over| over.parse().unwrap());
        let id = "V7".parse().unwrap();
        Supplier { discount, discount_over: over, ..Supplier::named_after(id) }
    }

    fn offers() -> BTreeMap<Sku, Offer> {
        let breaks = "48=1.90 144=1.75".parse().unwrap();
        let cola = Offer { price: Some("2".parse().unwrap()), breaks, ..Offer::default() };
        let gone = Offer {
            price: Some("1".parse().unwrap()),
            status: super::super::OfferStatus::Withdrawn,
            ..Offer::default()
        };
        [(sku("cola"), cola), (sku("tea"), gone)].into()
    }

    fn line(name: &str, quantity: &str, given: Option<&str>) -> Unpriced {
        let (given, usual) = (given.map(|price| price.parse().unwrap()), Some("3"));
        let usual = usual.map(|price| price.parse().unwrap());
        Unpriced { sku: sku(name), quantity: quantity.parse().unwrap(), given, usual }
    }

    fn told(supplier: Option<&Supplier>, lines: &[Unpriced]) -> Vec<(String, String)> {
        let priced = priced(supplier, &offers(), lines);
        priced
            .into_iter()
            .map(|line| line.map(|line| (line.list.to_string(), line.price.to_string())).unwrap())
            .collect()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(list, price)| ((*list).to_owned(), (*price).to_owned())).collect()
    }

    #[test]
    fn who_takes_more_pays_less_for_each() {
        for (quantity, price) in
            [("1", "2"), ("47.999", "2"), ("48", "1.9"), ("143", "1.9"), ("144", "1.75")]
        {
            assert_eq!(told(None, &[line("cola", quantity, None)]), pairs(&[(price, price)]));
        }
        // For two stores together.
        let two = [line("cola", "24", None), line("cola", "24", None)];
        assert_eq!(told(None, &two), pairs(&[("1.9", "1.9"); 2]));
    }

    #[test]
    fn a_discount_comes_off_what_is_offered_once_the_order_is_worth_it() {
        let lines =
            [line("cola", "10", None), line("tea", "10", None), line("cola", "1", Some("5"))];
        // 20 + 30 + 5: the offer of tea was taken back, so it costs what is usual.
        let full = pairs(&[("2", "2"), ("3", "3"), ("5", "5")]);
        assert_eq!(told(Some(&supplier(250, Some("55.01"))), &lines), full);
        let off = pairs(&[("2", "1.95"), ("3", "3"), ("5", "5")]);
        assert_eq!(told(Some(&supplier(250, Some("55"))), &lines), off);
        assert_eq!(told(Some(&supplier(250, None)), &lines), off);
        assert_eq!(told(None, &lines), full);
    }

    #[test]
    fn steps_that_are_none_are_refused() {
        let read = |text: &str| text.parse::<Breaks>().map(|breaks| breaks.to_string());
        assert_eq!(read("144=1.75  48=1.90"), Ok("48=1.9 144=1.75".to_owned()));
        assert_eq!(read(""), Ok(String::new()));
        for wrong in ["48", "48=", "0=1", "-1=1", "48=-1", "48=1 48=1", "48=1.5 144=1.6"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    use super::super::Breaks;
}
