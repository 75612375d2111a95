//! Shelf and price labels.

use clap::Args;
use console::label::{Label, Printing};
use console::{Exit, words};
use ledger::time::BusinessDate;

use super::Scene;
use crate::ask::catalog::{FindProducts, Sheet};
use crate::ask::prices::ListChanges;
use crate::door::Door;
use crate::error::Result;

/// Print shelf labels: names, price and barcode, as SVG · 打印货架标签
///
/// Goods without a barcode get one that says their SKU.
#[derive(Debug, Args)]
pub(super) struct PrintLabels {
    /// The products: their barcodes or SKUs · 商品编码或条码
    #[arg(required_unless_present = "changing_on", value_name = "ITEM")]
    items: Vec<String>,
    /// Those whose retail price changes on this day, with the new price · 某日调价的商品，印新价
    #[arg(long, value_name = "DATE", conflicts_with = "items")]
    changing_on: Option<BusinessDate>,
    #[command(flatten)]
    printing: Printing,
}

impl PrintLabels {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let door = scene.door()?;
        let products: Vec<Sheet> = match self.changing_on {
            Some(day) => door.ask(ListChanges { on: Some(day) })?.products,
            None => door.ask(FindProducts { items: self.items })?,
        };
        if let (Some(date), []) = (self.changing_on, products.as_slice()) {
            scene.out.say(words::LabelsNoChange { date });
            return Ok(Exit::Done);
        }
        let labels: Vec<Label> =
            products.iter().map(|sheet| Label::from(&sheet.product())).collect();
        self.printing.print(&labels, scene.out)?;
        Ok(Exit::Done)
    }
}
