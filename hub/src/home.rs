//! The hub's folder: what lies where, and its settings.
//!
//! ```text
//! config.toml   the chain and where to listen; people may edit the latter
//! books.db      documents, read model, enrolled stores and join codes
//! identity/     the authority's key and certificate, the hub's own
//! checks/       reports of the consistency checks, one file each
//! checked/      what the checks have looked at; can be done without
//! local.json    where a running hub answers commands (gone when it stops)
//! ```

use std::fs;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use ledger::check::Limits;
use serde::{Deserialize, Serialize};
use sync_proto::ChainId;

use crate::error::HubError;
use crate::text;

/// Where a hub listens unless told otherwise: any address, the port of the protocol.
pub const DEFAULT_LISTEN: &str = "0.0.0.0:4720";

/// What of the folder is backed up beside the books.
pub(crate) const BACKED_UP: [&str; 5] =
    ["config.toml", "identity", "checks", crate::finance::MAPPING, "finance"];

/// The largest settings file worth reading.
const MAX_CONFIG_LEN: u64 = 64 << 10;

/// A hub's folder.
#[derive(Debug, Clone)]
pub struct Home {
    dir: PathBuf,
}

/// A hub's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The chain. Never changes: it stands in every certificate and every change.
    #[serde(with = "text")]
    pub chain: ChainId,
    /// What people call the chain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where `run` listens for stores.
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// The address that stores are told to join, as a shop reaches it: `hub.example.com:4720`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public: Option<String>,
    /// What the consistency checks go by.
    #[serde(default, skip_serializing_if = "CheckConfig::is_usual")]
    pub checks: CheckConfig,
}

/// Bounds of the consistency checks, where the chain has its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckConfig {
    /// Days that goods may be on the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_transit_days: Option<u32>,
    /// Days that a store may not be heard from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silent_days: Option<u32>,
    /// Minutes that a clock may be off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_minutes: Option<u32>,
    /// Days that a store may sell at a price that was replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_days: Option<u32>,
    /// Basis points of an order's line that may come beyond it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over_receipt_points: Option<u32>,
    /// Days that a shift may be open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift_days: Option<u32>,
    /// Units of the currency by which what was counted at a till may be off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift_difference: Option<u32>,
    /// The zone of daily schedules, as `Asia/Shanghai`; none: the machine's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
}

impl CheckConfig {
    fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// The bounds in force.
    pub fn limits(&self) -> Limits {
        let usual = Limits::default();
        Limits {
            in_transit_days: self.in_transit_days.unwrap_or(usual.in_transit_days),
            silent_days: self.silent_days.unwrap_or(usual.silent_days),
            clock_minutes: self.clock_minutes.unwrap_or(usual.clock_minutes),
            price_days: self.price_days.unwrap_or(usual.price_days),
            over_receipt_points: self.over_receipt_points.unwrap_or(usual.over_receipt_points),
            shift_days: self.shift_days.unwrap_or(usual.shift_days),
            shift_difference: self.shift_difference.unwrap_or(usual.shift_difference),
        }
    }
}

impl Config {
    /// The chain's name for people: its own, or its id.
    pub fn title(&self) -> &str {
        self.name.as_deref().unwrap_or(self.chain.as_str())
    }
}

/// Where a hub listens when its settings do not say.
pub fn default_listen() -> SocketAddr {
    DEFAULT_LISTEN.parse().expect("the constant is an address")
}

impl Home {
    /// The hub's folder at this path, whether it is there or not.
    pub fn at(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The database.
    pub fn books(&self) -> PathBuf {
        self.dir.join("books.db")
    }

    /// Keys and certificates.
    pub fn identity(&self) -> PathBuf {
        self.dir.join("identity")
    }

    /// What the consistency checks have looked at.
    pub(crate) fn checked(&self) -> PathBuf {
        self.dir.join("checked")
    }

    /// Reports of the consistency checks.
    pub fn checks(&self) -> PathBuf {
        self.dir.join("checks")
    }

    /// Vouchers of periods that are closed for finance.
    pub(crate) fn finance(&self) -> PathBuf {
        self.dir.join("finance")
    }

    fn config(&self) -> PathBuf {
        self.dir.join("config.toml")
    }

    /// Whether a hub was made here.
    pub fn exists(&self) -> bool {
        self.config().exists()
    }

    /// Makes the folder, readable by its owner alone.
    pub fn create(&self) -> Result<(), HubError> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.dir).map_err(|source| HubError::File {
            what: "make",
            path: self.dir.clone(),
            source,
        })
    }

    /// The settings.
    pub fn read_config(&self) -> Result<Config, HubError> {
        let path = self.config();
        let text = read_small(&path).map_err(|source| {
            if source.kind() == io::ErrorKind::NotFound {
                HubError::NoHub { dir: self.dir.clone() }
            } else {
                HubError::File { what: "read", path: path.clone(), source }
            }
        })?;
        toml::from_str(&text).map_err(|source| HubError::Config { path, source: source.into() })
    }

    /// Writes the settings of a new hub. This is the last step of making one: a folder without
    /// settings is not a hub.
    pub fn write_config(&self, config: &Config) -> Result<(), HubError> {
        let path = self.config();
        let fresh = path.with_extension("new");
        let text = toml::to_string(config)
            .map_err(|source| HubError::Config { path: path.clone(), source: Box::new(source) })?;
        let write = || -> io::Result<()> {
            let mut file = fs::File::create(&fresh)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&fresh, &path)?;
            #[cfg(unix)]
            fs::File::open(&self.dir)?.sync_all()?;
            Ok(())
        };
        write().map_err(|source| HubError::File { what: "write", path: path.clone(), source })
    }
}

fn read_small(path: &Path) -> io::Result<String> {
    use std::io::Read as _;
    let mut text = String::new();
    fs::File::open(path)?.take(MAX_CONFIG_LEN).read_to_string(&mut text)?;
    Ok(text)
}
