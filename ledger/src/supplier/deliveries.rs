//! What a supplier really delivered of a product, beside what it promises.

use crate::amount::{Money, Quantity};
use crate::time::BusinessDate;

/// Deliveries of one product by one supplier, added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Deliveries {
    /// How many.
    pub count: u64,
    /// How much was taken in, in thousandths.
    pub quantity: i128,
    /// How much was rejected (拒收), in thousandths.
    pub rejected: i128,
    /// What a unit cost the last time, and when that was.
    pub last: Option<(BusinessDate, Money)>,
}

impl Deliveries {
    /// Takes in one more, in the order of the days.
    pub fn add(&mut self, date: BusinessDate, taken: Quantity, value: Money, rejected: Quantity) {
        self.count += 1;
        self.quantity += i128::from(taken.thousandths());
        self.rejected += i128::from(rejected.thousandths());
        if taken.is_positive()
            && let Ok(price) = value.per_unit(taken)
        {
            self.last = Some((date, price));
        }
    }

    /// Puts both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let newer = |(date, _): (BusinessDate, Money)| date;
        Self {
            count: self.count + other.count,
            quantity: self.quantity + other.quantity,
            rejected: self.rejected + other.rejected,
            last: if other.last.map(newer) > self.last.map(newer) { other.last } else { self.last },
        }
    }

    /// What of the goods that came was rejected, in basis points.
    pub fn rejected_points(&self) -> Option<u16> {
        let came = self.quantity + self.rejected;
        let points = (self.rejected * 10_000).checked_div(came)?;
        u16::try_from(points).ok()
    }
}
