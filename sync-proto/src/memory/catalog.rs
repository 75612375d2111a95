//! The catalog in memory: reading a part of it, and editing it in this replica's name.

use std::collections::BTreeMap;

use ledger::id::Sku;
use ledger::time::Timestamp;

use super::state::State;
use crate::catalog::{Catalog, CatalogError, Edits, TermEdits};
use crate::{Actor, Authorship, DocId, NewChange};

impl State {
    pub(super) fn catalog(&self, bucket: u8) -> Result<Catalog, CatalogError> {
        Catalog::load(bucket, self.changes_of(&DocId::Catalog { bucket }))
    }

    pub(super) fn edit_catalog(
        &mut self,
        edits: &Edits,
        at: Timestamp,
    ) -> Result<(), CatalogError> {
        let (chain, author) = (self.chain.clone(), self.author());
        for (bucket, edits) in by_bucket(edits) {
            let changes = self.catalog(bucket)?.edit(&chain, &author, &edits, at)?;
            self.keep_edits(bucket, changes);
        }
        Ok(())
    }

    pub(super) fn edit_terms(
        &mut self,
        edits: &TermEdits,
        at: Timestamp,
    ) -> Result<(), CatalogError> {
        let (chain, author) = (self.chain.clone(), self.author());
        for (bucket, edits) in by_bucket(edits) {
            let changes = self.catalog(bucket)?.edit_terms(&chain, &author, &edits, at)?;
            self.keep_edits(bucket, changes);
        }
        Ok(())
    }

    fn author(&self) -> Authorship {
        Authorship { writer: self.me.clone(), epoch: self.epoch }
    }

    fn keep_edits(&mut self, bucket: u8, changes: Vec<NewChange>) {
        let actor = Actor::derive(&self.chain, &self.me, self.epoch);
        let doc = DocId::Catalog { bucket };
        for change in changes {
            self.keep(&doc, actor, change.tail(), change.bytes, None, Vec::new());
        }
    }
}

fn by_bucket<Edit: Clone>(edits: &BTreeMap<Sku, Edit>) -> BTreeMap<u8, BTreeMap<Sku, Edit>> {
    let mut buckets: BTreeMap<u8, BTreeMap<Sku, Edit>> = BTreeMap::new();
    for (sku, edit) in edits {
        let bucket = crate::catalog_bucket(sku);
        buckets.entry(bucket).or_default().insert(sku.clone(), edit.clone());
    }
    buckets
}
