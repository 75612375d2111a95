//! The checks by name: what each proves, and how bad it is when it does not hold.

use serde::{Deserialize, Serialize};

use super::Severity;

macro_rules! checks {
    ($( $(#[$doc:meta])* $name:ident => $text:literal, $severity:ident; )+) => {
        /// A check. Its name is its id in reports.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub enum Check { $( $(#[$doc])* $name ),+ }

        impl Check {
            /// Every check, in the order in which reports list them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Its id in reports and on the command line.
            pub const fn name(self) -> &'static str {
                match self { $( Self::$name => $text ),+ }
            }

            /// How bad its findings are: an error cannot happen in an honest shop. (A sale is never
            /// refused for want of stock, clocks and prices are set by people, and whether facts are
            /// missing is what their sequence says, not their bills.)
            pub const fn severity(self) -> Severity {
                match self { $( Self::$name => Severity::$severity ),+ }
            }
        }
    };
}

checks! {
    /// [`stock`](super::stock): opening + in − out = closing (库存平衡).
    StockEquation => "stock-equation", Error;
    /// [`accounts`](super::accounts): a SKU's accounts add up to nothing (科目平衡).
    AccountSum => "account-sum", Error;
    /// [`transfers`](super::transfers): shipped = received + damaged + lost + returned + in transit
    /// (调拨平衡).
    TransferEquation => "transfer-equation", Error;
    /// [`transfers`](super::transfers): what the order says of goods is what the books say
    /// (调拨账实相符).
    TransferFact => "transfer-fact", Error;
    /// [`transfers`](super::transfers): the parties contradict neither themselves nor each other
    /// (调拨异常).
    TransferAnomaly => "transfer-anomaly", Warning;
    /// [`transfers`](super::transfers): what left arrives or is settled in time (在途超期).
    InTransitAge => "in-transit-age", Warning;
    /// [`purchases`](super::purchases): what the order says of goods is what the books say
    /// (采购账实相符).
    PurchaseFact => "purchase-fact", Error;
    /// [`purchases`](super::purchases): goods come for orders that somebody has placed (采购订单存在).
    PurchaseUnknown => "purchase-unknown", Warning;
    /// [`purchases`](super::purchases): no more comes than was agreed to (超收).
    OverReceipt => "over-receipt", Warning;
    /// [`purchases`](super::purchases): the parties contradict neither themselves nor each other
    /// (采购异常).
    PurchaseAnomaly => "purchase-anomaly", Warning;
    /// [`invoices`](super::invoices): a supplier's invoice is booked once (发票重复).
    InvoiceTwice => "invoice-twice", Warning;
    /// [`invoices`](super::invoices): an invoice covers no more goods than came (发票超收货).
    InvoiceGoods => "invoice-goods", Error;
    /// [`invoices`](super::invoices): no more is paid than the invoices ask for (超付).
    PaidBeyond => "paid-beyond", Warning;
    /// [`sequence`](super::sequence): facts are numbered without gaps (流水连号).
    Sequence => "sequence", Error;
    /// [`fleet`](super::fleet): a history has one end (流水分叉).
    ForkedHistory => "forked-history", Error;
    /// [`bills`](super::bills): a bill number names one fact (单号唯一).
    DuplicateBill => "duplicate-bill", Error;
    /// [`bills`](super::bills): a day's bills are numbered without gaps (单号连续).
    MissingBill => "missing-bill", Warning;
    /// [`bills`](super::bills): a bill names its own store, history and day (单号归属).
    MisnamedBill => "misnamed-bill", Warning;
    /// [`shelf`](super::shelf): nothing on hand is less than nothing (负库存).
    NegativeStock => "negative-stock", Warning;
    /// [`shelf`](super::shelf): what is not there is worth nothing (零库存有金额).
    ValueWithoutQuantity => "value-without-quantity", Error;
    /// [`receipt`](super::receipt): what was paid is what was due (收款相符).
    Payments => "payments", Error;
    /// [`receipt`](super::receipt): quantity × price − discount = total (行金额).
    LineTotal => "line-total", Error;
    /// [`receipt`](super::receipt): nothing is sold below nothing (低于零价).
    BelowNothing => "below-nothing", Error;
    /// [`receipt`](super::receipt): the goods of the receipt are the goods that moved (货单相符).
    ReceiptGoods => "receipt-goods", Error;
    /// [`shifts`](super::shifts): the money of a shift is what its facts come to (交班相符).
    ShiftTakings => "shift-takings", Error;
    /// [`shifts`](super::shifts): what was counted is what ought to be there (长短款).
    ShiftDifference => "shift-difference", Warning;
    /// [`shifts`](super::shifts): a shift ends (未交班).
    ShiftOpen => "shift-open", Warning;
    /// [`returns`](super::returns): no more of a sale comes back than was sold (退货超量).
    ReturnsBeyondSale => "returns-beyond-sale", Warning;
    /// [`statement`](super::statement): what a shop says of a day is what its facts add up to
    /// (日报相符).
    Statement => "statement", Warning;
    /// [`statement`](super::statement): opening − sold − scrapped = closing, as the shop says
    /// (日报平衡).
    StatementSum => "statement-sum", Warning;
    /// [`prices`](super::prices): the price on the line was the list price then (标价相符).
    PriceList => "price-list", Warning;
    /// [`prices`](super::prices): nothing is sold below its floor price (低于底价).
    BelowFloor => "below-floor", Warning;
    /// [`prices`](super::prices): a promotion that a line names was in force (促销有效).
    Promotion => "promotion", Warning;
    /// [`products`](super::products): a code at the till means one product (一码一品).
    BarcodeTwice => "barcode-twice", Warning;
    /// [`serials`](super::serials): a single piece is in one place, and was sold once (序列号唯一).
    SerialNumber => "serial-number", Warning;
    /// [`clock`](super::clock) and [`fleet`](super::fleet): times do not run backwards or ahead
    /// (时钟偏差).
    ClockSkew => "clock-skew", Warning;
    /// [`clock`](super::clock): a day is not over before it began (业务日期).
    ImplausibleDate => "implausible-date", Warning;
    /// [`references`](super::references): a fact that is named exists (引用有效).
    OrphanReference => "orphan-reference", Error;
    /// [`close`](super::close): a closed day is what its store said of it (日结相符).
    SignedClose => "signed-close", Error;
    /// [`close`](super::close): a close is signed with a key of its store (日结签名).
    CloseSignature => "close-signature", Error;
    /// [`fleet`](super::fleet): a store is heard from (门店失联).
    StoreSilent => "store-silent", Warning;
    /// [`fleet`](super::fleet) and [`replicas`](super::replicas): store and hub hold the same
    /// (副本一致).
    ReplicaDiffers => "replica-differs", Error;
}

impl Check {
    /// The check of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|check| check.name() == name)
    }
}
