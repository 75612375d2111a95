//! The day totals that a fact adds to: counts of receipts and amounts of money.

use crate::amount::Money;
use crate::escrow::Act;
use crate::fact::{Body, Fact, Payment, PaymentMethod, Receipt, SignedReceipt};

/// A day total (日报项目). Counts are whole numbers, all others ten-thousandths of the currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Sales receipts (销售单数), reversed ones taken off.
    SalesCount,
    /// Sales before discounts (销售原价).
    SalesGross,
    /// Discounts on sales (优惠金额).
    SalesDiscount,
    /// Tax contained in sales (税额), tax on returns taken off.
    Tax,
    /// Sales after discounts (销售金额).
    SalesNet,
    /// Return receipts (退货单数), reversed ones taken off.
    ReturnsCount,
    /// Money given back for returns (退货金额).
    ReturnsNet,
    /// Taken in by one method, less what went out by it (实收). Value that is sold goes out as stored
    /// value, so that all methods together are what was sold.
    Paid(PaymentMethod),
}

impl Measure {
    /// Every measure, in the order in which reports list them.
    pub const ALL: [Self; 12] = [
        Self::SalesCount,
        Self::SalesGross,
        Self::SalesDiscount,
        Self::SalesNet,
        Self::Tax,
        Self::ReturnsCount,
        Self::ReturnsNet,
        Self::Paid(PaymentMethod::Cash),
        Self::Paid(PaymentMethod::Card),
        Self::Paid(PaymentMethod::Transfer),
        Self::Paid(PaymentMethod::Mobile),
        Self::Paid(PaymentMethod::StoredValue),
    ];

    /// Its name where it is stored and in machine-readable output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SalesCount => "sales_count",
            Self::SalesGross => "sales_gross",
            Self::SalesDiscount => "sales_discount",
            Self::Tax => "tax",
            Self::SalesNet => "sales_net",
            Self::ReturnsCount => "returns_count",
            Self::ReturnsNet => "returns_net",
            Self::Paid(PaymentMethod::Cash) => "paid_cash",
            Self::Paid(PaymentMethod::Card) => "paid_card",
            Self::Paid(PaymentMethod::Transfer) => "paid_transfer",
            Self::Paid(PaymentMethod::Mobile) => "paid_mobile",
            Self::Paid(PaymentMethod::StoredValue) => "paid_stored_value",
        }
    }

    /// The measure of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.name() == name)
    }

    /// Whether it counts receipts; the others are money.
    pub const fn is_count(self) -> bool {
        matches!(self, Self::SalesCount | Self::ReturnsCount)
    }
}

/// What a fact adds to the totals of its store and day. Zero amounts are left out.
pub fn measures(fact: &Fact) -> Vec<(Measure, i64)> {
    let mut totals = Vec::with_capacity(8);
    match &fact.body {
        Body::RetailSale(receipt) => add_sale(&mut totals, receipt, 1),
        Body::SaleReturn { receipt, .. } => add_return(&mut totals, receipt, 1),
        Body::Reversal { receipt: Some(SignedReceipt::OfSale(receipt)), .. } => {
            add_sale(&mut totals, receipt, -1);
        }
        Body::Reversal { receipt: Some(SignedReceipt::OfReturn(receipt)), .. } => {
            add_return(&mut totals, receipt, -1);
        }
        Body::Value(Act::TopUp { payments }) => add_exchange(&mut totals, payments, 1),
        Body::Value(Act::PaidOut { payments, .. }) => add_exchange(&mut totals, payments, -1),
        Body::Opening
        | Body::GoodsReceipt { .. }
        | Body::Purchase(_)
        | Body::Reversal { receipt: None, .. }
        | Body::StockAdjustment { .. }
        | Body::Scrap { .. }
        | Body::Assembly(_)
        | Body::Transfer(_)
        | Body::DayClose(_)
        | Body::Statement { .. }
        | Body::Stocktake { .. }
        | Body::Invoice(_)
        | Body::SupplierPayment(_)
        | Body::Shift(_)
        | Body::AlertAck(_)
        | Body::BinMove { .. }
        | Body::BinHome { .. }
        | Body::Value(Act::Moved(_))
        | Body::Unknown { .. } => {}
    }
    totals.retain(|(_, amount)| *amount != 0);
    totals
}

fn add_sale(totals: &mut Vec<(Measure, i64)>, receipt: &Receipt, sign: i64) {
    let sum = |of: fn(&crate::fact::ReceiptLine) -> Money| total(receipt, of) * sign;
    let (net, discount) = (sum(|line| line.total), sum(|line| line.discount));
    totals.push((Measure::SalesCount, sign));
    totals.push((Measure::SalesGross, net.saturating_add(discount)));
    totals.push((Measure::SalesDiscount, discount));
    totals.push((Measure::SalesNet, net));
    totals.push((Measure::Tax, sum(|line| line.tax)));
    add_payments(totals, &receipt.payments, sign);
}

/// Money for stored value, or the other way round: neither is a sale.
fn add_exchange(totals: &mut Vec<(Measure, i64)>, payments: &[Payment], sign: i64) {
    add_payments(totals, payments, sign);
    let sum: i64 = payments.iter().map(|payment| payment.amount.ten_thousandths()).sum();
    totals.push((Measure::Paid(PaymentMethod::StoredValue), -sum * sign));
}

fn add_return(totals: &mut Vec<(Measure, i64)>, receipt: &Receipt, sign: i64) {
    totals.push((Measure::ReturnsCount, sign));
    totals.push((Measure::ReturnsNet, total(receipt, |line| line.total) * sign));
    totals.push((Measure::Tax, -total(receipt, |line| line.tax) * sign));
    add_payments(totals, &receipt.payments, -sign);
}

fn add_payments(totals: &mut Vec<(Measure, i64)>, payments: &[Payment], sign: i64) {
    for payment in payments {
        totals.push((Measure::Paid(payment.method), payment.amount.ten_thousandths() * sign));
    }
}

/// The sum over a receipt's lines. It cannot overflow: a receipt has at most
/// [`MAX_LINES`](crate::post::MAX_LINES) lines of at most [`MAX_MONEY`](crate::amount::MAX_MONEY).
fn total(receipt: &Receipt, of: fn(&crate::fact::ReceiptLine) -> Money) -> i64 {
    receipt.lines.iter().map(|line| of(line).ten_thousandths()).sum()
}
