//! The stocktake that goes on (盘点): several people count at once, through the daemon, while tills sell.
//!
//! Each line is put down in a transaction of its own, with what the books say at that moment: no sale
//! comes between the two, and a line that was acknowledged is durable.

mod approve;
mod bins;
mod refused;
mod scope;

use std::collections::BTreeSet;

use books::{BooksError, OpenStocktake, Tx};
use ledger::amount::Quantity;
use ledger::catalog::SoldBy;
use ledger::command::Command;
use ledger::fact::Body;
use ledger::id::{Bin, Operator, ReasonCode, RequestId, Sku};
use ledger::json;
use ledger::post::{self, MAX_LINES, MAX_REMARK_LEN, PostError};
use ledger::stocktake::{CountLine, Item, MAX_SHEET_LINES, Round, Sheet, Tally, Verdict};

use super::catalog::{Products, Scanned};
use super::scan::unpacked;
use super::{Booked, Node, Stamp, When, lookup};
use crate::book::{Notice, Refused};
use crate::error::Result;
use crate::home::CountRules;
use crate::request::{About, ShelfLine};
pub use refused::CountRefused;
pub use scope::{Scope, Spot};

/// How much may differ unless somebody says otherwise: one piece is more cheaply booked than counted
/// again.
pub(crate) const DEFAULT_TOLERANCE: &str = "1";

/// Thousandths in a whole unit.
const WHOLE: i64 = 1_000;

/// A stocktake to start.
#[derive(Debug, Clone, Default)]
pub struct NewCount {
    /// What it is called; if nothing, by its day.
    pub name: String,
    /// What it is to cover.
    pub scope: Scope,
    /// These are to be counted as well.
    pub items: Vec<String>,
    /// How much may differ without being looked at again.
    pub tolerance: Quantity,
    /// The client's name for the request.
    pub request: Option<RequestId>,
    /// Who asks.
    pub operator: Option<Operator>,
}

/// Goods that somebody has counted.
#[derive(Debug, Clone)]
pub struct Counts {
    /// What is there.
    pub lines: Vec<ShelfLine>,
    /// Where.
    pub bin: Option<Bin>,
    /// Which time.
    pub round: WhichRound,
    /// The client's name for the request.
    pub request: Option<RequestId>,
    /// Who counted.
    pub operator: Option<Operator>,
}

/// To which round counts belong.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhichRound {
    /// To the one that goes on: they add up with what others count.
    #[default]
    Current,
    /// To a new one: they replace what was counted of these products before.
    New,
}

/// A line that was put down, and what its product comes to with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedCount {
    /// The line.
    pub line: CountLine,
    /// How much was counted of the product in this round.
    pub total: Quantity,
}

/// A stocktake that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountPosted {
    /// The fact that it came to.
    pub booked: Booked,
    /// What was to be counted and nobody has: left as it is.
    pub uncounted: Vec<Sku>,
}

impl Node {
    /// Starts a stocktake. Without a scope or items, whatever is counted is part of it.
    pub fn start_count(&self, start: NewCount) -> Result<When> {
        if start.name.len() > MAX_REMARK_LEN {
            return Err(Refused::Post(PostError::RemarkTooLong).into());
        }
        if start.tolerance.is_negative() {
            return Err(CountRefused::NegativeTolerance { tolerance: start.tolerance }.into());
        }
        let products = self.named(&start.items)?;
        let covered = self.covered(&start.scope)?;
        let (started, today) = (self.now(), self.today());
        self.books().write(move |tx| {
            if let Some(open) = tx.stocktake()? {
                return asked_before(open, &start);
            }
            let NewCount { name, scope, items, tolerance, request, operator } = start;
            let name = if name.is_empty() { scope.name(today) } else { name };
            let (name, epoch) = (name.into(), tx.epoch()?);
            let (approved, bin) = (None, scope.one_bin().cloned());
            let head =
                OpenStocktake { epoch, name, request, operator, started, tolerance, approved, bin };
            let mut skus = covered;
            for (line, item) in (1..).zip(&items) {
                skus.insert(sku_of(tx, &products, line, item)?);
            }
            if skus.len() > MAX_LINES {
                return Err(CountRefused::TooManyItems.into());
            }
            tx.start_stocktake(&head, &skus)?;
            Ok(When::Now)
        })
    }

    /// Puts down what somebody has counted. When this returns, it is durable.
    pub fn add_counts(&self, counts: Counts) -> Result<(Vec<AddedCount>, When)> {
        let items = counts.lines.iter().map(|line| line.item.as_str());
        let at = self.now();
        let products = self.inner.shelf.products_of(self, items, at)?;
        self.books().write(move |tx| {
            let open = going_on(tx)?;
            let lines = read_lines(tx, &products, &counts, open.bin.as_ref())?;
            if let Some(name) = &counts.request {
                let before = tx.counted_by_request(name)?;
                if !before.is_empty() {
                    return Ok((repeated(tx, name, before, &lines)?, When::Before));
                }
            }
            let mut added = Vec::with_capacity(lines.len());
            let skus: BTreeSet<&Sku> = lines.iter().map(|line| &line.sku).collect();
            for sku in skus {
                open_round(tx, sku, counts.round)?;
            }
            for (number, line) in (1..).zip(lines) {
                let round = tx.stocktake_item(&line.sku)?.unwrap_or_default().round;
                let line = CountLine { round, ..line };
                tx.add_count(&line, at, counts.request.as_ref())?;
                added.push(AddedCount { total: total(tx, &line, number)?, line });
            }
            let size = tx.stocktake_size()?;
            if size.items > MAX_LINES || size.lines > MAX_SHEET_LINES {
                return Err(CountRefused::TooManyItems.into());
            }
            Ok((added, When::Now))
        })
    }

    /// The stocktake that goes on.
    pub fn count_sheet(&self) -> Result<(OpenStocktake, Sheet)> {
        Ok(self.books().reader()?.stocktake()?.ok_or(CountRefused::NoneGoesOn)?)
    }

    /// Has products counted again: what was counted of them before no longer counts.
    pub fn recount(&self, items: Vec<String>) -> Result<()> {
        let products = self.named(&items)?;
        self.books().write(move |tx| {
            going_on(tx)?;
            for (line, item) in (1..).zip(&items) {
                let sku = on_sheet(tx, &products, line, item)?.0;
                open_round(tx, &sku, WhichRound::New)?;
            }
            Ok(())
        })
    }

    /// Says why products differ.
    pub fn explain_count(&self, reasons: Vec<(String, ReasonCode)>) -> Result<()> {
        let items: Vec<String> = reasons.iter().map(|(item, _)| item.clone()).collect();
        let products = self.named(&items)?;
        self.books().write(move |tx| {
            going_on(tx)?;
            for (line, (item, reason)) in (1..).zip(reasons) {
                let (sku, decided) = on_sheet(tx, &products, line, &item)?;
                tx.set_stocktake_item(&sku, &Item { reason: Some(reason), ..decided })?;
            }
            Ok(())
        })
    }

    /// Ends the stocktake as one fact, which moves what differs.
    pub fn post_count(&self, about: About) -> Result<CountPosted> {
        let (stamp, rules) = (self.stamp(), self.config().count);
        self.books().write(move |tx| post_in(tx, &stamp, &about, rules))
    }

    /// Gives the stocktake up: nothing of it is kept.
    pub fn cancel_count(&self) -> Result<OpenStocktake> {
        self.books().write(|tx| {
            let head = tx.stocktake()?.ok_or(CountRefused::NoneGoesOn)?;
            tx.end_stocktake(None)?;
            Ok(head)
        })
    }

    fn named(&self, items: &[String]) -> Result<Products> {
        self.inner.shelf.products_of(self, items.iter().map(String::as_str), self.now())
    }
}

/// Whether the stocktake that goes on is the one that is to be started: by the same request.
fn asked_before(open: OpenStocktake, start: &NewCount) -> Result<When> {
    let Some(request) = start.request.as_ref().filter(|_| open.request == start.request) else {
        return Err(CountRefused::GoesOn { name: open.name }.into());
    };
    let named = start.name.is_empty() || *open.name == *start.name;
    let same = named && open.tolerance == start.tolerance && open.operator == start.operator;
    if same {
        return Ok(When::Before);
    }
    Err(CountRefused::RequestReused { request: request.clone() }.into())
}

/// The stocktake, if anything may still be done for it.
fn going_on(tx: &mut Tx<'_>) -> Result<OpenStocktake> {
    let open = tx.stocktake()?.ok_or(CountRefused::NoneGoesOn)?;
    if open.epoch != tx.epoch()? {
        return Err(CountRefused::Restored.into());
    }
    Ok(open)
}

/// The lines as they are to be put down, in the first round for now.
fn read_lines(
    tx: &mut Tx<'_>,
    products: &Products,
    counts: &Counts,
    only: Option<&Bin>,
) -> Result<Vec<CountLine>> {
    if let (Some(only), Some(bin)) = (only, &counts.bin)
        && only != bin
    {
        return Err(CountRefused::OtherBin { only: only.clone(), bin: bin.clone() }.into());
    }
    let anchor = tx.last_fact_id()?;
    let mut lines = Vec::with_capacity(counts.lines.len());
    for (number, asked) in (1..).zip(&counts.lines) {
        let mut asked = asked.clone();
        let known = products.get(&asked.item).and_then(Option::as_ref);
        if let Some(Scanned { product, each, says, .. }) = known {
            asked.quantity = unpacked(number, asked.quantity, *each)?;
            asked.scanned(product, says);
            if product.sold_by == SoldBy::Piece && asked.quantity.thousandths() % WHOLE != 0 {
                let (item, quantity) = (asked.item, asked.quantity);
                return Err(Refused::NotWhole { line: number, item, quantity }.into());
            }
        }
        let sku = sku_of(tx, products, number, &asked.item)?;
        if asked.quantity.is_negative() {
            let quantity = asked.quantity;
            let refused = PostError::BadQuantity { line: number, sku, quantity };
            return Err(Refused::Post(refused).into());
        }
        let book = match only {
            Some(bin) => bins::book(tx, &sku, bin)?,
            None => tx.position(&sku)?.quantity,
        };
        let (counter, bin) =
            (counts.operator.clone(), counts.bin.clone().or_else(|| only.cloned()));
        let (quantity, lot, round) = (asked.quantity, asked.lot, Round::FIRST);
        lines.push(CountLine { counter, bin, sku, lot, quantity, round, anchor, book });
    }
    Ok(lines)
}

/// What was added under this name before, if it is what is asked for now.
fn repeated(
    tx: &mut Tx<'_>,
    request: &RequestId,
    before: Vec<CountLine>,
    asked: &[CountLine],
) -> Result<Vec<AddedCount>> {
    let what = |line: &CountLine| {
        let CountLine { counter, bin, sku, lot, quantity, .. } = line.clone();
        (counter, bin, sku, lot, quantity)
    };
    if !before.iter().map(what).eq(asked.iter().map(what)) {
        return Err(CountRefused::RequestReused { request: request.clone() }.into());
    }
    let added = (1..)
        .zip(before)
        .map(|(number, line)| Ok(AddedCount { total: total(tx, &line, number)?, line }));
    added.collect()
}

/// Puts a SKU on the sheet; a new round is opened only if somebody has counted in the one that goes on.
fn open_round(tx: &mut Tx<'_>, sku: &Sku, which: WhichRound) -> Result<(), BooksError> {
    let Some(item) = tx.stocktake_item(sku)? else {
        return tx.set_stocktake_item(sku, &Item::default());
    };
    let counted = |line: &CountLine| line.round == item.round;
    if which == WhichRound::New && tx.counted_of(sku)?.iter().any(counted) {
        tx.set_stocktake_item(sku, &Item { round: item.round.next(), reason: None })?;
    }
    Ok(())
}

/// What was counted in the round of this line. What cannot be added up is not put down.
fn total(tx: &mut Tx<'_>, line: &CountLine, number: usize) -> Result<Quantity> {
    let all = tx.counted_of(&line.sku)?;
    let of_round = all.iter().filter(|other| other.round == line.round);
    let out_of_range = |source| Refused::Amount { line: number, source };
    let tally = Tally::of(of_round).map_err(out_of_range)?;
    let Some(tally) = tally else { return Ok(line.quantity) };
    tally.variance().and_then(|v| v.magnitude().plus(tally.moved)).map_err(out_of_range)?;
    Ok(tally.counted)
}

fn post_in(
    tx: &mut Tx<'_>,
    stamp: &Stamp,
    about: &About,
    rules: CountRules,
) -> Result<CountPosted> {
    if let Some(name) = &about.request
        && let Some(id) = tx.request(name)?
    {
        let fact = lookup::must_have(tx, id)?;
        if !matches!(fact.body, Body::Stocktake { .. }) || fact.operator != about.operator {
            let (request, bill) = (name.clone(), fact.bill);
            return Err(Refused::RequestReused { request, fact: id, bill }.into());
        }
        let booked = Booked { fact, also: None, notices: Vec::new(), when: When::Before };
        return Ok(CountPosted { booked, uncounted: Vec::new() });
    }
    let OpenStocktake { name, approved, bin, .. } = going_on(tx)?;
    let sheet = tx.stocktake_sheet()?.ok_or(CountRefused::NoneGoesOn)?;
    let out_of_range = |source| Refused::Amount { line: 0, source };
    let standings = sheet.standings().map_err(out_of_range)?;
    let lines = sheet.compared().map_err(out_of_range)?.map_err(CountRefused::Unsettled)?;
    let uncounted = standings.into_iter().filter(|(_, s)| s.verdict == Verdict::Uncounted);
    let uncounted = uncounted.map(|(sku, _)| sku).collect();

    let header = stamp.header(tx, about)?;
    let stock = tx.positions(lines.iter().map(|line| &line.sku))?;
    approve::check(rules, &lines, &stock, approved.as_ref(), about.operator.as_ref())?;
    let posted = post::post(header, Command::Stocktake { name, lines, approved }, &stock);
    let posted = posted.map_err(Refused::Post)?;
    let mut fact = posted.fact;
    let left_out = match &bin {
        Some(bin) => bins::note_in(tx, bin, &mut fact)?,
        None => bins::note(tx, &sheet, &mut fact)?,
    };
    tx.append_fact(&fact, &json::to_text(&fact))?;
    tx.end_stocktake(Some(fact.id))?;
    let mut notices: Vec<_> = posted.warnings.into_iter().map(Notice::from).collect();
    notices.extend(left_out);
    if let Some(happened) = fact.true_date {
        notices.push(Notice::DayClosed { happened, booked: fact.date });
    }
    Ok(CountPosted { booked: Booked { fact, also: None, notices, when: When::Now }, uncounted })
}

/// The SKU of goods that are known: by the catalog, by what the books hold of them, or by the sheet.
fn sku_of(tx: &mut Tx<'_>, products: &Products, line: usize, item: &str) -> Result<Sku> {
    if let Some(Scanned { product, .. }) = products.get(item).and_then(Option::as_ref) {
        return Ok(product.sku.clone());
    }
    let unknown = || Refused::UnknownItem { line, item: item.to_owned() };
    let sku = Sku::new(item).map_err(|_| unknown())?;
    let known = tx.position(&sku)? != Default::default() || tx.stocktake_item(&sku)?.is_some();
    if known { Ok(sku) } else { Err(unknown().into()) }
}

fn on_sheet(tx: &mut Tx<'_>, products: &Products, line: usize, item: &str) -> Result<(Sku, Item)> {
    let sku = sku_of(tx, products, line, item)?;
    let decided = tx.stocktake_item(&sku)?;
    let decided = decided.ok_or_else(|| CountRefused::NotOnSheet { item: item.to_owned() })?;
    Ok((sku, decided))
}
