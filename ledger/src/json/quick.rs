//! Reading a sale as [`to_text`](super::to_text) writes it, letter by letter and in one pass. Nearly all
//! facts are such sales, and whoever goes through a chain's history reads millions.
//!
//! Whatever differs from that form in anything (a field more, another order, a space, an escape, an
//! amount out of range) is left to the general reader, which also words the errors. So the two can't
//! disagree: this one gives what the other would, or nothing.

use crate::amount::{Money, Quantity, TaxRate};
use crate::fact::{
    Body, Detail, Fact, Payment, PaymentMethod, Priced, Receipt, ReceiptLine, Reduction,
};
use crate::id::{Lot, MemberId, Operator, PaymentRef, RequestId, Sku};
use crate::movement::Movement;
use crate::price::Level;
use crate::time::Timestamp;

/// The sale that a text is, if it is one in the usual form.
pub(super) fn sale(text: &str) -> Option<Fact> {
    let mut rest = Rest(text);
    rest.skip("{\"v\":1,\"id\":")?;
    let id = rest.text()?.parse().ok()?;
    rest.skip(",\"store\":")?;
    let store = rest.text()?.parse().ok()?;
    rest.skip(",\"date\":")?;
    let date = rest.text()?.parse().ok()?;
    let true_date = match rest.skip(",\"on\":") {
        Some(()) => Some(rest.text()?.parse().ok()?),
        None => None,
    };
    rest.skip(",\"at\":")?;
    let at = Timestamp::from_millis(rest.number()?);
    rest.skip(",\"bill\":")?;
    let bill = rest.text()?.parse().ok()?;
    let request = match rest.skip(",\"req\":") {
        Some(()) => Some(RequestId::new(rest.text()?).ok()?),
        None => None,
    };
    let operator = match rest.skip(",\"op\":") {
        Some(()) => Some(Operator::new(rest.text()?).ok()?),
        None => None,
    };
    let shift = match rest.skip(",\"shift\":") {
        Some(()) => Some(rest.text()?.parse().ok()?),
        None => None,
    };
    let member = match rest.skip(",\"member\":") {
        Some(()) => Some(MemberId::new(rest.text()?).ok()?),
        None => None,
    };
    rest.skip(",\"kind\":\"sale\",\"body\":{\"lines\":")?;
    let lines = rest.list(line)?;
    rest.skip(",\"pay\":")?;
    let payments = rest.list(payment)?;
    rest.skip("},\"moves\":")?;
    let movements = rest.list(movement)?;
    if rest.0 != "}" {
        return None;
    }
    let body = Body::RetailSale(Receipt { lines, payments });
    let detail = Detail::default();
    Some(Fact {
        id,
        store,
        date,
        true_date,
        at,
        bill,
        request,
        operator,
        shift,
        member,
        body,
        movements,
        detail,
    })
}

fn line(rest: &mut Rest<'_>) -> Option<ReceiptLine> {
    rest.skip("{\"sku\":")?;
    let sku = Sku::new(rest.text()?).ok()?;
    rest.skip(",\"qty\":")?;
    let quantity = Quantity::from_thousandths(rest.number()?).ok()?;
    rest.skip(",\"price\":")?;
    let list_price = rest.money()?;
    let discount = rest.optional_money(",\"off\":")?;
    let tax_rate = match rest.skip(",\"rate\":") {
        Some(()) => TaxRate::from_basis_points(rest.number()?.try_into().ok()?).ok()?,
        None => TaxRate::ZERO,
    };
    let tax = rest.optional_money(",\"tax\":")?;
    rest.skip(",\"total\":")?;
    let total = rest.money()?;
    let level = match rest.skip(",\"level\":") {
        Some(()) => Level::named(rest.text()?).filter(|level| *level != Level::default())?,
        None => Level::default(),
    };
    let reductions = match rest.skip(",\"cut\":") {
        Some(()) => rest.list(reduction)?,
        None => Vec::new(),
    };
    rest.skip("}")?;
    let priced = Priced { level, reductions, approved: None };
    Some(ReceiptLine { sku, quantity, list_price, discount, tax_rate, tax, total, priced })
}

fn reduction(rest: &mut Rest<'_>) -> Option<Reduction> {
    rest.skip("[")?;
    let cause = rest.text()?.parse().ok()?;
    rest.skip(",")?;
    let amount = rest.money()?;
    rest.skip("]")?;
    Some(Reduction { cause, amount })
}

fn payment(rest: &mut Rest<'_>) -> Option<Payment> {
    rest.skip("{\"by\":")?;
    let method = PaymentMethod::named(rest.text()?)?;
    rest.skip(",\"sum\":")?;
    let amount = rest.money()?;
    let change = rest.optional_money(",\"change\":")?;
    let reference = match rest.skip(",\"ref\":") {
        Some(()) => Some(PaymentRef::new(rest.text()?).ok()?),
        None => None,
    };
    rest.skip("}")?;
    Some(Payment { method, amount, change, reference })
}

fn movement(rest: &mut Rest<'_>) -> Option<Movement> {
    rest.skip("[")?;
    let from = rest.text()?.parse().ok()?;
    rest.skip(",")?;
    let to = rest.text()?.parse().ok()?;
    rest.skip(",")?;
    let sku = Sku::new(rest.text()?).ok()?;
    rest.skip(",")?;
    let quantity = Quantity::from_thousandths(rest.number()?).ok()?;
    rest.skip(",")?;
    let value = rest.money()?;
    let lot = match rest.skip(",") {
        Some(()) => Some(Lot::new(rest.text()?).ok()?),
        None => None,
    };
    rest.skip("]")?;
    Some(Movement { from, to, sku, lot, quantity, value })
}

/// What is left to read.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    /// Goes past a text that stands here.
    fn skip(&mut self, text: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(text)?;
        Some(())
    }

    /// A string without escapes.
    fn text(&mut self) -> Option<&'a str> {
        self.skip("\"")?;
        let end = self.0.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20))?;
        let (text, rest) = self.0.split_at(end);
        self.0 = rest.strip_prefix('"')?;
        Some(text)
    }

    /// A whole number as it is usually written.
    fn number(&mut self) -> Option<i64> {
        let digits = self.0.strip_prefix('-').unwrap_or(self.0);
        let count = digits.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = self.0.split_at(self.0.len() - digits.len() + count);
        let has_odd_zero = digits.starts_with('0') && number != "0";
        // A fraction or an exponent may follow: such is for the general reader.
        if has_odd_zero || rest.starts_with(['.', 'e', 'E']) {
            return None;
        }
        self.0 = rest;
        number.parse().ok()
    }

    fn money(&mut self) -> Option<Money> {
        Money::from_ten_thousandths(self.number()?).ok()
    }

    /// An amount that is left out when it is nothing.
    fn optional_money(&mut self, name: &str) -> Option<Money> {
        if self.skip(name).is_some() { self.money() } else { Some(Money::ZERO) }
    }

    /// A list, read item by item.
    fn list<T>(&mut self, item: fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        self.skip("[")?;
        let mut items = Vec::new();
        if self.skip("]").is_some() {
            return Some(items);
        }
        loop {
            items.push(item(self)?);
            if self.skip(",").is_none() {
                self.skip("]")?;
                return Some(items);
            }
        }
    }
}

#[cfg(test)]
mod tests;
