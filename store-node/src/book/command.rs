//! From a request to a ledger command: items become products, missing prices come from the
//! catalog, open payments get their amount.

use std::collections::BTreeSet;

use ledger::alert::{Acknowledgement, Cause};
use ledger::amount::{AmountError, Money, Quantity, TaxRate};
use ledger::assembly::{Assembly, Work};
use ledger::bins::{BinMove, Home, Placed};
use ledger::catalog::{Product, ProductStatus, SoldBy};
use ledger::command::{self, AdjustLine, Command, ReturnSource, ReversalTarget, Tender, ValueTask};
use ledger::escrow::EscrowError;
use ledger::fact::{PaymentMethod, Priced, Stated};
use ledger::id::{MemberId, Sku};
use ledger::lot::LotExpiry;
use ledger::post::{Header, PostError};

use super::lookup::{Aftermath, Lookup};
use super::refused::Refused;
use super::returned::Remainder;
use super::{BookError, Notice, till};
use crate::request::{
    self, BinLine, Cost, CountLine, FactRef, GiveBack, HomeBins, InboundLine, Pay, PayOut, Request,
    SaleLine, StatedLine, Task, TopUp, Unheard,
};

/// Thousandths in a whole unit.
const WHOLE: i64 = 1_000;

/// A command, and what a person should know about it.
pub(super) struct Assembled {
    pub(super) command: Command,
    pub(super) notices: Vec<Notice>,
}

/// Turns a request into a command, asking the books for what it leaves open.
pub(super) fn assemble<L: Lookup>(
    request: &Request,
    header: &Header,
    books: &mut L,
) -> Result<Assembled, BookError<L::Error>> {
    let mut bench = bench(books);
    let command = bench.command(request, header)?;
    Ok(Assembled { command, notices: bench.notices })
}

/// Where a command is put together.
pub(super) struct Bench<'a, L> {
    pub(super) books: &'a mut L,
    pub(super) notices: Vec<Notice>,
}

pub(super) fn bench<L: Lookup>(books: &mut L) -> Bench<'_, L> {
    Bench { books, notices: Vec::new() }
}

impl<L: Lookup> Bench<'_, L> {
    fn command(
        &mut self,
        request: &Request,
        header: &Header,
    ) -> Result<Command, BookError<L::Error>> {
        Ok(match &request.task {
            Task::Sell(sell) => self.sell(sell, request.about.operator.as_ref())?,
            Task::Return(give_back) => self.give_back(give_back, header)?,
            // Two facts: the node takes it apart before it comes here.
            Task::Exchange(exchange) => self.give_back(&exchange.back, header)?,
            Task::Shift(shift) => self.shift(shift, &request.about.till(), header)?,
            Task::Receive(receive) => {
                let lines = self.inbound_lines(&receive.lines)?;
                let dated = lines.iter().zip(&receive.lines).filter_map(|(line, given)| {
                    let (sku, lot) = (line.sku.clone(), line.lot.clone()?);
                    Some(LotExpiry { sku, lot, expiry: given.expiry? })
                });
                let lots = dated.collect();
                let supplier = receive.supplier.as_deref().map(Into::into);
                Command::Receive { lines, supplier, lots }
            }
            Task::Opening(opening) => {
                Command::Opening { lines: self.inbound_lines(&opening.lines)? }
            }
            Task::Adjust(adjust) => Command::Adjust {
                lines: self.count_lines(&adjust.lines)?,
                reason: adjust.reason.as_str().into(),
            },
            Task::Scrap(scrap) => Command::Scrap {
                lines: self.count_lines(&scrap.lines)?,
                reason: scrap.reason.as_str().into(),
            },
            Task::Assemble(request::Assemble { product, parts, labour }) => {
                self.assembly(Work::Assembled { labour: *labour }, product, parts)?
            }
            Task::Disassemble(request::Disassemble { product, parts }) => {
                self.assembly(Work::TakenApart, product, parts)?
            }
            Task::Acknowledge(seen) => {
                let sku = self.sku_of(1, &seen.item)?;
                let cause = Cause { kind: seen.alert, sku, lot: seen.lot.clone() };
                if !self.books.has_alert(&cause).map_err(BookError::Books)? {
                    return Err(Refused::NoSuchAlert { cause: Box::new(cause) }.into());
                }
                let remark = seen.remark.as_str().into();
                let seen = Acknowledgement { cause, until: seen.until, remark };
                Command::Acknowledge(Box::new(seen))
            }
            Task::MoveBins(asked) => {
                let moved = |(line, asked): (usize, &BinLine)| {
                    let BinLine { item, quantity, lot, from, to } = asked.clone();
                    let sku = self.sku_of(line, &item)?;
                    Ok::<_, BookError<L::Error>>(BinMove { sku, lot, quantity, from, to })
                };
                let lines = (1..).zip(&asked.lines).map(moved).collect::<Result<_, _>>()?;
                Command::MoveBins { lines }
            }
            Task::HomeBins(asked) => self.home_bins(asked)?,
            Task::State(state) => {
                let stated = |(line, asked): (usize, &StatedLine)| {
                    let product = self.product(&asked.item)?;
                    let sku = self.known_or_new(line, &asked.item, product)?;
                    let StatedLine { opening, sold, scrapped, closing, .. } = *asked;
                    Ok::<_, BookError<L::Error>>(Stated { sku, opening, sold, scrapped, closing })
                };
                let lines = (1..).zip(&state.lines).map(stated);
                Command::State { lines: lines.collect::<Result<_, _>>()? }
            }
            Task::Invoice(invoice) => Command::Invoice(Box::new(self.invoice(invoice)?)),
            Task::TopUp(TopUp { amount, method }) => {
                let payments = vec![in_full(*amount, *method)];
                Command::Value(Box::new(ValueTask::TopUp { payments }))
            }
            Task::PayOut(pay) => self.pay_out(pay, header.member.as_ref())?,
            Task::PaySupplier(pay) => self.pay_supplier(pay)?,
            Task::Reverse(reverse) => {
                let fact = self.fact(&reverse.fact)?;
                self.not_invoiced(&fact)?;
                let Aftermath { returns, reversed } = self.aftermath(&fact)?;
                let target = ReversalTarget { fact, reversed, returns: returns.len() };
                Command::Reverse {
                    target: Box::new(target),
                    reason: reverse.reason.as_str().into(),
                }
            }
        })
    }

    fn home_bins(&mut self, asked: &HomeBins) -> Result<Command, BookError<L::Error>> {
        let (mut lines, mut stays) = (Vec::new(), Vec::new());
        for (line, item) in (1..).zip(&asked.items) {
            let sku = self.sku_of(line, item)?;
            let settled = self.books.bins_of(&sku).map_err(BookError::Books)?;
            for (bin, raw) in settled.settled(asked.bin.as_ref()) {
                let narrow = i64::try_from(raw).map_err(|_| AmountError::OutOfRange);
                let quantity = narrow.and_then(Quantity::from_thousandths);
                let quantity = quantity.map_err(amount_at(line))?;
                stays.push(Placed { sku: sku.clone(), lot: None, bin, quantity });
            }
            lines.push(Home { sku, bin: asked.bin.clone() });
        }
        Ok(Command::HomeBins { lines, stays })
    }

    fn pay_out(
        &mut self,
        pay: &PayOut,
        member: Option<&MemberId>,
    ) -> Result<Command, BookError<L::Error>> {
        let PayOut { letter, amount, method } = pay;
        let member =
            member.ok_or(PostError::Value(EscrowError::NoMember)).map_err(Refused::Post)?;
        let allowed = self.books.may_pay_out(letter, member).map_err(BookError::Books)?;
        let allowed = allowed.ok_or_else(|| Refused::NoLetter { letter: letter.clone() })?;
        let payments = vec![in_full(*amount, *method)];
        let task = ValueTask::PayOut { letter: letter.clone(), allowed, payments };
        Ok(Command::Value(Box::new(task)))
    }

    fn assembly(
        &mut self,
        work: Work,
        product: &CountLine,
        parts: &[CountLine],
    ) -> Result<Command, BookError<L::Error>> {
        let product = self.count_line(1, product)?;
        let parts = (2..).zip(parts).map(|(line, given)| self.count_line(line, given));
        let parts = parts.collect::<Result<_, _>>()?;
        Ok(Command::Assemble(Box::new(Assembly { work, product, parts })))
    }

    fn give_back(
        &mut self,
        given: &GiveBack,
        header: &Header,
    ) -> Result<Command, BookError<L::Error>> {
        let from = given.source.as_ref();
        let elsewhere = from.and_then(|which| till::elsewhere(which, header));
        let Some(which) = from.filter(|_| elsewhere.is_none()) else {
            let lines = self.sale_lines(&given.lines)?;
            let payments = tenders(&given.payments, &lines)?;
            let terms = self.return_terms(given, (None, elsewhere), &lines, header)?;
            return Ok(Command::Return { lines, payments, source: None, terms });
        };
        let sale = self.fact(which)?;
        let Aftermath { returns, reversed } = self.aftermath(&sale)?;
        let mut remainder = Remainder::of(&sale, &returns)?;
        let lines = if given.lines.is_empty() {
            remainder.everything(&sale)?
        } else {
            let line = |(line, asked): (usize, &SaleLine)| {
                let sku = self.sku_of(line, &asked.item)?;
                Ok::<_, BookError<L::Error>>(remainder.line(line, sku, asked)?)
            };
            (1..).zip(&given.lines).map(line).collect::<Result<_, _>>()?
        };
        let payments = tenders(&given.payments, &lines)?;
        let terms = self.return_terms(given, (Some(&sale), None), &lines, header)?;
        let source = Some(Box::new(ReturnSource { sale, returns, reversed }));
        Ok(Command::Return { lines, payments, source, terms })
    }

    fn sale_lines(
        &mut self,
        lines: &[SaleLine],
    ) -> Result<Vec<command::SaleLine>, BookError<L::Error>> {
        let line = |(line, asked): (usize, &SaleLine)| {
            let product = self.product(&asked.item)?;
            self.sale_line(line, asked, product)
        };
        (1..).zip(lines).map(line).collect()
    }

    /// A line at the price that it says, or else at the retail price.
    pub(super) fn sale_line(
        &mut self,
        line: usize,
        asked: &SaleLine,
        product: Option<Product>,
    ) -> Result<command::SaleLine, BookError<L::Error>> {
        let item = || asked.item.clone();
        let list_price = match (asked.price, &product) {
            (Some(price), _) => price,
            (None, None) => return Err(Refused::UnknownItem { line, item: item() }.into()),
            // A free product is sold with a price of 0 on the line, not by a gap in the catalog.
            (None, Some(product)) if product.price.is_zero() => {
                return Err(Refused::NoPrice { line, item: item() }.into());
            }
            (None, Some(product)) => product.price,
        };
        if let Some(product) = &product {
            check_whole(line, asked, product)?;
            if product.status == ProductStatus::Withdrawn {
                self.notices.push(Notice::Withdrawn { sku: product.sku.clone() });
            }
        }
        let catalog_rate = product.as_ref().map_or(TaxRate::ZERO, |product| product.tax_rate);
        let given_rate = asked.tax_rate.map(TaxRate::from_basis_points).transpose();
        let gross = list_price.times(asked.quantity).map_err(amount_at(line))?.to_coins();
        Ok(command::SaleLine {
            sku: self.known_or_new(line, &asked.item, product)?,
            quantity: asked.quantity,
            list_price,
            discount: asked.off_from(gross),
            tax_rate: given_rate.map_err(amount_at(line))?.unwrap_or(catalog_rate),
            priced: Priced::default(),
        })
    }

    fn inbound_lines(
        &mut self,
        lines: &[InboundLine],
    ) -> Result<Vec<command::InboundLine>, BookError<L::Error>> {
        (1..).zip(lines).map(|(line, given)| self.inbound_line(line, given)).collect()
    }

    fn inbound_line(
        &mut self,
        line: usize,
        given: &InboundLine,
    ) -> Result<command::InboundLine, BookError<L::Error>> {
        let product = self.product(&given.item)?;
        if product.is_none() && given.cost == Cost::AsBefore {
            return Err(Refused::UnknownItem { line, item: given.item.clone() }.into());
        }
        let sku = self.known_or_new(line, &given.item, product)?;
        let cost = match given.cost {
            Cost::Whole(cost) => cost,
            Cost::PerUnit(unit) => unit.times(given.quantity).map_err(amount_at(line))?,
            Cost::AsBefore => {
                let position = self.books.position(&sku).map_err(BookError::Books)?;
                let unit = position.unit_cost().map_err(amount_at(line))?;
                let unknown = || Refused::NoCost { line, item: given.item.clone() };
                let unit = unit.ok_or_else(unknown)?;
                unit.times(given.quantity).map_err(amount_at(line))?
            }
        };
        let by_date = || given.expiry.and_then(|expiry| expiry.to_string().parse().ok());
        let (lot, quantity) = (given.lot.clone().or_else(by_date), given.quantity);
        Ok(command::InboundLine { sku, lot, quantity, cost })
    }

    /// Corrections name goods that the books have heard of: a product, or a SKU that was moved; those
    /// of files may be the first word of a SKU.
    fn count_lines(&mut self, lines: &[CountLine]) -> Result<Vec<AdjustLine>, BookError<L::Error>> {
        (1..).zip(lines).map(|(line, given)| self.count_line(line, given)).collect()
    }

    fn count_line(
        &mut self,
        line: usize,
        given: &CountLine,
    ) -> Result<AdjustLine, BookError<L::Error>> {
        let sku = match given.unheard {
            Unheard::Refuse => self.sku_of(line, &given.item)?,
            Unheard::Take => {
                let product = self.product(&given.item)?;
                self.known_or_new(line, &given.item, product)?
            }
        };
        Ok(AdjustLine { sku, lot: given.lot.clone(), quantity: given.quantity })
    }

    /// The SKU of goods that must be known: by the catalog, or by what the books hold of them.
    fn sku_of(&mut self, line: usize, item: &str) -> Result<Sku, BookError<L::Error>> {
        if let Some(product) = self.product(item)? {
            return Ok(product.sku);
        }
        let unknown = || Refused::UnknownItem { line, item: item.to_owned() };
        let sku = Sku::new(item).map_err(|_| unknown())?;
        let position = self.books.position(&sku).map_err(BookError::Books)?;
        if position == Default::default() { Err(unknown().into()) } else { Ok(sku) }
    }

    /// The SKU of goods that may be new to the books.
    pub(super) fn known_or_new(
        &mut self,
        line: usize,
        item: &str,
        product: Option<Product>,
    ) -> Result<Sku, BookError<L::Error>> {
        if let Some(product) = product {
            return Ok(product.sku);
        }
        let bad = |source| Refused::BadItem { line, item: item.to_owned(), source };
        let sku = Sku::new(item).map_err(bad)?;
        self.notices.push(Notice::UnknownProduct { sku: sku.clone() });
        Ok(sku)
    }

    pub(super) fn product(&mut self, item: &str) -> Result<Option<Product>, BookError<L::Error>> {
        self.books.product(item).map_err(BookError::Books)
    }

    pub(super) fn fact(
        &mut self,
        which: &FactRef,
    ) -> Result<ledger::fact::Fact, BookError<L::Error>> {
        let found = self.books.fact(which).map_err(BookError::Books)?;
        found.ok_or_else(|| Refused::NoSuchFact { which: which.clone() }.into())
    }

    fn aftermath(&mut self, fact: &ledger::fact::Fact) -> Result<Aftermath, BookError<L::Error>> {
        self.books.aftermath(fact).map_err(BookError::Books)
    }
}

fn check_whole(line: usize, asked: &SaleLine, product: &Product) -> Result<(), Refused> {
    let quantity = asked.quantity;
    if product.sold_by == SoldBy::Piece && quantity.thousandths() % WHOLE != 0 {
        return Err(Refused::NotWhole { line, item: asked.item.clone(), quantity });
    }
    Ok(())
}

/// The payments with the open one filled in: it takes what the others leave.
const fn in_full(amount: Money, method: PaymentMethod) -> Tender {
    Tender { method, amount, reference: None }
}

pub(super) fn tenders(
    payments: &[Pay],
    lines: &[command::SaleLine],
) -> Result<Vec<Tender>, Refused> {
    let open = payments.iter().filter(|pay| pay.amount.is_none()).count();
    if open > 1 {
        return Err(Refused::OpenPayments);
    }
    let given = Money::sum(payments.iter().filter_map(|pay| pay.amount)).map_err(amount_at(0))?;
    let rest =
        if open == 0 { Money::ZERO } else { due(lines)?.minus(given).map_err(amount_at(0))? };
    let tender = |pay: &Pay| Tender {
        method: pay.method,
        amount: pay.amount.unwrap_or(rest),
        reference: pay.reference.clone(),
    };
    // An open payment that has nothing left to pay is none.
    let needed = |pay: &&Pay| pay.amount.is_some() || rest.is_positive();
    Ok(payments.iter().filter(needed).map(tender).collect())
}

/// What the lines come to, rounded as the ledger rounds them.
pub(super) fn due(lines: &[command::SaleLine]) -> Result<Money, Refused> {
    let mut totals = Vec::with_capacity(lines.len());
    for (line, given) in (1..).zip(lines) {
        let gross = given.list_price.times(given.quantity).map_err(amount_at(line))?.to_coins();
        totals.push(gross.minus(given.discount).map_err(amount_at(line))?);
    }
    Money::sum(totals).map_err(amount_at(0))
}

pub(super) fn amount_at(line: usize) -> impl Fn(AmountError) -> Refused {
    move |source| Refused::Amount { line, source }
}

/// The SKUs that a command moves: the ledger wants their positions.
pub(super) fn skus(command: &Command) -> BTreeSet<&Sku> {
    match command {
        Command::Sell { lines, .. } | Command::Return { lines, .. } => {
            lines.iter().map(|line| &line.sku).collect()
        }
        Command::Receive { lines, .. } | Command::Opening { lines } => {
            lines.iter().map(|line| &line.sku).collect()
        }
        Command::Adjust { lines, .. } | Command::Scrap { lines, .. } => {
            lines.iter().map(|line| &line.sku).collect()
        }
        Command::Stocktake { lines, .. } => lines.iter().map(|line| &line.sku).collect(),
        Command::State { lines } => lines.iter().map(|line| &line.sku).collect(),
        Command::Revalue { lines, .. } => lines.iter().map(|line| &line.sku).collect(),
        Command::Assemble(assembly) => {
            assembly.parts.iter().chain([&assembly.product]).map(|line| &line.sku).collect()
        }
        Command::Acknowledge(_) | Command::Shift(_) => BTreeSet::new(),
        Command::Reverse { target, .. } => {
            target.fact.movements.iter().map(|movement| &movement.sku).collect()
        }
        Command::Invoice(draft) => draft.lines.iter().map(|line| &line.sku).collect(),
        Command::PaySupplier { .. }
        | Command::MoveBins { .. }
        | Command::HomeBins { .. }
        | Command::Value(_) => BTreeSet::new(),
        Command::Purchase(task) => task.skus(),
        Command::Transfer(task) => task.skus().into_iter().collect(),
    }
}
