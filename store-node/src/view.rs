//! A fact as programs and people see it.

mod alert;
mod bin;
mod close;
mod delivery;
mod lot;
mod stocktake;
mod supplier;
mod till;

use ledger::amount::{Money, Quantity};
use ledger::escrow;
use ledger::fact::{
    Body, Cause, Fact, Payment, PaymentMethod, Receipt, ReceiptLine, Reduction, SignedReceipt,
};
use ledger::id::{BillNo, FactId, Lot, MemberId, Operator, PaymentRef, RequestId, Sku, StoreId};
use ledger::movement::{Account, Movement};
use ledger::price::Level;
use ledger::purchase;
use ledger::shift;
use ledger::time::{BusinessDate, Timestamp};
use ledger::transfer::Act;
use serde::{Deserialize, Serialize};

use crate::text;
pub use alert::AckView;
pub use bin::{BinWork, HomeView, MovedView, PlacedView, SerialView};
pub use close::CloseView;
pub(crate) use close::total;
pub use delivery::{DeliveryView, InspectedView};
pub use lot::LotView;
pub use stocktake::{ComparedView, StocktakeView};
pub use supplier::{InvoiceLineView, InvoiceView, Named, SupplierPaymentView};
pub use till::{CountView, DrawerView, TermsView};

/// A booked fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactView {
    /// Its name within the store.
    #[serde(with = "text")]
    pub id: FactId,
    /// Its number on paper.
    #[serde(with = "text")]
    pub bill: BillNo,
    /// What happened: `sale`, `return`, `receipt` …
    pub kind: String,
    /// The store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// The day it is booked to.
    #[serde(with = "text")]
    pub date: BusinessDate,
    /// The day on which it happened, where that one's book was closed already.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub true_date: Option<BusinessDate>,
    /// When it was recorded.
    #[serde(with = "text::instant")]
    pub at: Timestamp,
    /// The client's name for the request behind it.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestId>,
    /// Who did it.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
    /// The shift at whose till it was done.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub shift: Option<FactId>,
    /// The member whom it concerns.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// How much was topped up or paid out of the member's stored value.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub value: Option<Money>,
    /// From whom goods were bought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<String>,
    /// Why it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The fact that it refers to: the sale behind a return, what a reversal undoes.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub of: Option<FactId>,
    /// The money side, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<ReceiptView>,
    /// What it says of the day that it closes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub close: Option<CloseView>,
    /// How a delivery was inspected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<DeliveryView>,
    /// What a stocktake found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stocktake: Option<StocktakeView>,
    /// What a supplier's invoice asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice: Option<InvoiceView>,
    /// What was paid to a supplier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<SupplierPaymentView>,
    /// Which alert was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert: Option<AckView>,
    /// What was done with a till's drawer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawer: Option<DrawerView>,
    /// What is said of a return beside its receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<TermsView>,
    /// Until when its lots are good.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lots: Vec<LotView>,
    /// Goods that were brought from bin to bin, and where products belong.
    #[serde(default, skip_serializing_if = "BinWork::is_none")]
    pub bin_work: BinWork,
    /// Single pieces that are named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serials: Vec<SerialView>,
    /// What was put into bins, and what was taken from them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bins: Vec<PlacedView>,
    /// What moved.
    pub movements: Vec<MovementView>,
}

/// Lines and payments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptView {
    /// What the customer pays, or gets back.
    #[serde(with = "text")]
    pub total: Money,
    /// The lines.
    pub lines: Vec<LineView>,
    /// The payments.
    pub payments: Vec<PaymentView>,
}

/// A line of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineView {
    /// What.
    #[serde(with = "text")]
    pub sku: Sku,
    /// How much.
    #[serde(with = "text")]
    pub quantity: Quantity,
    /// The price per unit, tax included.
    #[serde(with = "text")]
    pub price: Money,
    /// What came off the line.
    #[serde(with = "text")]
    pub discount: Money,
    /// The tax rate in basis points.
    pub tax_rate: u16,
    /// The tax contained in the total.
    #[serde(with = "text")]
    pub tax: Money,
    /// What the customer pays for the line.
    #[serde(with = "text")]
    pub total: Money,
    /// Whose price it is, where it isn't the retail price.
    #[serde(default, with = "text::level", skip_serializing_if = "text::level::is_retail")]
    pub level: Level,
    /// The parts of the discount that have a cause of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reductions: Vec<ReductionView>,
    /// Who has allowed what was taken off by hand.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub approved: Option<Operator>,
}

/// A part of a discount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReductionView {
    /// Why: `promotion:NUMBER`, `basket` or `points`.
    #[serde(with = "text")]
    pub cause: Cause,
    /// How much.
    #[serde(with = "text")]
    pub amount: Money,
}

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentView {
    /// How.
    #[serde(with = "text::method")]
    pub method: PaymentMethod,
    /// How much of the receipt it pays.
    #[serde(with = "text")]
    pub amount: Money,
    /// What was given back of what was handed over.
    #[serde(with = "text")]
    pub change: Money,
    /// The other side's number for it.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub reference: Option<PaymentRef>,
}

/// Goods passing from one account to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovementView {
    /// The account that they leave.
    #[serde(with = "text")]
    pub from: Account,
    /// The account that they enter.
    #[serde(with = "text")]
    pub to: Account,
    /// What moves.
    #[serde(with = "text")]
    pub sku: Sku,
    /// From which lot.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub lot: Option<Lot>,
    /// How much.
    #[serde(with = "text")]
    pub quantity: Quantity,
    /// What it cost.
    #[serde(with = "text")]
    pub value: Money,
}

impl From<&Fact> for FactView {
    fn from(fact: &Fact) -> Self {
        let text = |text: &str| Some(text.to_owned());
        let (mut supplier, mut reason, mut of, mut receipt) = (None, None, None, None);
        let (mut close, mut stocktake) = (None, None);
        let (mut invoice, mut payment) = (None, None);
        let (mut alert, mut lots) = (None, Vec::new());
        let (mut delivery, mut drawer, mut terms, mut value) = (None, None, None, None);
        match &fact.body {
            Body::Value(act) => value = paid(act),
            Body::Opening
            | Body::Statement { .. }
            | Body::Assembly(_)
            | Body::BinMove { .. }
            | Body::BinHome { .. }
            | Body::Unknown { .. } => {}
            Body::AlertAck(seen) => {
                reason = text(&seen.remark).filter(|remark| !remark.is_empty());
                alert = Some(AckView::from(seen));
            }
            Body::Stocktake { name, lines, approved } => {
                stocktake = Some(StocktakeView::of(name, lines, approved.as_ref()));
            }
            Body::GoodsReceipt { supplier: from, lots: said, delivery: came } => {
                supplier = from.as_deref().and_then(text);
                lots = said.iter().map(LotView::from).collect();
                delivery = came.as_deref().map(DeliveryView::from);
            }
            Body::Invoice(taken) => {
                (supplier, reason) =
                    (text(taken.supplier.as_str()), taken.accepted.as_deref().and_then(text));
                invoice = Some(InvoiceView::from(&**taken));
            }
            Body::SupplierPayment(paid) => {
                supplier = text(paid.supplier.as_str());
                payment = Some(SupplierPaymentView::from(&**paid));
            }
            Body::RetailSale(sold) => receipt = Some(sold),
            Body::SaleReturn { receipt: back, source, terms: said } => {
                (receipt, of, terms) = (Some(back), *source, TermsView::of(said));
            }
            Body::Shift(act) => {
                drawer = Some(DrawerView::from(act));
                if let shift::Act::Moved(moved) = act {
                    reason = text(&moved.reason);
                }
            }
            Body::Reversal { of: undone, receipt: signed, reason: why } => {
                (of, reason) = (Some(*undone), text(why));
                receipt = signed.as_ref().map(|signed| match signed {
                    SignedReceipt::OfSale(receipt) | SignedReceipt::OfReturn(receipt) => receipt,
                });
            }
            Body::StockAdjustment { reason: why } | Body::Scrap { reason: why } => {
                reason = text(why);
            }
            Body::Purchase(act) => {
                reason = text(act.reason());
                if let purchase::Act::SentBack(sent) = act {
                    of = Some(sent.receipt);
                }
            }
            Body::DayClose(said) => close = Some(CloseView::from(&**said)),
            Body::Transfer(booked) => {
                if let Act::Settlement { reason: why, .. } = &booked.act {
                    reason = text(why);
                }
            }
        }
        Self {
            id: fact.id,
            bill: fact.bill.clone(),
            kind: fact.body.kind().to_owned(),
            store: fact.store.clone(),
            date: fact.date,
            true_date: fact.true_date,
            at: fact.at,
            request: fact.request.clone(),
            operator: fact.operator.clone(),
            shift: fact.shift,
            member: fact.member.clone(),
            value,
            supplier,
            reason,
            of,
            receipt: receipt.map(ReceiptView::from),
            close,
            delivery,
            stocktake,
            invoice,
            payment,
            alert,
            drawer,
            terms,
            lots,
            bin_work: BinWork::of(&fact.body),
            serials: fact.detail.serials.iter().map(SerialView::from).collect(),
            bins: fact.detail.bins.iter().map(PlacedView::from).collect(),
            movements: fact.movements.iter().map(MovementView::from).collect(),
        }
    }
}

/// How much was topped up or paid out; none for rights that only moved.
fn paid(act: &escrow::Act) -> Option<Money> {
    match act {
        escrow::Act::TopUp { payments } | escrow::Act::PaidOut { payments, .. } => {
            Money::sum(payments.iter().map(|payment| payment.amount)).ok()
        }
        escrow::Act::Moved(_) => None,
    }
}

impl FactView {
    /// What the fact changed of one product's stock, in quantity and in value at cost.
    pub fn on_hand_change(&self, sku: &Sku) -> (i128, i128) {
        let mut sum = (0, 0);
        for movement in self.movements.iter().filter(|movement| movement.sku == *sku) {
            let quantity = i128::from(movement.quantity.thousandths());
            let value = i128::from(movement.value.ten_thousandths());
            if movement.to == Account::OnHand {
                sum = (sum.0 + quantity, sum.1 + value);
            }
            if movement.from == Account::OnHand {
                sum = (sum.0 - quantity, sum.1 - value);
            }
        }
        sum
    }

    /// What the goods that it sent back to their supplier had cost.
    pub fn sent_back(&self) -> i128 {
        let outbound = self.movements.iter().filter(|movement| movement.to == Account::Supplier);
        outbound.map(|movement| i128::from(movement.value.ten_thousandths())).sum()
    }

    /// Whether it put goods into quarantine.
    pub fn quarantines(&self) -> bool {
        self.movements.iter().any(|movement| movement.to == Account::Quarantine)
    }

    /// What the goods that it brought in cost.
    pub fn cost(&self) -> i128 {
        let inbound = self.movements.iter().filter(|movement| movement.to == Account::OnHand);
        inbound.map(|movement| i128::from(movement.value.ten_thousandths())).sum()
    }
}

impl From<&Receipt> for ReceiptView {
    fn from(receipt: &Receipt) -> Self {
        // A receipt whose sum overflows cannot be booked; one from elsewhere shows no total.
        let total = receipt.total().unwrap_or_default();
        let lines = receipt.lines.iter().map(LineView::from).collect();
        let payments = receipt.payments.iter().map(PaymentView::from).collect();
        Self { total, lines, payments }
    }
}

impl From<&ReceiptLine> for LineView {
    fn from(line: &ReceiptLine) -> Self {
        Self {
            sku: line.sku.clone(),
            quantity: line.quantity,
            price: line.list_price,
            discount: line.discount,
            tax_rate: line.tax_rate.basis_points(),
            tax: line.tax,
            total: line.total,
            level: line.priced.level,
            reductions: line.priced.reductions.iter().map(ReductionView::from).collect(),
            approved: line.priced.approved.clone(),
        }
    }
}

impl From<&Reduction> for ReductionView {
    fn from(part: &Reduction) -> Self {
        Self { cause: part.cause.clone(), amount: part.amount }
    }
}

impl From<&Payment> for PaymentView {
    fn from(payment: &Payment) -> Self {
        let reference = payment.reference.clone();
        Self { method: payment.method, amount: payment.amount, change: payment.change, reference }
    }
}

impl From<&Movement> for MovementView {
    fn from(movement: &Movement) -> Self {
        Self {
            from: movement.from.clone(),
            to: movement.to.clone(),
            sku: movement.sku.clone(),
            lot: movement.lot.clone(),
            quantity: movement.quantity,
            value: movement.value,
        }
    }
}
