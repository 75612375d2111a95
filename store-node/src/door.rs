//! One way to ask a node for something, whether its daemon runs or not.
//!
//! Everything that the command line can ask for is an [`Ask`]: a request that says what it is
//! answered with and how. A [`Door`] takes any ask: [`Node`] answers it from the books that it has
//! open, [`RemoteDoor`] passes it to the daemon that runs in another process, which answers it the
//! same way. So a command does not know which of the two it talks to, and both give the same
//! answers.

use console::Lang;
use console::local::{Answering, Client, open_or_find};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{NodeError, Result};
use crate::home::Home;
use crate::node::Node;

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
        let open = || Node::open(home.dir());
        Ok(match open_or_find(home.dir(), lang, open, NodeError::is_in_use)? {
            Answering::Here(node) => Self::Direct(Box::new(node)),
            Answering::Daemon(client) => Self::Remote(RemoteDoor::through(client)),
        })
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
