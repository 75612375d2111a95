//! What can still be given back of a sale, and what is paid for it.

use std::collections::BTreeMap;

use ledger::amount::{AmountError, Money, Quantity, TaxRate};
use ledger::command;
use ledger::fact::{Body, Cause, Fact, Priced, Receipt, ReceiptLine, Reduction};
use ledger::id::Sku;
use ledger::post::PostError;
use ledger::price::Level;

use super::command::amount_at;
use super::refused::Refused;
use crate::request::SaleLine;

/// The goods and the money of a sale that did not come back yet, by SKU.
pub(super) struct Remainder {
    rests: BTreeMap<Sku, Rest>,
}

struct Rest {
    price: Money,
    tax_rate: TaxRate,
    level: Level,
    /// The named parts of what was taken off.
    reductions: BTreeMap<Cause, Money>,
    sold: Share,
    left: Share,
}

#[derive(Clone, Copy, Default)]
struct Share {
    quantity: Quantity,
    money: Money,
}

impl Remainder {
    pub(super) fn of(sale: &Fact, returns: &[Fact]) -> Result<Self, Refused> {
        let Body::RetailSale(receipt) = &sale.body else {
            return Err(PostError::NotASale { id: sale.id }.into());
        };
        let mut rests: BTreeMap<Sku, Rest> = BTreeMap::new();
        for line in &receipt.lines {
            let rest = rests.entry(line.sku.clone()).or_insert_with(|| Rest {
                price: line.list_price,
                tax_rate: line.tax_rate,
                level: line.priced.level,
                reductions: BTreeMap::new(),
                sold: Share::default(),
                left: Share::default(),
            });
            rest.price = rest.price.max(line.list_price);
            for part in &line.priced.reductions {
                let sum = rest.reductions.entry(part.cause.clone()).or_default();
                *sum = sum.plus(part.amount).map_err(amount_at(0))?;
            }
            rest.sold = rest.sold.plus(line).map_err(amount_at(0))?;
            rest.left = rest.sold;
        }
        for line in returns.iter().filter_map(returned).flat_map(|receipt| &receipt.lines) {
            if let Some(rest) = rests.get_mut(&line.sku) {
                rest.left = rest.left.minus(line).map_err(amount_at(0))?;
            }
        }
        Ok(Self { rests })
    }

    /// Every line that is left, or a refusal when none is.
    pub(super) fn everything(&mut self, sale: &Fact) -> Result<Vec<command::SaleLine>, Refused> {
        let left = self.rests.iter().filter(|(_, rest)| rest.left.quantity.is_positive());
        let lines = (1..).zip(left).map(|(line, (sku, rest))| rest.all(line, sku));
        let lines: Vec<_> = lines.collect::<Result<_, _>>()?;
        if lines.is_empty() {
            return Err(Refused::NothingLeft { bill: sale.bill.clone() });
        }
        Ok(lines)
    }

    /// One line as it is asked for: at what was paid for the goods, unless it names a price.
    pub(super) fn line(
        &mut self,
        line: usize,
        sku: Sku,
        asked: &SaleLine,
    ) -> Result<command::SaleLine, Refused> {
        let Some(rest) = self.rests.get_mut(&sku) else {
            // Not on the receipt: the ledger says so, with the numbers.
            let price = asked.price.unwrap_or_default();
            return Ok(as_asked(sku, asked, price, TaxRate::ZERO));
        };
        if let Some(price) = asked.price {
            return Ok(as_asked(sku, asked, price, rest.tax_rate));
        }
        let paid = if asked.quantity == rest.left.quantity {
            rest.left.money
        } else {
            let share = rest.sold.money.share(asked.quantity, rest.sold.quantity);
            share.map_err(amount_at(line))?.to_coins()
        };
        let money = paid.minus(asked.off_from(paid)).map_err(amount_at(line))?;
        let priced = rest.priced(line, sku, asked.quantity, money)?;
        // A second line of the same goods sees what this one leaves.
        rest.left.quantity = rest.left.quantity.minus(asked.quantity).map_err(amount_at(line))?;
        rest.left.money = rest.left.money.minus(paid).map_err(amount_at(line))?;
        Ok(priced)
    }
}

impl Rest {
    fn all(&self, line: usize, sku: &Sku) -> Result<command::SaleLine, Refused> {
        self.priced(line, sku.clone(), self.left.quantity, self.left.money)
    }

    /// A line that comes to `money`: the price it was sold at, less a discount. Where rounding in
    /// parts has left more than that price gives, the price is what the rest makes it.
    fn priced(
        &self,
        line: usize,
        sku: Sku,
        quantity: Quantity,
        money: Money,
    ) -> Result<command::SaleLine, Refused> {
        let gross = |price: Money| price.times(quantity).map(Money::to_coins);
        let mut list_price = self.price;
        if gross(list_price).map_err(amount_at(line))? < money {
            list_price = money.per_unit(quantity).map_err(amount_at(line))?;
        }
        let gross = gross(list_price).map_err(amount_at(line))?;
        let discount = gross.minus(money).map_err(amount_at(line))?.max(Money::ZERO);
        let tax_rate = self.tax_rate;
        let reductions = self.reductions(line, quantity, discount)?;
        let priced = Priced { level: self.level, reductions, approved: None };
        Ok(command::SaleLine { sku, quantity, list_price, discount, tax_rate, priced })
    }
}

impl Rest {
    /// The goods' share of each named part of the discount; together no more than what comes off now.
    fn reductions(
        &self,
        line: usize,
        quantity: Quantity,
        mut discount: Money,
    ) -> Result<Vec<Reduction>, Refused> {
        let mut parts = Vec::with_capacity(self.reductions.len());
        for (cause, whole) in &self.reductions {
            let share = whole.share(quantity, self.sold.quantity).map_err(amount_at(line))?;
            let amount = share.to_coins().min(discount);
            if amount.is_positive() {
                discount = discount.minus(amount).map_err(amount_at(line))?;
                parts.push(Reduction { cause: cause.clone(), amount });
            }
        }
        Ok(parts)
    }
}

impl Share {
    fn plus(self, line: &ReceiptLine) -> Result<Self, AmountError> {
        let quantity = self.quantity.plus(line.quantity)?;
        Ok(Self { quantity, money: self.money.plus(line.total)? })
    }

    fn minus(self, line: &ReceiptLine) -> Result<Self, AmountError> {
        let quantity = self.quantity.minus(line.quantity)?;
        Ok(Self { quantity, money: self.money.minus(line.total)? })
    }
}

fn as_asked(sku: Sku, asked: &SaleLine, list_price: Money, tax_rate: TaxRate) -> command::SaleLine {
    let quantity = asked.quantity;
    let gross = list_price.times(quantity).map_or(Money::ZERO, Money::to_coins);
    let discount = asked.off_from(gross);
    let priced = Priced::default();
    command::SaleLine { sku, quantity, list_price, discount, tax_rate, priced }
}

fn returned(fact: &Fact) -> Option<&Receipt> {
    match &fact.body {
        Body::SaleReturn { receipt, .. } => Some(receipt),
        _ => None,
    }
}
