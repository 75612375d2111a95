//! Shelf and price labels.

use clap::Args;
use console::Exit;
use console::label::{Label, Printing};

use super::Scene;
use crate::ask::catalog::FindProducts;
use crate::door::Door;
use crate::error::Result;

/// Print shelf labels: names, price and barcode, as SVG · 打印货架标签
///
/// Goods without a barcode get one that says their SKU.
#[derive(Debug, Args)]
pub(super) struct PrintLabels {
    /// The products: their barcodes or SKUs · 商品编码或条码
    #[arg(required = true, value_name = "ITEM")]
    items: Vec<String>,
    #[command(flatten)]
    printing: Printing,
}

impl PrintLabels {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let products = scene.door()?.ask(FindProducts { items: self.items })?;
        let labels: Vec<Label> =
            products.iter().map(|sheet| Label::from(&sheet.product())).collect();
        self.printing.print(&labels, scene.out)?;
        Ok(Exit::Done)
    }
}
