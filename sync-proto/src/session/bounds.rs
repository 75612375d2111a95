//! The session's own bounds and times, each with its reason.

use crate::clock::Millis;

/// How many chunks may be under way unacknowledged in one direction. Four of 256 KiB keep a link of
/// 100 Mbit/s and 80 ms full while the other end writes to its disk, and bound what a receiver
/// must hold at once.
pub const MAX_UNACKED_CHUNKS: usize = 4;

/// How many document and actor pairs of a peer may be refused before the session ends: a store's
/// books of three years. A peer that errs more than that is not going to be understood.
pub const MAX_REFUSALS: usize = 1_024;

/// How often two histories may be settled in one session before giving up. One round opens an
/// epoch, one replaces former changes; a third would find nothing left to do.
pub const MAX_SETTLEMENTS: u32 = 4;

/// How many tips go on one page: with documents and actors named, about 300 kB.
pub const MAX_TIPS_PER_PAGE: usize = 8_192;

/// How many tips a peer may name in all: 64 catalog buckets edited by 3,000 writers each. They are
/// held in memory while the session catches up, about 100 bytes each.
pub const MAX_TIPS: usize = 200_000;

/// How many places of the chain one probe compares. A million facts take four rounds.
pub const MAX_PROBE_POINTS: usize = 32;

/// How long the peer may be silent while something is expected from it. A hub that serves a whole
/// chain after an outage may take its time over one disk; a dead link is noticed by QUIC long before.
pub const REPLY_TIMEOUT: Millis = Millis::seconds(60);

/// How often a quiet session compares digests anew, and clocks: it costs as much as an idle
/// reconnect and finds whatever a fault in either program may have let slip.
pub const RECHECK_INTERVAL: Millis = Millis::minutes(10);

/// How often a store is told of the stock of others. A chain's tills sell all the time, and whoever
/// looks for goods elsewhere does not act within seconds; so many sales share one page.
pub const STOCK_INTERVAL: Millis = Millis::seconds(3);

/// How many pages of other stores' stock may wait for the replica: one, and the same again when the
/// peers have greeted each other anew meanwhile.
pub const MAX_PAGES_AT_ONCE: usize = 2;

/// How many questions about what is kept a store looks at: one, and one of a comparison that was
/// given up meanwhile.
pub const MAX_ANSWERS_AT_ONCE: usize = 2;

/// How often the hub asks again because the store's answer is older than what the hub has by now. A
/// till that books so often between two looks is compared when it is less busy.
pub const MAX_PASSED_BY: u32 = 16;

/// How far the peer's clock may be off before it is reported, in milliseconds. Two minutes are more
/// than a slow link and less than what puts sales on the wrong day.
pub const MAX_CLOCK_SKEW_MS: u64 = 120_000;

/// How many epochs of a store are looked at: one restored backup a day for 27 years.
pub const MAX_EPOCHS: u32 = 10_000;
