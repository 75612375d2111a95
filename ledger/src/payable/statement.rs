//! The statement of an account over a period (对账单).

use super::{Entry, What};
use crate::id::{FactId, StoreId};
use crate::time::BusinessDate;

/// What happened to an account from one day to another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statement {
    /// What was owed before.
    pub opening: i128,
    /// What changed it, in the order of the days.
    pub lines: Vec<StatementLine>,
    /// What was owed after.
    pub closing: i128,
}

/// A line of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementLine {
    /// The day.
    pub date: BusinessDate,
    /// At which store.
    pub store: StoreId,
    /// The fact.
    pub id: FactId,
    /// What it is; for a reversal, what was undone.
    pub what: What,
    /// The fact that it undoes, if it is a reversal (红冲).
    pub undoes: Option<FactId>,
    /// What it adds to what is owed.
    pub change: i128,
    /// What is owed after it.
    pub balance: i128,
}

/// What happened to an account from `from` to `to`, both included. A fact that was undone stands on
/// its day, and what undid it on its own.
pub fn statement(entries: &[Entry], from: BusinessDate, to: BusinessDate) -> Statement {
    let mut lines: Vec<StatementLine> = entries.iter().flat_map(lines_of).collect();
    lines.sort_by(|a, b| (a.date, &a.store, a.id).cmp(&(b.date, &b.store, b.id)));
    let opening = lines.iter().filter(|line| line.date < from).map(|line| line.change).sum();
    lines.retain(|line| (from..=to).contains(&line.date));
    let mut balance = opening;
    for line in &mut lines {
        balance += line.change;
        line.balance = balance;
    }
    Statement { opening, lines, closing: balance }
}

fn lines_of(entry: &Entry) -> impl Iterator<Item = StatementLine> {
    let line = |id, date, undoes, change| StatementLine {
        date,
        store: entry.store.clone(),
        id,
        what: entry.what.clone(),
        undoes,
        change,
        balance: 0,
    };
    let booked = line(entry.id, entry.date, None, entry.change());
    let undone = entry.undone.map(|(id, date)| line(id, date, Some(entry.id), -entry.change()));
    std::iter::once(booked).chain(undone)
}
