//! Product proposals, as both programs show them.

use ledger::amount::Money;
use ledger::catalog::Product;
use ledger::catalog::proposal::{Proposal, Verdict};
use ledger::id::{Sku, StoreId};
use serde::{Deserialize, Serialize};

use crate::words::{self, Lang};
use crate::{Column, Page, Table, format, text};

/// A product that a store has proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposalView {
    /// Its provisional SKU.
    #[serde(with = "text")]
    pub sku: Sku,
    /// The store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// Its names.
    pub name_zh: String,
    /// And in English.
    pub name_en: String,
    /// What the scanner reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub barcode: Option<String>,
    /// What the store sells it for.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// Why, or where it comes from.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// `open`, `accepted`, `merged` or `rejected`.
    pub state: String,
    /// Into which product it was merged.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub into: Option<Sku>,
    /// Why it was rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl ProposalView {
    /// A proposal of a product.
    pub fn of(product: &Product, proposal: &Proposal, verdict: Option<&Verdict>) -> Self {
        let (state, into, reason) = match verdict {
            None => ("open", None, None),
            Some(Verdict::Accepted) => ("accepted", None, None),
            Some(Verdict::Merged(into)) => ("merged", Some(into.clone()), None),
            Some(Verdict::Rejected(why)) => ("rejected", None, Some(why.to_string())),
        };
        Self {
            sku: product.sku.clone(),
            store: proposal.store.clone(),
            name_zh: product.name_zh.to_string(),
            name_en: product.name_en.to_string(),
            barcode: product.barcode.as_deref().map(str::to_owned),
            price: proposal.price,
            note: proposal.note.to_string(),
            state: state.to_owned(),
            into,
            reason,
        }
    }

    fn outcome(&self, lang: Lang) -> String {
        match (self.state.as_str(), &self.into, &self.reason) {
            ("accepted", ..) => lang.say(words::ProposalAccepted),
            ("merged", Some(into), _) => lang.say(words::ProposalMerged { into }),
            ("rejected", _, Some(why)) => lang.say(words::ProposalRejected { why }),
            _ => lang.say(words::ProposalOpen),
        }
    }
}

/// Shows proposals as a table.
pub fn print_proposals(page: &mut Page, rows: &[ProposalView]) {
    let lang = page.lang();
    if rows.is_empty() {
        return page.say(words::ProposalsNone);
    }
    page.heading(words::ProposalsHeading);
    let mut table = Table::new([
        Column::text(lang.say(words::Sku)),
        Column::text(lang.say(words::Store)),
        Column::flexible(lang.say(words::Product)),
        Column::text(lang.say(words::Barcode)),
        Column::number(lang.say(words::Price)),
        Column::flexible(lang.say(words::Status)),
        Column::flexible(lang.say(words::PriceNote)),
    ]);
    for row in rows {
        let name = match lang {
            Lang::Zh => &row.name_zh,
            Lang::En => &row.name_en,
        };
        table.row([
            row.sku.to_string(),
            row.store.to_string(),
            name.clone(),
            row.barcode.clone().unwrap_or_default(),
            row.price.map(format::money).unwrap_or_default(),
            row.outcome(lang),
            row.note.clone(),
        ]);
    }
    page.table(&table);
}
