//! Booking what an import reads, through whichever door is open.

use std::error::Error;

use console::Lang;
use ledger::command::{self, Command, Tender};
use ledger::fact::Stated;
use ledger::id::Operator;
use ledger::lot::LotExpiry;
use ledger::time::BusinessDate;

use crate::ask::booking::{BookAll, Outcome};
use crate::door::Door;
use crate::import::{ImportedDocument, PostOutcome, Sink};
use crate::request::{
    About, Adjust, Cost, CountLine, GiveBack, InboundLine, Opening, Pay, Receive, Request,
    SaleLine, Scrap, Sell, State, StatedLine, Task, Unheard,
};

/// The most lines in one step: a few megabytes of request, a fraction of a second of booking.
const MAX_LINES_AT_ONCE: usize = 20_000;

/// Books imported documents through a door. A document of another store is for the caller to leave
/// out ([`Import::only_store`](crate::import::Import::only_store)); it would be booked here.
pub struct DoorSink<'d, D> {
    door: &'d D,
    operator: Option<Operator>,
    lang: Lang,
}

impl<'d, D: Door> DoorSink<'d, D> {
    /// Books through this door, in someone's name, and explains refusals in a language.
    pub const fn new(door: &'d D, operator: Option<Operator>, lang: Lang) -> Self {
        Self { door, operator, lang }
    }

    fn book(&self, requests: Vec<Request>) -> Result<Vec<PostOutcome>, crate::NodeError> {
        let lang = self.lang.tag().to_owned();
        let outcomes = self.door.ask(BookAll { requests, lang })?;
        let outcome = |outcome| match outcome {
            Outcome::Booked => PostOutcome::Posted,
            Outcome::Repeated => PostOutcome::AlreadyThere,
            Outcome::Refused(told) => PostOutcome::Refused(told.message),
        };
        Ok(outcomes.into_iter().map(outcome).collect())
    }

    fn request(&self, document: ImportedDocument) -> Option<Request> {
        let about = About {
            request: Some(document.request),
            operator: self.operator.clone(),
            date: Some(BusinessDate::new(document.at.date())),
            ..About::default()
        };
        Some(Request { about, task: task(document.command)? })
    }
}

impl<D: Door> Sink for DoorSink<'_, D> {
    fn post_batch(
        &mut self,
        documents: Vec<ImportedDocument>,
    ) -> Result<Vec<PostOutcome>, Box<dyn Error + Send + Sync>> {
        let mut outcomes = Vec::with_capacity(documents.len());
        let (mut requests, mut lines) = (Vec::new(), 0);
        for document in documents {
            let request =
                self.request(document).ok_or("an import holds what cannot be imported")?;
            let more = request.task.items().len();
            if lines + more > MAX_LINES_AT_ONCE && !requests.is_empty() {
                outcomes.extend(self.book(std::mem::take(&mut requests))?);
                lines = 0;
            }
            lines += more;
            requests.push(request);
        }
        outcomes.extend(self.book(requests)?);
        Ok(outcomes)
    }
}

/// A ledger command as a request says it. None for what names facts of the books or an order,
/// which no file can.
fn task(command: Command) -> Option<Task> {
    Some(match command {
        Command::Opening { lines } => {
            Opening { lines: lines.into_iter().map(inbound).collect() }.into()
        }
        Command::Receive { lines, supplier, lots } => {
            let expiry = |line: &InboundLine| {
                let is_of = |of: &&LotExpiry| {
                    *of.sku.as_str() == *line.item && Some(&of.lot) == line.lot.as_ref()
                };
                lots.iter().find(is_of).map(|of| of.expiry)
            };
            let dated = |line| {
                let line = inbound(line);
                InboundLine { expiry: expiry(&line), ..line }
            };
            let lines = lines.into_iter().map(dated).collect();
            Receive { lines, supplier: supplier.map(String::from) }.into()
        }
        Command::Sell { lines, payments } => {
            let lines = lines.into_iter().map(sale).collect();
            let payments = payments.into_iter().map(pay).collect();
            Sell { lines, payments, ..Sell::default() }.into()
        }
        Command::Return { lines, payments, source: None, terms: _ } => {
            let lines = lines.into_iter().map(sale).collect();
            let payments = payments.into_iter().map(pay).collect();
            GiveBack { lines, payments, ..GiveBack::default() }.into()
        }
        Command::Adjust { lines, reason } => {
            Adjust { lines: lines.iter().map(count).collect(), reason: reason.into() }.into()
        }
        Command::Scrap { lines, reason } => {
            Scrap { lines: lines.iter().map(count).collect(), reason: reason.into() }.into()
        }
        Command::State { lines } => State { lines: lines.into_iter().map(stated).collect() }.into(),
        Command::Return { source: Some(_), .. }
        | Command::Reverse { .. }
        | Command::Revalue { .. }
        | Command::Stocktake { .. }
        | Command::Invoice(_)
        | Command::PaySupplier { .. }
        | Command::Value(_)
        | Command::Assemble(_)
        | Command::Shift(_)
        | Command::Acknowledge(_)
        | Command::MoveBins { .. }
        | Command::HomeBins { .. }
        | Command::Purchase(_)
        | Command::Transfer(_) => return None,
    })
}

fn inbound(line: command::InboundLine) -> InboundLine {
    let command::InboundLine { sku, lot, quantity, cost } = line;
    InboundLine { item: sku.to_string(), lot, expiry: None, quantity, cost: Cost::Whole(cost) }
}

fn sale(line: command::SaleLine) -> SaleLine {
    let command::SaleLine { sku, quantity, list_price, discount, tax_rate, priced: _ } = line;
    SaleLine {
        item: sku.to_string(),
        quantity,
        price: Some(list_price),
        discount,
        percent_off: None,
        tax_rate: Some(tax_rate.basis_points()),
    }
}

fn count(line: &command::AdjustLine) -> CountLine {
    CountLine {
        item: line.sku.to_string(),
        lot: line.lot.clone(),
        quantity: line.quantity,
        unheard: Unheard::Take,
    }
}

fn stated(line: Stated) -> StatedLine {
    let Stated { sku, opening, sold, scrapped, closing } = line;
    StatedLine { item: sku.to_string(), opening, sold, scrapped, closing }
}

fn pay(tender: Tender) -> Pay {
    Pay { method: tender.method, amount: Some(tender.amount), reference: tender.reference }
}
