//! Products that the store proposes.

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use console::proposals::print_proposals;
use console::{Exit, words};
use ledger::amount::Money;
use ledger::id::Sku;

use super::{AboutArgs, Scene};
use crate::ask::proposals::{ListProposals, ProposeProduct, SettleMerged};
use crate::door::Door;
use crate::error::Result;

/// Propose products that head office doesn't know yet; what became of them · 商品提报
#[derive(Debug, Subcommand)]
pub(super) enum Product {
    /// Make a product known under a provisional SKU; it can be sold and received at once · 提报
    Propose(Propose),
    /// List what this store has proposed · 列出
    List,
    /// Move what is on hand of a product that head office has merged to the one it was merged into
    /// · 并入后转移库存
    Settle {
        /// The provisional SKU · 临时编码
        sku: Sku,
        #[command(flatten)]
        about: AboutArgs,
    },
}

#[derive(Debug, Args)]
pub(super) struct Propose {
    /// Its Chinese name · 中文名
    #[arg(long, value_name = "TEXT")]
    name: String,
    /// Its English name, if it has one · 英文名
    #[arg(long, value_name = "TEXT")]
    name_en: Option<String>,
    /// What the scanner reads · 条码
    #[arg(long)]
    barcode: Option<String>,
    /// The unit it is counted in · 单位
    #[arg(long)]
    unit: Option<String>,
    /// Its category, e.g. 饮料/碳酸 · 分类
    #[arg(long)]
    category: Option<String>,
    /// Its specification, e.g. 500 ml · 规格
    #[arg(long)]
    spec: Option<String>,
    /// Its brand · 品牌
    #[arg(long)]
    brand: Option<String>,
    /// What it sells for here until head office sets a price · 暂定售价
    #[arg(long)]
    price: Option<Money>,
    /// Why, or where it comes from · 说明
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
}

impl Product {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let door = scene.door()?;
        match self {
            Self::Propose(new) => {
                let name_en = new.name_en.clone().unwrap_or_else(|| new.name.clone());
                let given = [
                    ("name_zh", Some(new.name)),
                    ("name_en", Some(name_en)),
                    ("barcode", new.barcode),
                    ("unit", new.unit),
                    ("category", new.category),
                    ("spec", new.spec),
                    ("brand", new.brand),
                ];
                let given = given.into_iter().filter_map(|(name, text)| Some((name, text?)));
                let fields: BTreeMap<String, String> =
                    given.map(|(name, text)| (name.to_owned(), text)).collect();
                let (price, note) = (new.price, new.note);
                let made = door.ask(ProposeProduct { fields, price, note })?;
                scene.out.show(&made, |page| page.say(words::ProposalMade { sku: &made.sku }));
            }
            Self::List => {
                let rows = door.ask(ListProposals {})?;
                scene.out.show(&rows, |page| print_proposals(page, &rows));
            }
            Self::Settle { sku, about } => {
                let receipt = door.ask(SettleMerged { about: about.into(), sku })?;
                super::booking::show(scene, &receipt);
            }
        }
        Ok(Exit::Done)
    }
}
