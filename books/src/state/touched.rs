//! Where stock has moved since somebody last looked.

use rustc_hash::FxHashSet;

/// How many products at stores are noted before the next look goes over everything: a few
/// megabytes, and about as many as take as long one by one.
const MAX_NOTED: usize = 128 * 1024;

/// Products at stores, by number.
#[derive(Debug)]
pub(crate) struct Touched {
    /// Nobody has looked at the stores from this number on.
    pub(crate) unseen_from: Option<i64>,
    /// These have moved at the others.
    pub(crate) noted: FxHashSet<(i64, i64)>,
}

impl Default for Touched {
    /// Nobody has looked at all.
    fn default() -> Self {
        Self { unseen_from: Some(0), noted: FxHashSet::default() }
    }
}

impl Touched {
    /// Notes a product at a store.
    pub(crate) fn add(&mut self, store: i64, sku: i64) {
        if self.unseen_from.is_some_and(|from| from <= store) {
            return;
        }
        if self.noted.len() >= MAX_NOTED {
            *self = Self::default();
        } else {
            self.noted.insert((store, sku));
        }
    }
}
