//! Making a store's folder.

use clap::Args;
use console::{Exit, words};
use ledger::id::StoreId;
use serde::Serialize;

use super::Scene;
use crate::clock::Zone;
use crate::error::Result;
use crate::home::Config;
use crate::node::Node;

/// Make books that stand alone, to try things out · 创建独立账簿，供试用
///
/// Such books belong to no hub and never will: facts carry the name of their chain. To become a
/// store of a chain, use `join` with another folder.
///
/// 独立账簿不属于任何总部，以后也不能加入；要成为连锁门店，请用 `join` 并指定另一目录。
#[derive(Debug, Args)]
pub(super) struct Init {
    /// The store's id, e.g. S001 · 门店编号
    #[arg(value_name = "STORE", default_value = "S001")]
    store: StoreId,
    /// The shop's time zone, e.g. Asia/Shanghai; the machine's if left out · 时区，默认与本机相同
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
}

/// A store that was made.
#[derive(Serialize)]
struct Made {
    store: String,
    chain: String,
    folder: String,
}

impl Init {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        if let Some(name) = &self.zone {
            Zone::named(name)?;
        }
        let config = Config { zone: self.zone, ..Config::standalone(self.store) };
        let node = Node::init(scene.home.dir(), &config)?;
        let made = Made {
            store: node.store().to_string(),
            chain: config.chain.to_string(),
            folder: scene.home.dir().display().to_string(),
        };
        scene.out.show(&made, |page| {
            page.say(words::NodeCreated { store: &made.store, folder: &made.folder });
        });
        Ok(Exit::Done)
    }
}
