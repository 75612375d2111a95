//! The names of the ledger's accounts, kinds, methods, measures and fields.

use ledger::alert::AlertKind;
use ledger::catalog::{Contradiction, Field};
use ledger::check::{Check, Proposal, Severity};
use ledger::fact::{Condition, PaymentMethod};
use ledger::measure::Measure;
use ledger::movement::Account;
use ledger::reason::Reason;
use ledger::scan::ScanError;
use ledger::time::BusinessDate;

use crate::words::*;

/// The name of an account.
pub fn account(lang: Lang, account: &Account) -> String {
    match account {
        Account::OnHand => lang.say(AccountOnHand),
        Account::InTransit(transfer) => lang.say(AccountInTransit { transfer }),
        Account::Supplier => lang.say(AccountSupplier),
        Account::Customer => lang.say(AccountCustomer),
        Account::CountGain => lang.say(AccountCountGain),
        Account::CountLoss => lang.say(AccountCountLoss),
        Account::Scrap => lang.say(AccountScrap),
        Account::TransitLoss => lang.say(AccountTransitLoss),
        Account::Quarantine => lang.say(AccountQuarantine),
        Account::Opening => lang.say(AccountOpening),
        Account::CostAdjustment => lang.say(AccountCostAdjustment),
        Account::Assembly => lang.say(AccountAssembly),
    }
}

/// What is wrong with a code.
pub fn code(lang: Lang, why: &ScanError) -> String {
    match why {
        ScanError::CheckDigit { expected, .. } => lang.say(CodeDigit { expected }),
        ScanError::NotAnArticleNumber { .. } => lang.say(CodeLength),
        other => other.to_string(),
    }
}

/// The name of a kind of alert.
pub fn alert(lang: Lang, kind: AlertKind) -> String {
    match kind {
        AlertKind::Negative => lang.say(AlertNegative),
        AlertKind::BelowMin => lang.say(AlertBelowMin),
        AlertKind::AboveMax => lang.say(AlertAboveMax),
        AlertKind::Expired => lang.say(AlertExpired),
        AlertKind::Expiring => lang.say(AlertExpiring),
        AlertKind::Dead => lang.say(AlertDead),
        AlertKind::Slow => lang.say(AlertSlow),
    }
}

/// Why goods are gone or too many: in words where the code is one of the shipped ones, else as it was typed.
pub fn reason(lang: Lang, reason: &str) -> String {
    let Some(coded) = Reason::coded(reason) else { return reason.to_owned() };
    match coded {
        Reason::Damaged => lang.say(ReasonDamaged),
        Reason::Expired => lang.say(ReasonExpired),
        Reason::Stolen => lang.say(ReasonStolen),
        Reason::Sample => lang.say(ReasonSample),
        Reason::OwnUse => lang.say(ReasonOwnUse),
        Reason::Gift => lang.say(ReasonGift),
        Reason::CountingError => lang.say(ReasonCountingError),
        Reason::Found => lang.say(ReasonFound),
        Reason::OverDelivered => lang.say(ReasonOverDelivered),
        Reason::Shrinkage => lang.say(ReasonShrinkage),
    }
}

/// The name of a kind of fact, from [`Body::kind`](ledger::fact::Body::kind).
pub fn kind(lang: Lang, kind: &str) -> String {
    match kind {
        "opening" => lang.say(KindOpening),
        "receipt" => lang.say(KindGoodsReceipt),
        "purchase_return" => lang.say(KindPurchaseReturn),
        "quarantine_release" => lang.say(KindQuarantineRelease),
        "quarantine_scrap" => lang.say(KindQuarantineScrap),
        "sale" => lang.say(KindSale),
        "return" => lang.say(KindReturn),
        "reversal" => lang.say(KindReversal),
        "adjustment" => lang.say(KindAdjustment),
        "scrap" => lang.say(KindScrap),
        "statement" => lang.say(KindStatement),
        "stocktake" => lang.say(KindStocktake),
        "invoice" => lang.say(KindInvoice),
        "supplier_payment" => lang.say(KindSupplierPayment),
        "transfer_ship" => lang.say(KindTransferShip),
        "transfer_receipt" => lang.say(KindTransferReceipt),
        "transfer_settlement" => lang.say(KindTransferSettlement),
        "assembly" => lang.say(KindAssembly),
        "disassembly" => lang.say(KindDisassembly),
        "shift_open" => lang.say(KindShiftOpen),
        "cash_move" => lang.say(KindCashMove),
        "shift_close" => lang.say(KindShiftClose),
        "alert_ack" => lang.say(KindAlertAck),
        "bin_move" => lang.say(KindBinMove),
        "bin_home" => lang.say(KindBinHome),
        "value_top_up" => lang.say(KindValueTopUp),
        "value_paid_out" => lang.say(KindValuePaidOut),
        "value_moved" => lang.say(KindValueMoved),
        "day_close" => lang.say(KindDayClose),
        kind => lang.say(KindUnknown { kind }),
    }
}

/// The name of a kind of fact, with its true day where that is not the one it is booked to.
pub fn kind_of_day(lang: Lang, kind: &str, true_date: Option<BusinessDate>) -> String {
    let kind = self::kind(lang, kind);
    true_date.map_or_else(|| kind.clone(), |date| lang.say(KindOfDay { kind: &kind, date }))
}

/// The name of a payment method.
pub fn payment(lang: Lang, method: PaymentMethod) -> String {
    match method {
        PaymentMethod::Cash => lang.say(PaidCash),
        PaymentMethod::Card => lang.say(PaidCard),
        PaymentMethod::Transfer => lang.say(PaidTransfer),
        PaymentMethod::Mobile => lang.say(PaidMobile),
        PaymentMethod::StoredValue => lang.say(PaidStoredValue),
    }
}

/// The name of a payment method by its stored one.
pub fn method(lang: Lang, name: &str) -> String {
    PaymentMethod::named(name).map_or_else(|| name.to_owned(), |method| payment(lang, method))
}

/// In which condition goods came back.
pub fn condition(lang: Lang, condition: Condition) -> String {
    match condition {
        Condition::Sellable => lang.say(ConditionSellable),
        Condition::Damaged => lang.say(ConditionDamaged),
        Condition::Worthless => lang.say(ConditionWorthless),
    }
}

/// The name of a day total.
pub fn measure(lang: Lang, measure: Measure) -> String {
    match measure {
        Measure::SalesCount => lang.say(MeasureSalesCount),
        Measure::SalesGross => lang.say(MeasureSalesGross),
        Measure::SalesDiscount => lang.say(MeasureSalesDiscount),
        Measure::SalesNet => lang.say(MeasureSalesNet),
        Measure::Tax => lang.say(MeasureTax),
        Measure::ReturnsCount => lang.say(MeasureReturnsCount),
        Measure::ReturnsNet => lang.say(MeasureReturnsNet),
        Measure::Paid(method) => lang.say(MeasurePaid { method: payment(lang, method) }),
    }
}

/// The name of a product's field.
pub fn field(lang: Lang, field: Field) -> String {
    match field {
        Field::Barcode => lang.say(FieldBarcode),
        Field::NameZh => lang.say(FieldNameZh),
        Field::NameEn => lang.say(FieldNameEn),
        Field::Unit => lang.say(FieldUnit),
        Field::Category => lang.say(FieldCategory),
        Field::Price => lang.say(FieldPrice),
        Field::FloorPrice => lang.say(FieldFloorPrice),
        Field::TaxRate => lang.say(FieldTaxRate),
        Field::SoldBy => lang.say(FieldSoldBy),
        Field::Status => lang.say(FieldStatus),
        Field::MinStock => lang.say(FieldMinStock),
        Field::MoreBarcodes => lang.say(FieldMoreBarcodes),
        Field::Packs => lang.say(FieldPacks),
        Field::Spec => lang.say(FieldSpec),
        Field::Model => lang.say(FieldModel),
        Field::Brand => lang.say(FieldBrand),
        Field::Mnemonic => lang.say(FieldMnemonic),
        Field::PurchasePrice => lang.say(FieldPurchasePrice),
        Field::WholesalePrice => lang.say(FieldWholesalePrice),
        Field::MemberPrice => lang.say(FieldMemberPrice),
        Field::ShelfLifeDays => lang.say(FieldShelfLifeDays),
        Field::MaxStock => lang.say(FieldMaxStock),
        Field::Style => lang.say(FieldStyle),
        Field::Size => lang.say(FieldSize),
        Field::Colour => lang.say(FieldColour),
        Field::Tracking => lang.say(FieldTracking),
        Field::Weight => lang.say(FieldWeight),
    }
}

/// Why a product can't be as it was given.
pub fn contradiction(lang: Lang, why: &Contradiction) -> String {
    match why {
        Contradiction::MinAboveMax { min, max } => lang.say(MinAboveMax { min, max }),
        Contradiction::CodeTwice { code } => lang.say(CodeTwice { code }),
    }
}

/// What a consistency check proves.
pub fn check(lang: Lang, check: Check) -> String {
    match check {
        Check::StockEquation => lang.say(CheckStockEquation),
        Check::AccountSum => lang.say(CheckAccountSum),
        Check::TransferEquation => lang.say(CheckTransferEquation),
        Check::TransferFact => lang.say(CheckTransferFact),
        Check::TransferAnomaly => lang.say(CheckTransferAnomaly),
        Check::InTransitAge => lang.say(CheckInTransitAge),
        Check::PurchaseFact => lang.say(CheckPurchaseFact),
        Check::PurchaseUnknown => lang.say(CheckPurchaseUnknown),
        Check::OverReceipt => lang.say(CheckOverReceipt),
        Check::PurchaseAnomaly => lang.say(CheckPurchaseAnomaly),
        Check::InvoiceTwice => lang.say(CheckInvoiceTwice),
        Check::InvoiceGoods => lang.say(CheckInvoiceGoods),
        Check::PaidBeyond => lang.say(CheckPaidBeyond),
        Check::ForkedHistory => lang.say(CheckForkedHistory),
        Check::ShiftTakings => lang.say(CheckShiftTakings),
        Check::ShiftDifference => lang.say(CheckShiftDifference),
        Check::ShiftOpen => lang.say(CheckShiftOpen),
        Check::ReturnsBeyondSale => lang.say(CheckReturnsBeyondSale),
        Check::Statement => lang.say(CheckStatement),
        Check::StatementSum => lang.say(CheckStatementSum),
        Check::PriceList => lang.say(CheckPriceList),
        Check::Promotion => lang.say(CheckPromotion),
        Check::BelowFloor => lang.say(CheckBelowFloor),
        Check::BarcodeTwice => lang.say(CheckBarcodeTwice),
        Check::SerialNumber => lang.say(CheckSerialNumber),
        Check::StoreSilent => lang.say(CheckStoreSilent),
        Check::ReplicaDiffers => lang.say(CheckReplicaDiffers),
        Check::Sequence => lang.say(CheckSequence),
        Check::DuplicateBill => lang.say(CheckDuplicateBill),
        Check::MissingBill => lang.say(CheckMissingBill),
        Check::MisnamedBill => lang.say(CheckMisnamedBill),
        Check::NegativeStock => lang.say(CheckNegativeStock),
        Check::ValueWithoutQuantity => lang.say(CheckValueWithoutQuantity),
        Check::Payments => lang.say(CheckPayments),
        Check::LineTotal => lang.say(CheckLineTotal),
        Check::BelowNothing => lang.say(CheckBelowNothing),
        Check::ReceiptGoods => lang.say(CheckReceiptGoods),
        Check::ClockSkew => lang.say(CheckClockSkew),
        Check::ImplausibleDate => lang.say(CheckImplausibleDate),
        Check::OrphanReference => lang.say(CheckOrphanReference),
        Check::SignedClose => lang.say(CheckSignedClose),
        Check::CloseSignature => lang.say(CheckCloseSignature),
    }
}

/// How bad a finding is.
pub fn severity(lang: Lang, severity: Severity) -> String {
    match severity {
        Severity::Warning => lang.say(SeverityWarning),
        Severity::Error => lang.say(SeverityError),
    }
}

/// What to do about a finding.
pub fn proposal(lang: Lang, proposal: Proposal) -> String {
    match proposal {
        Proposal::Rebuild => lang.say(ProposeRebuild),
        Proposal::RebuildAtStore => lang.say(ProposeRebuildAtStore),
        Proposal::Count => lang.say(ProposeCount),
        Proposal::ReverseAndRebook => lang.say(ProposeReverseAndRebook),
        Proposal::Reverse => lang.say(ProposeReverse),
        Proposal::ReturnSurplus => lang.say(ProposeReturnSurplus),
        Proposal::Reconnect => lang.say(ProposeReconnect),
        Proposal::ComparePaper => lang.say(ProposeComparePaper),
        Proposal::SetClock => lang.say(ProposeSetClock),
        Proposal::CloseAgain => lang.say(ProposeCloseAgain),
        Proposal::SettleTransfer => lang.say(ProposeSettleTransfer),
        Proposal::CorrectCatalog => lang.say(ProposeCorrectCatalog),
        Proposal::AskStore => lang.say(ProposeAskStore),
        Proposal::InspectMachine => lang.say(ProposeInspectMachine),
    }
}

/// A word of a finding's evidence: the kind of an anomaly in words, anything else as it is.
pub fn word(lang: Lang, word: &str) -> String {
    match word {
        "not-entitled" => lang.say(KindNotEntitled),
        "said-twice" => lang.say(KindSaidTwice),
        "requested-twice" => lang.say(KindRequestedTwice),
        "approved-and-rejected" => lang.say(KindBothWays),
        "shipped-though-rejected" => lang.say(KindThoughRejected),
        "shipped-beyond-approval" => lang.say(KindBeyond),
        "revised-after-approval" => lang.say(KindRevisedAfterApproval),
        "received-though-rejected" => lang.say(KindReceivedThoughRejected),
        "returned-beyond-received" => lang.say(KindReturnedBeyondReceived),
        "unread" => lang.say(KindUnread),
        other => other.to_owned(),
    }
}
