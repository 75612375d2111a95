//! A chain on one machine: a hub and its stores, as real as they come. Files on disk, join codes,
//! certificates, QUIC on loopback; only the distances are missing.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use hub::RunningHub;
use hub::ask::stores::{Invite, InviteKind};
use hub::door::Door as _;
use hub::{Hub, HubError, Setup};
use ledger::catalog::Product;
use ledger::id::StoreId;
use store_node::Joining;
use store_node::sync::SyncTask;
use store_node::{Node, NodeError};
use sync_proto::catalog::Edits;
use sync_proto::quic::{DialError, Dialer, JoinCodeError, SystemClock};
use thiserror::Error;

/// How long a join code of the stage works.
const CODE_LIFE_MINUTES: u64 = 60;

/// How often a waiting stage looks again.
const LOOK_AGAIN: Duration = Duration::from_millis(2);

/// Why the stage could not be set, or fell apart.
#[derive(Debug, Error)]
pub enum StageError {
    /// The hub failed.
    #[error("the hub failed")]
    Hub(#[from] HubError),
    /// A store failed.
    #[error("a store failed")]
    Node(#[from] NodeError),
    /// The books failed.
    #[error("the books failed")]
    Books(#[from] books::BooksError),
    /// The stores have no socket.
    #[error("the stores cannot dial")]
    Dial(#[from] DialError),
    /// The hub's join code is none.
    #[error("the join code cannot be read")]
    Code(#[from] JoinCodeError),
}

/// The hub and its stores.
pub struct Stage {
    /// Head office.
    pub hub: Hub,
    running: RunningHub,
    dir: PathBuf,
    /// The stores, in the order in which they joined.
    pub shops: Vec<Shop>,
}

/// A store on the stage.
pub struct Shop {
    /// Its node.
    pub node: Node,
    /// What people call it.
    pub name: String,
    link: Option<SyncTask>,
}

impl Stage {
    /// Sets up a hub in a folder and lets it listen on loopback.
    pub async fn open(dir: &Path, name: &str) -> Result<Self, StageError> {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let setup = Setup { name: Some(name.to_owned()), listen: Some(any), public: None };
        let hub = Hub::init(&hub::Home::at(dir.join("hub")), setup)?;
        let running = hub.start(any).await?;
        Ok(Self { hub, running, dir: dir.to_owned(), shops: Vec::new() })
    }

    /// Puts products into the catalog.
    pub fn stock_catalog(&self, products: &[Product]) -> Result<(), StageError> {
        let edits: Edits = products.iter().map(|p| (p.sku.clone(), p.fields())).collect();
        self.hub.edit_catalog(edits)?;
        Ok(())
    }

    /// Invites a store and lets it join with the code, in a folder of its own.
    pub async fn enrol(&mut self, store: StoreId, name: String) -> Result<(), StageError> {
        let (kind, life_minutes) = (InviteKind::First, CODE_LIFE_MINUTES);
        let invite = Invite { store: store.clone(), name: Some(name.clone()), kind, life_minutes };
        let code = self.hub.ask(invite)?.code.parse()?;
        let hub = self.running.address().to_string();
        let joining = Joining { code, hub, zone: Some("Asia/Shanghai".to_owned()) };
        let node = Node::join(self.dir.join(store.as_str()), &joining).await?;
        self.shops.push(Shop { node, name, link: None });
        Ok(())
    }

    /// Lets a store find its hub.
    pub fn connect(&mut self, shop: usize) -> Result<(), StageError> {
        let shop = &mut self.shops[shop];
        if shop.link.is_none() {
            let dialer = Dialer::bind(Arc::new(SystemClock))?;
            shop.link = Some(shop.node.start_sync(dialer)?);
        }
        Ok(())
    }

    /// Cuts a store's network.
    pub async fn cut(&mut self, shop: usize) {
        if let Some(link) = self.shops[shop].link.take() {
            link.stop().await;
        }
    }

    /// Waits until the hub holds every fact of a store.
    pub async fn caught_up(&self, shop: usize) -> Result<(), StageError> {
        loop {
            if self.lag(shop)? == 0 {
                return Ok(());
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// How many facts of a store the hub does not hold yet.
    pub fn lag(&self, shop: usize) -> Result<u64, StageError> {
        let node = &self.shops[shop].node;
        let facts = |books: &books::Books| -> Result<u64, StageError> {
            Ok(books.reader()?.store(node.store())?.map_or(0, |status| status.facts))
        };
        Ok(facts(node.books())?.saturating_sub(facts(self.hub.books())?))
    }

    /// Ends everything in good order.
    pub async fn close(mut self) -> Result<(), StageError> {
        for shop in 0..self.shops.len() {
            self.cut(shop).await;
        }
        self.running.stop().await?;
        Ok(())
    }
}

impl Shop {
    /// Bytes of UDP payload that it sent in its present connection, or its last one.
    pub fn bytes_sent(&self) -> u64 {
        self.node.traffic().map_or(0, |traffic| traffic.udp_sent)
    }

    /// Whether it is connected, as far as it tries to be.
    pub const fn is_online(&self) -> bool {
        self.link.is_some()
    }
}
