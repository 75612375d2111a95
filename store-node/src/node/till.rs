//! What belongs to a till: the shift that is open at it, and goods exchanged over its counter.

use std::sync::Arc;

use books::{BooksError, ShiftRow, Tx};
use ledger::amount::Money;
use ledger::fact::{Body, Fact, PaymentMethod};
use ledger::id::FactId;
use ledger::json;
use ledger::post::Header;

use super::catalog::Products;
use super::lookup::InTx;
use super::{Booked, Node, Stamp, When};
use crate::book::lookup::Counter;
use crate::book::{self, BookError, Drafted, Refused};
use crate::error::Result;
use crate::request::{Exchange, GiveBack, Pay, Request, Sell, Shift, Task};

/// Where requests come from that name no till.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// From the shop's only till.
    Till,
    /// From a file, which is no till.
    File,
}

impl Node {
    /// The shifts of the store, the newest first.
    pub fn shifts(&self) -> Result<Vec<ShiftRow>> {
        Ok(self.books().reader()?.shifts(self.store())?)
    }
}

/// The head with the shift at whose till it is asked.
pub(super) fn in_shift(
    tx: &mut Tx<'_>,
    stamp: &Stamp,
    request: &Request,
    header: Header,
) -> Result<Header, BookError<BooksError>> {
    let sells = matches!(
        request.task,
        Task::Sell(_) | Task::Return(_) | Task::Exchange(_) | Task::TopUp(_) | Task::PayOut(_)
    );
    if !sells && !matches!(request.task, Task::Reverse(_) | Task::Shift(_)) {
        return Ok(header);
    }
    let about = &request.about;
    let at_a_till = match stamp.origin {
        Origin::Till => about.date.is_none_or(|date| date == stamp.today),
        Origin::File => false,
    };
    if about.till.is_none() && !at_a_till {
        return Ok(header);
    }
    let till = about.till();
    let shift = tx.open_shift(&till)?;
    let opens = matches!(request.task, Task::Shift(Shift::Open { .. }));
    let needs = stamp.require_shift && sells || matches!(request.task, Task::Shift(_)) && !opens;
    if needs && shift.is_none() {
        return Err(Refused::NoShift { till }.into());
    }
    Ok(Header { shift, ..header })
}

/// Books a return and the sale of what goes in its place, or neither.
pub(super) fn exchange(
    tx: &mut Tx<'_>,
    (stamp, products, counter): (&Stamp, &Products, &Arc<Counter>),
    (request, asked): (&Request, &Exchange),
    header: Header,
) -> Result<Booked, BookError<BooksError>> {
    let back = |payments| {
        let task = GiveBack { payments, ..asked.back.clone() };
        Request { about: request.about.clone(), task: task.into() }
    };
    let take = |payments| {
        let task = Sell { payments, ..asked.take.clone() };
        Request { about: request.about.clone(), task: task.into() }
    };
    let draft = |tx: &mut Tx<'_>, request: &Request, header: Header| {
        book::draft(request, header, &mut InTx { tx, products, counter })
    };
    let returned = total(&draft(tx, &back(Vec::new()), header.clone())?.fact);
    let taken = total(&draft(tx, &take(Vec::new()), header.clone())?.fact);
    let (paid_back, paid) = settle(&asked.payments, returned, taken)?;

    // Refused before anything is written.
    draft(tx, &take(paid.clone()), header.clone())?;
    let Drafted { fact: mut first, mut notices } = draft(tx, &back(paid_back), header.clone())?;
    let sale = FactId { seq: first.id.seq + 1, ..first.id };
    if let Body::SaleReturn { terms, .. } = &mut first.body {
        terms.exchange = Some(sale);
    }
    tx.append_fact(&first, &json::to_text(&first))?;
    let next = stamp.header_on(tx, &request.about, header.date)?;
    let Header { true_date, shift, member, .. } = header;
    let drafted = draft(tx, &take(paid), Header { true_date, shift, member, ..next })?;
    tx.append_fact(&drafted.fact, &json::to_text(&drafted.fact))?;
    notices.extend(drafted.notices);
    Ok(Booked { fact: first, also: Some(drafted.fact), notices, when: When::Now })
}

/// The sale that was booked in one step with a return, if it was an exchange.
pub(super) fn taken(tx: &mut Tx<'_>, fact: &Fact) -> std::result::Result<Option<Fact>, BooksError> {
    match &fact.body {
        Body::SaleReturn { terms, .. } => match terms.exchange {
            Some(sale) => Ok(tx.fact(sale)?.map(|stored| stored.fact)),
            None => Ok(None),
        },
        _ => Ok(None),
    }
}

fn total(fact: &Fact) -> Money {
    let receipt = ledger::shift::money_of(fact).map(|(receipt, _)| receipt);
    receipt.and_then(|receipt| receipt.total().ok()).unwrap_or_default()
}

/// How the return is paid back and the sale is paid. What the two have in common passes over the counter in cash both ways, so
/// that only the difference is paid.
fn settle(
    payments: &[Pay],
    returned: Money,
    taken: Money,
) -> Result<(Vec<Pay>, Vec<Pay>), Refused> {
    let cash = |amount| Pay { method: PaymentMethod::Cash, amount, reference: None };
    let with = |common: Money, difference: Money| {
        let common = common.is_positive().then(|| cash(Some(common)));
        let open = (payments.is_empty() && difference.is_positive()).then(|| cash(None));
        common.into_iter().chain(payments.iter().cloned()).chain(open).collect()
    };
    let less =
        |a: Money, b: Money| a.minus(b).map_err(|source| Refused::Amount { line: 0, source });
    if taken < returned {
        return Ok((with(taken, less(returned, taken)?), Vec::new()));
    }
    let due = less(taken, returned)?;
    let other = payments.iter().filter(|pay| pay.method != PaymentMethod::Cash);
    let paid = Money::sum(other.filter_map(|pay| pay.amount));
    let paid = paid.map_err(|source| Refused::Amount { line: 0, source })?;
    if paid > due {
        return Err(Refused::ExchangeOverpaid { paid, due });
    }
    Ok((Vec::new(), with(returned, due)))
}
