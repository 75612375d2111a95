//! Shifts and cash moves as commands, and whether goods may come back.

use ledger::amount::Money;
use ledger::command::{self, Command};
use ledger::fact::{Elsewhere, Fact, ReturnTerms};
use ledger::id::{BillNo, TillId};
use ledger::post::Header;
use ledger::returns::{self, Asked};
use ledger::shift::{CashMove, Task, Way};

use super::BookError;
use super::command::{Bench, due};
use super::lookup::Lookup;
use super::refused::Refused;
use crate::request::{FactRef, GiveBack, Shift};

impl<L: Lookup> Bench<'_, L> {
    pub(super) fn shift(
        &mut self,
        asked: &Shift,
        till: &TillId,
        header: &Header,
    ) -> Result<Command, BookError<L::Error>> {
        let moved = |way, amount: Money, reason: &str| {
            Task::Move(CashMove { way, amount, reason: reason.into() })
        };
        Ok(Command::Shift(match asked {
            Shift::Open { float } => {
                if let Some(shift) = header.shift {
                    return Err(Refused::ShiftIsOpen { till: till.clone(), shift }.into());
                }
                Task::Open { till: till.clone(), float: *float }
            }
            Shift::CashIn { amount, reason } => moved(Way::In, *amount, reason),
            Shift::CashOut { amount, reason } => moved(Way::Out, *amount, reason),
            Shift::Close { counted } => {
                let shift = header.shift.ok_or_else(|| Refused::NoShift { till: till.clone() })?;
                let counted = counted.iter().map(|line| (line.method, line.amount)).collect();
                let drawer = self.books.drawer(shift).map_err(BookError::Books)?;
                Task::Close { counted, drawer: Box::new(drawer) }
            }
        }))
    }

    /// What is said of a return, if the shop's rules allow it.
    pub(super) fn return_terms(
        &mut self,
        given: &GiveBack,
        (sale, elsewhere): (Option<&Fact>, Option<Elsewhere>),
        lines: &[command::SaleLine],
        header: &Header,
    ) -> Result<ReturnTerms, BookError<L::Error>> {
        let there = elsewhere.as_ref().and_then(|from| returns::origin(&from.bill));
        let asked = Asked {
            sold: sale.map(Fact::happened_on).or(there.map(|(_, day)| day)),
            back: header.true_date.unwrap_or(header.date),
            amount: due(lines)?,
            operator: header.operator.as_ref(),
            approved: given.approved.as_ref(),
        };
        let rules = self.books.counter().map_err(BookError::Books)?.returns;
        returns::judge(rules, asked).map_err(Refused::Return)?;
        let (condition, approved) = (given.condition, given.approved.clone());
        Ok(ReturnTerms { elsewhere, condition, exchange: None, approved })
    }
}

/// The sale of another store that a bill names.
pub(super) fn elsewhere(which: &FactRef, header: &Header) -> Option<Elsewhere> {
    let FactRef::Bill(bill) = which else { return None };
    let (store, _) = returns::origin(bill)?;
    let bill: BillNo = bill.clone();
    (store != header.store).then_some(Elsewhere { store, bill })
}
