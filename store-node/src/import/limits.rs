//! Every bound of the file import, with its reason.

/// The most text a file may hold once unpacked, in bytes. Ten million rows of a wide export fit;
/// a small archive that unpacks without end does not.
pub const MAX_TEXT_BYTES: u64 = 4 << 30;

/// The largest workbook, in bytes as stored. A sheet of the most rows Excel allows takes about
/// half; its shared texts are held in memory while it is read.
pub const MAX_WORKBOOK_BYTES: u64 = 128 << 20;

/// The longest a row may be, in bytes. A quote that is never closed makes the rest of the file one
/// row; this ends it early.
pub const MAX_ROW_BYTES: usize = 1 << 20;

/// The most columns a file may have. The widest export seen has about 200.
pub const MAX_COLUMNS: usize = 2_000;

/// The most rows a file may have. The numbers of its documents are remembered while it is read,
/// at about 20 bytes each; larger histories come in several files.
pub const MAX_ROWS: u64 = 10_000_000;

/// The largest mapping file, in bytes: a thousand times what one takes.
pub const MAX_MAPPING_BYTES: u64 = 1 << 20;

/// The longest name of a set, in bytes. It stands at the front of every request id, which has 64.
pub const MAX_SET_LEN: usize = 16;

/// The most rows a joined file may have: it is held in memory. A chain has at most 100,000 SKUs.
pub const MAX_JOINED_ROWS: usize = 500_000;

/// The most products one file may bring: they are held in memory until the file ends.
pub const MAX_PRODUCTS: usize = 500_000;

/// How far apart the rows of one document may stand, in rows, unless the mapping says otherwise.
/// Exports keep a receipt's lines together or nearly so; each row in between waits in memory.
pub const DEFAULT_WINDOW: u64 = 10_000;

/// The widest window a mapping may ask for: so many rows wait in memory.
pub const MAX_WINDOW: u64 = 1_000_000;

/// How many documents are posted at once: enough to share a commit, few enough to stop soon.
pub const BATCH_DOCUMENTS: usize = 512;

/// How many rejected rows a report shows; the reject file holds them all.
pub const SHOWN_REJECTS: usize = 20;

/// How much of a cell a rejection quotes, in characters: enough to find it.
pub const SHOWN_VALUE_CHARS: usize = 80;

/// The years a date may lie in: beyond them it is a slip of the pen, such as 0217 for 2017.
pub const PLAUSIBLE_YEARS: std::ops::RangeInclusive<i16> = 1970..=2199;
