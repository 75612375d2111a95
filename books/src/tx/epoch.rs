//! Epochs: a restored or cloned book must not go on under its old name.

use ledger::id::Epoch;

use super::Tx;
use crate::error::Result;

impl Tx<'_> {
    /// Starts a new history of this node, above its present epoch and above `known`, the newest that
    /// anyone else has seen. Facts that are pending are sealed under the old one first.
    pub fn open_epoch(&mut self, known: Option<Epoch>) -> Result<Epoch> {
        if self.identity.store.is_some() {
            self.seal_pending()?;
        }
        let present = self.epoch()?;
        let next = known.map_or(present, |known| known.max(present)).next();
        self.state.set_epoch(self.conn, next)?;
        Ok(next)
    }
}
