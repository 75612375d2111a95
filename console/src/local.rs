//! How a command finds and talks to the daemon of the same folder: an address file, a token, and
//! JSON over HTTP on the loopback interface.
//!
//! The daemon [`publish`](LocalInfo::publish)es where it listens and with which token; the file
//! goes when it stops. A daemon that was killed leaves the file behind, so the file alone does
//! not say that one runs: whoever wants to know takes the folder's lock, and looks for the file
//! when the lock is held.

mod client;
mod guard;

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use client::Client;
pub use guard::{Failure, guarded};

use crate::tell::{Exit, Tell, Told};
use crate::words::{self, Lang};

/// The address file's name in the data folder.
pub const LOCAL_FILE: &str = "local.json";

/// Random bytes in a token: beyond guessing.
const TOKEN_BYTES: usize = 32;

/// The largest address file worth reading: it holds an address, a token and a number.
const MAX_LOCAL_FILE_LEN: u64 = 4_096;

/// The secret that a command shows the daemon. Whoever can read the data folder knows it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Token(String);

impl Token {
    /// A new token from the system's random numbers.
    pub fn random() -> Result<Self, LocalError> {
        let mut bytes = [0; TOKEN_BYTES];
        getrandom::fill(&mut bytes).map_err(LocalError::Random)?;
        Ok(Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// Whether this is the token, in a time that does not depend on how much of it is right.
    pub fn is(&self, offered: &str) -> bool {
        // Equality of blake3 hashes is constant-time, and hashing does not branch on content.
        blake3::hash(self.0.as_bytes()) == blake3::hash(offered.as_bytes())
    }

    /// The value of the `Authorization` header.
    fn header(&self) -> String {
        format!("Bearer {}", self.0)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

/// Where a daemon listens.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LocalInfo {
    /// Its loopback address.
    pub address: SocketAddr,
    /// What it wants to see.
    pub token: Token,
    /// Its process.
    pub pid: u32,
}

impl LocalInfo {
    /// This process, listening at `address`, with a new token.
    pub fn of_this_process(address: SocketAddr) -> Result<Self, LocalError> {
        Ok(Self { address, token: Token::random()?, pid: std::process::id() })
    }

    /// Reads the address file of a data folder. None, when there is no file.
    pub fn read(folder: &Path) -> Result<Option<Self>, LocalError> {
        let path = folder.join(LOCAL_FILE);
        let unusable = |source| LocalError::File { path: path.clone(), source };
        let file = match fs::File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unusable(error)),
        };
        let mut text = String::new();
        file.take(MAX_LOCAL_FILE_LEN).read_to_string(&mut text).map_err(unusable)?;
        let info: Self = serde_json::from_str(&text).map_err(|e| unusable(e.into()))?;
        if !info.address.ip().is_loopback() {
            // The token must not leave the machine, whatever the file says.
            return Err(unusable(io::Error::other("the address is not on this machine")));
        }
        Ok(Some(info))
    }

    /// Writes the address file, readable by its owner alone, in one step: a reader sees the old
    /// file or the new one, whole. It goes when the result is dropped.
    pub fn publish(&self, folder: &Path) -> Result<Published, LocalError> {
        let path = folder.join(LOCAL_FILE);
        let fresh = folder.join(format!("{LOCAL_FILE}.{}.new", self.pid));
        let write = || -> io::Result<()> {
            let text = serde_json::to_string(self)?;
            match fs::remove_file(&fresh) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            let mut file = owner_only().open(&fresh)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&fresh, &path)
        };
        write().map_err(|source| LocalError::File { path: path.clone(), source })?;
        Ok(Published { path, info: self.clone() })
    }
}

/// Creates a file that only its owner can read.
fn owner_only() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// An address file that stands while this is alive.
#[derive(Debug)]
pub struct Published {
    path: PathBuf,
    info: LocalInfo,
}

impl Published {
    /// What it says.
    pub fn info(&self) -> &LocalInfo {
        &self.info
    }
}

impl Drop for Published {
    fn drop(&mut self) {
        // A successor may have put its own file there; that one stays.
        let folder = self.path.parent().unwrap_or(Path::new(""));
        if let Ok(Some(now)) = LocalInfo::read(folder)
            && self.info.token.is(&now.token.0)
        {
            // What cannot be removed names a port where nobody answers: harmless.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// What went wrong between a command and the daemon.
#[derive(Debug, Error)]
pub enum LocalError {
    /// The address file cannot be read or written.
    #[error("the daemon's address file {} cannot be used", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Nobody answers.
    #[error("nothing answers at {address}, where the daemon should be")]
    Unreachable {
        /// Where.
        address: SocketAddr,
        /// Why.
        #[source]
        source: Box<ureq::Error>,
    },
    /// The connection broke after the request went out: it may have been carried out.
    #[error("the daemon at {address} broke off its answer")]
    Exchange {
        /// Where.
        address: SocketAddr,
        /// Why.
        #[source]
        source: Box<ureq::Error>,
    },
    /// The answer is not what this program expects.
    #[error("the daemon at {address} gave an answer that this program cannot read")]
    Answer {
        /// Where.
        address: SocketAddr,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// The token is not the daemon's.
    #[error("the daemon does not accept this token")]
    Token,
    /// The daemon understood, and refused or failed.
    #[error("{}", .0.message)]
    Told(Told),
    /// No token can be made.
    #[error("the system gives no random numbers")]
    Random(#[source] getrandom::Error),
}

impl Tell for LocalError {
    fn tell(&self, lang: Lang) -> Told {
        match self {
            Self::File { path, .. } => {
                Told::saying(lang.say(words::LocalFileUnusable { path: path.display() }))
            }
            Self::Unreachable { address, .. } => {
                Told::saying(lang.say(words::LocalUnreachable { address }))
                    .hint(lang.say(words::LocalUnreachableHint))
            }
            Self::Exchange { address, .. } => {
                Told::saying(lang.say(words::LocalExchangeFailed { address }))
                    .hint(lang.say(words::LocalExchangeHint))
            }
            Self::Answer { address, .. } => {
                Told::saying(lang.say(words::LocalAnswerUnreadable { address }))
                    .hint(lang.say(words::LocalAnswerHint))
            }
            Self::Token => Told::saying(lang.say(words::LocalRefusedToken))
                .hint(lang.say(words::LocalTokenHint)),
            Self::Told(told) => told.clone(),
            Self::Random(_) => Told::saying(lang.say(words::NoRandomness)),
        }
    }

    fn exit(&self) -> Exit {
        match self {
            Self::Told(told) => told.exit,
            _ => Exit::Failed,
        }
    }
}
