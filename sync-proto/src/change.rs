//! A change on its way in: as it came, and as it was found good.

use ledger::fact::Fact;
use ledger::id::Epoch;

use crate::ids::{Actor, ChangeHash, DocId, DocTail, Writer};
use crate::refusal::RefusalReason;

/// A change as it came from a peer: nothing about it is known to be true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireChange {
    /// The document it's said to belong to.
    pub doc: DocId,
    /// The chunk.
    pub bytes: Vec<u8>,
}

/// A change that passed [`Admission`](crate::Admission): its author could have written it, and it
/// does nothing that its document forbids.
///
/// What depends on the changes held already is left to the one who keeps them: that it isn't there
/// yet, that its dependencies are, and [`Admitted::follows`].
#[derive(Debug, Clone, PartialEq)]
pub struct Admitted {
    /// The document.
    pub doc: DocId,
    /// The author's actor.
    pub actor: Actor,
    /// The author.
    pub writer: Writer,
    /// The author's epoch.
    pub epoch: Epoch,
    /// Its number among the actor's changes in this document, from one.
    pub seq: u64,
    /// Its hash.
    pub hash: ChangeHash,
    /// The counter of its first operation.
    pub start_op: u64,
    /// The counter of its last operation.
    pub max_op: u64,
    /// The changes it was written on top of.
    pub deps: Vec<ChangeHash>,
    /// The chunk: uncompressed, as it's stored and sent on.
    pub bytes: Vec<u8>,
    /// What it says.
    pub content: Content,
}

impl Admitted {
    /// The tail that the actor's next change in this document follows.
    pub const fn tail(&self) -> DocTail {
        DocTail { seq: self.seq, hash: self.hash, max_op: self.max_op }
    }

    /// Checks that the change is the next of its actor after `tail`, the last one held. Without this
    /// check two operations could share an id, and the document could no longer be loaded.
    pub fn follows(&self, tail: Option<&DocTail>) -> Result<(), RefusalReason> {
        let wrong = |what| Err(RefusalReason::Place { what });
        let Some(tail) = tail else {
            return if self.seq == 1 { Ok(()) } else { wrong("the changes before it are missing") };
        };
        if self.seq != tail.seq + 1 {
            wrong("it is not the next of its actor")
        } else if self.start_op <= tail.max_op {
            wrong("its operations overlap those of the change before it")
        } else if matches!(self.doc, DocId::Book { .. }) && self.deps != [tail.hash] {
            wrong("it was not written on top of the change before it")
        } else {
            Ok(())
        }
    }
}

/// What an admitted change says.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// The facts that a day book's change adds, in the order of their ids.
    Facts(Vec<AdmittedFact>),
    /// A change of another document: what it says is known once it's merged.
    Document,
}

/// A fact, read, and the text it was read from.
#[derive(Debug, Clone, PartialEq)]
pub struct AdmittedFact {
    /// The fact.
    pub fact: Fact,
    /// Its text, which is what's kept, hashed and sent on.
    pub text: String,
}
