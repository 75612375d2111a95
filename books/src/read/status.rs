//! How fresh, how large, how healthy: what operators look at.

use ledger::chain::ChainLink;
use ledger::id::{Epoch, FactId, StoreId};
use ledger::time::{BusinessDate, Timestamp};
use rusqlite::params;
use sync_proto::replica::Row;
use sync_proto::{Actor, DocId, Writer};

use super::Reader;
use crate::chain;
use crate::dates;
use crate::error::{During, Result};
use crate::facts::{self, StoreRef, fact_id, store_name};
use crate::sql;

/// What is held of one store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreStatus {
    /// The store.
    pub store: StoreId,
    /// Its histories, the newest last.
    pub epochs: Vec<EpochStatus>,
    /// How many of its facts are held.
    pub facts: u64,
    /// When its newest fact was recorded, by its own clock: how old every number shown for it is.
    pub last_fact_at: Option<Timestamp>,
    /// The last day that it booked to.
    pub last_date: Option<BusinessDate>,
}

/// One history of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpochStatus {
    /// Which.
    pub epoch: Epoch,
    /// The last fact held.
    pub seq: u64,
    /// The chain's link after it.
    pub link: ChainLink,
    /// Why no more of it is taken in, if it has forked.
    pub frozen: Option<String>,
}

/// What is remembered of a peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerStatus {
    /// Who.
    pub peer: Writer,
    /// When it was last heard from.
    pub seen_at: Option<Timestamp>,
    /// The last of this node's facts that it has made durable.
    pub acked_fact: Option<FactId>,
    /// The last of our changes that it has made durable.
    pub acked_row: Option<Row>,
}

/// A change that was not taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantinedItem {
    /// From or to whom.
    pub peer: Option<Writer>,
    /// The document it was for.
    pub doc: String,
    /// Which side refused it: `us` or `peer`.
    pub refused_by: String,
    /// Why.
    pub reason: String,
    /// Its author, as far as known.
    pub actor: Option<Actor>,
    /// Its number among the author's changes, as far as known.
    pub seq: Option<u64>,
    /// When that happened first.
    pub first_at: Timestamp,
    /// When it happened last.
    pub last_at: Timestamp,
    /// How often.
    pub times: u64,
    /// How many bytes of it are kept.
    pub kept_bytes: u64,
}

/// An own fact that left the books when the node's history was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAsideFact {
    /// Its name then.
    pub id: FactId,
    /// The day it was booked to.
    pub date: BusinessDate,
    /// When it was set aside.
    pub at: Timestamp,
    /// Its text.
    pub text: String,
    /// Whether the same fact is in the books again, taken back from the hub.
    pub returned: Returned,
}

/// Whether a fact that was set aside has come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Returned {
    /// It has: nothing is left to decide.
    Yes,
    /// It has not: a person decides what becomes of it.
    No,
}

/// What has not reached a peer yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unsent {
    /// Documents with changes that the peer has not acknowledged.
    pub documents: u64,
    /// Those changes.
    pub changes: u64,
    /// The node's own facts in them.
    pub sealed_facts: u64,
    /// Facts that are in no change yet.
    pub pending_facts: u64,
}

/// How large the book is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BookSize {
    /// Documents.
    pub documents: u64,
    /// Changes.
    pub changes: u64,
    /// Facts that are in no change yet.
    pub pending_facts: u64,
    /// Items in quarantine.
    pub quarantined: u64,
    /// Bytes of the database file, without its write-ahead log.
    pub file_bytes: u64,
}

impl Reader {
    /// What is held of each store, by store.
    pub fn stores(&self) -> Result<Vec<StoreStatus>> {
        let stores = self.stores_by_name()?;
        stores.into_iter().map(|(store, number)| self.store_status(&store, number)).collect()
    }

    /// What is held of one store; `None` for one never seen.
    pub fn store(&self, store: &StoreId) -> Result<Option<StoreStatus>> {
        match facts::store_number(self.conn(), store)? {
            Some(number) => self.store_status(store, number).map(Some),
            None => Ok(None),
        }
    }

    /// The peers that were ever heard from.
    pub fn peers(&self) -> Result<Vec<PeerStatus>> {
        let peer = |(id, (seen_at, epoch, seq, row)): (i64, PeerColumns)| {
            Ok(PeerStatus {
                peer: self.writer(id)?,
                seen_at: seen_at.map(Timestamp::from_millis),
                acked_fact: epoch.zip(seq).and_then(|(epoch, seq)| fact_id(epoch, seq)),
                acked_row: row.map(|row| Row(row.cast_unsigned())),
            })
        };
        sql::all(
            self.conn(),
            "list the peers",
            "SELECT id, seen_at, acked_epoch, acked_seq, acked_row FROM peer ORDER BY id",
            [],
            |row| {
                let columns = (row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
                Ok((row.get(0)?, columns))
            },
        )?
        .into_iter()
        .map(peer)
        .collect()
    }

    /// What is in quarantine, the newest first.
    pub fn quarantined(&self) -> Result<Vec<QuarantinedItem>> {
        let mut statement = self
            .conn()
            .prepare_cached(
                "SELECT peer, doc, refused_by, reason, actor, seq, first_at, last_at, times, \
                 coalesce(length(body), 0) FROM quarantine ORDER BY last_at DESC, id DESC",
            )
            .during("list quarantine")?;
        let mut rows = statement.query([]).during("list quarantine")?;
        let mut items = Vec::new();
        while let Some(row) = rows.next().during("list quarantine")? {
            let peer: Option<i64> = row.get(0).during("list quarantine")?;
            let peer = peer.map(|peer| self.writer(peer)).transpose()?;
            let item = || -> rusqlite::Result<QuarantinedItem> {
                Ok(QuarantinedItem {
                    peer,
                    doc: row.get(1)?,
                    refused_by: row.get(2)?,
                    reason: row.get(3)?,
                    actor: row.get::<_, Option<[u8; 16]>>(4)?.map(Actor::from_bytes),
                    seq: row.get::<_, Option<i64>>(5)?.map(i64::cast_unsigned),
                    first_at: Timestamp::from_millis(row.get(6)?),
                    last_at: Timestamp::from_millis(row.get(7)?),
                    times: row.get::<_, i64>(8)?.unsigned_abs(),
                    kept_bytes: row.get::<_, i64>(9)?.unsigned_abs(),
                })
            };
            items.push(item().during("list quarantine")?);
        }
        Ok(items)
    }

    /// Own facts that were set aside, in the order of their names.
    pub fn set_aside(&self) -> Result<Vec<SetAsideFact>> {
        let mut facts = Vec::new();
        for (epoch, seq, date, at, text) in sql::all(
            self.conn(),
            "list what was set aside",
            "SELECT epoch, seq, date, at, text FROM set_aside ORDER BY epoch, seq, id",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)),
        )? {
            let Some(id) = fact_id(epoch, seq) else { continue };
            let held = match self.identity().store {
                Some(store) => facts::find_here(self.conn(), &mut self.press(), store, true, id)?,
                None => None,
            };
            let same = held.is_some_and(|held| held.text == text);
            facts.push(SetAsideFact {
                id,
                date: dates::of_number(date)?,
                at: Timestamp::from_millis(at),
                text,
                returned: if same { Returned::Yes } else { Returned::No },
            });
        }
        Ok(facts)
    }

    /// What has not reached a peer yet, as far as its acknowledgements tell
    /// ([`PeerNote::acked_row`](crate::PeerNote::acked_row)).
    pub fn unsent(&self, peer: &Writer) -> Result<Unsent> {
        let id = match peer.store() {
            None => crate::state::HUB,
            Some(store) => match facts::store_number(self.conn(), store)? {
                Some(number) => number,
                None => return Ok(Unsent::default()),
            },
        };
        const WHAT: &str = "count what was not sent";
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let (documents, changes): (i64, i64) = match self.identity().store {
            Some(store) => sql::one(
                self.conn(),
                WHAT,
                "SELECT count(DISTINCT doc), count(*) FROM change JOIN doc ON doc.id = change.doc \
                 WHERE row > coalesce((SELECT acked_row FROM peer WHERE id = ?1), 0) \
                 AND learned_from IS NOT ?1 AND (shared = 1 OR doc.store = ?2)",
                [id, store],
                read,
            )?,
            // A store's books come to the hub from the store: what it has lost of them, it takes back
            // when it connects. To look for that among the changes of all stores would take longer
            // every day.
            None => sql::one(
                self.conn(),
                WHAT,
                "SELECT count(DISTINCT doc), count(*) FROM change WHERE shared = 1 \
                 AND row > coalesce((SELECT acked_row FROM peer WHERE id = ?1), 0) \
                 AND learned_from IS NOT ?1 \
                 AND EXISTS (SELECT 1 FROM membership \
                     JOIN collection ON collection.id = membership.collection \
                     WHERE membership.doc = change.doc \
                     AND (collection.store IS NULL OR collection.store = ?1))",
                [id],
                read,
            )?,
        };
        let sealed_facts = match self.identity().store {
            Some(store) => self.unsent_facts(store, id)?,
            None => 0,
        };
        Ok(Unsent {
            documents: documents.unsigned_abs(),
            changes: changes.unsigned_abs(),
            sealed_facts: sealed_facts.unsigned_abs(),
            pending_facts: self.count("SELECT count(*) FROM pending_fact")?,
        })
    }

    /// Counts back from the newest fact, as far as the first that the peer has acknowledged.
    fn unsent_facts(&self, store: i64, peer: i64) -> Result<i64> {
        let mut facts = 0;
        let mut statement = self
            .conn()
            .prepare_cached(
                "SELECT last - first + 1, learned_from IS ?2, run.change > \
                 coalesce((SELECT acked_row FROM peer WHERE id = ?2), 0) \
                 FROM run JOIN change ON change.row = run.change WHERE run.store = ?1 \
                 ORDER BY run.epoch DESC, run.first DESC",
            )
            .during("count the facts not sent")?;
        let mut rows = statement.query([store, peer]).during("count the facts not sent")?;
        while let Some(row) = rows.next().during("count the facts not sent")? {
            let read = || Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?));
            let (count, from_peer, newer): (_, bool, bool) =
                read().during("count the facts not sent")?;
            if !newer {
                break;
            }
            facts += if from_peer { 0 } else { count };
        }
        Ok(facts)
    }

    /// How large the book is. Counts every change, so it takes a moment for a large one.
    pub fn size(&self) -> Result<BookSize> {
        let pages = self.count("PRAGMA page_count")?;
        Ok(BookSize {
            documents: self.count("SELECT count(*) FROM doc")?,
            changes: self.count("SELECT count(*) FROM change")?,
            pending_facts: self.count("SELECT count(*) FROM pending_fact")?,
            quarantined: self.count("SELECT count(*) FROM quarantine")?,
            file_bytes: pages * self.count("PRAGMA page_size")?,
        })
    }

    /// The store whose books are shared with a peer: between a store and the hub, the store's.
    pub(crate) fn scope(&self, peer: &Writer) -> Result<Option<i64>> {
        match peer.store() {
            Some(store) if self.identity().store.is_none() => {
                facts::store_number(self.conn(), store)
            }
            _ => Ok(self.identity().store),
        }
    }

    fn store_status(&self, store: &StoreId, number: i64) -> Result<StoreStatus> {
        let (facts, last_at, last_date): (i64, Option<i64>, Option<i64>) = sql::one(
            self.conn(),
            "read a store's days",
            "SELECT coalesce(sum(facts), 0), max(last_at), max(date) FROM day \
             WHERE store = ?1",
            [number],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        let epochs = self.epochs(number)?;
        let epochs = epochs.into_iter().map(|epoch| self.epoch_status(store, number, epoch));
        Ok(StoreStatus {
            epochs: epochs.collect::<Result<_>>()?,
            store: store.clone(),
            facts: facts.unsigned_abs(),
            last_fact_at: last_at.map(Timestamp::from_millis),
            last_date: last_date.map(dates::of_number).transpose()?,
        })
    }

    /// The epochs of which a fact is held.
    pub(crate) fn epochs(&self, store: i64) -> Result<Vec<Epoch>> {
        chain::epochs(self.conn(), store, self.is_mine(store))
    }

    fn epoch_status(&self, store: &StoreId, number: i64, epoch: Epoch) -> Result<EpochStatus> {
        let name = StoreRef { name: store, number };
        let end = chain::end(self.conn(), name, epoch, self.is_mine(number))?;

        let frozen: Option<Option<String>> = sql::first(
            self.conn(),
            "read an actor",
            "SELECT frozen FROM actor WHERE writer = ?1 AND epoch = ?2",
            params![number, epoch.number()],
            |row| row.get(0),
        )?;
        Ok(EpochStatus { epoch, seq: end.seq, link: end.link, frozen: frozen.flatten() })
    }

    pub(crate) fn writer(&self, number: i64) -> Result<Writer> {
        if number == crate::state::HUB {
            return Ok(Writer::Hub);
        }
        store_name(self.conn(), number).map(Writer::Store)
    }

    fn count(&self, sql: &str) -> Result<u64> {
        let read = || self.conn().prepare_cached(sql)?.query_row([], |row| row.get::<_, i64>(0));
        read().during("count").map(i64::unsigned_abs)
    }
}

/// When seen, acknowledged epoch, sequence number and row.
type PeerColumns = (Option<i64>, Option<u32>, Option<i64>, Option<i64>);

impl QuarantinedItem {
    /// The document, if what was sent under its name was one.
    pub fn doc_id(&self) -> Option<DocId> {
        self.doc.parse().ok()
    }
}
