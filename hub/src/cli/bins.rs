//! `hub bin` and `hub serial`

use clap::{Args, Subcommand};
use console::bins::print_bins;
use console::serials::print_pieces;
use console::{Exit, Out, format};
use ledger::id::{Bin, Serial, Sku, StoreId};

use crate::ask::bins::ShowBins;
use crate::ask::serials::ShowSerial;
use crate::door::Door;
use crate::error::Result;

/// What lies where in a store · 货位
#[derive(Debug, Args)]
pub(super) struct Bins {
    /// Which store · 门店
    store: StoreId,
    /// In one bin · 只看一个货位
    #[arg(long, value_name = "BIN")]
    bin: Option<Bin>,
    /// Of one product · 只看一种商品
    #[arg(long, value_name = "SKU")]
    sku: Option<Sku>,
}

/// Single pieces by their serial numbers · 序列号
#[derive(Debug, Subcommand)]
pub(super) enum Serials {
    /// Where a piece is, and how it came there, over all stores · 查询序列号
    Show {
        /// Its number · 序列号
        serial: Serial,
        /// Of one product only · 只看一种商品
        #[arg(long, value_name = "SKU")]
        sku: Option<Sku>,
    },
}

pub(super) fn bins(door: &impl Door, what: Bins, out: &Out) -> Result<Exit> {
    let Bins { store, bin, sku } = what;
    let view = door.ask(ShowBins { store, sku, bin: bin.clone() })?;
    out.show(&view, |page| print_bins(page, &view, bin.as_ref()));
    Ok(Exit::Done)
}

pub(super) fn serials(door: &impl Door, what: Serials, out: &Out) -> Result<Exit> {
    let Serials::Show { serial, sku } = what;
    let found = door.ask(ShowSerial { serial: serial.clone(), sku })?;
    out.show(&found, |page| print_pieces(page, &serial, &found, format::local_time));
    Ok(Exit::Done)
}
