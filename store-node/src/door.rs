//! One way to ask a node for something, whether its daemon runs or not.
//!
//! Everything that the command line can ask for is an [`Ask`]: a request that says what it is
//! answered with and how. A [`Door`] takes any ask: [`Node`] answers it from the books that it has
//! open, [`RemoteDoor`] passes it to the daemon that runs in another process, which answers it the
//! same way. So a command does not know which of the two it talks to, and both give the same
//! answers.

use std::thread;
use std::time::{Duration, Instant};

use console::Lang;
use console::local::{Client, LocalError};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::ask::Ping;
use crate::error::{NodeError, Result};
use crate::home::Home;
use crate::node::Node;

/// A daemon that has just been started takes a moment until it answers commands, and a command
/// that has the books open is done within a moment.
const PATIENCE: Duration = Duration::from_secs(3);

/// How often to look again meanwhile.
const POLL: Duration = Duration::from_millis(50);

/// Something that can be asked of a node.
pub trait Ask: Serialize + DeserializeOwned + Send + 'static {
    /// Where the local API takes it.
    const PATH: &'static str;

    /// What it is answered with.
    type Answer: Serialize + DeserializeOwned + Send + 'static;

    /// Answers it. May block.
    fn answer(self, node: &Node) -> Result<Self::Answer>;
}

/// Whoever answers.
pub trait Door {
    /// Asks, and waits for the answer.
    fn ask<A: Ask>(&self, ask: A) -> Result<A::Answer>;
}

impl Door for Node {
    fn ask<A: Ask>(&self, ask: A) -> Result<A::Answer> {
        ask.answer(self)
    }
}

/// The way to a daemon that runs in another process.
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
    /// No daemon runs: we have the books.
    Direct(Box<Node>),
    /// A daemon runs.
    Remote(RemoteDoor),
}

impl AnyDoor {
    /// Opens the books of a folder, or finds the daemon that has them open.
    pub fn open(home: &Home, lang: Lang) -> Result<Self> {
        let until = Instant::now() + PATIENCE;
        loop {
            match Node::open(home.dir()) {
                Ok(node) => return Ok(Self::Direct(Box::new(node))),
                Err(error) if error.is_in_use() => {
                    // The lock says that somebody has the books; the file, where to ask. Another
                    // command has no file, and a daemon that was killed left one where nobody
                    // answers.
                    if let Some(client) = Client::find(home.dir(), lang)? {
                        let door = RemoteDoor::through(client);
                        match door.ask(Ping {}) {
                            Ok(_) => return Ok(Self::Remote(door)),
                            Err(NodeError::Local(
                                LocalError::Unreachable { .. } | LocalError::Token,
                            )) => {}
                            Err(error) => return Err(error),
                        }
                    }
                    if Instant::now() >= until {
                        return Err(error);
                    }
                    thread::sleep(POLL);
                }
                Err(error) => return Err(error),
            }
        }
    }
}

impl Door for AnyDoor {
    fn ask<A: Ask>(&self, ask: A) -> Result<A::Answer> {
        match self {
            Self::Direct(node) => node.as_ref().ask(ask),
            Self::Remote(remote) => remote.ask(ask),
        }
    }
}
