//! Facts (流水): what happened, once, at one store. Immutable; a mistake is corrected by another
//! fact.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::alert::Acknowledgement;
use crate::amount::{AmountError, Money, Quantity, TaxRate};
use crate::assembly::Work;
use crate::bins::{BinMove, Home, Placed};
use crate::close::DayClose;
use crate::escrow;
use crate::id::{
    BillNo, FactId, IdError, MemberId, Operator, PaymentRef, PromotionId, RequestId, Sku, StoreId,
};
use crate::invoice::Invoice;
use crate::lot::LotExpiry;
use crate::movement::Movement;
use crate::payable::SupplierPayment;
use crate::price::Level;
use crate::purchase::{Act, Delivery};
use crate::serial::Piece;
use crate::shift;
use crate::stocktake::Compared;
use crate::time::{BusinessDate, Timestamp};
use crate::transfer::Booked;

/// Something that happened at a store, and what it moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Its name within the store.
    pub id: FactId,
    /// Where it happened.
    pub store: StoreId,
    /// The day it is booked to.
    pub date: BusinessDate,
    /// The day on which it happened, where that one's book was closed already.
    pub true_date: Option<BusinessDate>,
    /// When the node recorded it.
    pub at: Timestamp,
    /// Its number on paper.
    pub bill: BillNo,
    /// The client's name for the command behind it, if the client gave one.
    pub request: Option<RequestId>,
    /// Who did it, if known.
    pub operator: Option<Operator>,
    /// The shift at whose till it happened (班次): the fact that opened it.
    pub shift: Option<FactId>,
    /// The member it concerns (会员): who bought, gave back or was credited.
    pub member: Option<MemberId>,
    /// What happened.
    pub body: Body,
    /// What it moved, fixed when it was posted.
    pub movements: Vec<Movement>,
    /// What is known of the goods beyond that.
    pub detail: Detail,
}

/// Which goods they were, as far as somebody said. Any kind of fact may say so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Detail {
    /// Single pieces by their numbers (序列号).
    pub serials: Vec<Piece>,
    /// What was put into bins, and what was taken from them (货位).
    pub bins: Vec<Placed>,
}

impl Fact {
    /// The day on which it happened, whichever it is booked to.
    pub fn happened_on(&self) -> BusinessDate {
        self.true_date.unwrap_or(self.date)
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// The stock with which the books start (期初).
    Opening,
    /// Goods bought and taken in (采购入库).
    GoodsReceipt {
        /// From whom, as text.
        supplier: Option<Box<str>>,
        /// Until when its lots are good, where somebody said.
        lots: Vec<LotExpiry>,
        /// What is known of the delivery, if it was inspected (验收).
        delivery: Option<Box<Delivery>>,
    },
    /// What becomes of bought goods that are not kept (采购退货, 待检处理).
    Purchase(Act),
    /// Goods sold over the counter (零售).
    RetailSale(Receipt),
    /// Goods taken back (零售退货). The receipt's amounts are what was paid back, as positive
    /// numbers.
    SaleReturn {
        /// What was given back, and how the money went out.
        receipt: Receipt,
        /// The sale of this store it comes from (有源); none for a return without a receipt (无源) and for one
        /// of another store's sale.
        source: Option<FactId>,
        /// What else is said of it.
        terms: ReturnTerms,
    },
    /// The undoing of a whole fact (红冲).
    Reversal {
        /// The fact undone.
        of: FactId,
        /// The money it gives back: the reversed receipt, or none for facts without money.
        receipt: Option<SignedReceipt>,
        /// Why.
        reason: Box<str>,
    },
    /// A correction of the quantity on hand (库存调整).
    StockAdjustment {
        /// Why.
        reason: Box<str>,
    },
    /// Goods thrown away (报损).
    Scrap {
        /// Why.
        reason: Box<str>,
    },
    /// Goods became other goods (组装、拆卸).
    Assembly(Work),
    /// Goods of a transfer shipped, received or settled (调拨).
    Transfer(Booked),
    /// The day is over (日结).
    DayClose(Box<DayClose>),
    /// What the shop says of its day, to be compared with its facts (日报声明). Moves nothing.
    Statement {
        /// A line for each product.
        lines: Vec<Stated>,
    },
    /// Goods were counted (盘点). Moves what differs.
    Stocktake {
        /// What it is called; perhaps nothing.
        name: Box<str>,
        /// A line for each product that was counted.
        lines: Vec<Compared>,
        /// Who has approved it, where a second person had to.
        approved: Option<Operator>,
    },
    /// A supplier asks for the money of what was received (采购发票). Moves value alone.
    Invoice(Box<Invoice>),
    /// A supplier was paid (付款). Moves nothing.
    SupplierPayment(Box<SupplierPayment>),
    /// A shift began or ended, or cash went into a till or out of it (交班). Moves no goods.
    Shift(shift::Act),
    /// Somebody has seen an alert (预警确认). Moves nothing.
    AlertAck(Acknowledgement),
    /// Goods were brought from bin to bin (移位). Moves nothing between accounts.
    BinMove {
        /// What, from where and to where.
        lines: Vec<BinMove>,
    },
    /// Where products belong (默认货位). Moves nothing.
    BinHome {
        /// A line for each product.
        lines: Vec<Home>,
    },
    /// Stored value was topped up, paid out, or moved between stores (储值). Moves no goods.
    Value(escrow::Act),
    /// A kind of fact that this version does not know. Its movements count all the same.
    Unknown {
        /// The kind's name.
        kind: Box<str>,
    },
}

impl Body {
    /// The kind's name in the stored form and in lists.
    pub fn kind(&self) -> &str {
        match self {
            Self::Opening => "opening",
            Self::GoodsReceipt { .. } => "receipt",
            Self::Purchase(act) => act.kind(),
            Self::RetailSale(_) => "sale",
            Self::SaleReturn { .. } => "return",
            Self::Reversal { .. } => "reversal",
            Self::StockAdjustment { .. } => "adjustment",
            Self::Scrap { .. } => "scrap",
            Self::Assembly(work) => work.kind(),
            Self::Transfer(booked) => booked.kind(),
            Self::DayClose(_) => "day_close",
            Self::Statement { .. } => "statement",
            Self::Stocktake { .. } => "stocktake",
            Self::Invoice(_) => "invoice",
            Self::SupplierPayment(_) => "supplier_payment",
            Self::Shift(act) => act.kind(),
            Self::AlertAck(_) => "alert_ack",
            Self::BinMove { .. } => "bin_move",
            Self::BinHome { .. } => "bin_home",
            Self::Value(act) => act.kind(),
            Self::Unknown { kind } => kind,
        }
    }
}

/// A reversed receipt and which way its money went: undoing a sale gives money back, undoing a
/// return takes it in again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignedReceipt {
    /// The reversed fact was a sale.
    OfSale(Receipt),
    /// The reversed fact was a return.
    OfReturn(Receipt),
}

/// What a shop says of a product on a day. What it leaves open is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// Of what.
    pub sku: Sku,
    /// How much there was to sell: left from before, and come in that day.
    pub opening: Option<Quantity>,
    /// How much went to customers.
    pub sold: Option<Quantity>,
    /// How much was thrown away.
    pub scrapped: Option<Quantity>,
    /// How much was left.
    pub closing: Option<Quantity>,
}

/// What is said of goods that come back, beside what they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReturnTerms {
    /// The sale of another store that they come from (异店退货).
    pub elsewhere: Option<Elsewhere>,
    /// What becomes of them.
    pub condition: Condition,
    /// The sale of what the customer took in their place (换货), booked with the return in one step.
    pub exchange: Option<FactId>,
    /// Who has approved it, where a second person had to.
    pub approved: Option<Operator>,
}

/// A sale of another store, as its receipt names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Elsewhere {
    /// Whose.
    pub store: StoreId,
    /// The number on the receipt.
    pub bill: BillNo,
}

/// In which condition goods come back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Condition {
    /// They go back to the shelf (可售).
    #[default]
    Sellable,
    /// They wait in quarantine for somebody to decide (待检).
    Damaged,
    /// They are thrown away (报废).
    Worthless,
}

impl Condition {
    /// Every condition.
    pub const ALL: [Self; 3] = [Self::Sellable, Self::Damaged, Self::Worthless];

    /// Its name in the stored form and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sellable => "sellable",
            Self::Damaged => "damaged",
            Self::Worthless => "worthless",
        }
    }

    /// The condition of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|condition| condition.name() == name)
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Condition {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let what = "condition: sellable, damaged or worthless";
        Self::named(text).ok_or_else(|| IdError::Malformed { what, text: text.to_owned() })
    }
}

/// The money side of a sale or return: lines and payments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// What was on it.
    pub lines: Vec<ReceiptLine>,
    /// How it was paid; the amounts add up to the lines' total.
    pub payments: Vec<Payment>,
}

impl Receipt {
    /// The sum of the lines' totals.
    pub fn total(&self) -> Result<Money, AmountError> {
        Money::sum(self.lines.iter().map(|line| line.total))
    }
}

/// One line of a receipt. All prices include tax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptLine {
    /// What.
    pub sku: Sku,
    /// How much.
    pub quantity: Quantity,
    /// The price per unit before any discount (标价).
    pub list_price: Money,
    /// What was taken off the whole line (优惠金额).
    pub discount: Money,
    /// The tax rate that applied.
    pub tax_rate: TaxRate,
    /// The tax contained in the total (税额).
    pub tax: Money,
    /// What the customer pays for the line: price × quantity, to the coin, less the discount.
    pub total: Money,
    /// How price and discount came about.
    pub priced: Priced,
}

/// How the price and the discount of a line came about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Priced {
    /// Whose price the list price is.
    pub level: Level,
    /// The parts of the discount that have a cause of their own; what is left of it was given by
    /// hand on this line.
    pub reductions: Vec<Reduction>,
    /// Who has allowed what was taken off by hand, where it is more than whoever sold it may.
    pub approved: Option<Operator>,
}

/// A part of a discount (优惠明细).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reduction {
    /// Why.
    pub cause: Cause,
    /// How much it takes off the whole line; more than nothing.
    pub amount: Money,
}

/// Why something is taken off a line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A promotion that head office has set up (促销).
    Promotion(PromotionId),
    /// The line's share of what was taken off the basket by hand (整单优惠).
    Basket,
    /// The line's share of what the member paid in points (积分抵现).
    Points,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Promotion(promotion) => write!(f, "{PROMOTION}{promotion}"),
            Self::Basket => f.write_str(BASKET),
            Self::Points => f.write_str(POINTS),
        }
    }
}

impl FromStr for Cause {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        match text {
            BASKET => Ok(Self::Basket),
            POINTS => Ok(Self::Points),
            _ => match text.strip_prefix(PROMOTION) {
                Some(promotion) => Ok(Self::Promotion(promotion.parse()?)),
                None => Err(IdError::Malformed { what: "cause of a reduction", text: text.into() }),
            },
        }
    }
}

const PROMOTION: &str = "promotion:";
const BASKET: &str = "basket";
const POINTS: &str = "points";

/// One payment of a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// How.
    pub method: PaymentMethod,
    /// How much of the receipt it pays.
    pub amount: Money,
    /// What was handed over beyond the amount and given back (找零). Cash only.
    pub change: Money,
    /// The other side's number for it (交易流水号), e.g. of a card slip or a phone wallet.
    pub reference: Option<PaymentRef>,
}

/// How a payment is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PaymentMethod {
    /// Notes and coins (现金).
    Cash,
    /// Bank card (银行卡).
    Card,
    /// Bank transfer (转账).
    Transfer,
    /// A phone wallet (移动支付).
    Mobile,
    /// What the member has paid in before (储值).
    StoredValue,
}

impl PaymentMethod {
    /// Every method, in the order in which reports list them.
    pub const ALL: [Self; 5] =
        [Self::Cash, Self::Card, Self::Transfer, Self::Mobile, Self::StoredValue];

    /// Its name in the stored form and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Card => "card",
            Self::Transfer => "transfer",
            Self::Mobile => "mobile",
            Self::StoredValue => "stored_value",
        }
    }

    /// The method of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }
}
