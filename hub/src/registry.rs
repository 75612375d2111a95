//! The stores of the chain and the codes with which they join: who may connect, decided without
//! looking at a clock or a disk.
//!
//! Every decision is a function of the registry and the time given to it. It yields an
//! [`Update`], the records as they are to be; the caller makes them durable and only then
//! [`absorb`](Registry::absorb)s them.

use std::collections::BTreeMap;
use std::time::Duration;

use ledger::id::StoreId;
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};
use sync_proto::quic::{CloseCode, KeyId, Peer, SecretDigest, Serial};
use thiserror::Error;

/// How long a join code lives unless told otherwise.
pub const DEFAULT_CODE_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// The longest a join code may live: it is read out over the phone on the day it is used.
pub const MAX_CODE_LIFE: Duration = DEFAULT_CODE_LIFE;

/// The most stores a registry holds: twice the largest chain, so that a script that runs away
/// stops before the hub does.
pub const MAX_STORES: usize = 10_000;

/// The longest name of a store, in bytes.
pub const MAX_STORE_NAME: usize = 200;

/// How long a spent or expired code is remembered, so that whoever tries it again is told why it
/// no longer works.
const CODE_MEMORY: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// A store as head office knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreRecord {
    /// Its id.
    pub store: StoreId,
    /// Its name, for people.
    pub name: Option<String>,
    /// When it was added.
    pub added: Timestamp,
    /// When it was shut out, if it was.
    pub revoked: Option<Timestamp>,
    /// The machine that stands for it, once one has joined.
    pub machine: Option<Machine>,
}

/// The machine that stands for a store: whoever holds this key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// The key that the certificate certifies.
    pub key: KeyId,
    /// The newest certificate's number.
    pub serial: Serial,
    /// When this machine joined.
    pub joined: Timestamp,
    /// Until when the newest certificate is in force.
    pub certificate_until: Timestamp,
}

/// Where a store stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Added; no machine has joined for it.
    Invited,
    /// A machine has joined and may connect.
    Active,
    /// Shut out.
    Revoked,
}

impl StoreRecord {
    /// Where the store stands.
    pub const fn standing(&self) -> Standing {
        match (self.revoked, &self.machine) {
            (Some(_), _) => Standing::Revoked,
            (None, Some(_)) => Standing::Active,
            (None, None) => Standing::Invited,
        }
    }
}

/// A join code as the hub keeps it: never the secret itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeRecord {
    /// The hash of its secret.
    pub digest: SecretDigest,
    /// The one store it is for.
    pub store: StoreId,
    /// After this it no longer works.
    pub expires: Timestamp,
    /// What became of it.
    pub state: CodeState,
}

/// What became of a join code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeState {
    /// Not used yet.
    Open,
    /// Used by the machine with this key. The same machine may repeat itself while the code lives:
    /// the answer to its first try may have been lost.
    Used(KeyId),
    /// A newer code for the same store took its place, or the store was revoked.
    Withdrawn,
}

/// Whether a code may be made for a store that is known already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invitation {
    /// The store is new.
    First,
    /// A new machine takes the place of the one before; the old one is shut out once the new one
    /// has joined.
    Again,
}

/// Records as they are to be after a decision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Update {
    /// Stores, whole.
    pub stores: Vec<StoreRecord>,
    /// Codes, whole.
    pub codes: Vec<CodeRecord>,
    /// Codes to forget.
    pub forgotten: Vec<SecretDigest>,
}

/// Why head office's wish cannot be carried out.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RegistryError {
    /// The store is there already.
    #[error("store {store} exists already")]
    Exists {
        /// Which.
        store: StoreId,
    },
    /// There is no such store.
    #[error("there is no store {store}")]
    Unknown {
        /// Which.
        store: StoreId,
    },
    /// The registry is full.
    #[error("the chain has {MAX_STORES} stores already, which is the most a hub keeps")]
    Full,
    /// The life asked for is nothing, or longer than [`MAX_CODE_LIFE`].
    #[error("a join code lives at least a minute and at most {} hours", MAX_CODE_LIFE.as_secs() / 3600)]
    CodeLife,
    /// The name is too long or cannot be printed.
    #[error("a store's name has at most {MAX_STORE_NAME} bytes and no control characters")]
    Name,
}

/// Every store and every code that is still remembered.
#[derive(Debug, Default)]
pub struct Registry {
    stores: BTreeMap<StoreId, StoreRecord>,
    codes: BTreeMap<SecretDigest, CodeRecord>,
}

impl Registry {
    /// Every store, by id.
    pub fn stores(&self) -> impl Iterator<Item = &StoreRecord> {
        self.stores.values()
    }

    /// One store.
    pub fn store(&self, store: &StoreId) -> Option<&StoreRecord> {
        self.stores.get(store)
    }

    /// When the open code of a store expires, if it has one that still works.
    pub fn open_code(&self, store: &StoreId, now: Timestamp) -> Option<Timestamp> {
        let works = |code: &&CodeRecord| {
            code.store == *store && code.state == CodeState::Open && now <= code.expires
        };
        self.codes.values().filter(works).map(|code| code.expires).max()
    }

    /// Decides to invite a store with a code of this digest. A store's earlier open codes stop
    /// working: only the newest one printed counts.
    pub fn invite(
        &self,
        invitation: Invitation,
        store: &StoreId,
        name: Option<&str>,
        code: SecretDigest,
        life: Duration,
        now: Timestamp,
    ) -> Result<Update, RegistryError> {
        if life < Duration::from_secs(60) || life > MAX_CODE_LIFE {
            return Err(RegistryError::CodeLife);
        }
        let name = name.map(store_name).transpose()?;
        let mut record = match (self.stores.get(store), invitation) {
            (Some(_), Invitation::First) => {
                return Err(RegistryError::Exists { store: store.clone() });
            }
            (None, Invitation::Again) => {
                return Err(RegistryError::Unknown { store: store.clone() });
            }
            (None, Invitation::First) if self.stores.len() >= MAX_STORES => {
                return Err(RegistryError::Full);
            }
            (None, Invitation::First) => {
                let store = store.clone();
                StoreRecord { store, name: None, added: now, revoked: None, machine: None }
            }
            (Some(record), Invitation::Again) => record.clone(),
        };
        record.name = name.or(record.name);
        let mut codes = self.withdrawn(store);
        codes.push(CodeRecord {
            digest: code,
            store: store.clone(),
            expires: later(now, life),
            state: CodeState::Open,
        });
        let long_gone = |code: &&CodeRecord| later(code.expires, CODE_MEMORY) < now;
        let forgotten = self.codes.values().filter(long_gone).map(|code| code.digest).collect();
        Ok(Update { stores: vec![record], codes, forgotten })
    }

    /// Which store a code enrols, for a machine with this key.
    pub fn redeem(
        &self,
        code: &SecretDigest,
        key: KeyId,
        now: Timestamp,
    ) -> Result<StoreId, CloseCode> {
        let record = self.codes.get(code).ok_or(CloseCode::CodeUnknown)?;
        let machine = self.stores.get(&record.store).and_then(|store| store.machine.as_ref());
        let still_stands = |key| machine.is_some_and(|machine| machine.key == key);
        match record.state {
            CodeState::Open => {}
            CodeState::Used(by) if by == key && still_stands(key) => {}
            CodeState::Used(_) => return Err(CloseCode::CodeUsed),
            CodeState::Withdrawn => return Err(CloseCode::CodeExpired),
        }
        if now > record.expires {
            return Err(CloseCode::CodeExpired);
        }
        Ok(record.store.clone())
    }

    /// Decides that a machine with this certificate stands for the store from now on, because it
    /// knew the code.
    pub fn joined(&self, code: &SecretDigest, peer: &Peer, now: Timestamp) -> Option<Update> {
        let code = self.codes.get(code)?;
        let record = self.stores.get(&code.store)?;
        let machine = Machine {
            key: peer.key,
            serial: peer.serial.clone(),
            joined: now,
            certificate_until: peer.not_after,
        };
        Some(Update {
            stores: vec![StoreRecord { revoked: None, machine: Some(machine), ..record.clone() }],
            codes: vec![CodeRecord { state: CodeState::Used(peer.key), ..code.clone() }],
            forgotten: Vec::new(),
        })
    }

    /// Decides that a store's machine has a newer certificate for the same key.
    pub fn renewed(&self, store: &StoreId, peer: &Peer) -> Option<Update> {
        let record = self.stores.get(store)?;
        let machine = record.machine.as_ref().filter(|machine| machine.key == peer.key)?;
        let machine = Machine {
            serial: peer.serial.clone(),
            certificate_until: peer.not_after,
            ..machine.clone()
        };
        let record = StoreRecord { machine: Some(machine), ..record.clone() };
        Some(Update { stores: vec![record], ..Update::default() })
    }

    /// Decides to shut a store out. Its facts stay.
    pub fn revoke(&self, store: &StoreId, now: Timestamp) -> Result<Update, RegistryError> {
        let record = self
            .stores
            .get(store)
            .ok_or_else(|| RegistryError::Unknown { store: store.clone() })?;
        let revoked = record.revoked.or(Some(now));
        let record = StoreRecord { revoked, machine: None, ..record.clone() };
        Ok(Update { stores: vec![record], codes: self.withdrawn(store), forgotten: Vec::new() })
    }

    /// Whether the holder of a certificate may connect as the store that it names. TLS has proved
    /// by now that the certificate is the chain's own and its holder has the key.
    pub fn admits(&self, store: &StoreId, key: KeyId) -> Result<(), CloseCode> {
        let record = self.stores.get(store).ok_or(CloseCode::UnknownStore)?;
        match (record.standing(), &record.machine) {
            (Standing::Active, Some(machine)) if machine.key == key => Ok(()),
            // A machine that was replaced holds a good certificate for a key that no longer counts.
            (Standing::Active | Standing::Revoked, _) => Err(CloseCode::Revoked),
            (Standing::Invited, _) => Err(CloseCode::UnknownStore),
        }
    }

    /// Takes in what has become durable.
    pub fn absorb(&mut self, update: Update) {
        for record in update.stores {
            self.stores.insert(record.store.clone(), record);
        }
        for code in update.codes {
            self.codes.insert(code.digest, code);
        }
        for digest in update.forgotten {
            self.codes.remove(&digest);
        }
    }

    /// The store's open codes, no longer open.
    fn withdrawn(&self, store: &StoreId) -> Vec<CodeRecord> {
        let open = |code: &&CodeRecord| code.store == *store && code.state == CodeState::Open;
        let withdraw =
            |code: &CodeRecord| CodeRecord { state: CodeState::Withdrawn, ..code.clone() };
        self.codes.values().filter(open).map(withdraw).collect()
    }
}

fn store_name(name: &str) -> Result<String, RegistryError> {
    let name = name.trim();
    if name.len() > MAX_STORE_NAME || name.chars().any(char::is_control) {
        return Err(RegistryError::Name);
    }
    Ok(name.to_owned())
}

fn later(at: Timestamp, by: Duration) -> Timestamp {
    let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(at.millis().saturating_add(by))
}
