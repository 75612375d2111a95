//! What a store's history comes to, told by the hub to a new machine before the history itself (期初结转).
//!
//! A machine that replaces another one can sell once it knows what is on hand, what it cost, which days
//! are closed and which requests were answered. Years of facts need minutes to come back; they follow
//! behind. It is derived data, so plain values: each fact that comes proves its part of them.

use std::collections::BTreeSet;

use ledger::amount::{Money, Quantity};
use ledger::chain::ChainLink;
use ledger::id::{Epoch, FactId, Lot, RequestId, Sku};
use ledger::movement::Account;
use ledger::time::BusinessDate;

use crate::chunk::{self, ChunkError};
use crate::codec::{CodecError, Reader, put_number, put_signed, put_text};
use crate::replica::Head;

/// The first protocol version in which it is told.
pub const FIRST_VERSION: u16 = 3;

/// The most rows on one page. The longest row is three ids of 64 bytes and a few numbers, so that a
/// page is far below what a frame may hold, even if it does not compress.
pub const MAX_ROWS_PER_PAGE: usize = 4_096;

/// The most rows in all: 100,000 SKUs with ten accounts each, and five weeks of 5,000 sales a day.
/// They are held in memory until the last page is here, some 100 bytes each.
pub const MAX_ROWS: usize = 1_250_000;

/// How a store's books stand to its own history.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum History {
    /// What they know of, they hold.
    #[default]
    Whole,
    /// They are empty, and want to be told what the history comes to.
    Wanted,
    /// They were told, and await facts that come behind.
    Awaited,
}

/// What a store's history comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Carryover {
    /// The last fact of each epoch, ascending.
    pub heads: Vec<Head>,
    /// Where facts that follow each other were booked to days of different months: the link after the
    /// earlier one. So the facts of any month can be linked before those of another are here.
    pub links: Vec<Head>,
    /// The balances of the store's own accounts.
    pub balances: Vec<CarriedBalance>,
    /// What each SKU cost when it last came in.
    pub costs: Vec<CarriedCost>,
    /// The last closed day.
    pub close: Option<CarriedClose>,
    /// The last day that the store booked to: facts of it, and of the days before, are still to come.
    pub last_day: Option<BusinessDate>,
    /// The requests of the last weeks, each with the fact that answers it.
    pub requests: Vec<(RequestId, FactId)>,
}

/// One balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriedBalance {
    /// Where. Goods on the way are in no store, so they are not carried.
    pub account: Account,
    /// Of what.
    pub sku: Sku,
    /// Of which lot.
    pub lot: Option<Lot>,
    /// How much.
    pub quantity: Quantity,
    /// At what value.
    pub value: Money,
}

/// What a unit cost when goods last came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriedCost {
    /// Of what.
    pub sku: Sku,
    /// The cost of a unit.
    pub cost: Money,
    /// The fact that says so.
    pub fact: FactId,
}

/// The close of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CarriedClose {
    /// The day.
    pub date: BusinessDate,
    /// The fact that closes it.
    pub fact: FactId,
    /// How many facts the close covers.
    pub facts: u64,
}

impl Carryover {
    /// How many facts it stands for.
    pub fn facts(&self) -> u64 {
        self.heads.iter().map(|head| head.seq).fold(0, u64::saturating_add)
    }

    /// Cuts it into pages.
    pub fn into_pages(mut self) -> Vec<Self> {
        let mut pages = Vec::new();
        while self.rows() > 0 || pages.is_empty() {
            let mut room = MAX_ROWS_PER_PAGE;
            let (close, last_day) = (self.close.take(), self.last_day.take());
            room -= usize::from(close.is_some()) + usize::from(last_day.is_some());
            pages.push(Self {
                heads: first(&mut self.heads, &mut room),
                links: first(&mut self.links, &mut room),
                balances: first(&mut self.balances, &mut room),
                costs: first(&mut self.costs, &mut room),
                close,
                last_day,
                requests: first(&mut self.requests, &mut room),
            });
        }
        pages
    }

    /// Adds the next page.
    pub fn add(&mut self, page: Self) -> Result<(), &'static str> {
        if self.rows() + page.rows() > MAX_ROWS {
            return Err("a carry-over that is too long");
        }
        let two_closes = self.close.is_some() && page.close.is_some();
        if two_closes || (self.last_day.is_some() && page.last_day.is_some()) {
            return Err("a carry-over with two last days");
        }
        self.heads.extend(page.heads);
        self.links.extend(page.links);
        self.balances.extend(page.balances);
        self.costs.extend(page.costs);
        self.close = self.close.or(page.close);
        self.last_day = self.last_day.or(page.last_day);
        self.requests.extend(page.requests);
        Ok(())
    }

    /// Whether it can be what a history comes to: one value for each thing, and no word of facts that the
    /// history does not have.
    pub fn check(&self) -> Result<(), &'static str> {
        let ascending = self.heads.windows(2).all(|pair| pair[0].epoch < pair[1].epoch);
        let none = self.heads.is_empty() || self.last_day.is_none();
        if none || !ascending || self.heads.iter().any(|head| head.seq == 0) {
            return Err("a carry-over of no history");
        }
        let known = |id: &FactId| {
            let head = self.heads.binary_search_by_key(&id.epoch, |head| head.epoch);
            id.seq > 0 && head.is_ok_and(|at| id.seq <= self.heads[at].seq)
        };
        let links = self.links.iter().map(|at| FactId { epoch: at.epoch, seq: at.seq });
        let mut facts = links
            .chain(self.costs.iter().map(|cost| cost.fact))
            .chain(self.close.iter().map(|close| close.fact))
            .chain(self.requests.iter().map(|(_, fact)| *fact));
        if !facts.all(|id| known(&id)) {
            return Err("a carry-over of facts that the history does not have");
        }
        let in_transit = |row: &CarriedBalance| matches!(row.account, Account::InTransit(_));
        if self.balances.iter().any(in_transit) {
            return Err("a carry-over of goods on the way");
        }
        let places = self.balances.iter().map(|row| (row.account.to_string(), &row.sku, &row.lot));
        let single = all_differ(places)
            && all_differ(self.costs.iter().map(|cost| &cost.sku))
            && all_differ(self.requests.iter().map(|(request, _)| request))
            && all_differ(self.links.iter().map(|at| (at.epoch, at.seq)));
        if single { Ok(()) } else { Err("a carry-over that says something twice") }
    }

    fn rows(&self) -> usize {
        self.heads.len()
            + self.links.len()
            + self.balances.len()
            + self.costs.len()
            + usize::from(self.close.is_some())
            + usize::from(self.last_day.is_some())
            + self.requests.len()
    }
}

/// Packs a page.
pub fn pack(page: &Carryover) -> Vec<u8> {
    let mut raw = Vec::new();
    put_heads(&mut raw, &page.heads);
    put_heads(&mut raw, &page.links);
    put_number(&mut raw, page.balances.len() as u64);
    for row in &page.balances {
        put_text(&mut raw, &row.account.to_string());
        put_text(&mut raw, row.sku.as_str());
        put_text(&mut raw, row.lot.as_ref().map_or("", Lot::as_str));
        put_signed(&mut raw, row.quantity.thousandths());
        put_signed(&mut raw, row.value.ten_thousandths());
    }
    put_number(&mut raw, page.costs.len() as u64);
    for row in &page.costs {
        put_text(&mut raw, row.sku.as_str());
        put_signed(&mut raw, row.cost.ten_thousandths());
        put_fact(&mut raw, row.fact);
    }
    raw.push(u8::from(page.close.is_some()));
    if let Some(close) = page.close {
        put_text(&mut raw, &close.date.to_string());
        put_fact(&mut raw, close.fact);
        put_number(&mut raw, close.facts);
    }
    raw.push(u8::from(page.last_day.is_some()));
    if let Some(day) = page.last_day {
        put_text(&mut raw, &day.to_string());
    }
    put_number(&mut raw, page.requests.len() as u64);
    for (request, fact) in &page.requests {
        put_text(&mut raw, request.as_str());
        put_fact(&mut raw, *fact);
    }
    chunk::squeeze(&raw)
}

/// Unpacks a page, taking no more memory than it is long.
pub fn unpack(body: &[u8]) -> Result<Carryover, ChunkError> {
    let raw = chunk::expand(body)?;
    let mut reader = Reader::new(&raw);
    let page = page(&mut reader)?;
    reader.finish()?;
    if page.rows() > MAX_ROWS_PER_PAGE {
        return Err(ChunkError::TooMany);
    }
    Ok(page)
}

fn page(reader: &mut Reader<'_>) -> Result<Carryover, CodecError> {
    Ok(Carryover {
        heads: heads(reader)?,
        links: heads(reader)?,
        balances: reader.list("balances", |reader| {
            Ok(CarriedBalance {
                account: reader.parsed("account")?,
                sku: reader.parsed("SKU")?,
                lot: match reader.text("lot")? {
                    "" => None,
                    lot => Some(lot.parse().map_err(|_| CodecError::Invalid("lot"))?),
                },
                quantity: Quantity::from_thousandths(reader.signed("quantity")?)
                    .map_err(|_| CodecError::Invalid("quantity"))?,
                value: money(reader, "value")?,
            })
        })?,
        costs: reader.list("costs", |reader| {
            let (sku, cost) = (reader.parsed("SKU")?, money(reader, "cost")?);
            Ok(CarriedCost { sku, cost, fact: fact(reader)? })
        })?,
        close: match reader.byte("close")? {
            0 => None,
            1 => Some(CarriedClose {
                date: reader.parsed("date")?,
                fact: fact(reader)?,
                facts: reader.number("number of facts")?,
            }),
            _ => return Err(CodecError::Invalid("close")),
        },
        last_day: match reader.byte("last day")? {
            0 => None,
            1 => Some(reader.parsed("last day")?),
            _ => return Err(CodecError::Invalid("last day")),
        },
        requests: reader
            .list("requests", |reader| Ok((reader.parsed("request id")?, fact(reader)?)))?,
    })
}

fn put_heads(raw: &mut Vec<u8>, heads: &[Head]) {
    put_number(raw, heads.len() as u64);
    for head in heads {
        put_fact(raw, FactId { epoch: head.epoch, seq: head.seq });
        raw.extend_from_slice(head.link.as_bytes());
    }
}

fn heads(reader: &mut Reader<'_>) -> Result<Vec<Head>, CodecError> {
    reader.list("heads", |reader| {
        let FactId { epoch, seq } = fact(reader)?;
        Ok(Head { epoch, seq, link: ChainLink::from_bytes(reader.array("link")?) })
    })
}

fn put_fact(raw: &mut Vec<u8>, id: FactId) {
    put_number(raw, u64::from(id.epoch.number()));
    put_number(raw, id.seq);
}

fn fact(reader: &mut Reader<'_>) -> Result<FactId, CodecError> {
    let epoch = Epoch::new(reader.small("epoch")?).ok_or(CodecError::Invalid("epoch"))?;
    Ok(FactId { epoch, seq: reader.number("sequence number")? })
}

fn money(reader: &mut Reader<'_>, what: &'static str) -> Result<Money, CodecError> {
    Money::from_ten_thousandths(reader.signed(what)?).map_err(|_| CodecError::Invalid(what))
}

/// The first rows of a list, as many as there is room for.
fn first<T>(rows: &mut Vec<T>, room: &mut usize) -> Vec<T> {
    let rest = rows.split_off(rows.len().min(*room));
    let taken = std::mem::replace(rows, rest);
    *room -= taken.len();
    taken
}

fn all_differ<T: Ord>(rows: impl Iterator<Item = T>) -> bool {
    let mut seen = BTreeSet::new();
    let mut rows = rows;
    rows.all(|row| seen.insert(row))
}

#[cfg(test)]
mod tests;
