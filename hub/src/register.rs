//! The registry where it is durable: as notes in the books, one for each store and code.

use std::error::Error;
use std::sync::{Mutex, PoisonError, RwLock};

use books::Books;
use ledger::id::StoreId;
use ledger::time::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sync_proto::quic::{KeyId, SecretDigest, Serial};

use crate::error::{HubError, Result};
use crate::registry::{CodeRecord, CodeState, Machine, Registry, StoreRecord, Update};
use crate::text;

/// What stands before a store's id in the key of its note.
const STORE_PREFIX: &str = "store/";

/// What stands before a code's hash in the key of its note.
const CODE_PREFIX: &str = "code/";

/// The registry of a hub that is open.
///
/// Whoever asks reads from memory and never waits for the disk. Decisions are made one at a time,
/// and count only once they are durable.
pub struct Register {
    books: Books,
    registry: RwLock<Registry>,
    deciding: Mutex<()>,
}

impl Register {
    /// Reads the registry from the books.
    pub fn open(books: Books) -> Result<Self> {
        let mut update = Update::default();
        let reader = books.reader()?;
        for (key, text) in reader.notes(STORE_PREFIX)? {
            let row: StoreNote = parse(&key, &text)?;
            update.stores.push(row.record().map_err(|source| damaged(&key, source))?);
        }
        for (key, text) in reader.notes(CODE_PREFIX)? {
            let row: CodeNote = parse(&key, &text)?;
            update.codes.push(row.record().map_err(|source| damaged(&key, source))?);
        }
        drop(reader);
        let mut registry = Registry::default();
        registry.absorb(update);
        Ok(Self { books, registry: RwLock::new(registry), deciding: Mutex::new(()) })
    }

    /// Looks something up.
    pub fn read<T>(&self, look: impl FnOnce(&Registry) -> T) -> T {
        look(&self.registry.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Makes a decision, makes it durable, and only then lets it count.
    pub fn decide<E: From<HubError>>(
        &self,
        decision: impl FnOnce(&Registry) -> Result<Update, E>,
    ) -> Result<(), E> {
        // Whoever panicked while deciding left memory and disk as they were.
        let _one_at_a_time = self.deciding.lock().unwrap_or_else(PoisonError::into_inner);
        let update = self.read(decision)?;
        self.persist(&update)?;
        self.registry.write().unwrap_or_else(PoisonError::into_inner).absorb(update);
        Ok(())
    }

    fn persist(&self, update: &Update) -> Result<()> {
        let mut notes = Vec::new();
        for record in &update.stores {
            notes.push((format!("{STORE_PREFIX}{}", record.store), json(&StoreNote::of(record))));
        }
        for code in &update.codes {
            notes.push((code_key(&code.digest), json(&CodeNote::of(code))));
        }
        let forgotten: Vec<String> = update.forgotten.iter().map(code_key).collect();
        self.books.write(move |tx| -> Result<()> {
            for (key, text) in &notes {
                tx.set_note(key, text)?;
            }
            for key in &forgotten {
                tx.forget_note(key)?;
            }
            Ok(())
        })
    }
}

/// A store, as it is kept.
#[derive(Serialize, Deserialize)]
struct StoreNote {
    #[serde(with = "text")]
    store: StoreId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    added: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    revoked: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    machine: Option<MachineNote>,
}

#[derive(Serialize, Deserialize)]
struct MachineNote {
    key: String,
    serial: String,
    joined: i64,
    certificate_until: i64,
}

impl StoreNote {
    fn of(record: &StoreRecord) -> Self {
        let machine = |machine: &Machine| MachineNote {
            key: hex(machine.key.as_bytes()),
            serial: hex(machine.serial.as_bytes()),
            joined: machine.joined.millis(),
            certificate_until: machine.certificate_until.millis(),
        };
        Self {
            store: record.store.clone(),
            name: record.name.clone(),
            added: record.added.millis(),
            revoked: record.revoked.map(Timestamp::millis),
            machine: record.machine.as_ref().map(machine),
        }
    }

    fn record(self) -> Result<StoreRecord, NotHex> {
        let machine = |note: MachineNote| {
            Ok(Machine {
                key: KeyId::from_bytes(hash(&note.key)?),
                serial: Serial::from_bytes(&bytes(&note.serial)?),
                joined: Timestamp::from_millis(note.joined),
                certificate_until: Timestamp::from_millis(note.certificate_until),
            })
        };
        Ok(StoreRecord {
            store: self.store,
            name: self.name,
            added: Timestamp::from_millis(self.added),
            revoked: self.revoked.map(Timestamp::from_millis),
            machine: self.machine.map(machine).transpose()?,
        })
    }
}

/// A join code, as it is kept.
#[derive(Serialize, Deserialize)]
struct CodeNote {
    digest: String,
    #[serde(with = "text")]
    store: StoreId,
    expires: i64,
    state: StateNote,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StateNote {
    Open,
    Used(String),
    Withdrawn,
}

impl CodeNote {
    fn of(code: &CodeRecord) -> Self {
        let state = match code.state {
            CodeState::Open => StateNote::Open,
            CodeState::Used(by) => StateNote::Used(hex(by.as_bytes())),
            CodeState::Withdrawn => StateNote::Withdrawn,
        };
        let (store, expires) = (code.store.clone(), code.expires.millis());
        Self { digest: hex(code.digest.as_bytes()), store, expires, state }
    }

    fn record(self) -> Result<CodeRecord, NotHex> {
        let state = match self.state {
            StateNote::Open => CodeState::Open,
            StateNote::Used(by) => CodeState::Used(KeyId::from_bytes(hash(&by)?)),
            StateNote::Withdrawn => CodeState::Withdrawn,
        };
        Ok(CodeRecord {
            digest: SecretDigest::from_bytes(hash(&self.digest)?),
            store: self.store,
            expires: Timestamp::from_millis(self.expires),
            state,
        })
    }
}

/// Text that should have been hexadecimal.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a hexadecimal value of the right length")]
struct NotHex(String);

fn code_key(digest: &SecretDigest) -> String {
    format!("{CODE_PREFIX}{}", hex(digest.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(text: &str) -> Result<Vec<u8>, NotHex> {
    let pair = |at| text.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let bytes: Option<Vec<u8>> = (0..text.len()).step_by(2).map(pair).collect();
    bytes.ok_or_else(|| NotHex(text.to_owned()))
}

fn hash(text: &str) -> Result<[u8; 32], NotHex> {
    bytes(text)?.try_into().map_err(|_| NotHex(text.to_owned()))
}

fn json(note: &impl Serialize) -> String {
    serde_json::to_string(note).expect("notes have text keys and no values that JSON lacks")
}

fn parse<T: DeserializeOwned>(key: &str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|source| damaged(key, source))
}

fn damaged(key: &str, source: impl Into<Box<dyn Error + Send + Sync>>) -> HubError {
    HubError::Record { key: key.to_owned(), source: source.into() }
}
