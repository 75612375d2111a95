//! Lines become documents, each with a request id that the same file makes again.
//!
//! **Which rows form a document.** Rows that share a document number, a store, a day, a kind, a
//! remark and a way of paying form one. They need not follow each other, but stand at most
//! `window` rows after the first of them; a row further away, or beyond the most lines a document
//! may have, begins another part of it. Rows without a number are a document each.
//!
//! **Request ids.** `set:number` names a document, with the store and day in between where numbers
//! are used again there, and a suffix for the odd ones: `~ret`, `~adj` and `~scr` for what a sales
//! file holds beside sales, `~day` for a statement, `~2` for a second part, `~r17` for a row of a reject file. A row
//! without number is named by its content, `set:#hash`, and a second row of the same content is
//! `~2`: so a file that overlaps an earlier one brings only what is new.

use std::collections::{HashMap, VecDeque};

use jiff::civil::DateTime;
use ledger::amount::Money;
use ledger::command::{AdjustLine, Command, InboundLine, SaleLine, Tender};
use ledger::fact::{PaymentMethod, Priced, ReturnTerms, Stated};
use ledger::id::{RequestId, StoreId};
use ledger::post::{MAX_LINES, MAX_REMARK_LEN};

use super::lines::{Item, Line};
use super::mapping::Mapping;
use super::report::Total;
use super::settings::DocumentScope;

/// Bytes of the hash that names a row without number: among ten million rows two meet by chance
/// once in 10^15 files.
const CONTENT_HASH_LEN: usize = 12;

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentKind {
    /// Opening stock (期初库存).
    Opening,
    /// A goods receipt (采购入库).
    Receipt,
    /// A sale (零售).
    Sale,
    /// A return without source (零售退货).
    Return,
    /// A stock adjustment (库存调整).
    Adjustment,
    /// Goods thrown away (报损).
    Scrap,
    /// What the shop says of its day (日报声明).
    Statement,
}

impl DocumentKind {
    /// Its name, that of the fact it becomes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Receipt => "receipt",
            Self::Sale => "sale",
            Self::Return => "return",
            Self::Adjustment => "adjustment",
            Self::Scrap => "scrap",
            Self::Statement => "statement",
        }
    }

    /// What tells the documents of one number in one file apart.
    const fn suffix(self) -> &'static str {
        match self {
            Self::Opening | Self::Receipt | Self::Sale => "",
            Self::Return => "~ret",
            Self::Adjustment => "~adj",
            Self::Scrap => "~scr",
            Self::Statement => "~day",
        }
    }
}

/// A document of the file, ready to be posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedDocument {
    /// Where it happened.
    pub store: StoreId,
    /// When, by the clock on the shop's wall; midnight where the file knows only the day.
    pub at: DateTime,
    /// The same for the same file, so that importing it twice books it once.
    pub request: RequestId,
    /// What it is.
    pub kind: DocumentKind,
    /// What to book.
    pub command: Command,
    /// The rows behind it, as numbered in the file.
    pub rows: Vec<u64>,
}

/// A finished document and what it adds up to.
pub(super) struct Finished {
    pub(super) document: ImportedDocument,
    pub(super) total: Total,
}

/// Who a line's row is.
pub(super) struct Origin {
    /// The number of the row in this file.
    pub(super) row: u64,
    /// In a reject file: the number it had in the file that it was rejected from.
    pub(super) rejected_row: Option<u64>,
    /// What the row says, for one without a document number.
    pub(super) content: [u8; 32],
}

/// Collects the lines of documents that are still open.
pub(super) struct Grouper<'a> {
    mapping: &'a Mapping,
    open: VecDeque<Draft>,
    /// How many drafts have left the queue: turns the numbers in `index` into places.
    closed: u64,
    index: HashMap<u128, u64>,
    /// How often a request id was used in this file, by its hash.
    used: HashMap<u64, u32>,
}

struct Draft {
    group: Option<u128>,
    request: String,
    kind: DocumentKind,
    store: StoreId,
    at: DateTime,
    remark: Option<Box<str>>,
    payment: Option<PaymentMethod>,
    items: Vec<Item>,
    rows: Vec<u64>,
}

impl<'a> Grouper<'a> {
    pub(super) fn new(mapping: &'a Mapping) -> Self {
        let (open, index, used) = (VecDeque::new(), HashMap::new(), HashMap::new());
        Self { mapping, open, closed: 0, index, used }
    }

    /// Takes in a line and puts documents that are complete into `ready`, in the order of their
    /// first rows.
    pub(super) fn add(&mut self, line: Line<'_>, origin: &Origin, ready: &mut Vec<Finished>) {
        let window = self.mapping.document.window;
        while self.open.front().is_some_and(|d| d.rows[0].saturating_add(window) < origin.row) {
            self.finish_first(ready);
        }
        let shares = line.number.is_some() && origin.rejected_row.is_none() && window > 0;
        let group = shares.then(|| group_of(&line));
        let known = group.and_then(|group| self.index.get(&group));
        if let Some(number) = known {
            let place = usize::try_from(number - self.closed).expect("an open draft has a place");
            let draft = &mut self.open[place];
            draft.items.push(line.item);
            draft.rows.push(origin.row);
            if draft.items.len() == MAX_LINES
                && let Some(group) = draft.group.take()
            {
                self.index.remove(&group);
            }
            return;
        }
        let request = self.request(&line, origin);
        let Line { kind, store, at, remark, payment, item, .. } = line;
        let draft = Draft {
            group,
            request,
            kind,
            store,
            at,
            remark: remark.map(shortened),
            payment,
            items: vec![item],
            rows: vec![origin.row],
        };
        if let Some(group) = group {
            self.index.insert(group, self.closed + self.open.len() as u64);
        }
        self.open.push_back(draft);
        if window == 0 {
            self.finish_first(ready);
        }
    }

    /// The documents still open at the end of the file.
    pub(super) fn finish(&mut self, ready: &mut Vec<Finished>) {
        while !self.open.is_empty() {
            self.finish_first(ready);
        }
    }

    fn finish_first(&mut self, ready: &mut Vec<Finished>) {
        let Some(draft) = self.open.pop_front() else { return };
        self.closed += 1;
        if let Some(group) = draft.group {
            self.index.remove(&group);
        }
        ready.push(draft.finish());
    }

    /// A name for the document, unlike any other of this file and the same every time.
    fn request(&mut self, line: &Line<'_>, origin: &Origin) -> String {
        let set = self.mapping.set.as_str();
        let mut name = match line.number {
            None => format!("{set}:#{}", hex(&origin.content)),
            Some(number) => {
                let scoped = match self.mapping.document.unique {
                    DocumentScope::Chain => number.to_owned(),
                    DocumentScope::Store => format!("{}:{number}", line.store),
                    DocumentScope::StoreDay => {
                        format!("{}:{}:{number}", line.store, line.at.date().strftime("%Y%m%d"))
                    }
                };
                let name = format!("{set}:{scoped}");
                // The longest suffixes take 22 bytes.
                let is_plain = !number.contains([':', '~', '#', '/', ',']);
                if is_plain && name.len() <= 42 && RequestId::new(&name).is_ok() {
                    name
                } else {
                    format!("{set}:#{}", hex(blake3::hash(scoped.as_bytes()).as_bytes()))
                }
            }
        };
        name.push_str(line.kind.suffix());
        if let (Some(row), Some(_)) = (origin.rejected_row, line.number) {
            name.push_str(&format!("~r{row}"));
        }
        let used = self.used.entry(short_hash(name.as_bytes())).or_default();
        *used += 1;
        if *used > 1 {
            name.push_str(&format!("~{used}"));
        }
        name
    }
}

impl Draft {
    fn finish(self) -> Finished {
        let mut total = Total { documents: 1, ..Total::default() };
        for item in &self.items {
            total.add(item.quantity, item.total);
        }
        let payments = self.payments();
        let remark = self.remark;
        let items = self.items.into_iter();
        let command = match self.kind {
            DocumentKind::Opening => Command::Opening { lines: items.map(inbound).collect() },
            DocumentKind::Receipt => Command::Receive {
                lines: items.map(inbound).collect(),
                supplier: remark,
                lots: Vec::new(),
            },
            DocumentKind::Sale => Command::Sell { lines: items.map(sold).collect(), payments },
            DocumentKind::Return => Command::Return {
                lines: items.map(sold).collect(),
                payments,
                source: None,
                terms: ReturnTerms::default(),
            },
            DocumentKind::Adjustment => Command::Adjust {
                lines: items.map(moved).collect(),
                reason: remark.unwrap_or_default(),
            },
            DocumentKind::Scrap => Command::Scrap {
                lines: items.map(moved).collect(),
                reason: remark.unwrap_or_default(),
            },
            DocumentKind::Statement => Command::State { lines: items.map(stated).collect() },
        };
        let request = RequestId::new(&self.request)
            .expect("a request is made of checked ids, digits and suffixes of bounded length");
        let Self { store, at, kind, rows, .. } = self;
        let document = ImportedDocument { store, at, request, kind, command, rows };
        Finished { document, total }
    }

    /// None for cash and for what costs nothing.
    fn payments(&self) -> Vec<Tender> {
        let Some(method) = self.payment else { return Vec::new() };
        match Money::sum(self.items.iter().map(|item| item.total)) {
            Ok(amount) if amount.is_positive() => vec![Tender { method, amount, reference: None }],
            // Beyond the range of money: posting says so and refuses the document.
            Ok(_) | Err(_) => Vec::new(),
        }
    }
}

fn inbound(item: Item) -> InboundLine {
    let Item { sku, lot, quantity, total, .. } = item;
    InboundLine { sku, lot, quantity, cost: total }
}

fn sold(item: Item) -> SaleLine {
    let Item { sku, quantity, price, discount, tax_rate, .. } = item;
    SaleLine { sku, quantity, list_price: price, discount, tax_rate, priced: Priced::default() }
}

fn moved(item: Item) -> AdjustLine {
    AdjustLine { sku: item.sku, lot: None, quantity: item.quantity }
}

fn stated(item: Item) -> Stated {
    let [opening, sold, scrapped, closing] = item.stated;
    Stated { sku: item.sku, opening, sold, scrapped, closing }
}

/// What the rows of one document have in common.
fn group_of(line: &Line<'_>) -> u128 {
    let mut hasher = blake3::Hasher::new();
    let date = line.at.date();
    hasher.update(&[line.kind as u8, line.payment.map_or(0, |method| method as u8 + 1)]);
    hasher.update(&date.year().to_le_bytes());
    hasher.update(&[date.month().unsigned_abs(), date.day().unsigned_abs()]);
    for part in [line.store.as_str(), line.number.unwrap_or(""), line.remark.unwrap_or("")] {
        hasher.update(&part.len().to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    u128::from_le_bytes(bytes)
}

fn short_hash(text: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&blake3::hash(text).as_bytes()[..8]);
    u64::from_le_bytes(bytes)
}

fn hex(hash: &[u8; 32]) -> String {
    hash[..CONTENT_HASH_LEN].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A remark no longer than the books take.
fn shortened(text: &str) -> Box<str> {
    text[..text.floor_char_boundary(MAX_REMARK_LEN)].into()
}
