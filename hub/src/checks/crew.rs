//! Many hands: a row of tasks done on several threads, their results taken in the order of the row, so that
//! nobody can tell how many threads there were.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use books::Reader;

use crate::error::Result;

/// Does the tasks of a row, one at a time with each reader, and gives `take` the result of each in its turn.
/// Of errors the first in the row is told.
pub(super) fn each<T: Send>(
    readers: &mut [Reader],
    tasks: usize,
    task: impl Fn(&Reader, usize) -> Result<T> + Sync,
    take: impl FnMut(usize, T) + Send,
) -> Result<()> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Results { take, taken: 0, waiting: BTreeMap::new(), failed: None });
    let work = |reader: &Reader| {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= tasks {
                return;
            }
            let result = task(reader, number);
            // A panic ends the run, whatever was taken.
            let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
            if results.put(number, result).is_err() {
                // The tasks before the one that failed are under way with others.
                next.store(tasks, Ordering::Relaxed);
            }
        }
    };
    let [first, others @ ..] = readers else { return Ok(()) };
    thread::scope(|scope| {
        let work = &work;
        for reader in others.iter_mut().take(tasks.saturating_sub(1)) {
            scope.spawn(move || work(reader));
        }
        work(first);
    });
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.failed.map_or(Ok(()), |(_, error)| Err(error))
}

/// Results, some of them ahead of their turn: at most as many as there are tasks done while the slowest one
/// is.
struct Results<T, F> {
    take: F,
    taken: usize,
    waiting: BTreeMap<usize, T>,
    failed: Option<(usize, crate::error::HubError)>,
}

/// The row has to end.
struct Failed;

impl<T, F: FnMut(usize, T)> Results<T, F> {
    fn put(&mut self, number: usize, result: Result<T>) -> std::result::Result<(), Failed> {
        match result {
            Ok(result) => {
                self.waiting.insert(number, result);
            }
            Err(error) => {
                if self.failed.as_ref().is_none_or(|(first, _)| number < *first) {
                    self.failed = Some((number, error));
                }
            }
        }
        while let Some(result) = self.waiting.remove(&self.taken) {
            (self.take)(self.taken, result);
            self.taken += 1;
        }
        if self.failed.is_some() { Err(Failed) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use books::{Books, Config};
    use sync_proto::{ChainId, Writer};

    use super::*;
    use crate::error::HubError;

    fn readers(dir: &std::path::Path, count: usize) -> Vec<Reader> {
        let config = Config { chain: ChainId::new("c").unwrap(), me: Writer::Hub };
        Books::open(&dir.join("hub.db"), config).unwrap().readers(count).unwrap()
    }

    #[test]
    fn results_come_in_the_order_of_the_row_however_many_hands_there_are() {
        for hands in 1..5 {
            let dir = tempfile::tempdir().unwrap();
            let mut taken = Vec::new();
            // The first tasks take longest.
            let task = |_: &Reader, number: usize| {
                thread::sleep(std::time::Duration::from_millis(20 - number as u64));
                Ok(number * 10)
            };
            each(&mut readers(dir.path(), hands), 20, task, |number, result| {
                taken.push((number, result));
            })
            .unwrap();
            assert_eq!(taken, (0..20).map(|number| (number, number * 10)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_first_error_in_the_row_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let mut taken = 0;
        let task = |_: &Reader, number: usize| {
            if number < 3 { Ok(()) } else { Err(HubError::NoReport { number: number as u64 }) }
        };
        let told = each(&mut readers(dir.path(), 3), 20, task, |_, ()| taken += 1);
        assert!(matches!(told, Err(HubError::NoReport { number: 3 })), "{told:?}");
        assert_eq!(taken, 3);
    }
}
