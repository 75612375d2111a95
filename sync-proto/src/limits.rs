//! Every bound on what a peer may send or a writer may make, each with its reason. Together they
//! keep what one connection can cost the other side to a few megabytes and milliseconds.

/// The most facts in one change. From about 64 on, more facts per change hardly shrink the wire
/// (24-29 B a fact), and 512 sales still decode in about a millisecond.
pub const MAX_FACTS_PER_CHANGE: usize = 512;

/// The longest fact text, in bytes: what the ledger may write.
pub const MAX_FACT_TEXT: usize = ledger::json::MAX_TEXT_LEN;

/// The most fact text sealed into one change, in bytes, unless a single fact is longer. Leaves room
/// for the keys and headers of a full change below [`MAX_CHANGE_LEN`].
pub const MAX_SEALED_TEXT: usize = 128 * 1024;

/// The longest change chunk, in bytes: the longest fact, or a full change of ordinary ones.
pub const MAX_CHANGE_LEN: usize = 768 * 1024;

/// The most operations in any change. Run-length coding lets 111 bytes claim 2,000,000; the
/// largest honest change is one step of a catalog import.
pub const MAX_OPS_PER_CHANGE: u64 = 4_096;

/// The most dependencies of a change. A change names the heads its writer saw: one for each writer
/// that was apart at the time, and a chain has up to 5,000 stores.
pub const MAX_DEPS: u64 = 8_192;

/// The most actors besides the author that a change may refer to: those whose values it
/// replaces, and genesis.
pub const MAX_OTHER_ACTORS: u64 = MAX_DEPS;

/// The most values that all operations of a change may replace together: one for each writer that
/// set the field while apart.
pub const MAX_PREDS_PER_CHANGE: u64 = MAX_DEPS;

/// The highest operation counter in any document. Automerge's own ceiling is 2³²; a peer that
/// jumps there leaves the other writers of the document no room for another operation.
pub const MAX_OP_COUNTER: u64 = 1 << 28;

/// The longest key of a document's map, in bytes: two ids and a separator, or an order's event.
pub const MAX_KEY_LEN: usize = 256;

/// The longest value of a catalog field, in bytes.
pub const MAX_FIELD_LEN: usize = 1024;

/// The longest message of a change, in bytes: an authorship (`store/<id>#<epoch>`).
pub const MAX_MESSAGE_LEN: usize = 96;

/// The longest part of a refusal's reason that a peer worded, in characters. Reasons are kept and
/// shown in lists.
pub const MAX_REASON_LEN: usize = 300;

/// The longest frame, in bytes after its length prefix: one chunk of changes and change.
pub const MAX_FRAME_LEN: usize = 1024 * 1024;

/// How many bytes of changes, before compression, go into one chunk, unless a single change is
/// longer. Small enough to acknowledge every few milliseconds, large enough to compress well.
pub const CHUNK_LEN: usize = 256 * 1024;
