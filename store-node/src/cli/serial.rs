//! Single pieces on the command line.

use clap::{Args, Subcommand};
use console::serials::print_pieces;
use console::{Column, Exit, Table, format, words};
use ledger::id::{Bin, Serial};

use super::{AboutArgs, Scene};
use crate::ask::serials::{ListSerials, ShowSerial};
use crate::door::Door;
use crate::error::Result;
use crate::request::{About, NamedPiece};

/// Single pieces by their serial numbers: where one is, which are here · 序列号
#[derive(Debug, Subcommand)]
pub(super) enum Serials {
    /// Where a piece is, and how it came there · 查询序列号
    Show {
        /// Its number · 序列号
        serial: Serial,
        /// Of one product only: its barcode or SKU · 只看一种商品
        #[arg(long, value_name = "ITEM")]
        item: Option<String>,
    },
    /// The pieces of a product that are here · 列出在库序列号
    List {
        /// The product: its barcode or SKU · 商品
        item: String,
    },
}

/// What can be said of goods beside how much they are.
#[derive(Debug, Args)]
pub(super) struct GoodsArgs {
    /// The serial number of a piece, with its product before it where there are several; may be given
    /// several times · 序列号，可多次
    #[arg(long = "serial", value_name = "[ITEM=]NUMBER")]
    serials: Vec<NamedPiece>,
    /// The bin that goods come to, or are taken from; the product's home bin if left out · 货位，默认为商品的默认货位
    #[arg(long, value_name = "BIN")]
    bin: Option<Bin>,
}

impl GoodsArgs {
    /// Under which name, by whom, and what of the goods.
    pub(super) fn about(self, args: AboutArgs) -> About {
        About { serials: self.serials, bin: self.bin, ..args.into() }
    }
}

impl Serials {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let (door, zone) = (scene.door()?, scene.zone()?);
        match self {
            Self::Show { serial, item } => {
                let found = door.ask(ShowSerial { serial: serial.clone(), item })?;
                let at = |at| format::time_in(at, zone.time_zone());
                scene.out.show(&found, |page| print_pieces(page, &serial, &found, at));
            }
            Self::List { item } => {
                let found = door.ask(ListSerials { item: item.clone() })?;
                scene.out.show(&found, |page| {
                    let lang = page.lang();
                    let Some(first) = found.first() else { return page.say(words::SerialsNone) };
                    let place = first.store.as_ref().map(ToString::to_string).unwrap_or_default();
                    page.heading(words::SerialsHeading { sku: &first.sku, place });
                    let mut table = Table::new([
                        Column::text(lang.say(words::SerialNo)),
                        Column::text(lang.say(words::Date)),
                        Column::text(lang.say(words::Bill)),
                    ]);
                    for piece in &found {
                        let last = piece.story.last();
                        table.row([
                            piece.serial.to_string(),
                            last.map(|entry| entry.date.to_string()).unwrap_or_default(),
                            last.map(|entry| entry.bill.to_string()).unwrap_or_default(),
                        ]);
                    }
                    page.table(&table);
                });
            }
        }
        Ok(Exit::Done)
    }
}
