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
    /// How they kept their days.
    pub kept: Punctuality,
}

/// How deliveries kept their days (交期达成).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Punctuality {
    /// How many had a day.
    pub due: u64,
    /// How many of them came after it.
    pub late: u64,
    /// By how many days, all of these together.
    pub late_days: u64,
    /// How many came for orders of which it is known when they went to the supplier.
    pub sent: u64,
    /// The days from then to the delivery, all of these together.
    pub taken_days: u64,
}

/// Thousandths of a day, in which averages are told.
const DAY: u64 = 1_000;

impl Punctuality {
    /// Takes in a delivery of a day that was due on another, for an order that was sent on a third.
    pub fn add(
        &mut self,
        came: BusinessDate,
        due: Option<BusinessDate>,
        sent: Option<BusinessDate>,
    ) {
        if let Some(due) = due {
            let late = days(due, came);
            self.due += 1;
            self.late += u64::from(late > 0);
            self.late_days += late;
        }
        if let Some(sent) = sent {
            self.sent += 1;
            self.taken_days += days(sent, came);
        }
    }

    /// What share came in time, in basis points.
    pub fn kept_points(&self) -> Option<u16> {
        let points = ((self.due - self.late) * 10_000).checked_div(self.due)?;
        u16::try_from(points).ok()
    }

    /// By how many thousandths of a day the late ones were late, on average.
    pub fn average_late(&self) -> Option<u64> {
        (self.late_days * DAY).checked_div(self.late)
    }

    /// How many thousandths of a day they took, on average.
    pub fn average_taken(&self) -> Option<u64> {
        (self.taken_days * DAY).checked_div(self.sent)
    }

    fn and(self, other: Self) -> Self {
        Self {
            due: self.due + other.due,
            late: self.late + other.late,
            late_days: self.late_days + other.late_days,
            sent: self.sent + other.sent,
            taken_days: self.taken_days + other.taken_days,
        }
    }
}

/// From a day to a later one; nothing to an earlier one.
fn days(from: BusinessDate, to: BusinessDate) -> u64 {
    u64::try_from(from.days_until(to)).unwrap_or_default()
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
            kept: self.kept.and(other.kept),
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
