//! Taking in what peers send.
//!
//! Admission has judged each change by itself; here it meets what is held. A change is the next of
//! its actor in its document, or known already, or it is not taken in: a gap (what comes before is
//! missing), or a fork (another change, or another fact, stands in its place). A fork freezes the
//! writer's epoch: from then on nobody can tell which of its facts are true, so a person decides.

use std::collections::BTreeMap;

use rusqlite::params;
use sync_proto::catalog::Catalog;
use sync_proto::order::Order;
use sync_proto::party::Parties;
use sync_proto::profile::Profiles;
use sync_proto::replica::Outcome;
use sync_proto::{Admitted, AdmittedFact, ChangeHash, Content, DocId, Writer, genesis_hash};

use super::Tx;
use crate::at_rest::{Audience, Body, NewRow, Press, store_change};
use crate::chain::{self, Place, Run};
use crate::dates;
use crate::documents;
use crate::error::{BooksError, During, Result};
use crate::facts::StoreRef;
use crate::project::{Booking, DayRows, Owner, project};
use crate::sql;
use crate::state::{ActorRow, ChainEnd, DocRow, Frozen};

/// A change on its way in, with its bytes ready to be stored: packing them is the larger part of
/// taking them in, and needs nothing of the book.
pub(crate) struct Incoming {
    change: Admitted,
    body: Body,
}

impl Incoming {
    /// Packs a change's bytes.
    pub(crate) fn pack(change: Admitted, press: &mut Press) -> Result<Self> {
        let body = press.body(&change.bytes)?;
        Ok(Self { change, body })
    }
}

/// How a change stands to what is held.
enum Fit {
    /// It is the next of its actor.
    Next,
    /// It is here already.
    Known,
    /// It is not taken in.
    Refused(Refusal),
}

/// Why a change is not taken in.
enum Refusal {
    /// Not now: what it builds on is missing. Its peer has it and will send it again.
    Early(String),
    /// Never: something else stands in its place.
    Fork(String),
    /// Not by these books, for another reason.
    Unfit(String),
}

impl Tx<'_> {
    /// Takes in admitted changes that a peer sent, and answers for each. What does not fit is
    /// quarantined and stops nothing else.
    pub fn apply(&mut self, peer: &Writer, changes: &[Admitted]) -> Result<Vec<Outcome>> {
        let incoming: Result<Vec<Incoming>> =
            changes.iter().map(|change| Incoming::pack(change.clone(), self.press)).collect();
        self.apply_packed(peer, &incoming?)
    }

    /// As [`Tx::apply`], for changes that were packed before they came to the writer.
    pub(crate) fn apply_packed(
        &mut self,
        peer: &Writer,
        changes: &[Incoming],
    ) -> Result<Vec<Outcome>> {
        let mut outcomes: Vec<Option<Outcome>> = Vec::new();
        outcomes.resize_with(changes.len(), || None);
        let mut documents: BTreeMap<&DocId, Vec<usize>> = BTreeMap::new();
        for (at, incoming) in changes.iter().enumerate() {
            match &incoming.change.content {
                Content::Facts(facts) => {
                    outcomes[at] = Some(self.apply_facts(peer, incoming, facts)?);
                }
                Content::Document => documents.entry(&incoming.change.doc).or_default().push(at),
            }
        }
        for (doc, places) in documents {
            let of_doc: Vec<&Incoming> = places.iter().map(|at| &changes[*at]).collect();
            let answers = self.apply_to_document(peer, doc, &of_doc)?;
            for (at, answer) in places.into_iter().zip(answers) {
                outcomes[at] = Some(answer);
            }
        }
        Ok(outcomes.into_iter().flatten().collect())
    }

    fn apply_facts(
        &mut self,
        peer: &Writer,
        incoming: &Incoming,
        facts: &[AdmittedFact],
    ) -> Result<Outcome> {
        let change = &incoming.change;
        let DocId::Book { store, date } = &change.doc else {
            let why = "facts outside of a day book".to_owned();
            return self.refuse(peer, change, Refusal::Unfit(why));
        };
        let doc = self.state.doc(self.conn, &change.doc)?;
        let actor = self.state.actor(self.conn, &change.actor, &change.writer, change.epoch)?;
        match self.fit(change, doc, actor)? {
            Fit::Next => {}
            Fit::Known => return Ok(Outcome::Duplicate),
            Fit::Refused(refusal) => return self.refuse(peer, change, refusal),
        }
        let number = self.state.names.store(self.conn, store)?;
        let store_ref = StoreRef { name: store, number };
        let Some((first, last)) = run_of(facts) else {
            let why = "its facts are not consecutive".to_owned();
            return self.refuse(peer, change, Refusal::Unfit(why));
        };
        let end = self.chain_end(store_ref, change.epoch)?;
        let place = chain::place(self.conn, store_ref, change.epoch, end, (first, last))?;
        let base = match place {
            Place::AtEnd(base) | Place::InHole(base) => base,
            Place::Early(why) => return self.refuse(peer, change, Refusal::Early(why)),
            Place::Taken(why) => return self.refuse(peer, change, Refusal::Fork(why)),
        };
        let link = facts.iter().fold(base, |link, fact| link.then(&fact.text));
        let owner = if self.identity.store == Some(number) { Owner::Me } else { Owner::Other };
        if owner == Owner::Me
            && chain::kept_link(self.conn, number, change.epoch, last)?
                .is_some_and(|kept| kept != link)
        {
            let why = format!("the facts {first} to {last} do not lead to the ones after them");
            return self.refuse(peer, change, Refusal::Fork(why));
        }
        let epoch = change.epoch.number();
        let carried = match owner {
            Owner::Me => self.state.awaited(self.conn)?.among(epoch, (first, last)),
            Owner::Other => Vec::new(),
        };
        let booking = Booking {
            store,
            number,
            date: dates::number(*date),
            epoch,
            owner,
            carried: &carried,
            day: DayRows::Moved,
        };
        match project(self.state, self.conn, booking, facts.iter().map(|fact| &fact.fact)) {
            Ok(()) => {}
            Err(BooksError::OutOfRange { subject }) => {
                let why = format!("with it, {subject} would leave its range");
                return self.refuse(peer, change, Refusal::Unfit(why));
            }
            Err(other) => return Err(other),
        }
        let row = self.take_in(peer, incoming, doc, actor, Audience::One)?;
        chain::insert_run(self.conn, Run { store: number, epoch, first, last }, row, &link)?;
        if matches!(place, Place::AtEnd(_)) {
            self.state.chain_ends.set((number, epoch), ChainEnd { seq: last, link });
        }
        if !carried.is_empty() {
            self.awaited_came(epoch, (first, last))?;
        }
        Ok(Outcome::Applied)
    }

    /// Merges changes of one document that is not a day book. If the document cannot be read with
    /// them, none of them is taken in.
    fn apply_to_document(
        &mut self,
        peer: &Writer,
        doc: &DocId,
        changes: &[&Incoming],
    ) -> Result<Vec<Outcome>> {
        self.savepoint("SAVEPOINT document")?;
        let mark = self.state.mark();
        let held = documents::bytes(self.conn, self.press, doc)?;
        let mut fits = Vec::with_capacity(changes.len());
        let mut taken: Vec<&[u8]> = Vec::new();
        for incoming in changes {
            let change = &incoming.change;
            let row = self.state.doc(self.conn, doc)?;
            let actor = self.state.actor(self.conn, &change.actor, &change.writer, change.epoch)?;
            let fit = self.fit(change, row, actor)?;
            if matches!(fit, Fit::Next) {
                self.take_in(peer, incoming, row, actor, audience(doc))?;
                taken.push(&change.bytes);
            }
            fits.push(fit);
        }
        let merged = if taken.is_empty() { Ok(()) } else { self.merge(doc, &held, &taken)? };
        if merged.is_err() {
            self.savepoint("ROLLBACK TO document")?;
            self.state.undo_to(&mark);
        }
        self.savepoint("RELEASE document")?;
        let answer = |(incoming, fit): (&&Incoming, Fit)| match (fit, &merged) {
            (Fit::Next, Ok(())) => Ok(Outcome::Applied),
            (Fit::Next, Err(problem)) => {
                self.refuse(peer, &incoming.change, Refusal::Unfit(problem.clone()))
            }
            (Fit::Known, _) => Ok(Outcome::Duplicate),
            (Fit::Refused(refusal), _) => self.refuse(peer, &incoming.change, refusal),
        };
        changes.iter().zip(fits).map(answer).collect()
    }

    fn savepoint(&self, sql: &'static str) -> Result<()> {
        let execute = || self.conn.prepare_cached(sql)?.execute([]);
        execute().during("mark a place to come back to").map(drop)
    }

    /// Reads the document with new changes in it and brings its rows up to date. The inner error says
    /// why the document cannot be read.
    fn merge(
        &mut self,
        doc: &DocId,
        held: &[Vec<u8>],
        new: &[&[u8]],
    ) -> Result<std::result::Result<(), String>> {
        let held = held.iter().map(Vec::as_slice);
        match doc {
            DocId::Catalog { bucket } => {
                let merged = Catalog::load(*bucket, held).and_then(|mut catalog| {
                    catalog.merge(new.iter().copied())?;
                    Ok(catalog)
                });
                match merged {
                    Ok(catalog) => self.show_catalog(*bucket, &catalog).map(Ok),
                    Err(error) => Ok(Err(documents::chain_of(&error))),
                }
            }
            DocId::Order { .. } => {
                let merged = Order::load(doc, held).and_then(|mut order| {
                    order.merge(new.iter().copied())?;
                    order.events()
                });
                match merged {
                    Ok(events) => self.show_order(doc, &events).map(Ok),
                    Err(error) => Ok(Err(documents::chain_of(&error))),
                }
            }
            DocId::Party { bucket } => {
                let parties = Parties::load(*bucket, held.clone()).and_then(|mut parties| {
                    parties.merge(new.iter().copied())?;
                    Ok(parties)
                });
                let profiles = Profiles::load(*bucket, held).and_then(|mut profiles| {
                    profiles.merge(new.iter().copied())?;
                    Ok(profiles)
                });
                match (parties, profiles) {
                    (Ok(parties), Ok(profiles)) => {
                        self.show_parties(*bucket, &parties)?;
                        self.show_profiles(*bucket, &profiles).map(Ok)
                    }
                    (Err(error), _) => Ok(Err(documents::chain_of(&error))),
                    (_, Err(error)) => Ok(Err(documents::chain_of(&error))),
                }
            }
            // Its typed document comes with what it holds; until then it is only kept.
            DocId::Book { .. } | DocId::Access => Ok(Ok(())),
        }
    }

    /// How a change stands to what is held of its actor and document.
    fn fit(&mut self, change: &Admitted, doc: DocRow, actor: ActorRow) -> Result<Fit> {
        let tail = self.state.tail(self.conn, doc.id, actor.id)?;
        if let Some(tail) = tail
            && change.seq <= tail.seq
        {
            let held = if change.seq == tail.seq {
                Some(tail.hash)
            } else {
                self.hash_at(doc.id, actor.id, change.seq)?
            };
            return Ok(if held == Some(change.hash) {
                Fit::Known
            } else {
                let why = format!("another change is its actor's number {}", change.seq);
                Fit::Refused(Refusal::Fork(why))
            });
        }
        if actor.frozen == Frozen::Yes {
            let why = "its writer's epoch has forked and is frozen".to_owned();
            return Ok(Fit::Refused(Refusal::Unfit(why)));
        }
        let next = tail.map_or(1, |tail| tail.seq + 1);
        if change.seq > next {
            let why = format!("its actor's change {next} is missing");
            return Ok(Fit::Refused(Refusal::Early(why)));
        }
        if let Err(reason) = change.follows(tail.as_ref()) {
            return Ok(Fit::Refused(Refusal::Fork(reason.to_string())));
        }
        for dep in &change.deps {
            let known = tail.is_some_and(|tail| tail.hash == *dep)
                || *dep == genesis_hash(&change.doc)
                || self.holds(doc.id, dep)?;
            if !known {
                let why = format!("it builds on {dep}, which is missing");
                return Ok(Fit::Refused(Refusal::Early(why)));
            }
        }
        Ok(Fit::Next)
    }

    fn refuse(&mut self, peer: &Writer, change: &Admitted, refusal: Refusal) -> Result<Outcome> {
        let (reason, bytes) = match refusal {
            Refusal::Early(why) => (format!("gap: {why}"), None),
            Refusal::Unfit(why) => (why, Some(change.bytes.as_slice())),
            Refusal::Fork(why) => {
                let reason = format!("fork: {why}");
                self.freeze_unless_mine(change, &reason)?;
                (reason, Some(change.bytes.as_slice()))
            }
        };
        self.quarantine_change(peer, change, &reason, bytes)?;
        Ok(Outcome::Quarantined(reason))
    }

    /// A node's own history is ended by taking back, not by freezing: it must go on selling.
    fn freeze_unless_mine(&mut self, change: &Admitted, reason: &str) -> Result<()> {
        if change.writer == self.identity.me {
            return Ok(());
        }
        self.state.freeze(self.conn, &change.actor, reason)
    }

    fn take_in(
        &mut self,
        peer: &Writer,
        incoming: &Incoming,
        doc: DocRow,
        actor: ActorRow,
        audience: Audience,
    ) -> Result<i64> {
        let change = &incoming.change;
        let row = self.state.next_row(self.conn, audience)?;
        let learned_from = Some(self.state.writer(self.conn, peer)?);
        store_change(
            self.conn,
            &NewRow {
                row,
                doc: doc.id,
                actor: actor.id,
                seq: change.seq,
                max_op: change.max_op,
                learned_from,
                audience,
                hash: change.hash,
                body: &incoming.body,
            },
        )?;
        let (docs, actors) = ((&change.doc, doc), (&change.actor, actor));
        self.state.advance(self.conn, docs, actors, change.tail())?;
        self.clear_quarantine(&change.doc, &change.hash)?;
        Ok(row)
    }

    fn hash_at(&self, doc: i64, actor: i64, seq: u64) -> Result<Option<ChangeHash>> {
        Ok(sql::first(
            self.conn,
            "look up a change",
            "SELECT hash FROM change WHERE doc = ?1 AND actor = ?2 AND seq = ?3",
            params![doc, actor, seq.cast_signed()],
            |row| row.get(0),
        )?
        .map(ChangeHash::from_bytes))
    }

    fn holds(&self, doc: i64, hash: &ChangeHash) -> Result<bool> {
        sql::one(
            self.conn,
            "look up a change",
            "SELECT EXISTS (SELECT 1 FROM change WHERE doc = ?1 AND hash = ?2)",
            params![doc, hash.as_bytes()],
            |row| row.get(0),
        )
    }
}

/// The first and last number of consecutive facts.
pub(crate) fn run_of(facts: &[AdmittedFact]) -> Option<(u64, u64)> {
    let seqs = || facts.iter().map(|fact| fact.fact.id.seq);
    let first = seqs().next()?;
    let consecutive = seqs().enumerate().all(|(at, seq)| seq == first + at as u64);
    consecutive.then(|| (first, first + facts.len() as u64 - 1))
}

/// Whom a document concerns: reference data and orders go to everyone.
pub(crate) fn audience(doc: &DocId) -> Audience {
    match doc {
        DocId::Book { .. } => Audience::One,
        DocId::Order { .. } | DocId::Catalog { .. } | DocId::Party { .. } | DocId::Access => {
            Audience::All
        }
    }
}
