//! Store profiles, spread over [`PARTY_BUCKETS`](crate::PARTY_BUCKETS) documents that also hold
//! other parties.
//!
//! ```text
//! meta     { doc, format }
//! parties  { "store␟<store>␟<field>": "<the field's text>" }
//! ```
//!
//! Flat entries, as in the [catalog](crate::catalog) and for the same reason. Only head office writes
//! them.

use std::collections::BTreeMap;

use automerge::ScalarValue;
use automerge::legacy::{Key, OpType};
use ledger::id::StoreId;
use ledger::profile::{Profile, ProfileError, ProfileField};
use ledger::time::Timestamp;
use thiserror::Error;

use crate::document::{Document, DocumentError, decode};
use crate::ids::{Authorship, ChainId, DocId, NewChange, store_bucket};

/// Between the parts of a key.
const SEPARATOR: char = '\u{1f}';

/// What the keys of profiles begin with.
const STORE: &str = "store";

/// Fields to set, by store.
pub type ProfileEdits = BTreeMap<StoreId, BTreeMap<ProfileField, String>>;

/// Why profiles could not be read or edited.
#[derive(Debug, Error)]
pub enum ProfilesError {
    /// The document is broken, or the changes don't fit it.
    #[error("the stores' profiles cannot be read or written")]
    Document(#[from] DocumentError),
    /// A text isn't a value of its field.
    #[error("`{}` of the store {store} cannot be set", field.name())]
    Field {
        /// The store.
        store: StoreId,
        /// The field.
        field: ProfileField,
        /// Why.
        #[source]
        source: ProfileError,
    },
}

/// A field of a profile that was set, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileSetting {
    /// When, to the second, by head office's clock.
    pub at: Timestamp,
    /// The store.
    pub store: StoreId,
    /// Which field.
    pub field: ProfileField,
    /// To what.
    pub text: String,
}

/// Every field of a profile that changes of a bucket set, in the order of the changes.
pub fn history<'a>(
    bucket: u8,
    changes: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Vec<ProfileSetting>, ProfilesError> {
    let doc = DocId::Party { bucket };
    let mut settings = Vec::new();
    for bytes in changes {
        let change = decode(&doc, bytes)?;
        let at = Timestamp::from_millis(change.time.saturating_mul(1_000));
        for op in &change.operations {
            if let (Key::Map(key), OpType::Put(ScalarValue::Str(text))) = (&op.key, &op.action)
                && let Some((store, name)) = split_key(key)
                && let Some(field) = ProfileField::named(name)
            {
                settings.push(ProfileSetting { at, store, field, text: text.to_string() });
            }
        }
    }
    Ok(settings)
}

/// The profiles of one bucket.
#[derive(Debug, Clone)]
pub struct Profiles {
    bucket: u8,
    document: Document,
}

impl Profiles {
    /// Merges the changes of a bucket that are held already, in any order.
    pub fn load<'a>(
        bucket: u8,
        changes: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Self, ProfilesError> {
        let document = Document::load(&DocId::Party { bucket }, changes)?;
        Ok(Self { bucket, document })
    }

    /// Merges changes from elsewhere, in any order. After an error it is as it was.
    pub fn merge<'a>(
        &mut self,
        changes: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<(), ProfilesError> {
        Ok(self.document.merge_checked(changes)?)
    }

    /// Sets fields under an author's name; those of stores in other buckets are left alone. Gives no
    /// change for fields that are so already. After an error it is as it was.
    pub fn edit(
        &mut self,
        chain: &ChainId,
        author: &Authorship,
        edits: &ProfileEdits,
        at: Timestamp,
    ) -> Result<Vec<NewChange>, ProfilesError> {
        let mut entries = Vec::new();
        for (store, fields) in edits {
            if store_bucket(store) != self.bucket {
                continue;
            }
            let mut profile = Profile::blank(store.clone());
            for (&field, text) in fields {
                let set = profile.set(field, text);
                set.map_err(|source| ProfilesError::Field { store: store.clone(), field, source })?;
                entries.push((join_key(store, field), profile.get(field)));
            }
        }
        Ok(self.document.put(chain, author, &entries, at)?)
    }

    /// The profiles, by store. Entries of other parties are left alone.
    pub fn profiles(&self) -> Result<Vec<Profile>, ProfilesError> {
        let mut fields: BTreeMap<StoreId, Vec<(ProfileField, String)>> = BTreeMap::new();
        for (key, text) in self.document.entries()? {
            if let Some((store, name)) = split_key(&key) {
                let known = fields.entry(store).or_default();
                known.extend(ProfileField::named(name).map(|field| (field, text)));
            }
        }
        let profile = |(store, fields): (StoreId, Vec<(ProfileField, String)>)| {
            let texts = fields.iter().map(|(field, text)| (*field, text.as_str()));
            Profile::from_fields(store, texts)
        };
        Ok(fields.into_iter().map(profile).collect())
    }
}

/// Checks an entry of a bucket of parties, as far as it is a profile's.
pub(crate) fn check(bucket: u8, key: &str, text: &str) -> Result<(), String> {
    if key.split_once(SEPARATOR).is_none_or(|(kind, _)| kind != STORE) {
        return Ok(());
    }
    let (store, name) = split_key(key).ok_or("has a key that is no store's field")?;
    if store_bucket(&store) != bucket {
        return Err("belongs in another bucket".to_owned());
    }
    // A field that this version doesn't know is a later one's.
    let Some(field) = ProfileField::named(name) else { return Ok(()) };
    let set = Profile::blank(store).set(field, text);
    set.map_err(|error| format!("cannot be set: {error}"))
}

/// The store and the name of the field that a key names.
fn split_key(key: &str) -> Option<(StoreId, &str)> {
    let mut parts = key.split(SEPARATOR);
    let (kind, store, field) = (parts.next()?, parts.next()?, parts.next()?);
    let whole = kind == STORE && parts.next().is_none();
    whole.then(|| Some((store.parse().ok()?, field))).flatten()
}

fn join_key(store: &StoreId, field: ProfileField) -> String {
    format!("{STORE}{SEPARATOR}{store}{SEPARATOR}{}", field.name())
}

#[cfg(test)]
mod tests;
