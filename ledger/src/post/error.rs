//! Why a command cannot be booked.

use thiserror::Error;

use super::{
    MAX_DELIVERY_LINES, MAX_LINE_REMARK_LEN, MAX_LINES, MAX_PAYMENTS, MAX_REDUCTIONS,
    MAX_REMARK_LEN,
};
use crate::amount::{AmountError, Money, Quantity};
use crate::escrow::EscrowError;
use crate::fact::PaymentMethod;
use crate::id::{FactId, PurchaseId, Serial, Sku, StoreId, TransferId};
use crate::invoice::InvoiceError;
use crate::payable::PaymentError;

/// Why a command cannot be booked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PostError {
    /// There is nothing to book.
    #[error("there are no lines")]
    NoLines,
    /// More than [`MAX_LINES`].
    #[error("there are {found} lines; at most {MAX_LINES} go on one document")]
    TooManyLines {
        /// How many were given.
        found: usize,
    },
    /// More than [`MAX_PAYMENTS`].
    #[error("there are {found} payments; at most {MAX_PAYMENTS} go on one receipt")]
    TooManyPayments {
        /// How many were given.
        found: usize,
    },
    /// A reason or supplier beyond [`MAX_REMARK_LEN`].
    #[error("the remark is longer than {MAX_REMARK_LEN} bytes")]
    RemarkTooLong,
    /// Quantities are positive, but for adjustments, which are not zero.
    #[error("line {line}: the quantity {quantity} of {sku} is out of place")]
    BadQuantity {
        /// Which line, from one.
        line: usize,
        /// Of what.
        sku: Sku,
        /// What was given.
        quantity: Quantity,
    },
    /// Prices, costs and discounts are not negative.
    #[error("line {line}: the amount {amount} for {sku} is negative")]
    NegativeAmount {
        /// Which line, from one.
        line: usize,
        /// Of what.
        sku: Sku,
        /// What was given.
        amount: Money,
    },
    /// A discount is at most what the line costs.
    #[error("line {line}: the discount {discount} on {sku} is more than its price {gross}")]
    DiscountTooLarge {
        /// Which line, from one.
        line: usize,
        /// On what.
        sku: Sku,
        /// What was given.
        discount: Money,
        /// What the line costs without it.
        gross: Money,
    },
    /// What is named of a discount is more than the discount, or nothing.
    #[error("line {line}: the discount {discount} on {sku} is not made of its parts")]
    BadReductions {
        /// Which line, from one.
        line: usize,
        /// On what.
        sku: Sku,
        /// What is taken off the line in all.
        discount: Money,
    },
    /// More than [`MAX_REDUCTIONS`].
    #[error("the discounts have {found} named parts; at most {MAX_REDUCTIONS} go on one receipt")]
    TooManyReductions {
        /// How many were given.
        found: usize,
    },
    /// An amount left its range.
    #[error("line {line}: an amount is out of range")]
    Amount {
        /// Which line, from one; the whole document when zero.
        line: usize,
        /// Why.
        #[source]
        source: AmountError,
    },
    /// A payment is not more than nothing.
    #[error("the {} payment of {amount} is not more than nothing", method.name())]
    EmptyPayment {
        /// How.
        method: PaymentMethod,
        /// What was given.
        amount: Money,
    },
    /// The payments do not cover the receipt.
    #[error("{paid} is paid, {due} is due")]
    Underpaid {
        /// What the payments add up to.
        paid: Money,
        /// What the receipt comes to.
        due: Money,
    },
    /// More was paid than is due, and not in cash, so that no change can be given.
    #[error("{paid} is paid for {due}; only cash can be overpaid")]
    Overpaid {
        /// What the payments add up to.
        paid: Money,
        /// What the receipt comes to.
        due: Money,
    },
    /// A return pays out exactly what the goods come to.
    #[error("{paid} is paid back, the goods come to {due}")]
    RefundDiffers {
        /// What the payments add up to.
        paid: Money,
        /// What the receipt comes to.
        due: Money,
    },
    /// The fact named as source of a return is no sale.
    #[error("{id} is not a sale")]
    NotASale {
        /// The fact named.
        id: FactId,
    },
    /// More is given back than was sold and not yet given back.
    #[error("{asked} of {sku} is given back, of the {sold} sold on {sale} {left} can be")]
    ReturnsTooMuch {
        /// The sale.
        sale: FactId,
        /// Of what.
        sku: Sku,
        /// What was given.
        asked: Quantity,
        /// What was sold.
        sold: Quantity,
        /// What can still be given back.
        left: Quantity,
    },
    /// More money is asked for than was paid and not yet paid back.
    #[error("{asked} is asked back for {sku}, of the {paid} paid on {sale} {left} can be")]
    RefundsTooMuch {
        /// The sale.
        sale: FactId,
        /// Of what.
        sku: Sku,
        /// What was given.
        asked: Money,
        /// What was paid.
        paid: Money,
        /// What can still be paid back.
        left: Money,
    },
    /// The fact was undone before.
    #[error("{id} was reversed by {by}")]
    AlreadyReversed {
        /// The fact.
        id: FactId,
        /// What undid it.
        by: FactId,
    },
    /// Reversals stay: book the fact again instead.
    #[error("{id} is itself a reversal")]
    ReversesReversal {
        /// The fact named.
        id: FactId,
    },
    /// A sale with returns against it cannot be undone as a whole.
    #[error("{returns} returns stand against {id}")]
    HasReturns {
        /// The sale.
        id: FactId,
        /// How many.
        returns: usize,
    },
    /// What was booked for a transfer is corrected by settling the transfer.
    #[error("{id} is part of transfer {transfer}: settle the transfer instead")]
    PartOfTransfer {
        /// The fact named.
        id: FactId,
        /// The transfer.
        transfer: TransferId,
    },
    /// What was booked for a purchase order is corrected by sending goods back.
    #[error("{id} is part of purchase order {purchase}: send the goods back instead")]
    PartOfPurchase {
        /// The fact named.
        id: FactId,
        /// The order.
        purchase: PurchaseId,
    },
    /// More lines than an inspected delivery may have.
    #[error("there are {found} lines; at most {MAX_DELIVERY_LINES} go on one delivery")]
    TooManyDeliveryLines {
        /// How many were given.
        found: usize,
    },
    /// The reason, photo or invoice of a delivery is beyond [`MAX_LINE_REMARK_LEN`].
    #[error("a reason, photo or invoice is longer than {MAX_LINE_REMARK_LEN} bytes")]
    LineRemarkTooLong,
    /// Freight goes by weight, and nobody has said what a product weighs.
    #[error("line {line}: nobody has said what {sku} weighs")]
    NoWeight {
        /// Which line, from one.
        line: usize,
        /// Of what.
        sku: Sku,
    },
    /// The fact named as source of a purchase return took no bought goods in.
    #[error("{id} took no bought goods in")]
    NotAReceipt {
        /// The fact named.
        id: FactId,
    },
    /// More is sent back than came with the receipt and has not been sent back.
    #[error("{asked} of {sku} is sent back, of the {received} received as {receipt} {left} can be")]
    SendsBackTooMuch {
        /// The receipt.
        receipt: FactId,
        /// Of what.
        sku: Sku,
        /// What was given.
        asked: Quantity,
        /// What was received.
        received: Quantity,
        /// What can still be sent back from there.
        left: Quantity,
    },
    /// More is taken out of quarantine than is there.
    #[error("{asked} of {sku} is taken out of quarantine, {left} is there")]
    NotInQuarantine {
        /// Of what.
        sku: Sku,
        /// What was given.
        asked: Quantity,
        /// What is there.
        left: Quantity,
    },
    /// Another store must book this: goods leave and come back at the source and arrive at the
    /// destination.
    #[error("{store} cannot book this for transfer {transfer} from {from} to {to}")]
    NotThisEnd {
        /// The transfer.
        transfer: TransferId,
        /// The store that was asked.
        store: StoreId,
        /// The source.
        from: StoreId,
        /// The destination.
        to: StoreId,
    },
    /// More is settled than is on the way.
    #[error("{asked} of {sku} is settled, {left} is on the way in transfer {transfer}")]
    SettlesTooMuch {
        /// The transfer.
        transfer: TransferId,
        /// Of what.
        sku: Sku,
        /// What was given.
        asked: Quantity,
        /// What is on the way.
        left: Quantity,
    },
    /// An invoice that is not booked as it stands.
    #[error(transparent)]
    Invoice(#[from] InvoiceError),
    /// A payment to a supplier that is not booked as it stands.
    #[error(transparent)]
    Payment(#[from] PaymentError),
    /// Goods are brought to where they are.
    #[error("line {line}: {sku} is to be brought to the bin where it lies")]
    SameBin {
        /// Which line, from one.
        line: usize,
        /// Of what.
        sku: Sku,
    },
    /// A piece is named of a product that is not on the document.
    #[error("the piece {serial} of {sku} is named, and nothing of that moves")]
    PieceNotMoved {
        /// Of what.
        sku: Sku,
        /// Its number.
        serial: Serial,
    },
    /// With all that is said of pieces and bins, the fact would be beyond
    /// [`MAX_TEXT_LEN`](crate::json::MAX_TEXT_LEN).
    #[error("there are too many single pieces and bins for one document")]
    DetailTooLong,
    /// There is no shift to which it could belong.
    #[error("no shift is open at this till")]
    NoShift,
    /// A shift ends with the cash in the drawer counted.
    #[error("nobody has counted the cash")]
    CashNotCounted,
    /// What was counted of a method is given twice.
    #[error("{} is counted twice", .method.name())]
    CountedTwice {
        /// Which.
        method: PaymentMethod,
    },
    /// Less than nothing cannot be there.
    #[error("{amount} of {} cannot be there", .method.name())]
    BadCount {
        /// Of which method.
        method: PaymentMethod,
        /// What was given.
        amount: Money,
    },
    /// Stored value that is not booked as it stands.
    #[error(transparent)]
    Value(#[from] EscrowError),
    /// A fact of another store, or of a kind this version does not know.
    #[error("{id} cannot be reversed here")]
    NotReversible {
        /// The fact named.
        id: FactId,
    },
}
