//! What a scanned code says of a line beside its product: weight, pieces, price.

use ledger::amount::{Money, Quantity};
use ledger::basket::Off;
use ledger::catalog::{Product, SoldBy};
use ledger::scan::Says;

use super::{InboundLine, SaleLine, ShelfLine};

/// Thousandths in a unit.
const UNIT: i128 = 1_000;

impl SaleLine {
    /// Fills in what the code on the goods says. A label's price holds for the customer where the
    /// list asks for more: the difference comes off as a discount.
    pub(crate) fn scanned(&mut self, product: &Product, says: &Says) {
        let price = self.price.unwrap_or(product.price);
        let each = match (says.weight, says.count, says.price) {
            (Some(weight), _, _) if product.sold_by == SoldBy::Weight => Some(weight),
            (_, Some(count), _) => Some(count),
            (_, _, Some(whole)) if product.sold_by == SoldBy::Weight => worth(whole, price),
            _ => None,
        };
        if let Some(quantity) = each.and_then(|each| product_of(each, self.quantity)) {
            self.quantity = quantity;
        }
        let whole = says.price.filter(|_| self.off() == Off::NOTHING);
        let listed = price.times(self.quantity).map(Money::to_coins);
        if let (Some(whole), Ok(listed)) = (whole, listed)
            && let Ok(discount) = listed.minus(whole)
            && discount.is_positive()
        {
            self.discount = discount;
            // What the label says is the price: no promotion takes it lower.
            self.price = Some(price);
        }
    }
}

impl InboundLine {
    /// Fills in what the code on the goods says: lot, date and pieces.
    pub(crate) fn scanned(&mut self, says: &Says) {
        if self.lot.is_none() {
            self.lot = says.lot.as_deref().and_then(|lot| lot.parse().ok());
        }
        self.expiry = self.expiry.or(says.expires).or(says.best_before);
        if let Some(quantity) = says.count.and_then(|each| product_of(each, self.quantity)) {
            self.quantity = quantity;
        }
    }
}

impl ShelfLine {
    /// Fills in what the code on the goods says: lot, and what one such package weighs or holds.
    pub(crate) fn scanned(&mut self, product: &Product, says: &Says) {
        if self.lot.is_none() {
            self.lot = says.lot.as_deref().and_then(|lot| lot.parse().ok());
        }
        let weight = says.weight.filter(|_| product.sold_by == SoldBy::Weight);
        let each = weight.or(says.count);
        if let Some(quantity) = each.and_then(|each| product_of(each, self.quantity)) {
            self.quantity = quantity;
        }
    }
}

/// How much at this price is worth as much as that: to the gram, and rather a gram more, so that
/// what it comes to is not less than the label says.
fn worth(whole: Money, price: Money) -> Option<Quantity> {
    let (whole, price) = (i128::from(whole.ten_thousandths()), i128::from(price.ten_thousandths()));
    if price <= 0 || whole < 0 {
        return None;
    }
    quantity((whole * UNIT + price - 1) / price)
}

fn product_of(each: Quantity, times: Quantity) -> Option<Quantity> {
    quantity(i128::from(each.thousandths()) * i128::from(times.thousandths()) / UNIT)
}

fn quantity(thousandths: i128) -> Option<Quantity> {
    i64::try_from(thousandths).ok().and_then(|number| Quantity::from_thousandths(number).ok())
}

#[cfg(test)]
mod tests {
    use ledger::id::Sku;

    use super::*;

    fn sold(sold_by: SoldBy, price: &str, says: &Says) -> (String, String) {
        let mut product = Product::named_after(Sku::new("apple").unwrap());
        (product.sold_by, product.price) = (sold_by, price.parse().unwrap());
        let mut line: SaleLine = "apple".parse().unwrap();
        line.scanned(&product, says);
        (line.quantity.to_string(), line.discount.to_string())
    }

    fn says(weight: Option<&str>, price: Option<&str>) -> Says {
        Says {
            weight: weight.map(|weight| weight.parse().unwrap()),
            price: price.map(|price| price.parse().unwrap()),
            ..Says::default()
        }
    }

    #[test]
    fn a_label_fills_in_weight_and_price() {
        use SoldBy::{Piece, Weight};
        let cases = [
            (Weight, "12.80", says(Some("1.25"), None), "1.25", "0"),
            // Printed before the price went up, and before it went down.
            (Weight, "12.80", says(Some("1.25"), Some("15.00")), "1.25", "1"),
            (Weight, "10.00", says(Some("1.25"), Some("15.00")), "1.25", "0"),
            // The scales print only what it costs.
            (Weight, "12.80", says(None, Some("16.00")), "1.25", "0"),
            (Weight, "9.90", says(None, Some("3.33")), "0.337", "0.01"),
            // Marked down because it expires soon.
            (Piece, "8.00", says(None, Some("5.00")), "1", "3"),
            (Piece, "8.00", says(Some("0.3"), None), "1", "0"),
            (Weight, "0", says(None, Some("5.00")), "1", "0"),
        ];
        for (sold_by, price, says, quantity, discount) in cases {
            let expected = (quantity.to_owned(), discount.to_owned());
            assert_eq!(sold(sold_by, price, &says), expected, "{price} {says:?}");
        }
    }
}
