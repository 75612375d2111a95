//! Rows of the read model that the writer keeps in memory between the database and its closures.
//!
//! Many sales of a group touch the same rows. They are changed here and written once, before the
//! commit. What a failing closure changed is taken back from the undo list, so its neighbours never
//! see it. After the commit the rows stay as a cache: nobody else writes the file.

use std::hash::Hash;

use rustc_hash::FxHashMap;

/// How many rows one overlay keeps after a commit before it starts over: 64 Ki rows are 4-8 MB.
const MAX_CACHED: usize = 64 * 1024;

/// One table's rows.
pub(crate) struct Overlay<K, V> {
    // The keys are numbers of our own making: nobody can aim at a slow map.
    slots: FxHashMap<K, Slot<V>>,
    /// Keys of slots that became dirty since the last commit. May name slots that were undone.
    touched: Vec<K>,
    undo: Vec<(K, Option<Slot<V>>)>,
}

#[derive(Clone, Copy)]
struct Slot<V> {
    value: V,
    state: SlotState,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum SlotState {
    /// As in the database.
    Clean,
    /// To be written before the commit.
    Dirty,
}

impl<K, V> Default for Overlay<K, V> {
    fn default() -> Self {
        Self { slots: FxHashMap::default(), touched: Vec::new(), undo: Vec::new() }
    }
}

impl<K: Copy + Eq + Hash + Ord, V: Copy> Overlay<K, V> {
    /// The row, read from the database if it is not here.
    pub(crate) fn get_or<E>(
        &mut self,
        key: K,
        read: impl FnOnce() -> Result<V, E>,
    ) -> Result<V, E> {
        if let Some(slot) = self.slots.get(&key) {
            return Ok(slot.value);
        }
        let value = read()?;
        self.slots.insert(key, Slot { value, state: SlotState::Clean });
        Ok(value)
    }

    /// Changes the row.
    pub(crate) fn set(&mut self, key: K, value: V) {
        let old = self.slots.insert(key, Slot { value, state: SlotState::Dirty });
        if old.is_none_or(|slot| slot.state == SlotState::Clean) {
            self.touched.push(key);
        }
        self.undo.push((key, old));
    }

    /// Where the undo list stands, for [`Overlay::undo_to`].
    pub(crate) fn mark(&self) -> usize {
        self.undo.len()
    }

    /// Takes back every change since the mark.
    pub(crate) fn undo_to(&mut self, mark: usize) {
        while self.undo.len() > mark {
            let Some((key, old)) = self.undo.pop() else { return };
            match old {
                Some(slot) => self.slots.insert(key, slot),
                None => self.slots.remove(&key),
            };
        }
    }

    /// The rows to be written, in the order of their keys, so that the database is walked once.
    pub(crate) fn dirty(&mut self) -> Vec<(K, V)> {
        self.touched.sort_unstable();
        self.touched.dedup();
        let dirty = |key: &K| {
            let slot = self.slots.get(key)?;
            (slot.state == SlotState::Dirty).then_some((*key, slot.value))
        };
        self.touched.iter().filter_map(dirty).collect()
    }

    /// The commit succeeded: what was dirty is now as in the database.
    pub(crate) fn committed(&mut self) {
        self.undo.clear();
        if self.slots.len() > MAX_CACHED {
            self.slots.clear();
            self.touched.clear();
            return;
        }
        for key in self.touched.drain(..) {
            if let Some(slot) = self.slots.get_mut(&key) {
                slot.state = SlotState::Clean;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_closure_leaves_what_its_neighbour_wrote() {
        let stored = |value: i64| move || Ok::<i64, ()>(value);
        let mut rows = Overlay::<i64, i64>::default();
        assert_eq!(rows.get_or(1, stored(10)), Ok(10));
        rows.set(1, 11);
        let mark = rows.mark();
        rows.set(1, 12);
        rows.set(1, 13);
        rows.set(2, 5);
        rows.undo_to(mark);
        assert_eq!(rows.get_or(1, stored(0)), Ok(11));
        assert_eq!(rows.get_or(2, stored(4)), Ok(4), "what was never there is read again");
        rows.set(3, 7);
        assert_eq!(rows.dirty(), [(1, 11), (3, 7)]);
        rows.committed();
        assert_eq!(rows.dirty(), []);
        assert_eq!(rows.get_or(1, stored(0)), Ok(11));
        rows.set(1, 1);
        rows.undo_to(0);
        assert_eq!(rows.dirty(), [], "undone to what the database holds");
    }
}
