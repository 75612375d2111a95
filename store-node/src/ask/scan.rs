//! What a scanned code is on.

use books::Reader;
use books::read::StockFilter;
use ledger::amount::{Money, Quantity};
use ledger::id::Sku;
use ledger::scan::{self, Means};
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};

use super::catalog::Priced;
use crate::door::Ask;
use crate::error::{NodeError, Result};
use crate::node::Node;
use crate::text;

/// Read a code: a barcode, a label of the scales, or a radio tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scan {
    /// What the scanner sent.
    pub code: String,
}

/// What a code is on, and what it says of that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scanned {
    /// The product, if the catalog knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<Priced>,
    /// How much of it is on hand here.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub on_hand: Option<Quantity>,
    /// The article number, item or text that was looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The number of the case or pallet that the code is on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// The lot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<String>,
    /// The serial number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// When it was made.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub produced: Option<BusinessDate>,
    /// Until when it is at its best.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub best_before: Option<BusinessDate>,
    /// Until when it may be used.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub expires: Option<BusinessDate>,
    /// What it weighs, in kilograms.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub weight: Option<Quantity>,
    /// How many pieces it is.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub count: Option<Quantity>,
    /// What the label asks for the whole of it.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
}

impl Ask for Scan {
    const PATH: &'static str = "/v1/scan";
    type Answer = Scanned;

    fn answer(self, node: &Node) -> Result<Scanned> {
        let read = scan::read(&self.code, node.scale_labels(), node.today())
            .map_err(|source| NodeError::Code { code: self.code.clone(), source })?;
        let reader = node.books().reader()?;
        let coded = match reader.product_by_code(self.code.trim())? {
            Some(coded) => Some(coded),
            None => reader.product_scanned(&read)?,
        };
        // A pack's code counts what is in it, and the code on a case how many packs there are.
        let packed = coded.as_ref().map(|coded| coded.count).filter(|each| *each != Quantity::ONE);
        let count = match (packed, read.says.count) {
            (Some(each), Some(packs)) => packs.times(each).ok(),
            (packed, count) => packed.or(count),
        };
        let product = match coded.map(|coded| coded.product) {
            Some(product) => {
                let lists = node.price_lists(&reader, Some(&product.sku))?;
                let product = node.proposed_price(&reader, product)?;
                Some(lists.priced(product, node.wall(node.now())))
            }
            None => None,
        };
        let on_hand = match &product {
            Some(product) => Some(on_hand(&reader, node, &product.sku)?),
            None => None,
        };
        let case = match &read.means {
            Means::Case(number) => Some(number.to_string()),
            _ => None,
        };
        let number = read.keys().into_iter().next();
        let said = read.says;
        let text = |text: Option<Box<str>>| text.map(Into::into);
        Ok(Scanned {
            product: product.as_ref().map(Priced::from),
            on_hand,
            number,
            case,
            lot: text(said.lot),
            serial: text(said.serial),
            produced: said.produced,
            best_before: said.best_before,
            expires: said.expires,
            weight: said.weight,
            count,
            price: said.price,
        })
    }
}

fn on_hand(reader: &Reader, node: &Node, sku: &Sku) -> Result<Quantity> {
    let (store, sku) = (Some(node.store().clone()), Some(sku.clone()));
    let rows = reader.stock(&StockFilter { store, sku, at: None })?;
    Ok(rows.first().map_or(Quantity::ZERO, |row| row.stock.quantity))
}
