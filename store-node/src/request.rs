//! What a till or a person asks the node to book.
//!
//! A [`Request`] says *what* in terms of the shop (an item as it is scanned, a quantity, perhaps a
//! price); the node looks up the rest and turns it into a ledger command. The same types are the
//! JSON of the local API and what the command line parses into, so that all three ways in are one.
//! Amounts are decimal texts: `"12.80"`.

mod bin;
mod line;
mod scanned;
mod supplier;
mod till;
mod value;

use std::fmt;
use std::str::FromStr;

use ledger::alert::AlertKind;
use ledger::amount::{Money, Quantity};
use ledger::basket::Off;
use ledger::fact::{Condition, PaymentMethod};
use ledger::id::{
    BillNo, Bin, FactId, IdError, Lot, MemberId, Operator, PaymentRef, ReasonCode, RequestId,
    TillId,
};
use ledger::percent::Percent;
use ledger::price::Level;
use ledger::time::BusinessDate;
use serde::{Deserialize, Serialize};

use crate::text;

pub use bin::{BinLine, HomeBins, MoveBins, NamedPiece};
pub use line::LineError;
pub use supplier::{InvoiceLine, NamedFact, PaySupplier, TakeInvoice};
pub use till::{CountedError, CountedLine, Exchange, Shift};
pub use value::{PayOut, TopUp};

/// What the till of a shop with one till is called.
pub const ONLY_TILL: &str = "1";

/// One thing to book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Under which name, by whom, on which day.
    #[serde(default)]
    pub about: About,
    /// What.
    pub task: Task,
}

/// What every request may bear.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// The client's own name for the request. Asking again under the same name books nothing
    /// twice, whatever became of the first answer.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestId>,
    /// Who asks.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
    /// The day to book to; none for today in the shop's zone.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub date: Option<BusinessDate>,
    /// Which single pieces the goods are (序列号).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serials: Vec<NamedPiece>,
    /// In which bin goods that come in are put, and from which those that leave are taken (货位). None: the
    /// home bin of each product.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub bin: Option<Bin>,
    /// At which till (收银台); none for the shop's only one. What is booked to another day than today was not done
    /// at a till, unless one is named.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub till: Option<TillId>,
    /// The member whom it concerns.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
}

impl<T: Into<Task>> From<T> for Request {
    fn from(task: T) -> Self {
        Self { about: About::default(), task: task.into() }
    }
}

impl About {
    /// A request with this name.
    #[must_use]
    pub fn named(request: RequestId) -> Self {
        Self { request: Some(request), ..Self::default() }
    }

    /// At which till it is asked.
    pub fn till(&self) -> TillId {
        self.till.clone().unwrap_or_else(|| TillId::new(ONLY_TILL).expect("a digit"))
    }

    /// The same, asked by someone.
    #[must_use]
    pub fn by(self, operator: Operator) -> Self {
        Self { operator: Some(operator), ..self }
    }

    /// The same, at a till.
    #[must_use]
    pub fn at(self, till: TillId) -> Self {
        Self { till: Some(till), ..self }
    }

    /// The same, booked to a day.
    #[must_use]
    pub fn on(self, date: BusinessDate) -> Self {
        Self { date: Some(date), ..self }
    }
}

/// What to book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Sell over the counter (零售).
    Sell(Sell),
    /// Take goods back (退货).
    Return(GiveBack),
    /// Take goods back and sell others in their place (换货).
    Exchange(Box<Exchange>),
    /// Open or close a shift, or move cash (交班).
    Shift(Shift),
    /// Take bought goods in (采购入库).
    Receive(Receive),
    /// Start the books with stock (期初).
    Opening(Opening),
    /// Correct the quantity on hand (库存调整).
    Adjust(Adjust),
    /// Throw goods away (报损).
    Scrap(Scrap),
    /// Put goods together (组装).
    Assemble(Assemble),
    /// Take goods apart (拆卸).
    Disassemble(Disassemble),
    /// Undo a whole fact (红冲).
    Reverse(Reverse),
    /// Say how a day went, to be compared with its facts (日报声明).
    State(State),
    /// Take in a supplier's invoice (采购发票).
    Invoice(TakeInvoice),
    /// Pay a supplier (付款).
    PaySupplier(PaySupplier),
    /// Say that an alert was seen (预警确认).
    Acknowledge(Acknowledge),
    /// Bring goods from bin to bin (移位).
    MoveBins(MoveBins),
    /// Say where products belong (默认货位).
    HomeBins(HomeBins),
    /// Take money in for stored value (储值充值).
    TopUp(TopUp),
    /// Give money back for stored value (储值退款).
    PayOut(PayOut),
}

/// A sale.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sell {
    /// What is sold.
    pub lines: Vec<SaleLine>,
    /// How it is paid; empty for cash, exactly.
    #[serde(default)]
    pub payments: Vec<Pay>,
    /// Whose prices hold for lines that name none.
    #[serde(default, with = "text::level", skip_serializing_if = "text::level::is_retail")]
    pub level: Level,
    /// What comes off the whole basket: an amount, or a share like `10%`.
    #[serde(default, with = "text", skip_serializing_if = "is_nothing")]
    pub basket_off: Off,
    /// Who allows what is taken off by hand, where it is more than whoever sells may.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub approved: Option<Operator>,
}

/// A return.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GiveBack {
    /// The sale that the goods come from, if there is a receipt (有源退货): of this store, or the bill number of
    /// another one's.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub source: Option<FactRef>,
    /// What is given back. Empty, with a source: all of it that is left.
    #[serde(default)]
    pub lines: Vec<SaleLine>,
    /// How the money goes out; empty for cash.
    #[serde(default)]
    pub payments: Vec<Pay>,
    /// In which condition the goods are.
    #[serde(default, with = "text", skip_serializing_if = "is_sellable")]
    pub condition: Condition,
    /// Who has approved it, where a second person has to.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub approved: Option<Operator>,
}

/// A delivery.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receive {
    /// What came.
    pub lines: Vec<InboundLine>,
    /// From whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<String>,
}

/// The stock with which the books start.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// What was there.
    pub lines: Vec<InboundLine>,
}

/// A correction of the quantity on hand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adjust {
    /// The differences: positive was found, negative is missing.
    pub lines: Vec<CountLine>,
    /// Why.
    pub reason: String,
}

/// Goods thrown away.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scrap {
    /// What goes; quantities are positive.
    pub lines: Vec<CountLine>,
    /// Why.
    pub reason: String,
}

/// Goods put together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assemble {
    /// What they become, and how many.
    pub product: CountLine,
    /// What goes into all of it.
    pub parts: Vec<CountLine>,
    /// What the work cost.
    #[serde(default, with = "text", skip_serializing_if = "no_money")]
    pub labour: Money,
}

/// Goods taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disassemble {
    /// What is taken apart, and how many.
    pub product: CountLine,
    /// What comes of all of it.
    pub parts: Vec<CountLine>,
}

/// An alert that was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acknowledge {
    /// What it says.
    #[serde(with = "text")]
    pub alert: AlertKind,
    /// Of which product: its SKU or barcode.
    pub item: String,
    /// Of which lot.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub lot: Option<Lot>,
    /// The last day for which it is seen; none: as long as it lasts.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub until: Option<BusinessDate>,
    /// What is to be done, or why nothing is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remark: String,
}

/// How a day went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// A line for each product.
    pub lines: Vec<StatedLine>,
}

/// How a day went for a product; what is left out is not said. As text: see
/// [`StatedLine::from_str`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedLine {
    /// The barcode or SKU.
    pub item: String,
    /// How much there was to sell: left from before, and come in that day.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub opening: Option<Quantity>,
    /// How much went to customers.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub sold: Option<Quantity>,
    /// How much was thrown away.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub scrapped: Option<Quantity>,
    /// How much was left.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub closing: Option<Quantity>,
}

/// The undoing of a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reverse {
    /// Which.
    #[serde(with = "text")]
    pub fact: FactRef,
    /// Why.
    pub reason: String,
}

/// A line of a sale or return. As text: see [`SaleLine::from_str`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaleLine {
    /// The barcode or SKU, as it was scanned or typed.
    pub item: String,
    /// How much, in the product's unit.
    #[serde(default = "one", with = "text")]
    pub quantity: Quantity,
    /// The price per unit, tax included; none for the catalog's (on a return with a source: for
    /// what was paid).
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// What comes off the whole line.
    #[serde(default, with = "text", skip_serializing_if = "no_money")]
    pub discount: Money,
    /// The share that comes off instead, in percent of what promotions leave of the line.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub percent_off: Option<Percent>,
    /// The tax rate in basis points; none for the catalog's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_rate: Option<u16>,
}

/// Goods that come in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InboundLine {
    /// The barcode or SKU.
    pub item: String,
    /// From which production lot (批号).
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub lot: Option<Lot>,
    /// Its last good day (有效期至). Goods without a lot are of the lot of that day.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub expiry: Option<BusinessDate>,
    /// How much.
    #[serde(default = "one", with = "text")]
    pub quantity: Quantity,
    /// What it cost.
    #[serde(default, skip_serializing_if = "Cost::is_as_before")]
    pub cost: Cost,
}

/// What goods cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cost {
    /// What a unit is worth in the books already.
    #[default]
    AsBefore,
    /// This much per unit.
    PerUnit(#[serde(with = "text")] Money),
    /// This much for the whole line.
    Whole(#[serde(with = "text")] Money),
}

/// A difference in stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountLine {
    /// The barcode or SKU.
    pub item: String,
    /// The difference.
    #[serde(with = "text")]
    pub quantity: Quantity,
    /// Of which lot, where somebody says.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub lot: Option<Lot>,
    /// What to do if the books have not heard of the item.
    #[serde(default)]
    pub unheard: Unheard,
}

/// Goods that somebody has counted on a shelf. As text: see [`ShelfLine::from_str`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShelfLine {
    /// The barcode or SKU, as it was scanned or typed.
    pub item: String,
    /// How much is there; none at all is an answer too.
    #[serde(default = "one", with = "text")]
    pub quantity: Quantity,
    /// Of which lot.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub lot: Option<Lot>,
}

/// Why the count of a product differs from the books. As text: `ITEM=CODE`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReasonLine {
    /// The barcode or SKU.
    pub item: String,
    /// Why.
    #[serde(with = "text")]
    pub reason: ReasonCode,
}

/// What becomes of a correction of goods that neither the catalog nor the books know.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unheard {
    /// It is refused: people mistype.
    #[default]
    Refuse,
    /// It is booked, and the SKU is new: a file's first word of an article may be a correction. Were it
    /// refused, the same file would book it the second time, when its later rows are in the books.
    Take,
}

/// A payment. As text: `cash`, `card:20.00`, `mobile=12.50@4200/2611`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pay {
    /// How.
    #[serde(with = "text::method")]
    pub method: PaymentMethod,
    /// How much is handed over. None, for one of the payments: what the others leave to pay.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// The other side's number for it (交易流水号).
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub reference: Option<PaymentRef>,
}

/// A fact, by its id (`1-42`) or by its bill number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactRef {
    /// By its id within the store.
    Id(FactId),
    /// By the number on paper.
    Bill(BillNo),
}

impl fmt::Display for FactRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "{id}"),
            Self::Bill(bill) => write!(f, "{bill}"),
        }
    }
}

impl FromStr for FactRef {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        // No bill number of ours reads as a fact id: it has three hyphens.
        text.parse().map(Self::Id).or_else(|_| BillNo::new(text).map(Self::Bill))
    }
}

impl Task {
    /// The SKUs and barcodes that its lines name.
    pub(crate) fn items(&self) -> Vec<&str> {
        match self {
            Self::Sell(Sell { lines, .. }) | Self::Return(GiveBack { lines, .. }) => {
                lines.iter().map(|line| line.item.as_str()).collect()
            }
            Self::Receive(Receive { lines, .. }) | Self::Opening(Opening { lines }) => {
                lines.iter().map(|line| line.item.as_str()).collect()
            }
            Self::Adjust(Adjust { lines, .. }) | Self::Scrap(Scrap { lines, .. }) => {
                lines.iter().map(|line| line.item.as_str()).collect()
            }
            Self::State(State { lines }) => lines.iter().map(|line| line.item.as_str()).collect(),
            Self::Invoice(TakeInvoice { lines, .. }) => {
                lines.iter().map(|line| line.item.as_str()).collect()
            }
            Self::Assemble(Assemble { product, parts, .. })
            | Self::Disassemble(Disassemble { product, parts }) => {
                std::iter::once(product).chain(parts).map(|line| line.item.as_str()).collect()
            }
            Self::Acknowledge(Acknowledge { item, .. }) => vec![item.as_str()],
            Self::MoveBins(MoveBins { lines }) => {
                lines.iter().map(|line| line.item.as_str()).collect()
            }
            Self::HomeBins(HomeBins { items, .. }) => items.iter().map(String::as_str).collect(),
            Self::Exchange(exchange) => {
                let lines = exchange.back.lines.iter().chain(&exchange.take.lines);
                lines.map(|line| line.item.as_str()).collect()
            }
            Self::Reverse(_)
            | Self::PaySupplier(_)
            | Self::Shift(_)
            | Self::TopUp(_)
            | Self::PayOut(_) => Vec::new(),
        }
    }
}

macro_rules! tasks {
    ($($name:ident => $variant:ident),+) => {
        $(impl From<$name> for Task {
            fn from(task: $name) -> Self {
                Self::$variant(task)
            }
        })+
    };
}

tasks! {
    Sell => Sell, GiveBack => Return, Receive => Receive, Opening => Opening, Adjust => Adjust,
    Scrap => Scrap, Assemble => Assemble, Disassemble => Disassemble, Reverse => Reverse,
    State => State, TakeInvoice => Invoice, PaySupplier => PaySupplier, Acknowledge => Acknowledge,
    MoveBins => MoveBins, HomeBins => HomeBins, Shift => Shift, TopUp => TopUp, PayOut => PayOut
}

impl From<Exchange> for Task {
    fn from(exchange: Exchange) -> Self {
        Self::Exchange(Box::new(exchange))
    }
}

impl Cost {
    const fn is_as_before(&self) -> bool {
        matches!(self, Self::AsBefore)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
const fn no_money(amount: &Money) -> bool {
    amount.is_zero()
}

fn is_nothing(off: &Off) -> bool {
    *off == Off::NOTHING
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_sellable(condition: &Condition) -> bool {
    *condition == Condition::Sellable
}

impl SaleLine {
    /// What a person takes off it.
    pub fn off(&self) -> Off {
        self.percent_off.map_or(Off::Amount(self.discount), Off::Share)
    }

    /// The same as an amount, off what it would cost.
    pub(crate) fn off_from(&self, whole: Money) -> Money {
        self.percent_off.map_or(self.discount, |share| share.of(whole))
    }
}

/// One unit, which is what a line without a quantity means.
pub(crate) fn one() -> Quantity {
    Quantity::units(1).expect("one unit is within the range of quantities")
}
