//! One way to ask a hub for something, whether it runs or not.
//!
//! Everything that the command line can ask for is an [`Ask`]: a request that says what it is
//! answered with and how. A [`Door`] takes any ask: [`Hub`] answers it from the books it has open,
//! [`RemoteDoor`] passes it to the hub that is running in another process, which answers it the
//! same way. So a command does not know which of the two it talks to, and both give the same
//! answers.

use std::thread;
use std::time::{Duration, Instant};

use books::OpenError;
use console::Lang;
use console::local::Client;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{HubError, Result};
use crate::home::Home;
use crate::hub::Hub;

/// A hub that has just been started takes a moment until it answers commands.
const START_PATIENCE: Duration = Duration::from_secs(3);

/// How often to look again meanwhile.
const START_POLL: Duration = Duration::from_millis(50);

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
        let patience = Instant::now() + START_PATIENCE;
        loop {
            match Hub::open(home) {
                Ok(hub) => return Ok(Self::Direct(Box::new(hub))),
                Err(error) if is_in_use(&error) => {
                    // The lock says that somebody has the books; the file, where to ask.
                    if let Some(client) = Client::find(home.dir(), lang)? {
                        return Ok(Self::Remote(RemoteDoor::through(client)));
                    }
                    if Instant::now() >= patience {
                        return Err(error);
                    }
                    thread::sleep(START_POLL);
                }
                Err(error) => return Err(error),
            }
        }
    }
}

fn is_in_use(error: &HubError) -> bool {
    matches!(error, HubError::Open { source, .. } if matches!(**source, OpenError::InUse { .. }))
}

impl Door for AnyDoor {
    fn ask<A: Ask>(&self, ask: A) -> Result<A::Answer> {
        match self {
            Self::Direct(hub) => hub.as_ref().ask(ask),
            Self::Remote(remote) => remote.ask(ask),
        }
    }
}
