//! Machines: a disk that survives, and everything else that does not.

use std::collections::{BTreeMap, VecDeque};

use ledger::id::StoreId;
use ledger::time::{BusinessDate, Timestamp};
use sync_proto::Writer;
use sync_proto::ask::{Ask, AskId};
use sync_proto::clock::{Millis, Now};
use sync_proto::frame::FrameBuffer;
use sync_proto::memory::MemoryReplica;
use sync_proto::session::Session;

use super::close::{Closed, Evening};
use super::count::Count;
use super::till::Sale;
use crate::dice::Dice;

/// The wall clock at the start of a run: 2026-11-22, 08:00 UTC.
const MORNING: i64 = 1_795_334_400_000;

pub(super) type LinkId = u64;

/// A machine of a store, or the hub's.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) writer: Writer,
    /// The disk.
    pub(super) replica: MemoryReplica,
    pub(super) backup: Option<MemoryReplica>,
    pub(super) up: bool,
    /// Whether it may ever come back.
    pub(super) scrapped: bool,
    /// Counts starts: what an earlier life had under way is gone.
    pub(super) life: u64,
    pub(super) clock_ahead: i64,
    pub(super) slow_until: u64,
    pub(super) cut_off_until: u64,
    /// How many attempts to reach the hub have failed in a row.
    pub(super) failures: u32,
    pub(super) talks: BTreeMap<LinkId, Talk>,
    /// What waits for the disk to be booked.
    pub(super) booking: VecDeque<Job>,
    /// The shelves that are being counted.
    pub(super) counting: Option<Count>,
    /// The last closed day, as long as it is remembered; what a peer brings may bring a close.
    pub(super) closed: Option<Closed>,
    /// Whether its history may have parted from the hub's: a restored or cloned disk.
    pub(super) may_part: bool,
}

/// Something to book, in one durable transaction.
#[derive(Debug)]
pub(super) enum Job {
    /// What a till asks for.
    Till(Box<Sale>),
    /// Whatever there is to do for a transfer by then, decided by these dice.
    Desk(Dice),
    /// The same for a purchase.
    Buyer(Dice),
    /// A product to count, or a sheet to close, decided by these dice.
    Count(Dice),
    /// Days to close.
    Close(Evening),
}

/// A session and what belongs to it.
#[derive(Debug)]
pub(super) struct Talk {
    pub(super) session: Session,
    pub(super) incoming: FrameBuffer,
    /// Questions to the replica, the first one under way.
    pub(super) asks: VecDeque<(AskId, Ask)>,
    pub(super) timer: Option<u64>,
}

impl Talk {
    pub(super) fn new(session: Session) -> Self {
        Self { session, incoming: FrameBuffer::new(), asks: VecDeque::new(), timer: None }
    }
}

impl Node {
    pub(super) const fn new(writer: Writer, replica: MemoryReplica) -> Self {
        Self {
            writer,
            replica,
            backup: None,
            up: true,
            scrapped: false,
            life: 0,
            clock_ahead: 0,
            slow_until: 0,
            cut_off_until: 0,
            failures: 0,
            talks: BTreeMap::new(),
            booking: VecDeque::new(),
            counting: None,
            closed: None,
            may_part: false,
        }
    }

    pub(super) const fn now(&self, ticks: u64) -> Now {
        let wall = MORNING + ticks as i64 + self.clock_ahead;
        Now { ticks: Millis(ticks), wall: Timestamp::from_millis(wall) }
    }

    /// The day to whose book a fact of its store goes: its own, or the first one that is open.
    pub(super) fn open_day(&mut self, store: &StoreId, happened: BusinessDate) -> BusinessDate {
        let closed = *self.closed.get_or_insert_with(|| Closed::of(&self.replica, store));
        closed.through.map_or(happened, |closed| happened.max(closed.plus_days(1)))
    }

    /// Whether its session with the hub is in sync.
    pub(super) fn is_in_sync(&self) -> bool {
        self.talks.values().any(|talk| talk.session.is_in_sync())
    }
}
