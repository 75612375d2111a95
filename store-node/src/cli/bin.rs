//! Bins on the command line.

use clap::{Args, Subcommand};
use console::bins::print_bins;
use console::{Exit, Page, format, words};
use ledger::amount::Quantity;
use ledger::id::{Bin, Lot};

use super::booking::book;
use super::{AboutArgs, Scene};
use crate::ask::bins::ShowBins;
use crate::door::Door;
use crate::error::Result;
use crate::request::{BinLine, HomeBins, MoveBins};
use crate::view::{BinWork, FactView};

/// Places in the store: what lies where, move goods, say where they belong · 货位
///
/// Whatever comes or leaves without a bin is counted in the home bin of its product. Bins are the store's own
/// business: what is on hand is the same with and without them.
#[derive(Debug, Subcommand)]
pub(super) enum Bins {
    Move(Move),
    Home(Home),
    /// What lies where · 各货位存货
    List {
        /// Of one product: its barcode or SKU · 只看一种商品
        #[arg(value_name = "ITEM")]
        item: Option<String>,
    },
    /// What lies in one bin · 查看一个货位
    Show {
        /// Which · 货位
        bin: Bin,
    },
    /// From which bins to take so much of a product, the home bin first · 拣货建议
    Pick {
        /// Its barcode or SKU · 商品
        item: String,
        /// How much · 数量
        quantity: Quantity,
    },
}

/// Say that goods were brought from one bin to another · 移位
#[derive(Debug, Args)]
pub(super) struct Move {
    /// The barcode or SKU · 商品
    item: String,
    /// How much · 数量
    quantity: Quantity,
    /// From where; goods in no bin if left out · 移出货位
    #[arg(long, value_name = "BIN", required_unless_present = "to")]
    from: Option<Bin>,
    /// To where; to no bin in particular if left out · 移入货位
    #[arg(long, value_name = "BIN")]
    to: Option<Bin>,
    /// Of which lot · 批号
    #[arg(long, value_name = "LOT")]
    lot: Option<Lot>,
    #[command(flatten)]
    about: AboutArgs,
}

/// Say where products belong: what comes or leaves without a bin is counted there · 默认货位
///
/// Goods that lie in bins stay where they are; what lay in no bin is in the home bin from then on.
#[derive(Debug, Args)]
pub(super) struct Home {
    /// The barcodes or SKUs, and last the bin · 商品（可多个），最后为货位
    #[arg(required = true, value_name = "ITEM… BIN")]
    words: Vec<String>,
    /// They have no home bin any more: all words are products · 取消默认货位
    #[arg(long)]
    none: bool,
    #[command(flatten)]
    about: AboutArgs,
}

impl Bins {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let shown = match self {
            Self::Move(moved) => return moved.run(scene),
            Self::Home(home) => return home.run(scene),
            Self::List { item } => ShowBins { item, ..ShowBins::default() },
            Self::Show { bin } => ShowBins { bin: Some(bin), ..ShowBins::default() },
            Self::Pick { item, quantity } => {
                ShowBins { item: Some(item), pick: Some(quantity), ..ShowBins::default() }
            }
        };
        let view = scene.door()?.ask(shown.clone())?;
        scene.out.show(&view, |page| {
            print_bins(page, &view, shown.bin.as_ref());
            let taken: i128 = view.rows.iter().filter_map(|row| row.take).map(|take| take.0).sum();
            if let Some(asked) = shown.pick
                && taken < i128::from(asked.thousandths())
            {
                let there = format::quantity_total(taken);
                let asked = format::quantity(asked);
                page.say(words::BinPickShort { asked, there });
            }
        });
        Ok(Exit::Done)
    }
}

/// What a fact says of bins and single pieces, a line each.
pub(super) fn print_detail(page: &mut Page, fact: &FactView) {
    let lang = page.lang();
    let from = |bin: &Bin| lang.say(words::BinFrom { bin });
    let to = |bin: &Bin| lang.say(words::BinTo { bin });
    if let BinWork::Moved(lines) = &fact.bin_work {
        for line in lines {
            let ends = line.from.as_ref().map(from).into_iter().chain(line.to.as_ref().map(to));
            let ends = ends.collect::<Vec<_>>().join(" ");
            page.line(format!("{} {} {ends}", line.sku, format::quantity(line.quantity)));
        }
    }
    if let BinWork::Homes(lines) = &fact.bin_work {
        for line in lines {
            let bin = line.bin.as_ref().map(ToString::to_string);
            page.line(format!("{} {}", line.sku, bin.unwrap_or_else(|| lang.say(words::BinNone))));
        }
    }
    for placed in &fact.bins {
        let amount = format::quantity(Quantity::magnitude(placed.quantity));
        let end = if placed.quantity.is_negative() { from(&placed.bin) } else { to(&placed.bin) };
        page.line(format!("{} {amount} {end}", placed.sku));
    }
    for piece in &fact.serials {
        page.line(format!("{} {} {}", piece.sku, lang.say(words::SerialNo), piece.serial));
    }
}

impl Move {
    fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let Self { item, quantity, from, to, lot, about } = self;
        let line = BinLine { item, quantity, lot, from, to };
        book(scene, about, MoveBins { lines: vec![line] }.into())
    }
}

impl Home {
    fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let Self { words: mut items, none, about } = self;
        let bin = if none { None } else { items.pop() };
        let bin = bin.map(|bin| bin.parse()).transpose();
        let bin = bin.map_err(|source| crate::book::Refused::BadBin { source })?;
        book(scene, about, HomeBins { items, bin }.into())
    }
}
