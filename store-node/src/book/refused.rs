//! Why a request is not booked.

use console::supplier::SupplierError;
use ledger::alert::Cause;
use ledger::amount::{AmountError, Money, Quantity};
use ledger::basket::TooMuchOff;
use ledger::id::{
    BillNo, FactId, IdError, LetterNo, Operator, RequestId, Serial, SupplierId, TillId,
};
use ledger::post::PostError;
use ledger::price::Level;
use ledger::returns::Objection;
use ledger::supplier::FieldError;
use thiserror::Error;

use crate::request::FactRef;

/// Why a request is not booked. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refused {
    /// No product has this SKU or barcode, and the line does not say enough to do without.
    #[error("line {line}: no product has the SKU or barcode `{item}`")]
    UnknownItem {
        /// Which line, from one.
        line: usize,
        /// What was scanned or typed.
        item: String,
    },
    /// No product has this barcode, and it cannot be a SKU either.
    #[error("line {line}: `{item}` cannot be an item")]
    BadItem {
        /// Which line, from one.
        line: usize,
        /// What was scanned or typed.
        item: String,
        /// Why.
        #[source]
        source: IdError,
    },
    /// The catalog has no price for it and the line gives none.
    #[error("line {line}: there is no price for `{item}`")]
    NoPrice {
        /// Which line, from one.
        line: usize,
        /// What was scanned or typed.
        item: String,
    },
    /// Nothing is known of what it costs and the line does not say.
    #[error("line {line}: the cost of `{item}` is not known")]
    NoCost {
        /// Which line, from one.
        line: usize,
        /// What was scanned or typed.
        item: String,
    },
    /// A part of something that is only sold whole.
    #[error("line {line}: `{item}` is sold by the piece, {quantity} is no whole number")]
    NotWhole {
        /// Which line, from one.
        line: usize,
        /// What was scanned or typed.
        item: String,
        /// What was given.
        quantity: Quantity,
    },
    /// A number on a line is out of range.
    #[error("line {line}: an amount is out of range")]
    Amount {
        /// Which line, from one; zero for the whole.
        line: usize,
        /// Why.
        #[source]
        source: AmountError,
    },
    /// Two payments leave their amounts open.
    #[error("only one payment may leave its amount open")]
    OpenPayments,
    /// A piece is named without its product, and there are several.
    #[error("the piece `{serial}` could be of several products")]
    PieceOfWhich {
        /// Its number.
        serial: Serial,
    },
    /// The name of a bin is none.
    #[error("that is no name of a bin")]
    BadBin {
        /// Why.
        #[source]
        source: IdError,
    },
    /// There is no such fact in this store.
    #[error("this store has booked nothing under `{which}`")]
    NoSuchFact {
        /// What was given.
        which: FactRef,
    },
    /// The whole sale was given back before.
    #[error("nothing is left to give back of {bill}")]
    NothingLeft {
        /// The sale.
        bill: BillNo,
    },
    /// No such alert is open, so there is nothing to see.
    #[error("{} has no alert `{}`", .cause.sku, .cause.kind)]
    NoSuchAlert {
        /// What was to be seen.
        cause: Box<Cause>,
    },
    /// What was found beyond the books is more than nothing.
    #[error("of `{item}` {quantity} was found, which is not more than nothing")]
    NothingFound {
        /// Of what.
        item: String,
        /// What was given.
        quantity: Quantity,
    },
    /// The request's name was used for something else.
    #[error("the request id `{request}` stands for {bill}, which is something else")]
    RequestReused {
        /// The name.
        request: RequestId,
        /// The fact that it names.
        fact: FactId,
        /// Its number on paper.
        bill: BillNo,
    },
    /// It is not known which supplier is meant.
    #[error(transparent)]
    Supplier(SupplierError),
    /// A supplier has no such field.
    #[error("suppliers have no field `{field}`")]
    NoSupplierField {
        /// What was given.
        field: String,
    },
    /// A text is not a value of a supplier's field.
    #[error(transparent)]
    SupplierField(FieldError),
    /// Another supplier goes by the name.
    #[error("the supplier {owner} is called `{name}`")]
    SupplierName {
        /// The name.
        name: String,
        /// Who has it.
        owner: SupplierId,
    },
    /// An invoice is for goods receipts that stand.
    #[error("{which} is no goods receipt that stands")]
    NotAReceipt {
        /// What was given.
        which: FactRef,
    },
    /// The goods came from another supplier.
    #[error("{which} came from {supplier}")]
    OtherSupplier {
        /// The receipt.
        which: FactRef,
        /// What it calls its supplier.
        supplier: String,
    },
    /// A receipt that an invoice covers is not undone.
    #[error("{receipt} is invoiced by {invoice}")]
    Invoiced {
        /// The receipt.
        receipt: BillNo,
        /// The invoice.
        invoice: FactId,
    },
    /// A payment pays invoices of its supplier that stand.
    #[error("`{which}` is no invoice of this supplier that stands")]
    NotAnInvoice {
        /// What was given.
        which: String,
    },
    /// More is taken off by hand than whoever sells may.
    #[error(transparent)]
    Discount(TooMuchOff),
    /// What one may not take off oneself one cannot allow oneself.
    #[error("{operator} sells it and cannot allow the discount")]
    OwnApproval {
        /// Who.
        operator: Operator,
    },
    /// More is taken off the basket than it comes to.
    #[error("{off} is taken off the basket, which comes to {left}")]
    BasketOff {
        /// What is taken off.
        off: Money,
        /// What it comes to.
        left: Money,
    },
    /// What is taken off is less than nothing, or a part of a coin.
    #[error("line {line}: {off} cannot be taken off")]
    OddOff {
        /// Which line, from one; zero for the basket.
        line: usize,
        /// What is taken off.
        off: Money,
    },
    /// There is no such line.
    #[error("there is no line {line}")]
    NoLine {
        /// Which, from one.
        line: usize,
    },
    /// Nobody buys at this level.
    #[error("nobody buys at the price level `{}`", level.name())]
    NoLevel {
        /// Which.
        level: Level,
    },
    /// No shift is open at a till at which one has to be.
    #[error("no shift is open at till {till}")]
    NoShift {
        /// Which till.
        till: TillId,
    },
    /// A fact without a receipt cannot be printed as one.
    #[error("{which} has no receipt")]
    NoReceiptOf {
        /// What was given.
        which: FactRef,
    },
    /// Another basket waits under the name.
    #[error("another basket is parked as {name}")]
    BasketTaken {
        /// The name.
        name: RequestId,
    },
    /// No basket waits under the name.
    #[error("no basket is parked as {name}")]
    NoSuchBasket {
        /// The name.
        name: RequestId,
    },
    /// More would be forgotten.
    #[error("{most} baskets are parked already")]
    TooManyBaskets {
        /// The most there may be.
        most: usize,
    },
    /// There is no such shift.
    #[error("till {till} has no such shift")]
    NoSuchShift {
        /// Of which till.
        till: TillId,
    },
    /// A till has one shift at a time.
    #[error("a shift is open at till {till}: {shift}")]
    ShiftIsOpen {
        /// Which till.
        till: TillId,
        /// The shift.
        shift: FactId,
    },
    /// The shop's rules of returns do not allow it.
    #[error(transparent)]
    Return(Objection),
    /// What is paid without cash is no more than the difference of an exchange.
    #[error("{paid} is paid without cash, the difference is {due}")]
    ExchangeOverpaid {
        /// What is paid.
        paid: Money,
        /// What the goods taken cost beyond those given back.
        due: Money,
    },
    /// No letter of head office lets this store pay that member out.
    #[error("no letter {letter} lets this store pay the member out")]
    NoLetter {
        /// The number given.
        letter: LetterNo,
    },
    /// The ledger does not take it.
    #[error(transparent)]
    Post(#[from] PostError),
}
