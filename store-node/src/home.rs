//! The node's folder: what lies where, and its settings.
//!
//! ```text
//! config.toml   the store and its chain, which stay; zone, hub and hours, which people may edit
//! books.db      documents and read model; books.db.lock says which process has it open
//! identity/     the store's key and certificates, once it has joined
//! local.json    where a running daemon answers commands (gone when it stops)
//! ```

mod returns;
mod till;

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use ledger::alert::Patience;
use ledger::amount::Money;
use ledger::id::StoreId;
use ledger::scan::Patterns;
use serde::{Deserialize, Serialize};
use sync_proto::ChainId;

use crate::clock::{TimeOfDay, Zone};
use crate::error::NodeError;
use crate::retain::KeptDays;
use crate::text;

pub use returns::{NoReceipt, ReturnRules};
pub use till::{RoleRules, Rounding, TillRules, WholesaleTax};

/// The port of a hub whose address names none.
pub const HUB_PORT: u16 = 4720;

/// What of the folder is backed up beside the books.
pub(crate) const BACKED_UP: [&str; 2] = ["config.toml", "identity"];

/// The chain of books that belong to no hub.
const STANDALONE: &str = "standalone";

/// The largest settings file worth reading.
const MAX_CONFIG_LEN: u64 = 64 << 10;

/// A node's folder.
#[derive(Debug, Clone)]
pub struct Home {
    dir: PathBuf,
}

/// A node's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The store. Never changes: it stands in every fact.
    #[serde(with = "text")]
    pub store: StoreId,
    /// The chain that it belongs to. Never changes.
    #[serde(with = "text")]
    pub chain: ChainId,
    /// The shop's time zone, e.g. `Asia/Shanghai`; none for the machine's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The hub's address, e.g. `hub.example.com:4720`; none while the books stand alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hub: Option<String>,
    /// When the business day ends, e.g. `03:00` for a bar: what is sold before it belongs to the day
    /// before. Midnight if left out.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub cutoff: Option<TimeOfDay>,
    /// When the daemon closes the days that are over, e.g. `02:00`. Never if left out: a store whose
    /// history is still being imported must not find its days closed.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub close_at: Option<TimeOfDay>,
    /// The forms of the labels that the shop's scales print, e.g. `21IIIIIWWWWWC 22IIIIIPPPPPC`: see
    /// [`ledger::scan::Pattern`]. The usual ones if left out.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub scale_labels: Option<Patterns>,
    /// The store may agree to its own purchase orders up to this value without head office, whose matter this
    /// setting is. To none if left out; books that belong to no hub are their own head office.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub approve_purchases_up_to: Option<Money>,
    /// Whole books are kept for so many days; older closed days that the hub has acknowledged are dropped.
    /// Everything is kept if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retain_days: Option<KeptDays>,
    /// When goods move slowly, are dead or expire soon, where it is not as usual.
    #[serde(default, skip_serializing_if = "AlertDays::is_usual")]
    pub alerts: AlertDays,
    /// Rules of stocktakes.
    #[serde(default, skip_serializing_if = "CountRules::is_usual")]
    pub count: CountRules,
    /// Rules of the till.
    #[serde(default, skip_serializing_if = "TillRules::is_usual")]
    pub till: TillRules,
    /// Rules of returns.
    #[serde(default, skip_serializing_if = "ReturnRules::is_usual")]
    pub returns: ReturnRules,
}

/// Rules of stocktakes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountRules {
    /// Differences that cost more than this are approved by a second person. None: whoever counts may book.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub approve_above: Option<Money>,
}

impl CountRules {
    fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// After how many days alerts are raised. Those left out are as usual: see [`ledger::alert`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertDays {
    /// Days without a sale after which goods on hand move slowly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slow: Option<u16>,
    /// Days without a sale after which they are dead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dead: Option<u16>,
    /// Days before its date from which on a lot expires soon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiring: Option<u16>,
}

impl AlertDays {
    /// The days that hold.
    pub fn patience(self) -> Patience {
        let usual = Patience::default();
        Patience {
            slow_days: self.slow.unwrap_or(usual.slow_days),
            dead_days: self.dead.unwrap_or(usual.dead_days),
            expiring_days: self.expiring.unwrap_or(usual.expiring_days),
        }
    }

    fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

impl Config {
    /// Books of a store that belongs to no hub.
    pub fn standalone(store: StoreId) -> Self {
        let chain = ChainId::new(STANDALONE).expect("the constant is plain letters");
        Self {
            store,
            chain,
            zone: None,
            hub: None,
            cutoff: None,
            close_at: None,
            scale_labels: None,
            approve_purchases_up_to: None,
            retain_days: None,
            alerts: AlertDays::default(),
            count: CountRules::default(),
            till: TillRules::default(),
            returns: ReturnRules::default(),
        }
    }

    /// When the business day ends.
    pub fn cutoff(&self) -> TimeOfDay {
        self.cutoff.unwrap_or(TimeOfDay::MIDNIGHT)
    }

    /// The shop's zone.
    pub fn zone(&self) -> Result<Zone, NodeError> {
        self.zone.as_deref().map_or_else(|| Ok(Zone::system()), Zone::named)
    }
}

impl Home {
    /// The node's folder at this path, whether it is there or not.
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

    /// The settings.
    pub fn config(&self) -> PathBuf {
        self.dir.join("config.toml")
    }

    /// Makes the folder of a new node, readable by its owner alone, or takes one that holds no
    /// node yet.
    pub fn create(&self) -> Result<(), NodeError> {
        if self.config().exists() {
            return Err(NodeError::NodeExists { dir: self.dir.clone() });
        }
        let failed = |source| NodeError::File { what: "make", path: self.dir.clone(), source };
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.dir).map_err(failed)?;
        // What an interrupted `join` left may stay: the same key makes its code work again.
        let ours = |entry: &fs::DirEntry| self.identity().file_name() == Some(&entry.file_name());
        for entry in fs::read_dir(&self.dir).map_err(failed)? {
            if !ours(&entry.map_err(failed)?) {
                return Err(NodeError::NotEmpty { dir: self.dir.clone() });
            }
        }
        Ok(())
    }

    /// The settings.
    pub fn read_config(&self) -> Result<Config, NodeError> {
        let path = self.config();
        let read = || -> io::Result<String> {
            let mut text = String::new();
            fs::File::open(&path)?.take(MAX_CONFIG_LEN).read_to_string(&mut text)?;
            Ok(text)
        };
        let text = read().map_err(|source| {
            if source.kind() == io::ErrorKind::NotFound {
                NodeError::NoNode { dir: self.dir.clone() }
            } else {
                NodeError::File { what: "read", path: path.clone(), source }
            }
        })?;
        toml::from_str(&text).map_err(|source| NodeError::Config { path, source: source.into() })
    }

    /// Writes the settings, in one step. For a new node it is the last step: a folder without
    /// settings is not a node.
    pub fn write_config(&self, config: &Config) -> Result<(), NodeError> {
        let path = self.config();
        let fresh = path.with_extension("new");
        let text = toml::to_string(config)
            .map_err(|source| NodeError::Config { path: path.clone(), source: source.into() })?;
        let write = || -> io::Result<()> {
            let mut file = fs::File::create(&fresh)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&fresh, &path)?;
            #[cfg(unix)]
            fs::File::open(&self.dir)?.sync_all()?;
            Ok(())
        };
        write().map_err(|source| NodeError::File { what: "write", path: path.clone(), source })
    }
}
