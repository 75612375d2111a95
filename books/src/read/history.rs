//! Facts one by one: by id, by bill, and the history backwards.

use ledger::id::{BillNo, FactId, RequestId, StoreId};
use ledger::time::BusinessDate;
use rusqlite::params;

use super::Reader;
use crate::carried::DROPPED;
use crate::error::Result;
use crate::facts::{self, FactLink, StoredFact, store_number};
use crate::sql;

/// Which facts to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HistoryFilter {
    /// From this day on.
    pub from: Option<BusinessDate>,
    /// Up to this day.
    pub to: Option<BusinessDate>,
    /// Only facts of this kind (`sale`, `receipt`, …).
    pub kind: Option<String>,
}

/// Where in the history to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Before this fact; none: from the newest.
    pub before: Option<FactId>,
    /// At most so many.
    pub limit: usize,
}

impl Reader {
    /// One fact of a store.
    pub fn fact(&self, store: &StoreId, id: FactId) -> Result<Option<StoredFact>> {
        let Some(number) = store_number(self.conn(), store)? else { return Ok(None) };
        facts::find(self.conn(), &mut self.press(), number, self.is_mine(number), id)
    }

    /// A fact by its number on paper, whichever store it is of.
    pub fn fact_by_bill(&self, bill: &BillNo) -> Result<Option<StoredFact>> {
        facts::find_by_bill(self.conn(), &mut self.press(), self.identity().store, bill)
    }

    /// The fact of this node that answers a client's request.
    pub fn request(&self, request: &RequestId) -> Result<Option<FactId>> {
        facts::request(self.conn(), request)
    }

    /// The returns and reversals that name a fact as their source.
    pub fn corrections(&self, store: &StoreId, of: FactId) -> Result<Vec<FactLink>> {
        match store_number(self.conn(), store)? {
            Some(number) => facts::corrections(self.conn(), number, of),
            None => Ok(Vec::new()),
        }
    }

    /// A store's facts from the newest back, as far as they are here ([`Reader::carried`]). Read on with [`Page::before`] set to the last one given.
    pub fn history(
        &self,
        store: &StoreId,
        filter: &HistoryFilter,
        page: Page,
    ) -> Result<Vec<StoredFact>> {
        let Some(number) = store_number(self.conn(), store)? else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        if self.is_mine(number) {
            take(facts::pending(self.conn())?, filter, page, &mut found)?;
        }
        let mut before = page.before;
        while found.len() < page.limit {
            let Some(run) = self.run_before(number, before)? else { break };
            before = Some(run.first);
            if run.change == DROPPED {
                continue;
            }
            let facts = facts::of_change(self.conn(), &mut self.press(), run.change)?;
            take(facts, filter, page, &mut found)?;
        }
        Ok(found)
    }

    /// Every fact held of a store, sealed and pending, in order: for checks that recount everything.
    pub fn each_fact<E: From<crate::BooksError>>(
        &self,
        store: &StoreId,
        mut each: impl FnMut(StoredFact) -> Result<(), E>,
    ) -> Result<(), E> {
        let Some(number) = store_number(self.conn(), store)? else { return Ok(()) };
        for change in self.runs(number)? {
            for (_, text) in facts::of_change(self.conn(), &mut self.press(), change)? {
                each(StoredFact::read(text)?)?;
            }
        }
        if self.is_mine(number) {
            for (_, text) in facts::pending(self.conn())? {
                each(StoredFact::read(text)?)?;
            }
        }
        Ok(())
    }

    fn runs(&self, store: i64) -> Result<Vec<i64>> {
        sql::all(
            self.conn(),
            "list the runs of facts",
            "SELECT change FROM run WHERE store = ?1 AND change <> 0 ORDER BY epoch, first",
            [store],
            |row| row.get(0),
        )
    }

    fn run_before(&self, store: i64, before: Option<FactId>) -> Result<Option<RunBefore>> {
        let (epoch, seq) =
            before.map_or((u32::MAX, i64::MAX), |id| (id.epoch.number(), id.seq.cast_signed()));

        Ok(sql::first(
            self.conn(),
            "find a run of facts",
            "SELECT epoch, first, change FROM run \
             WHERE store = ?1 AND (epoch, first) < (?2, ?3) \
             ORDER BY epoch DESC, first DESC LIMIT 1",
            params![store, epoch, seq],
            |row| {
                let first = facts::fact_id(row.get(0)?, row.get(1)?);
                let change = row.get(2)?;
                Ok(first.map(|first| RunBefore { first, change }))
            },
        )?
        .flatten())
    }
}

struct RunBefore {
    first: FactId,
    change: i64,
}

fn take(
    facts: Vec<(FactId, String)>,
    filter: &HistoryFilter,
    page: Page,
    found: &mut Vec<StoredFact>,
) -> Result<()> {
    for (id, text) in facts.into_iter().rev() {
        if found.len() >= page.limit {
            return Ok(());
        }
        if page.before.is_some_and(|before| id >= before) {
            continue;
        }
        let fact = StoredFact::read(text)?;
        if filter.passes(&fact) {
            found.push(fact);
        }
    }
    Ok(())
}

impl HistoryFilter {
    fn passes(&self, stored: &StoredFact) -> bool {
        let fact = &stored.fact;
        self.from.is_none_or(|from| fact.date >= from)
            && self.to.is_none_or(|to| fact.date <= to)
            && self.kind.as_deref().is_none_or(|kind| fact.body.kind() == kind)
    }
}
