//! The three-way match (三单核对).

use ledger::amount::{Money, Quantity};
use ledger::id::Sku;
use ledger::invoice::Compared;
use serde::{Deserialize, Serialize};

use super::say;
use crate::{Column, Page, Table, format, text, words};

/// An invoice beside order and receipts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchedView {
    /// Whether everything is within tolerance.
    pub matches: bool,
    /// A line for each product.
    pub lines: Vec<MatchedLine>,
}

/// A product in order, receipts and invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchedLine {
    /// What.
    #[serde(with = "text")]
    pub sku: Sku,
    /// The price of a unit on the order.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub ordered_at: Option<Money>,
    /// The price of a unit at which it was received.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Money>,
    /// The price of a unit on the invoice.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub invoiced_at: Option<Money>,
    /// How much was received and is open.
    #[serde(with = "text")]
    pub received: Quantity,
    /// How much is invoiced.
    #[serde(with = "text")]
    pub invoiced: Quantity,
    /// What the match says: `matches`, `price_differs` …
    pub verdicts: Vec<String>,
    /// The same in words.
    pub said: String,
}

impl MatchedView {
    /// What the ledger found, with words in a language.
    pub fn of(compared: &[Compared], lang: crate::Lang) -> Self {
        let line = |line: &Compared| {
            let said: Vec<String> = line.verdicts.iter().map(|v| say::verdict(lang, *v)).collect();
            MatchedLine {
                sku: line.sku.clone(),
                ordered_at: line.ordered,
                received_at: line.estimated,
                invoiced_at: line.price,
                received: line.received,
                invoiced: line.invoiced,
                verdicts: line.verdicts.iter().map(|v| v.name().to_owned()).collect(),
                said: said.join(", "),
            }
        };
        let matches = compared.iter().all(Compared::matches);
        Self { matches, lines: compared.iter().map(line).collect() }
    }

    /// Shows it to a person.
    pub fn print(&self, page: &mut Page) {
        let lang = page.lang();
        page.heading(words::MatchHeading);
        let mut table = Table::new([
            Column::flexible(lang.say(words::Sku)),
            Column::number(lang.say(words::MatchOrdered)),
            Column::number(lang.say(words::MatchEstimated)),
            Column::number(lang.say(words::MatchPrice)),
            Column::number(lang.say(words::MatchReceived)),
            Column::number(lang.say(words::MatchInvoiced)),
            Column::flexible(lang.say(words::MatchVerdict)),
        ]);
        let price = |price: Option<Money>| price.map(|p| p.to_string()).unwrap_or_default();
        for line in &self.lines {
            table.row([
                line.sku.to_string(),
                price(line.ordered_at),
                price(line.received_at),
                price(line.invoiced_at),
                format::quantity(line.received),
                format::quantity(line.invoiced),
                line.said.clone(),
            ]);
        }
        page.table(&table);
        if self.matches {
            page.say(words::MatchAllRight);
        }
    }
}
