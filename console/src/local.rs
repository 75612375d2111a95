//! How a command finds and talks to the daemon of the same folder: an address file, a token, and
//! JSON over HTTP on the loopback interface.
//!
//! The daemon [`publish`](LocalInfo::publish)es where it listens and with which token; the file
//! goes when it stops. A daemon that was killed leaves the file behind, so the file alone does
//! not say that one runs: whoever wants to know takes the folder's lock, and looks for the file
//! when the lock is held.

mod client;
mod guard;
mod search;

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use client::Client;
pub use guard::{Failure, guarded};
pub use search::{Answering, open_or_find};

use crate::tell::{Exit, Tell, Told};
use crate::words::{self, Lang};

/// The address file's name in the data folder.
pub const LOCAL_FILE: &str = "local.json";

/// Where a daemon says that it is there.
const PING: &str = "/v1/ping";

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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use axum::extract::Query;
    use axum::routing::{get, post};
    use axum::{Json, Router};

    use super::*;

    #[derive(Debug, Error)]
    #[error("no such SKU")]
    struct NoSuchSku;

    impl Tell for NoSuchSku {
        fn tell(&self, lang: Lang) -> Told {
            match lang {
                Lang::En => Told::saying("no such SKU").hint("look at `catalog list`"),
                Lang::Zh => Told::saying("没有该商品"),
            }
        }

        fn exit(&self) -> Exit {
            Exit::Usage
        }
    }

    /// A daemon that lives as long as the result.
    fn daemon(folder: &Path) -> (tokio::runtime::Runtime, Published) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind(("127.0.0.1", 0))).unwrap();
        let info = LocalInfo::of_this_process(listener.local_addr().unwrap()).unwrap();
        let routes = Router::new()
            .route("/echo", get(|Query(q): Query<BTreeMap<String, String>>| async { Json(q) }))
            .route("/double", post(|Json(n): Json<u64>| async move { Json(2 * n) }))
            .route("/sell", post(|lang: Lang| async move { Failure::of(lang, &NoSuchSku) }));
        let routes = guarded(routes, &info.token);
        runtime.spawn(async { axum::serve(listener, routes).await });
        (runtime, info.publish(folder).unwrap())
    }

    #[test]
    fn a_command_reaches_the_daemon_and_gets_its_errors_in_its_own_language() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Client::find(folder.path(), Lang::Zh).unwrap().is_none());
        let (runtime, published) = daemon(folder.path());
        let client = Client::find(folder.path(), Lang::Zh).unwrap().unwrap();

        let query = [("sku", "可乐 & 330ml"), ("page", "2")];
        let echoed: BTreeMap<String, String> = client.get("/echo", &query).unwrap();
        assert_eq!(echoed["sku"], "可乐 & 330ml");
        assert_eq!(client.post::<u64>("/double", &21).unwrap(), 42);

        let error = client.post::<u64>("/sell", &()).unwrap_err();
        let told = Told::of(Lang::Zh, &error);
        assert_eq!((told.message.as_str(), told.exit), ("没有该商品", Exit::Usage));
        let error = client.post::<String>("/double", &21).unwrap_err();
        assert!(matches!(error, LocalError::Answer { .. }), "{error:?}");

        drop(runtime);
        let error = client.post::<u64>("/double", &21).unwrap_err();
        assert!(matches!(error, LocalError::Unreachable { .. }), "{error:?}");
        drop(published);
        assert!(LocalInfo::read(folder.path()).unwrap().is_none());
    }

    #[test]
    fn nobody_gets_in_without_the_token() {
        let folder = tempfile::tempdir().unwrap();
        let (_runtime, published) = daemon(folder.path());
        let stranger = LocalInfo { token: Token::random().unwrap(), ..published.info().clone() };
        let error = Client::new(stranger, Lang::En).post::<u64>("/double", &21).unwrap_err();
        assert!(matches!(error, LocalError::Token), "{error:?}");
        for almost in ["", &published.info().token.0[1..]] {
            assert!(!published.info().token.is(almost));
        }
    }

    #[test]
    fn the_address_file_is_private_whole_and_on_this_machine() {
        let folder = tempfile::tempdir().unwrap();
        let here: SocketAddr = "127.0.0.1:4000".parse().unwrap();
        let first = LocalInfo::of_this_process(here).unwrap().publish(folder.path()).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let metadata = fs::metadata(folder.path().join(LOCAL_FILE)).unwrap();
            assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
        }
        let second = LocalInfo::of_this_process(here).unwrap().publish(folder.path()).unwrap();
        drop(first);
        assert!(LocalInfo::read(folder.path()).unwrap().is_some(), "the successor's file stays");
        drop(second);

        let away = LocalInfo::of_this_process("192.0.2.1:4000".parse().unwrap()).unwrap();
        let published = away.publish(folder.path()).unwrap();
        assert!(LocalInfo::read(folder.path()).is_err());
        fs::write(folder.path().join(LOCAL_FILE), "{\"address\":").unwrap();
        let error = LocalInfo::read(folder.path()).unwrap_err();
        let lines = Told::of(Lang::En, &error).lines(Lang::En);
        assert!(lines[0].contains(LOCAL_FILE) && lines.len() == 2, "{lines:?}");
        drop(published);
    }
}
