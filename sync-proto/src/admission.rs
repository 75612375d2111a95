//! The line between what a peer sends and what a replica keeps.
//!
//! A peer's bytes are hostile until proven otherwise, and Automerge was not made to prove it: a
//! change of 111 bytes can unroll to two million operations, a forged actor blocks the true one
//! for ever, and an overwritten key changes history. So each change passes these gates, the cheap
//! ones first, before anything is kept:
//!
//! 1. may this peer send changes of this document at all;
//! 2. is it one uncompressed change chunk whose counts are within the [limits](crate::limits),
//!    added up without decoding;
//! 3. can Automerge read it (a panic counts as no), and is its checksum right;
//! 4. is its author one who may write this document, and its actor that author's;
//! 5. does each operation add what the document's kind allows, and nothing more.
//!
//! Admission keeps no state and knows nothing of what is held: see [`Admitted::follows`] for what the
//! keeper must still check.

mod content;
pub(crate) mod scan;

use automerge::{Change, ExpandedChange};
use ledger::id::StoreId;

use crate::change::{Admitted, Content, WireChange};
use crate::document::guard;
use crate::genesis::{self, genesis_hash};
use crate::ids::{Actor, Authorship, ChainId, DocId, Writer};
use crate::limits::MAX_CHANGE_LEN;
use crate::refusal::{Claim, Refusal, RefusalReason};
use content::check_operations;
use scan::{Scan, scan};

/// Who takes changes from whom: this decides what may be written.
///
/// | from | to | documents | authors |
/// |---|---|---|---|
/// | a store | the hub | its own day books, orders, the catalog's descriptive fields | itself |
/// | the hub | a store | that store's own day books (to take back what it lost) | that store |
/// | the hub | a store | orders, the catalog | anyone, each within their own part |
/// | the hub | a store | parties, access | the hub |
///
/// Changes carry no signature: what an author wrote is believed because the hub took it from that
/// author over an authenticated connection, and stores believe their hub.
#[derive(Debug, Clone)]
pub struct Admission {
    chain: ChainId,
    me: Writer,
    peer: Writer,
}

impl Admission {
    /// Admission to replica `me` of what `peer` sends.
    pub const fn new(chain: ChainId, me: Writer, peer: Writer) -> Self {
        Self { chain, me, peer }
    }

    /// Passes a change, or says why not.
    pub fn admit(&self, change: WireChange) -> Result<Admitted, Refusal> {
        let WireChange { doc, bytes } = change;
        match self.pass(&doc, &bytes) {
            Ok(Passed { author, actor, change, content }) => Ok(Admitted {
                doc,
                actor,
                writer: author.writer,
                epoch: author.epoch,
                seq: change.seq(),
                hash: change.hash().into(),
                start_op: change.start_op().get(),
                max_op: change.max_op(),
                deps: change.deps().iter().map(|hash| (*hash).into()).collect(),
                bytes,
                content,
            }),
            Err((claims, reason)) => {
                let (peer, claims) = (self.peer.clone(), claims.map(Box::new));
                Err(Refusal { doc, peer, claims, len: bytes.len(), reason: Box::new(reason) })
            }
        }
    }

    fn pass(&self, doc: &DocId, bytes: &[u8]) -> Result<Passed, (Option<Claim>, RefusalReason)> {
        let early = |reason| (None, reason);
        self.check_peer(doc).map_err(early)?;
        if bytes.len() > MAX_CHANGE_LEN {
            return Err((None, RefusalReason::TooLong));
        }
        let scan = scan(bytes).map_err(|(scan, reason)| (scan.map(claim), reason))?;
        let mut claims = claim(scan);
        let refuse = |claims: Claim| move |reason| (Some(claims), reason);

        let (change, expanded) = decode(bytes).map_err(refuse(claims))?;
        claims.hash = Some(change.hash().into());
        if change.hash().0[..4] != scan.checksum {
            return Err((Some(claims), RefusalReason::Checksum));
        }
        let author = author(doc, &expanded).map_err(refuse(claims))?;
        self.check_author(doc, &author, scan.actor).map_err(refuse(claims))?;
        check_place(doc, &change).map_err(refuse(claims))?;
        let content = check_operations(doc, &author, expanded).map_err(refuse(claims))?;
        Ok(Passed { author, actor: scan.actor, change, content })
    }

    /// Whether the peer may send changes of this document, whoever wrote them.
    fn check_peer(&self, doc: &DocId) -> Result<(), RefusalReason> {
        let shared = |store: &StoreId| doc.shared_with(store).is_some();
        let allowed = match (&self.me, &self.peer) {
            (Writer::Hub, Writer::Store(store)) => {
                shared(store) && !matches!(doc, DocId::Party { .. } | DocId::Access)
            }
            (Writer::Store(store), Writer::Hub) => shared(store),
            (Writer::Hub, Writer::Hub) | (Writer::Store(_), Writer::Store(_)) => false,
        };
        if allowed { Ok(()) } else { Err(RefusalReason::NotAllowed { peer: self.peer.clone() }) }
    }

    /// Whether this author may write this document, and the actor is the author's.
    fn check_author(
        &self,
        doc: &DocId,
        author: &Authorship,
        actor: Actor,
    ) -> Result<(), RefusalReason> {
        let may_write = match doc {
            // The author of a book's change is taken from the book's name.
            DocId::Book { .. } => true,
            // A store speaks for itself; the hub relays what others said.
            DocId::Order { .. } | DocId::Catalog { .. } => {
                self.peer == Writer::Hub || self.peer == author.writer
            }
            DocId::Party { .. } | DocId::Access => author.writer == Writer::Hub,
        };
        if !may_write {
            let (author, what) = (author.writer.clone(), doc.to_string());
            return Err(RefusalReason::WrongAuthor { author, what });
        }
        if actor != Actor::derive(&self.chain, &author.writer, author.epoch) {
            return Err(RefusalReason::WrongActor { actor, author: author.to_string() });
        }
        Ok(())
    }
}

/// A change that passed every gate.
struct Passed {
    author: Authorship,
    actor: Actor,
    change: Change,
    content: Content,
}

fn claim(scan: Scan) -> Claim {
    Claim { actor: scan.actor, seq: scan.seq, hash: None }
}

fn decode(bytes: &[u8]) -> Result<(Change, ExpandedChange), RefusalReason> {
    let read = guard(|| {
        let change = Change::try_from(bytes)?;
        let expanded = change.decode();
        Ok::<_, automerge::LoadChangeError>((change, expanded))
    });
    let unreadable = |error| RefusalReason::Unreadable { why: format!("{error}") };
    read.ok_or(RefusalReason::Panicked)?.map_err(unreadable)
}

/// Who a change says wrote it: in a day book its store, in the epoch of its first fact; elsewhere
/// whom its message names.
fn author(doc: &DocId, change: &ExpandedChange) -> Result<Authorship, RefusalReason> {
    if let DocId::Book { store, .. } = doc {
        let epoch = content::epoch_of_first_fact(change)?;
        return Ok(Authorship { writer: Writer::Store(store.clone()), epoch });
    }
    let message = change.message.as_deref().ok_or(RefusalReason::NoAuthor)?;
    message.parse().map_err(|_| RefusalReason::NoAuthor)
}

/// Whether the change can stand where it says in a document, as far as the change alone can tell.
fn check_place(doc: &DocId, change: &Change) -> Result<(), RefusalReason> {
    let wrong = |what| Err(RefusalReason::Place { what });
    if change.start_op().get() <= genesis::max_op(doc) {
        return wrong("its operations overlap those of genesis");
    }
    match (doc, change.deps()) {
        (_, []) => wrong("it builds on nothing"),
        (DocId::Book { .. }, [dep]) => {
            if change.seq() == 1 && genesis_hash(doc) != (*dep).into() {
                return wrong("it is the first of its actor and does not build on genesis");
            }
            Ok(())
        }
        (DocId::Book { .. }, _) => wrong("it builds on more than the change before it"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;
