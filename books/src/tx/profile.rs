//! Store profiles: editing their documents, and the rows that show them.

use std::collections::BTreeSet;

use ledger::profile::ProfileField;
use ledger::time::Timestamp;
use rusqlite::params;
use sync_proto::profile::{ProfileEdits, Profiles};
use sync_proto::{Authorship, DocId, store_bucket};

use super::Tx;
use crate::documents;
use crate::error::{BooksError, Result};
use crate::sql;

impl Tx<'_> {
    /// Sets fields of stores' profiles. What is so already changes nothing. Returns how many changes
    /// were made.
    pub fn edit_profiles(&mut self, edits: &ProfileEdits, at: Timestamp) -> Result<usize> {
        let buckets: BTreeSet<u8> = edits.keys().map(store_bucket).collect();
        let author = Authorship { writer: self.identity.me.clone(), epoch: self.epoch()? };
        let mut made = 0;
        for bucket in buckets {
            let doc = DocId::Party { bucket };
            let failed = |what| {
                let doc = doc.clone();
                move |source| BooksError::document(what, doc.to_string(), source)
            };
            let held = documents::bytes(self.conn, self.press, &doc)?;
            let mut profiles =
                Profiles::load(bucket, held.iter().map(Vec::as_slice)).map_err(failed("read"))?;
            let changes =
                profiles.edit(&self.identity.chain, &author, edits, at).map_err(failed("edit"))?;
            for change in &changes {
                self.keep_own_change(&doc, &author, change)?;
            }
            self.show_profiles(bucket, &profiles)?;
            made += changes.len();
        }
        Ok(made)
    }

    /// Replaces a bucket's rows by what its document says now.
    pub(crate) fn show_profiles(&mut self, bucket: u8, profiles: &Profiles) -> Result<()> {
        let doc = DocId::Party { bucket };
        let read = |source| BooksError::document("read", doc.to_string(), source);
        let clear = "DELETE FROM store_profile WHERE bucket = ?1";
        sql::run(self.conn, "replace store profiles", clear, [bucket])?;
        for profile in profiles.profiles().map_err(read)? {
            sql::run(
                self.conn,
                "store a store's profile",
                "INSERT INTO store_profile (store, kind, name, address, groups, zone, cutoff, bins, bucket) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    profile.store.as_str(),
                    profile.kind.name(),
                    profile.name,
                    profile.address,
                    profile.get(ProfileField::Groups),
                    profile.zone,
                    profile.cutoff,
                    profile.get(ProfileField::Bins),
                    bucket
                ],
            )?;
        }
        Ok(())
    }
}
