//! Becoming a store of a chain.

use std::path::Path;
use std::sync::Arc;

use sync_proto::quic::{CloseCode, DialError, Dialer, JoinCode};

use tracing::warn;

use crate::clock::{SystemClock, Zone};
use crate::error::{NodeError, Result};
use crate::home::{Config, Home};
use crate::node::Node;
use crate::sync::{meet_first, resolve, whole};

/// How to join.
#[derive(Debug, Clone)]
pub struct Joining {
    /// What head office gave the shop.
    pub code: JoinCode,
    /// The hub's address: a host, or a host and a port.
    pub hub: String,
    /// The shop's time zone; none for the machine's.
    pub zone: Option<String>,
}

impl Node {
    /// Enrols a new folder with the hub and opens its empty books. The key is made here and never
    /// leaves; the code says which store it becomes.
    ///
    /// It meets the hub once before anything is sold: it is told what a former machine of the store has
    /// booked comes to, and goes on in an epoch of its own; the facts follow while it sells. Where that
    /// meeting fails, the first one later does the same.
    ///
    /// An attempt that broke off may be repeated with the same code and folder.
    pub async fn join(dir: impl AsRef<Path>, joining: &Joining) -> Result<Self> {
        joining.zone.as_deref().map(Zone::named).transpose()?;
        let home = Home::at(dir.as_ref());
        home.create()?;
        let clock = Arc::new(SystemClock);
        let dialer = Dialer::bind(clock.clone())?;
        let enrolled = enrol(&home, &dialer, joining).await;
        let node = enrolled.and_then(|config| Self::found(home, &config, clock));
        if let Ok(node) = &node
            && let Err(error) = meet_first(node, &dialer).await
        {
            warn!(error = %whole(&error), "joined, but the first meeting with the hub failed");
        }
        dialer.close(CloseCode::Done).await;
        node
    }
}

async fn enrol(home: &Home, dialer: &Dialer, joining: &Joining) -> Result<Config> {
    let mut last = None;
    for address in resolve(&joining.hub).await? {
        match dialer.join(address, &joining.code, &home.identity()).await {
            Ok(identity) => {
                let name = identity.me().name.clone();
                let store = name.writer.store().cloned().ok_or(DialError::NotOurs)?;
                let (hub, zone) = (Some(joining.hub.clone()), joining.zone.clone());
                let chain = name.chain;
                return Ok(Config { chain, zone, hub, ..Config::standalone(store) });
            }
            // A hub that answered has the last word; elsewhere another one may be the right one.
            Err(error @ DialError::Refused { .. }) => return Err(error.into()),
            Err(error) => last = Some(error),
        }
    }
    Err(NodeError::from(last.unwrap_or(DialError::NotOurs)))
}
