//! Whether a fact is the answer to a request that bears its name.
//!
//! The books keep no copy of requests: the fact itself says what was asked. Prices that a request
//! left to the catalog may have changed since; what it spelled out may not.

mod sale;
mod supplier;

use std::collections::BTreeMap;

use ledger::alert::Acknowledgement;
use ledger::amount::{Money, Quantity};
use ledger::assembly::Work;
use ledger::bins::BinMove;
use ledger::escrow;
use ledger::fact::{Body, Fact, Payment, PaymentMethod, Receipt, ReceiptLine, ReturnTerms, Stated};
use ledger::id::{FactId, Sku};
use ledger::movement::{Account, Movement};
use ledger::shift::{Act, CashMove, Way};

use super::lookup::Lookup;
use super::{BookError, detail};
use crate::request::{
    About, BinLine, Cost, CountLine, FactRef, GiveBack, InboundLine, Pay, Request, SaleLine, Shift,
    StatedLine, Task,
};

/// Whether this fact is what the request asked for.
pub(super) fn answers<L: Lookup>(
    fact: &Fact,
    request: &Request,
    books: &mut L,
) -> Result<bool, BookError<L::Error>> {
    if !same_header(fact, &request.about) {
        return Ok(false);
    }
    match (&request.task, &fact.body) {
        (Task::Sell(asked), Body::RetailSale(receipt)) => {
            let paid = paid_as(&asked.payments, &receipt.payments);
            let same = paid && sale::same_terms(asked, receipt);
            Ok(same && sale::same_lines(books, asked, receipt)?)
        }
        (Task::Return(asked), Body::SaleReturn { receipt, source, terms }) => {
            let paid = paid_as(&asked.payments, &receipt.payments) && terms.exchange.is_none();
            Ok(paid && same_return(books, asked, receipt, (*source, terms))?)
        }
        (Task::Exchange(asked), Body::SaleReturn { receipt, source, terms }) => {
            let sale = terms.exchange.map(|id| books.fact(&FactRef::Id(id)));
            let sale = sale.transpose().map_err(BookError::Books)?.flatten();
            let Some(Body::RetailSale(taken)) = sale.map(|sale| sale.body) else {
                return Ok(false);
            };
            // An open payment that has nothing left to pay is none.
            let is_even = taken.total().ok() == receipt.total().ok();
            // Which of the two facts bears the difference depends on what is dearer.
            let stands = |pay: &Pay| {
                let mut booked = taken.payments.iter().chain(&receipt.payments);
                is_even && pay.amount.is_none() || booked.any(|booked| paid_by(pay, booked))
            };
            Ok(asked.payments.iter().all(stands)
                && same_return(books, &asked.back, receipt, (*source, terms))?
                && same_lines(books, &asked.take.lines, &taken, AtPrice::Asked)?)
        }
        (Task::Shift(asked), Body::Shift(act)) => Ok(same_shift(asked, act)),
        (Task::Receive(asked), Body::GoodsReceipt { supplier, lots, delivery: None }) => {
            let dates = asked.lines.iter().filter_map(|line| line.expiry);
            let same = asked.supplier.as_deref() == supplier.as_deref()
                && dates.eq(lots.iter().map(|lot| lot.expiry));
            Ok(same && same_inbound(books, &asked.lines, fact)?)
        }
        (Task::Opening(asked), Body::Opening) => same_inbound(books, &asked.lines, fact),
        (Task::Adjust(asked), Body::StockAdjustment { reason }) => {
            Ok(asked.reason == **reason && same_counts(books, &asked.lines, fact)?)
        }
        (Task::Scrap(asked), Body::Scrap { reason }) => {
            Ok(asked.reason == **reason && same_counts(books, &asked.lines, fact)?)
        }
        (Task::State(asked), Body::Statement { lines }) => {
            same_statement(books, &asked.lines, lines)
        }
        (Task::Invoice(asked), Body::Invoice(booked)) => {
            supplier::same_invoice(books, asked, booked)
        }
        (Task::PaySupplier(asked), Body::SupplierPayment(booked)) => {
            supplier::same_payment(books, asked, booked)
        }
        (Task::Assemble(asked), Body::Assembly(Work::Assembled { labour })) => {
            let same = asked.labour == *labour;
            Ok(same && same_assembly(books, &asked.product, &asked.parts, fact)?)
        }
        (Task::Disassemble(asked), Body::Assembly(Work::TakenApart)) => {
            same_assembly(books, &asked.product, &asked.parts, fact)
        }
        (Task::TopUp(asked), Body::Value(escrow::Act::TopUp { payments })) => Ok(payments
            .iter()
            .map(|paid| (paid.amount, paid.method))
            .eq([(asked.amount, asked.method)])),
        (Task::PayOut(asked), Body::Value(escrow::Act::PaidOut { letter, payments })) => {
            let paid = payments.iter().map(|paid| (paid.amount, paid.method));
            Ok(asked.letter == *letter && paid.eq([(asked.amount, asked.method)]))
        }
        (Task::Acknowledge(asked), Body::AlertAck(seen)) => {
            let Acknowledgement { cause, until, remark } = seen;
            let same = (asked.alert, &asked.lot) == (cause.kind, &cause.lot)
                && (asked.until, asked.remark.as_str()) == (*until, remark);
            Ok(same && means(books, &asked.item, &cause.sku)?)
        }
        (Task::MoveBins(asked), Body::BinMove { lines }) => {
            let same = |(asked, moved): (&BinLine, &BinMove)| {
                (asked.quantity, &asked.lot) == (moved.quantity, &moved.lot)
                    && (&asked.from, &asked.to) == (&moved.from, &moved.to)
            };
            let same = asked.lines.len() == lines.len() && asked.lines.iter().zip(lines).all(same);
            let items = asked.lines.iter().map(|line| line.item.as_str());
            Ok(same && all_mean(books, items.zip(lines.iter().map(|line| &line.sku)))?)
        }
        (Task::HomeBins(asked), Body::BinHome { lines }) => {
            let same =
                asked.items.len() == lines.len() && lines.iter().all(|home| home.bin == asked.bin);
            let items = asked.items.iter().map(String::as_str);
            Ok(same && all_mean(books, items.zip(lines.iter().map(|home| &home.sku)))?)
        }
        (Task::Reverse(asked), Body::Reversal { of, reason, .. }) => {
            Ok(asked.reason == **reason && named(books, &asked.fact)? == Some(*of))
        }
        _ => Ok(false),
    }
}

fn same_shift(asked: &Shift, act: &Act) -> bool {
    let moved = |moved: &CashMove, way, amount: &Money, reason: &str| {
        (moved.way, moved.amount, &*moved.reason) == (way, *amount, reason)
    };
    match (asked, act) {
        (Shift::Open { float }, Act::Opened { float: booked, .. }) => float == booked,
        (Shift::CashIn { amount, reason }, Act::Moved(booked)) => {
            moved(booked, Way::In, amount, reason)
        }
        (Shift::CashOut { amount, reason }, Act::Moved(booked)) => {
            moved(booked, Way::Out, amount, reason)
        }
        (Shift::Close { counted }, Act::Closed { counts }) => {
            let booked = counts.iter().filter_map(|count| Some((count.method, count.counted?)));
            let booked: BTreeMap<_, _> = booked.collect();
            let asked: BTreeMap<_, _> =
                counted.iter().map(|line| (line.method, line.amount)).collect();
            asked == booked
        }
        _ => false,
    }
}

fn same_header(fact: &Fact, about: &About) -> bool {
    detail::same(about, fact)
        && about.operator == fact.operator
        && about.date.is_none_or(|date| date == fact.happened_on())
        && (about.member.is_none() || about.member == fact.member)
}

/// Whether each of these items is the product beside it.
fn all_mean<'a, L: Lookup>(
    books: &mut L,
    mut pairs: impl Iterator<Item = (&'a str, &'a Sku)>,
) -> Result<bool, BookError<L::Error>> {
    pairs.try_fold(true, |same, (item, sku)| Ok(same && means(books, item, sku)?))
}

/// What a line without a price means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AtPrice {
    /// The catalog's, and the discount as it stands on the line.
    Asked,
    /// What was paid, which shows as a price and a discount that nobody asked for.
    Paid,
}

fn same_return<L: Lookup>(
    books: &mut L,
    asked: &GiveBack,
    receipt: &Receipt,
    (source, terms): (Option<FactId>, &ReturnTerms),
) -> Result<bool, BookError<L::Error>> {
    let same_source = match (&asked.source, &terms.elsewhere) {
        (None, None) => source.is_none(),
        (Some(FactRef::Bill(bill)), Some(from)) => *bill == from.bill,
        (Some(which), None) => source.is_some() && named(books, which)? == source,
        _ => false,
    };
    let said = (asked.condition, &asked.approved) == (terms.condition, &terms.approved);
    if !same_source || !said {
        return Ok(false);
    }
    match (source, asked.lines.as_slice()) {
        // What was left of the sale then is not known any more.
        (Some(_), []) => Ok(true),
        (Some(_), lines) => same_lines(books, lines, receipt, AtPrice::Paid),
        (None, lines) => same_lines(books, lines, receipt, AtPrice::Asked),
    }
}

fn same_lines<L: Lookup>(
    books: &mut L,
    asked: &[SaleLine],
    receipt: &Receipt,
    at_price: AtPrice,
) -> Result<bool, BookError<L::Error>> {
    if asked.len() != receipt.lines.len() {
        return Ok(false);
    }
    for (asked, booked) in asked.iter().zip(&receipt.lines) {
        let priced = match asked.price {
            Some(price) => price == booked.list_price && same_discount(asked, booked),
            None => at_price == AtPrice::Paid || same_discount(asked, booked),
        };
        let rate = asked.tax_rate.is_none_or(|rate| rate == booked.tax_rate.basis_points());
        let same = priced && rate && asked.quantity == booked.quantity;
        if !same || !means(books, &asked.item, &booked.sku)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn same_discount(asked: &SaleLine, booked: &ReceiptLine) -> bool {
    booked.total.plus(booked.discount).is_ok_and(|gross| asked.off_from(gross) == booked.discount)
}

fn paid_as(asked: &[Pay], booked: &[Payment]) -> bool {
    if asked.is_empty() {
        return booked.iter().all(|p| p.method == PaymentMethod::Cash && p.change.is_zero());
    }
    let open_is_none = asked.len() == booked.len() + 1;
    let fixed: Vec<&Pay> =
        asked.iter().filter(|pay| !open_is_none || pay.amount.is_some()).collect();
    fixed.len() == booked.len()
        && fixed.iter().zip(booked).all(|(pay, booked)| paid_by(pay, booked))
}

fn paid_by(pay: &Pay, booked: &Payment) -> bool {
    let handed = booked.amount.plus(booked.change).ok();
    pay.method == booked.method
        && pay.amount.is_none_or(|amount| handed == Some(amount))
        && pay.reference == booked.reference
}

fn same_inbound<L: Lookup>(
    books: &mut L,
    asked: &[InboundLine],
    fact: &Fact,
) -> Result<bool, BookError<L::Error>> {
    let booked = goods(fact);
    if asked.len() != booked.len() {
        return Ok(false);
    }
    for (asked, booked) in asked.iter().zip(booked) {
        let cost: Option<Money> = match asked.cost {
            Cost::AsBefore => None,
            Cost::PerUnit(unit) => unit.times(asked.quantity).ok(),
            Cost::Whole(cost) => Some(cost),
        };
        let same = asked.quantity == booked.quantity
            && (asked.lot == booked.lot || asked.lot.is_none() && asked.expiry.is_some())
            && cost.is_none_or(|cost| cost == booked.value);
        if !same || !means(books, &asked.item, &booked.sku)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn same_counts<L: Lookup>(
    books: &mut L,
    asked: &[CountLine],
    fact: &Fact,
) -> Result<bool, BookError<L::Error>> {
    let booked = goods(fact);
    if asked.len() != booked.len() {
        return Ok(false);
    }
    for (asked, booked) in asked.iter().zip(booked) {
        let quantity: Quantity = match booked.to {
            Account::CountLoss => booked.quantity.negated(),
            _ => booked.quantity,
        };
        let same = asked.quantity == quantity && asked.lot == booked.lot;
        if !same || !means(books, &asked.item, &booked.sku)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn same_assembly<L: Lookup>(
    books: &mut L,
    product: &CountLine,
    parts: &[CountLine],
    fact: &Fact,
) -> Result<bool, BookError<L::Error>> {
    let booked = goods(fact);
    // The product is taken apart first and put together last.
    let (whole, of) = match &fact.body {
        Body::Assembly(Work::TakenApart) => (booked.first(), booked.get(1..)),
        _ => (booked.last(), booked.len().checked_sub(1).and_then(|last| booked.get(..last))),
    };
    let (Some(whole), Some(of)) = (whole, of) else { return Ok(false) };
    if parts.len() != of.len() {
        return Ok(false);
    }
    for (asked, booked) in std::iter::once(product).chain(parts).zip([whole].into_iter().chain(of))
    {
        let same = asked.quantity == booked.quantity && asked.lot == booked.lot;
        if !same || !means(books, &asked.item, &booked.sku)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn same_statement<L: Lookup>(
    books: &mut L,
    asked: &[StatedLine],
    booked: &[Stated],
) -> Result<bool, BookError<L::Error>> {
    if asked.len() != booked.len() {
        return Ok(false);
    }
    for (asked, booked) in asked.iter().zip(booked) {
        let same = (asked.opening, asked.sold) == (booked.opening, booked.sold)
            && (asked.scrapped, asked.closing) == (booked.scrapped, booked.closing);
        if !same || !means(books, &asked.item, &booked.sku)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The movements that stand for lines; corrections of cost stand for none.
fn goods(fact: &Fact) -> Vec<&Movement> {
    fact.movements.iter().filter(|m| m.from != Account::CostAdjustment).collect()
}

fn named<L: Lookup>(books: &mut L, which: &FactRef) -> Result<Option<FactId>, BookError<L::Error>> {
    match which {
        FactRef::Id(id) => Ok(Some(*id)),
        FactRef::Bill(_) => Ok(books.fact(which).map_err(BookError::Books)?.map(|fact| fact.id)),
    }
}

fn means<L: Lookup>(books: &mut L, item: &str, sku: &Sku) -> Result<bool, BookError<L::Error>> {
    if item == sku.as_str() {
        return Ok(true);
    }
    let product = books.product(item).map_err(BookError::Books)?;
    Ok(product.is_some_and(|product| product.sku == *sku))
}
