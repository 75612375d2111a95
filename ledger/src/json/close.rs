//! The stored form of a day close: the statement, which is what is signed, and the signature.
//!
//! ```text
//! day_close  {"statement":{"v":1,"store":"S012","date":"2026-11-22","runs":[[1,1,42,40]],
//!             "seal":"…","every":16,"marks":"…","history":[1,42,"…"],
//!             "kinds":{"sale":39,"receipt":1},"totals":{"sales_count":39,…},
//!             "accounts":{"on_hand":[-78000,-2067000],…},
//!             "stock":{"skus":120,"qty":…,"value":…,"digest":"…"}},"sig":"…"}
//! ```
//!
//! A run is `[epoch, first, last, facts]`. Hashes are hexadecimal, marks stand one after the other.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{FactTextError, VERSION, id_error};
use crate::chain::ChainLink;
use crate::close::{DayClose, Figures, Mark, Marks, Run, Standing, StockDigest, StockSummary};
use crate::fold::Balance;
use crate::id::Epoch;
use crate::measure::Measure;

pub(super) const KIND: &str = "day_close";

#[derive(Serialize)]
pub(super) struct CloseRow<'a> {
    statement: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    sig: Option<&'a str>,
}

#[derive(Deserialize)]
pub(super) struct ReadCloseRow<'a> {
    #[serde(borrow)]
    statement: &'a RawValue,
    #[serde(borrow, default)]
    sig: Option<Cow<'a, str>>,
}

#[derive(Serialize, Deserialize)]
struct StatementRow<'a> {
    v: u32,
    #[serde(borrow)]
    store: Cow<'a, str>,
    #[serde(borrow)]
    date: Cow<'a, str>,
    runs: Vec<(u32, u64, u64, u64)>,
    #[serde(borrow)]
    seal: Cow<'a, str>,
    every: u64,
    #[serde(borrow)]
    marks: Cow<'a, str>,
    history: (u32, u64, Box<str>),
    kinds: BTreeMap<Box<str>, u64>,
    totals: BTreeMap<Box<str>, i64>,
    accounts: BTreeMap<Box<str>, (i128, i128)>,
    #[serde(borrow)]
    stock: StockRow<'a>,
}

#[derive(Serialize, Deserialize)]
struct StockRow<'a> {
    skus: u64,
    qty: i128,
    value: i128,
    #[serde(borrow)]
    digest: Cow<'a, str>,
}

pub(super) fn body(close: &DayClose) -> Box<RawValue> {
    let statement: &RawValue =
        serde_json::from_str(close.statement()).expect("a statement was written or read as JSON");
    super::raw(&CloseRow { statement, sig: close.signature() })
}

pub(super) fn read(row: &ReadCloseRow<'_>) -> Result<DayClose, FactTextError> {
    DayClose::read(row.statement.get(), row.sig.as_deref().map(Into::into))
}

/// Puts figures in writing.
pub(crate) fn statement_text(figures: &Figures) -> String {
    let StockSummary { skus, total, digest } = figures.stock;
    let Standing { epoch, seq, link } = figures.history;
    let run = |run: &Run| (run.epoch.number(), run.first, run.last, run.facts);
    let balance = |balance: &Balance| (balance.quantity, balance.value);
    let row = StatementRow {
        v: VERSION,
        store: figures.store.as_str().into(),
        date: figures.date.to_string().into(),
        runs: figures.runs.iter().map(run).collect(),
        seal: hex(figures.seal.as_bytes()).into(),
        every: figures.marks.stride,
        marks: figures.marks.marks.iter().map(|Mark(mark)| hex(mark)).collect::<String>().into(),
        history: (epoch.number(), seq, hex(link.as_bytes()).into()),
        kinds: figures.kinds.clone(),
        totals: figures.totals.iter().map(|(m, sum)| (m.name().into(), *sum)).collect(),
        accounts: figures.accounts.iter().map(|(name, b)| (name.clone(), balance(b))).collect(),
        stock: StockRow {
            skus,
            qty: total.quantity,
            value: total.value,
            digest: digest.to_string().into(),
        },
    };
    serde_json::to_string(&row).expect("rows of numbers and strings always serialize")
}

/// Reads a statement. Totals of a later version stay in the text alone.
pub(crate) fn read_statement(text: &str) -> Result<Figures, FactTextError> {
    let row: StatementRow<'_> = serde_json::from_str(text).map_err(FactTextError::Syntax)?;
    if row.v > VERSION {
        return Err(FactTextError::Version { found: row.v });
    }
    let epoch = |number: u32| {
        let found = || FactTextError::Word { field: "epoch", found: number.to_string() };
        Epoch::new(number).ok_or_else(found)
    };
    let run = |(number, first, last, facts): (u32, u64, u64, u64)| {
        Ok(Run { epoch: epoch(number)?, first, last, facts })
    };
    let total = |(name, sum): (Box<str>, i64)| Measure::named(&name).map(|measure| (measure, sum));
    let balance = |(name, (quantity, value))| (name, Balance { quantity, value });
    let digest = bytes::<16>(&row.stock.digest, "digest")?;
    let (number, seq, link) = row.history;
    Ok(Figures {
        store: row.store.parse().map_err(id_error("store"))?,
        date: row.date.parse().map_err(id_error("date"))?,
        runs: row.runs.into_iter().map(run).collect::<Result<_, _>>()?,
        seal: ChainLink::from_bytes(bytes(&row.seal, "seal")?),
        marks: Marks { stride: row.every, marks: marks(&row.marks)? },
        history: Standing {
            epoch: epoch(number)?,
            seq,
            link: ChainLink::from_bytes(bytes(&link, "history")?),
        },
        kinds: row.kinds,
        totals: row.totals.into_iter().filter_map(total).collect(),
        accounts: row.accounts.into_iter().map(balance).collect(),
        stock: StockSummary {
            skus: row.stock.skus,
            total: Balance { quantity: row.stock.qty, value: row.stock.value },
            digest: StockDigest::from_number(u128::from_be_bytes(digest)),
        },
    })
}

fn marks(text: &str) -> Result<Vec<Mark>, FactTextError> {
    let digits = 2 * Mark::LEN;
    let mark = |at: usize| {
        let part = text.get(at..text.len().min(at + digits)).unwrap_or_default();
        bytes(part, "marks").map(Mark)
    };
    (0..text.len()).step_by(digits).map(mark).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// So many bytes from exactly as many lower-case digits, so that one hash has one spelling.
fn bytes<const N: usize>(text: &str, field: &'static str) -> Result<[u8; N], FactTextError> {
    let found = || FactTextError::Word { field, found: text.chars().take(2 * N).collect() };
    let plain = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if text.len() != 2 * N || !text.bytes().all(plain) {
        return Err(found());
    }
    let mut bytes = [0; N];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).map_err(|_| found())?;
    }
    Ok(bytes)
}
