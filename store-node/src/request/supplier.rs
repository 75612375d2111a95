//! Invoices of suppliers and payments to them, as people hand them in.

use std::str::FromStr;

use ledger::amount::{Money, Quantity};
use ledger::fact::PaymentMethod;
use ledger::id::InvoiceNo;
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};

use super::{Cost, FactRef, InboundLine, LineError, one};
use crate::text;

/// A supplier's invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeInvoice {
    /// Who asks, by id or name.
    pub supplier: String,
    /// The supplier's own number for it.
    #[serde(with = "text")]
    pub number: InvoiceNo,
    /// The day that it bears; none for that of the last receipt.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub dated: Option<BusinessDate>,
    /// When it is to be paid; none for what the supplier's terms say.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub due: Option<BusinessDate>,
    /// The receipts whose goods it is for.
    pub receipts: Vec<NamedFact>,
    /// What it asks for. Empty: all goods of the receipts, at what they were received at.
    #[serde(default)]
    pub lines: Vec<InvoiceLine>,
    /// The tax rate in basis points of lines that give no tax.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_rate: Option<u16>,
    /// Why it is taken though it differs from order or receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept: Option<String>,
}

/// A fact in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NamedFact(#[serde(with = "text")] pub FactRef);

/// A line of an invoice. As text: see [`InvoiceLine::from_str`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvoiceLine {
    /// The barcode or SKU.
    pub item: String,
    /// How much.
    #[serde(default = "one", with = "text")]
    pub quantity: Quantity,
    /// What it costs without tax; as before: what it was received at.
    #[serde(default, skip_serializing_if = "Cost::is_as_before")]
    pub cost: Cost,
    /// The tax on the line.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub tax: Option<Money>,
}

/// Money paid to a supplier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaySupplier {
    /// To whom, by id or name.
    pub supplier: String,
    /// How much; none for what the invoices that it names have open.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// How.
    #[serde(with = "text::method")]
    pub method: PaymentMethod,
    /// What the bank calls it.
    #[serde(default)]
    pub reference: String,
    /// The invoices that it pays, by the supplier's numbers, bill numbers or fact ids.
    #[serde(default)]
    pub invoices: Vec<String>,
}

impl FromStr for InvoiceLine {
    type Err = LineError;

    /// Reads `ITEM[:QUANTITY][@NET_PRICE | =LINE_NET][+TAX]`: `milk:24@2.10`, `milk:24=50.40+6.55`.
    fn from_str(text: &str) -> Result<Self, LineError> {
        // Only what follows a price is tax: codes may contain a plus.
        let priced = |rest: &&str| rest.contains(['@', '=']);
        let split = text.rsplit_once('+').filter(|(rest, _)| priced(rest));
        let (rest, tax) = match split {
            Some((rest, tax)) => {
                let wrong = |source| {
                    let text = text.to_owned();
                    LineError::Number { text, part: "tax", source }
                };
                (rest, Some(tax.parse().map_err(wrong)?))
            }
            None => (text, None),
        };
        let InboundLine { item, quantity, cost, .. } = rest.parse()?;
        Ok(Self { item, quantity, cost, tax })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_may_give_its_tax() {
        let read = |text: &str| {
            let line: InvoiceLine = text.parse().unwrap();
            (line.item, line.quantity.to_string(), line.cost, line.tax.map(|tax| tax.to_string()))
        };
        let money = |text: &str| text.parse::<Money>().unwrap();
        let milk = || "milk".to_owned();
        assert_eq!(
            read("milk:24@2.10"),
            (milk(), "24".to_owned(), Cost::PerUnit(money("2.1")), None)
        );
        assert_eq!(
            read("milk:24=50.40+6.55"),
            (milk(), "24".to_owned(), Cost::Whole(money("50.4")), Some("6.55".to_owned()))
        );
        assert_eq!(read("a+b:2"), ("a+b".to_owned(), "2".to_owned(), Cost::AsBefore, None));
        assert!("milk:2@1+x".parse::<InvoiceLine>().is_err());
    }
}
