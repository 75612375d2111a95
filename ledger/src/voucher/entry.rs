//! What a fact comes to: amounts in their roles, before any account has a number.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::amount::TaxRate;
use crate::escrow;
use crate::fact::{Body, Fact, Payment, PaymentMethod, Receipt, SignedReceipt};
use crate::id::{FactId, Sku};
use crate::movement::Account;
use crate::payable::{self, What};
use crate::purchase::Act;
use crate::shift;

/// What an amount is in the books of a chain, whichever account it has there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Goods on hand, at cost (库存商品).
    Inventory,
    /// Goods held for inspection (待检).
    Quarantine,
    /// Goods between two stores (在途).
    Transit,
    /// What came without an invoice so far (暂估应付).
    Estimated,
    /// What sold goods had cost (主营业务成本).
    CostOfSales,
    /// Goods found by counting (盘盈).
    CountGain,
    /// Goods missed by counting (盘亏).
    CountLoss,
    /// Goods thrown away (报损).
    Scrap,
    /// Goods lost between stores (运输损失).
    TransitLoss,
    /// What the books started with (期初).
    Opening,
    /// Corrections of cost that move no goods (成本调整).
    CostAdjustment,
    /// Work that made goods worth more (加工费).
    Assembly,
    /// What was sold, without tax (主营业务收入).
    Revenue,
    /// Tax on what was sold (销项税额).
    OutputTax,
    /// Money from customers, or back to them (收款).
    Tender,
    /// Cash put into a till from elsewhere, or brought away (备用金、缴款).
    CashMoved,
    /// What was counted at a till beyond what ought to be there (长短款).
    CashDifference,
    /// Tax on what was bought (进项税额).
    InputTax,
    /// What suppliers asked for (应付账款).
    Payable,
    /// Money to suppliers (付款).
    Payment,
    /// What it cost to bring goods, which somebody else asks for (应付运费).
    Freight,
    /// What rounding to the cent has left (尾差).
    Rounding,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 22] = [
        Self::Inventory,
        Self::Quarantine,
        Self::Transit,
        Self::Estimated,
        Self::CostOfSales,
        Self::CountGain,
        Self::CountLoss,
        Self::Scrap,
        Self::TransitLoss,
        Self::Opening,
        Self::CostAdjustment,
        Self::Assembly,
        Self::Revenue,
        Self::OutputTax,
        Self::Tender,
        Self::CashMoved,
        Self::CashDifference,
        Self::InputTax,
        Self::Payable,
        Self::Payment,
        Self::Freight,
        Self::Rounding,
    ];

    /// Its name in the mapping file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inventory => "inventory",
            Self::Quarantine => "quarantine",
            Self::Transit => "transit",
            Self::Estimated => "estimated",
            Self::CostOfSales => "cost_of_sales",
            Self::CountGain => "count_gain",
            Self::CountLoss => "count_loss",
            Self::Scrap => "scrap",
            Self::TransitLoss => "transit_loss",
            Self::Opening => "opening",
            Self::CostAdjustment => "cost_adjustment",
            Self::Assembly => "assembly",
            Self::Revenue => "revenue",
            Self::OutputTax => "output_tax",
            Self::Tender => "tender",
            Self::CashMoved => "cash_moved",
            Self::CashDifference => "cash_difference",
            Self::InputTax => "input_tax",
            Self::Payable => "payable",
            Self::Payment => "payment",
            Self::Freight => "freight",
            Self::Rounding => "rounding",
        }
    }

    const fn of(account: &Account) -> Self {
        match account {
            Account::OnHand => Self::Inventory,
            Account::InTransit(_) => Self::Transit,
            Account::Supplier => Self::Estimated,
            Account::Customer => Self::CostOfSales,
            Account::CountGain => Self::CountGain,
            Account::CountLoss => Self::CountLoss,
            Account::Scrap => Self::Scrap,
            Account::TransitLoss => Self::TransitLoss,
            Account::Quarantine => Self::Quarantine,
            Account::Opening => Self::Opening,
            Account::CostAdjustment => Self::CostAdjustment,
            Account::Assembly => Self::Assembly,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// An amount in its role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'f> {
    /// What it is.
    pub role: Role,
    /// In ten-thousandths; a debit is more than nothing, a credit less.
    pub amount: i128,
    /// For which product.
    pub sku: Option<&'f Sku>,
    /// Paid by which method.
    pub method: Option<PaymentMethod>,
    /// At which tax rate.
    pub rate: Option<TaxRate>,
    /// Which supplier.
    pub supplier: Option<&'f str>,
}

/// Why a fact is in no voucher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Why {
    /// No rule of the mapping fits an amount.
    NoRule {
        /// What the amount is.
        role: Role,
    },
    /// This version does not know the kind of fact.
    UnknownKind,
    /// The fact that it undoes is not here.
    NoOriginal {
        /// Which.
        #[serde(with = "super::text")]
        of: FactId,
    },
    /// What was paid is not what the receipt comes to.
    Uneven,
}

/// What a fact comes to; nothing for facts that are no business of a bookkeeper. `undone` is the fact that a
/// reversal undoes: its own text doesn't say what that was.
pub fn entries<'f>(
    fact: &'f Fact,
    undone: Option<&'f Fact>,
    to: &mut Vec<Entry<'f>>,
) -> Result<(), Why> {
    to.clear();
    match (&fact.body, undone) {
        (Body::Unknown { .. }, _) => return Err(Why::UnknownKind),
        (Body::Reversal { receipt: Some(SignedReceipt::OfSale(receipt)), .. }, _) => {
            add_receipt(receipt, -1, to);
        }
        (Body::Reversal { receipt: Some(SignedReceipt::OfReturn(receipt)), .. }, _) => {
            add_receipt(receipt, 1, to);
        }
        (Body::Reversal { of, receipt: None, .. }, None) => {
            return Err(Why::NoOriginal { of: *of });
        }
        (Body::Reversal { receipt: None, .. }, Some(undone)) => {
            add_goods(fact, supplier_of(undone), to);
            add_money(undone, -1, to)?;
            return Ok(());
        }
        _ => add_money(fact, 1, to)?,
    }
    add_goods(fact, supplier_of(fact), to);
    Ok(())
}

/// The kind by which rules tell facts apart: a reversal is of the kind of what it undoes.
pub(super) fn kind_of<'f>(fact: &'f Fact, undone: Option<&'f Fact>) -> &'f str {
    match &fact.body {
        Body::Reversal { receipt: Some(SignedReceipt::OfSale(_)), .. } => "sale",
        Body::Reversal { receipt: Some(SignedReceipt::OfReturn(_)), .. } => "return",
        Body::Reversal { receipt: None, .. } => undone.map_or("reversal", |fact| fact.body.kind()),
        body => body.kind(),
    }
}

/// Whether a fact takes back what another has done, so that its lines may be red. What undoes a return does
/// again what the return had taken back.
pub(super) fn takes_back(fact: &Fact, undone: Option<&Fact>) -> bool {
    let is_return =
        |body: &Body| matches!(body, Body::SaleReturn { .. } | Body::Purchase(Act::SentBack(_)));
    match &fact.body {
        Body::Reversal { receipt: Some(SignedReceipt::OfReturn(_)), .. } => false,
        Body::Reversal { .. } => !undone.is_some_and(|undone| is_return(&undone.body)),
        body => is_return(body),
    }
}

fn add_goods<'f>(fact: &'f Fact, supplier: Option<&'f str>, to: &mut Vec<Entry<'f>>) {
    for movement in &fact.movements {
        for (account, _, value) in movement.legs() {
            let role = Role::of(account);
            let supplier = supplier.filter(|_| role == Role::Estimated);
            let amount = i128::from(value.ten_thousandths());
            to.push(Entry { supplier, sku: Some(&movement.sku), ..entry(role, amount) });
        }
    }
    to.retain(|entry| entry.amount != 0);
}

fn add_money<'f>(fact: &'f Fact, sign: i128, to: &mut Vec<Entry<'f>>) -> Result<(), Why> {
    let mut add = |role, amount: i128, supplier, method| {
        to.push(Entry { supplier, method, ..entry(role, amount * sign) });
    };
    match &fact.body {
        Body::RetailSale(receipt) => add_receipt(receipt, sign, to),
        Body::SaleReturn { receipt, .. } => add_receipt(receipt, -sign, to),
        Body::GoodsReceipt { delivery: Some(delivery), .. } => {
            let supplier = Some(delivery.supplier.as_str());
            if let Some(freight) = delivery.freight {
                let amount = i128::from(freight.amount.ten_thousandths());
                add(Role::Estimated, amount, supplier, None);
                add(Role::Freight, -amount, None, None);
            }
        }
        Body::Purchase(Act::SentBack(_)) => {
            if let Some((supplier, What::Credit { amount })) = payable::what(fact) {
                let (amount, supplier) =
                    (i128::from(amount.ten_thousandths()), Some(supplier.as_str()));
                add(Role::Payable, amount, supplier, None);
                add(Role::Estimated, -amount, supplier, None);
            }
        }
        Body::Invoice(invoice) => {
            let sum = |of: fn(&crate::invoice::InvoiceLine) -> crate::amount::Money| -> i128 {
                invoice.lines.iter().map(|line| i128::from(of(line).ten_thousandths())).sum()
            };
            let (net, tax) = (sum(|line| line.net), sum(|line| line.tax));
            let supplier = Some(invoice.supplier.as_str());
            add(Role::Estimated, net, supplier, None);
            add(Role::InputTax, tax, supplier, None);
            add(Role::Payable, -net - tax, supplier, None);
        }
        Body::SupplierPayment(payment) => {
            let amount = i128::from(payment.amount.ten_thousandths());
            let supplier = Some(payment.supplier.as_str());
            add(Role::Payable, amount, supplier, None);
            add(Role::Payment, -amount, supplier, Some(payment.method));
        }
        Body::Value(escrow::Act::TopUp { payments }) => add_value(payments, sign, to),
        Body::Value(escrow::Act::PaidOut { payments, .. }) => add_value(payments, -sign, to),
        Body::Shift(shift::Act::Moved(moved)) => {
            let amount = moved.way.signed(moved.amount);
            add(Role::Tender, amount, None, Some(PaymentMethod::Cash));
            add(Role::CashMoved, -amount, None, None);
        }
        Body::Shift(shift::Act::Closed { counts }) => {
            for (method, off) in counts.iter().filter_map(|c| Some((c.method, c.difference()?))) {
                add(Role::Tender, off, None, Some(method));
                add(Role::CashDifference, -off, None, Some(method));
            }
        }
        Body::Unknown { .. } => return Err(Why::UnknownKind),
        // What these come to stands in their movements, if in anything.
        Body::Opening
        | Body::GoodsReceipt { delivery: None, .. }
        | Body::Purchase(Act::Cleared { .. })
        | Body::Reversal { .. }
        | Body::StockAdjustment { .. }
        | Body::Scrap { .. }
        | Body::Assembly(_)
        | Body::Transfer(_)
        | Body::DayClose(_)
        | Body::Statement { .. }
        | Body::Stocktake { .. }
        | Body::AlertAck(_)
        | Body::BinMove { .. }
        | Body::BinHome { .. }
        // A shift's float comes out of the same cash; rights that move are the same value.
        | Body::Shift(shift::Act::Opened { .. })
        | Body::Value(escrow::Act::Moved(_)) => {}
    }
    Ok(())
}

/// A sale's lines and payments; a sign of -1: of a return.
fn add_receipt<'f>(receipt: &'f Receipt, sign: i128, to: &mut Vec<Entry<'f>>) {
    for line in &receipt.lines {
        let (total, tax) =
            (i128::from(line.total.ten_thousandths()), i128::from(line.tax.ten_thousandths()));
        let (sku, rate) = (Some(&line.sku), Some(line.tax_rate));
        to.push(Entry { sku, rate, ..entry(Role::Revenue, (tax - total) * sign) });
        to.push(Entry { sku, rate, ..entry(Role::OutputTax, -tax * sign) });
    }
    for payment in &receipt.payments {
        let amount = i128::from(payment.amount.ten_thousandths()) * sign;
        to.push(Entry { method: Some(payment.method), ..entry(Role::Tender, amount) });
    }
}

/// Money for stored value; a sign of -1: the other way round.
fn add_value<'f>(payments: &[Payment], sign: i128, to: &mut Vec<Entry<'f>>) {
    for Payment { method, amount, .. } in payments {
        let amount = i128::from(amount.ten_thousandths()) * sign;
        to.push(Entry { method: Some(*method), ..entry(Role::Tender, amount) });
        let stored = Some(PaymentMethod::StoredValue);
        to.push(Entry { method: stored, ..entry(Role::Tender, -amount) });
    }
}

/// The supplier whose goods a fact moves, where one is kept.
fn supplier_of(fact: &Fact) -> Option<&str> {
    Some(match &fact.body {
        Body::GoodsReceipt { delivery: Some(delivery), .. } => delivery.supplier.as_str(),
        Body::GoodsReceipt { supplier, .. } => supplier.as_deref()?,
        Body::Purchase(Act::SentBack(sent)) => sent.supplier.as_ref()?.as_str(),
        Body::Invoice(invoice) => invoice.supplier.as_str(),
        _ => return None,
    })
}

const fn entry<'f>(role: Role, amount: i128) -> Entry<'f> {
    Entry { role, amount, sku: None, method: None, rate: None, supplier: None }
}
