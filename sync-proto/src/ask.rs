//! Questions that a session puts to the durable store, as values.
//!
//! A driver takes an [`Ask`] from the session, has it answered where blocking is allowed and hands the
//! [`Answer`] back. Each variant is one method of [`Replica`].

use std::collections::BTreeSet;
use std::sync::Arc;

use ledger::chain::ChainLink;
use ledger::id::{Epoch, StoreId};

use crate::carryover::Carryover;
use crate::kept::{Kept, Question};
use crate::replica::{
    Applied, Batch, Head, Overview, Quarantined, Replica, ReplicaError, Row, Span, Summary,
    TakeBack, Tips, Wanted,
};
use crate::stock::{Cursor, StockPage};
use crate::{Actor, Admitted, Collection, DocId, Writer};

/// The name under which a session remembers a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AskId(pub(crate) u64);

/// A question to the replica.
#[derive(Debug)]
pub enum Ask {
    /// [`Replica::summary`]
    Summary,
    /// [`Replica::head_of`], and [`Replica::link_at`] for each of the numbers.
    Chain {
        /// Whose chain.
        store: StoreId,
        /// Which epoch.
        epoch: Epoch,
        /// After which facts the link is wanted.
        at: Vec<u64>,
    },
    /// [`Replica::collections`]
    Collections,
    /// [`Replica::tips`]
    Tips(BTreeSet<Collection>),
    /// [`Replica::conflicts`]
    Conflicts(Arc<Tips>),
    /// [`Replica::missing`]
    Missing {
        /// What the peer wants.
        wanted: Wanted,
        /// In which rows.
        span: Span,
        /// How many bytes at most.
        max_bytes: usize,
    },
    /// [`Replica::tail`]
    Tail {
        /// Since when.
        after: Row,
        /// How many bytes at most.
        max_bytes: usize,
    },
    /// [`Replica::apply`]
    Apply(Vec<Admitted>),
    /// [`Replica::take_back`]
    TakeBack(TakeBack),
    /// [`Replica::set_aside`], for each.
    SetAside(Vec<(DocId, Actor)>),
    /// [`Replica::quarantine`], for each.
    Quarantine(Vec<Quarantined>),
    /// [`Replica::stock_after`]
    Stock(Cursor),
    /// [`Replica::learn_stock`]
    Learn(StockPage),
    /// [`Replica::kept`]
    Kept(Question),
    /// [`Replica::carry_over`]
    CarryOver,
    /// [`Replica::take_over`]
    TakeOver(Box<Carryover>),
}

/// The answer to an [`Ask`], of the same name.
#[derive(Debug)]
pub enum Answer {
    /// To [`Ask::Summary`].
    Summary(Summary),
    /// To [`Ask::Chain`].
    Chain {
        /// The last fact held in that epoch.
        held: Option<Head>,
        /// The link at each point, where the fact is held.
        links: Vec<Option<ChainLink>>,
    },
    /// To [`Ask::Collections`].
    Collections(Overview),
    /// To [`Ask::Tips`].
    Tips(Tips),
    /// To [`Ask::Conflicts`].
    Conflicts(Vec<(DocId, Actor)>),
    /// To [`Ask::Missing`] and [`Ask::Tail`].
    Batch(Batch),
    /// To [`Ask::Apply`].
    Applied(Applied),
    /// To [`Ask::Stock`].
    Stock(Option<StockPage>),
    /// To [`Ask::Kept`].
    Kept(Kept),
    /// To [`Ask::CarryOver`].
    Carryover(Option<Box<Carryover>>),
    /// To [`Ask::TakeBack`], [`Ask::SetAside`], [`Ask::Quarantine`], [`Ask::Learn`] and
    /// [`Ask::TakeOver`].
    Done,
    /// The replica could not do it. The session ends.
    Failed(ReplicaError),
}

/// Answers a question from a replica. May block as long as the replica does.
pub fn answer(replica: &impl Replica, peer: &Writer, ask: Ask) -> Answer {
    try_answer(replica, peer, ask).unwrap_or_else(Answer::Failed)
}

fn try_answer(replica: &impl Replica, peer: &Writer, ask: Ask) -> Result<Answer, ReplicaError> {
    Ok(match ask {
        Ask::Summary => Answer::Summary(replica.summary(peer)?),
        Ask::Chain { store, epoch, at } => {
            let held = replica.head_of(&store, epoch)?;
            let link = |seq| replica.link_at(&store, epoch, seq);
            Answer::Chain { held, links: at.into_iter().map(link).collect::<Result<_, _>>()? }
        }
        Ask::Collections => Answer::Collections(replica.collections(peer)?),
        Ask::Tips(of) => Answer::Tips(replica.tips(peer, &of)?),
        Ask::Conflicts(theirs) => Answer::Conflicts(replica.conflicts(&theirs)?),
        Ask::Missing { wanted, span, max_bytes } => {
            Answer::Batch(replica.missing(peer, &wanted, span, max_bytes)?)
        }
        Ask::Tail { after, max_bytes } => Answer::Batch(replica.tail(peer, after, max_bytes)?),
        Ask::Apply(changes) => Answer::Applied(replica.apply(peer, changes)?),
        Ask::TakeBack(order) => {
            replica.take_back(&order)?;
            Answer::Done
        }
        Ask::SetAside(entries) => {
            for (doc, actor) in entries {
                replica.set_aside(&doc, actor)?;
            }
            Answer::Done
        }
        Ask::Stock(after) => Answer::Stock(replica.stock_after(peer, after)?),
        Ask::Learn(page) => {
            replica.learn_stock(page)?;
            Answer::Done
        }
        Ask::Kept(question) => Answer::Kept(replica.kept(peer, question)?),
        Ask::CarryOver => Answer::Carryover(replica.carry_over(peer)?.map(Box::new)),
        Ask::TakeOver(carryover) => {
            replica.take_over(&carryover)?;
            Answer::Done
        }
        Ask::Quarantine(items) => {
            for item in items {
                replica.quarantine(peer, &item)?;
            }
            Answer::Done
        }
    })
}
