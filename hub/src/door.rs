//! One way to ask a hub for something, whether it runs or not.
//!
//! Everything that the command line can ask for is an [`Ask`]: a request that says what it is
//! answered with and how. A [`Door`] takes any ask: [`Hub`] answers it from the books it has open,
//! [`RemoteDoor`] passes it to the hub that is running in another process, which answers it the
//! same way. So a command does not know which of the two it talks to, and both give the same
//! answers.

use console::Lang;
use console::local::{Answering, Client, open_or_find};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{HubError, Result};
use crate::home::Home;
use crate::hub::Hub;

/// Something that can be asked of a hub.
pub trait Ask: Serialize + DeserializeOwned + Send + 'static {
    /// Where the local API takes it.
    const PATH: &'static str;

    /// What it is answered with.
    type Answer: Serialize + DeserializeOwned + Send + 'static;

    /// Answers it. May block.
    fn answer(self, hub: &Hub) -> Result<Self::Answer>;
}

/// Whoever answers.
pub trait Door {
    /// Asks, and waits for the answer.
    fn ask<A: Ask>(&self, ask: A) -> Result<A::Answer>;
}

impl Door for Hub {
    fn ask<A: Ask>(&self, ask: A) -> Result<A::Answer> {
        ask.answer(self)
    }
}

/// The way to a hub that runs in another process.
#[derive(Debug, Clone)]
pub struct RemoteDoor(Client);

impl RemoteDoor {
    /// Through this client.
    pub const fn through(client: Client) -> Self {
        Self(client)
    }
}

impl Door for RemoteDoor {
    fn ask<A: Ask>(&self, ask: A) -> Result<A::Answer> {
        Ok(self.0.post(A::PATH, &ask)?)
    }
}

/// The door that is open: there is always exactly one, because only one process can have the books.
pub enum AnyDoor {
    /// No hub runs: we have the books.
    Direct(Box<Hub>),
    /// A hub runs.
    Remote(RemoteDoor),
}

impl AnyDoor {
    /// Opens the books of a folder, or finds the hub that has them open.
    pub fn open(home: &Home, lang: Lang) -> Result<Self> {
        let open = || Hub::open(home);
        Ok(match open_or_find(home.dir(), lang, open, HubError::is_in_use)? {
            Answering::Here(hub) => Self::Direct(Box::new(hub)),
            Answering::Daemon(client) => Self::Remote(RemoteDoor::through(client)),
        })
    }
}

impl Door for AnyDoor {
    fn ask<A: Ask>(&self, ask: A) -> Result<A::Answer> {
        match self {
            Self::Direct(hub) => hub.as_ref().ask(ask),
            Self::Remote(remote) => remote.ask(ask),
        }
    }
}
