//! What a file comes to: counts and sums, before anything is booked.

use std::collections::BTreeMap;

use console::words::Lang;
use jiff::civil::Date;
use ledger::amount::{Money, Quantity};
use ledger::id::StoreId;
use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::documents::{DocumentKind, ImportedDocument};
use super::limits::SHOWN_REJECTS;
use super::rejects::Reject;

/// How many different reasons are counted one by one; the rest are counted together.
const COUNTED_REASONS: usize = 100;

/// What is the matter with a file, and what it would book.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The encoding found.
    pub encoding: &'static str,
    /// Rows that are not blank, the header not counted.
    pub rows: u64,
    /// Rows that become part of a document or product.
    pub used: u64,
    /// Rows that go to the reject file.
    pub rejected: u64,
    /// Rows that a rule leaves out, by the rule's reason.
    pub skipped: BTreeMap<String, u64>,
    /// Rows of stores that were not asked for.
    pub other_stores: u64,
    /// Rows of a stock or receipt of nothing.
    pub nothing_to_book: u64,
    /// How many rows are rejected for what reason.
    pub reasons: BTreeMap<String, u64>,
    /// The first rejected rows.
    pub rejects: Vec<Reject>,
    /// What would be booked, by store and kind.
    pub totals: BTreeMap<(StoreId, DocumentKind), Total>,
    /// The first and the last day of the documents.
    pub days: Option<(Date, Date)>,
}

/// Sums over documents, exact however many there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Total {
    /// How many documents.
    pub documents: u64,
    /// How many lines they have.
    pub lines: u64,
    /// The quantities, in thousandths.
    pub quantity: i128,
    /// What was paid for the lines, or what they cost, in ten-thousandths.
    pub money: i128,
}

impl Total {
    pub(super) fn add(&mut self, quantity: Quantity, money: Money) {
        self.lines += 1;
        self.quantity += i128::from(quantity.thousandths());
        self.money += i128::from(money.ten_thousandths());
    }

    /// The sum of both.
    pub fn plus(&mut self, other: &Self) {
        self.documents += other.documents;
        self.lines += other.lines;
        self.quantity += other.quantity;
        self.money += other.money;
    }

    /// The quantity as a decimal number.
    pub fn quantity_text(&self) -> String {
        decimal(self.quantity, 3)
    }

    /// The money as a decimal number.
    pub fn money_text(&self) -> String {
        decimal(self.money, 4)
    }
}

impl Report {
    /// What would be booked of each kind, over all stores.
    pub fn by_kind(&self) -> BTreeMap<DocumentKind, Total> {
        let mut sums: BTreeMap<DocumentKind, Total> = BTreeMap::new();
        for ((_, kind), total) in &self.totals {
            sums.entry(*kind).or_default().plus(total);
        }
        sums
    }

    /// What would be booked in all: the sum of unlike things, good for counting documents.
    pub fn documents(&self) -> u64 {
        self.totals.values().map(|total| total.documents).sum()
    }

    pub(super) fn count_document(&mut self, document: &ImportedDocument, total: &Total) {
        let day = document.at.date();
        self.days = match self.days {
            None => Some((day, day)),
            Some((first, last)) => Some((first.min(day), last.max(day))),
        };
        match self.totals.get_mut(&(document.store.clone(), document.kind)) {
            Some(sum) => sum.plus(total),
            None => {
                self.totals.insert((document.store.clone(), document.kind), *total);
            }
        }
    }

    pub(super) fn count_reject(&mut self, reject: &Reject, lang: Lang) {
        self.rejected += 1;
        let mut reason = reject.reason.say(lang);
        if self.reasons.len() >= COUNTED_REASONS && !self.reasons.contains_key(&reason) {
            "...".clone_into(&mut reason);
        }
        *self.reasons.entry(reason).or_default() += 1;
        if self.rejects.len() < SHOWN_REJECTS {
            self.rejects.push(reject.clone());
        }
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let totals: Vec<_> =
            self.totals.iter().map(|(key, total)| json_total(key, total)).collect();
        let day = |date: Option<Date>| date.map(|date| date.to_string());
        let mut map = to.serialize_struct("Report", 12)?;
        map.serialize_field("encoding", self.encoding)?;
        map.serialize_field("rows", &self.rows)?;
        map.serialize_field("used", &self.used)?;
        map.serialize_field("rejected", &self.rejected)?;
        map.serialize_field("skipped", &self.skipped)?;
        map.serialize_field("other_stores", &self.other_stores)?;
        map.serialize_field("nothing_to_book", &self.nothing_to_book)?;
        map.serialize_field("reasons", &self.reasons)?;
        map.serialize_field("rejects", &self.rejects)?;
        map.serialize_field("totals", &totals)?;
        map.serialize_field("first_day", &day(self.days.map(|days| days.0)))?;
        map.serialize_field("last_day", &day(self.days.map(|days| days.1)))?;
        map.end()
    }
}

fn json_total((store, kind): &(StoreId, DocumentKind), total: &Total) -> serde_json::Value {
    serde_json::json!({
        "store": store.as_str(),
        "kind": kind.name(),
        "documents": total.documents,
        "lines": total.lines,
        "quantity": total.quantity_text(),
        "money": total.money_text(),
    })
}

fn decimal(raw: i128, places: u32) -> String {
    let scale = 10_u128.pow(places);
    let sign = if raw < 0 { "-" } else { "" };
    let (whole, part) = (raw.unsigned_abs() / scale, raw.unsigned_abs() % scale);
    if part == 0 {
        return format!("{sign}{whole}");
    }
    let digits = format!("{part:0width$}", width = places as usize);
    format!("{sign}{whole}.{}", digits.trim_end_matches('0'))
}
