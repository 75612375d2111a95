//! Making a store's folder.

use clap::Args;
use console::{Exit, words};
use ledger::id::StoreId;
use serde::Serialize;
use sync_proto::quic::JoinCode;

use super::Scene;
use crate::clock::Zone;
use crate::error::{NodeError, Result};
use crate::home::Config;
use crate::join::Joining;
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

/// Become a store of a chain, with the code that head office gave · 加入连锁
///
/// Makes a new folder with the store's own key and empty books. The code says which store it
/// becomes and works once. A folder made with `init` cannot join. If it breaks off, repeat it with
/// the same code and folder.
///
/// 用总部给的加入码创建新目录；`init` 创建的独立账簿不能加入。中断后可用同一加入码和目录重试。
#[derive(Debug, Args)]
pub(super) struct Join {
    /// The join code · 加入码
    #[arg(value_name = "CODE")]
    code: String,
    /// The hub's address: HOST or HOST:PORT · 总部地址
    #[arg(long, value_name = "ADDRESS")]
    hub: String,
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

impl Join {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let code: JoinCode = self.code.parse()?;
        let joining = Joining { code, hub: self.hub, zone: self.zone };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|source| NodeError::Runtime { source })?;
        let node = runtime.block_on(Node::join(scene.home.dir(), &joining))?;
        let made = Made {
            store: node.store().to_string(),
            chain: node.config().chain.to_string(),
            folder: scene.home.dir().display().to_string(),
        };
        scene.out.show(&made, |page| {
            let Made { store, chain, folder } = &made;
            page.say(words::StoreJoined { store, chain, folder });
            page.say(words::StoreJoinedNext);
        });
        Ok(Exit::Done)
    }
}
