//! Refusals in both languages.

use console::{Exit, Lang, Phrase, Tell, Told, labels, supplier, words};
use ledger::basket::TooMuchOff;
use ledger::escrow::EscrowError;
use ledger::invoice::{InvoiceError, MAX_RECEIPTS};
use ledger::payable::{MAX_INVOICES, PaymentError};
use ledger::post::{
    MAX_DELIVERY_LINES, MAX_LINE_REMARK_LEN, MAX_LINES, MAX_PAYMENTS, MAX_REDUCTIONS,
    MAX_REMARK_LEN, PostError,
};
use ledger::returns::Objection;
use ledger::supplier::Field;

use super::{Notice, Refused};

/// Lines that differ of which a refusal tells; `invoice match` shows all.
const MAX_TOLD: usize = 5;

impl Tell for Refused {
    fn tell(&self, lang: Lang) -> Told {
        let say = |phrase: &dyn Phrase| Told::saying(lang.say(phrase));
        let hint = |phrase: &dyn Phrase| lang.say(phrase);
        match self {
            Self::UnknownItem { line, item } => {
                say(&words::BookUnknownItem { line, item }).hint(hint(&words::BookUnknownItemHint))
            }
            Self::BadItem { line, item, .. } => say(&words::BookBadItem { line, item }),
            Self::NoPrice { line, item } => {
                say(&words::BookNoPrice { line, item }).hint(hint(&words::BookNoPriceHint))
            }
            Self::NoCost { line, item } => {
                say(&words::BookNoCost { line, item }).hint(hint(&words::BookNoCostHint))
            }
            Self::NotWhole { line, item, quantity } => {
                say(&words::BookNotWhole { line, item, quantity })
            }
            Self::Amount { line, .. } => say(&words::BookAmount { line }),
            Self::OpenPayments => say(&words::BookOpenPayments),
            Self::PieceOfWhich { serial } => {
                say(&words::SerialOfWhich { serial }).hint(hint(&words::SerialOfWhichHint))
            }
            Self::BadBin { source } => say(&words::BinBad).because(source.to_string()),
            Self::NoSuchFact { which } => {
                say(&words::BookNoSuchFact { which }).hint(hint(&words::BookNoSuchFactHint))
            }
            Self::NothingLeft { bill } => say(&words::BookNothingLeft { bill }),
            Self::NothingFound { item, quantity } => {
                say(&words::OverflowNothing { item, quantity })
            }
            Self::NoSuchAlert { cause } => {
                let alert = labels::alert(lang, cause.kind);
                say(&words::AlertNotOpen { alert, sku: &cause.sku })
                    .hint(hint(&words::AlertNotOpenHint))
            }
            Self::RequestReused { request, bill, .. } => {
                say(&words::BookRequestReused { request, bill })
                    .hint(hint(&words::BookRequestReusedHint))
            }
            Self::Supplier(error) => error.tell(lang),
            Self::NoSupplierField { field } => {
                let fields = Field::ALL.map(Field::name).join(", ");
                say(&words::SupplierNoField { field })
                    .hint(hint(&words::FieldNotKnownHint { fields }))
            }
            Self::SupplierField(error) => {
                let (field, value) = (error.field, &error.text);
                let field = Field::named(field).map(|field| supplier::field(lang, field));
                let field = field.unwrap_or_else(|| error.field.to_owned());
                say(&words::FieldValueBad { field, value }).because(error.why.to_string())
            }
            Self::SupplierName { name, owner } => say(&words::SupplierNameTaken { name, owner }),
            Self::NotAReceipt { which } => say(&words::InvoiceNotAReceipt { which }),
            Self::OtherSupplier { which, supplier } => {
                say(&words::InvoiceOtherSupplier { which, supplier })
                    .hint(hint(&words::InvoiceOtherSupplierHint))
            }
            Self::Invoiced { receipt, invoice } => say(&words::InvoiceCovers { receipt, invoice }),
            Self::NotAnInvoice { which } => say(&words::NotAnInvoice { which }),
            Self::Discount(TooMuchOff::Line { line, off, of, max }) => {
                let [off, of] = [*off, *of].map(console::format::money);
                say(&words::DiscountLineTooMuch { line, off, of, max })
                    .hint(hint(&words::DiscountTooMuchHint))
            }
            Self::Discount(TooMuchOff::Basket { off, of, max }) => {
                let [off, of] = [*off, *of].map(console::format::money);
                say(&words::DiscountBasketTooMuch { off, of, max })
                    .hint(hint(&words::DiscountTooMuchHint))
            }
            Self::OwnApproval { operator } => say(&words::DiscountOwnApproval { operator })
                .hint(hint(&words::DiscountTooMuchHint)),
            Self::BasketOff { off, left } => {
                let [off, left] = [*off, *left].map(console::format::money);
                say(&words::BasketOffTooMuch { off, left })
            }
            Self::OddOff { line, off } => say(&words::DiscountOdd { line, off }),
            Self::NoLine { line } => say(&words::DiscountNoLine { line }),
            Self::NoLevel { level } => say(&words::PriceLevelNotSold { level: level.name() }),
            Self::NoShift { till } => {
                say(&words::TillNoShift { till }).hint(hint(&words::TillNoShiftHint))
            }
            Self::NoReceiptOf { which } => say(&words::SlipNoReceipt { which }),
            Self::BasketTaken { name } => say(&words::ParkedTaken { name }),
            Self::NoSuchBasket { name } => say(&words::ParkedUnknown { name }),
            Self::TooManyBaskets { most } => say(&words::ParkedTooMany { most }),
            Self::NoSuchShift { till } => say(&words::TillNoSuchShift { till }),
            Self::ShiftIsOpen { till, shift } => {
                say(&words::TillShiftIsOpen { till, shift }).hint(hint(&words::TillShiftIsOpenHint))
            }
            Self::Return(objection) => return_objection(lang, objection),
            Self::ExchangeOverpaid { paid, due } => say(&words::ExchangeOverpaid { paid, due }),
            Self::NoLetter { letter } => say(&words::ValueNoLetter { letter }),
            Self::Post(PostError::Value(error)) => value_error(lang, error),
            Self::Post(PostError::Invoice(error)) => invoice_error(lang, error),
            Self::Post(PostError::Payment(error)) => payment_error(lang, error),
            Self::Post(error) => Told::saying(post_error(lang, error)),
        }
    }

    /// The request itself makes no sense, as opposed to not fitting what the books hold.
    fn exit(&self) -> Exit {
        match self {
            Self::BadItem { .. }
            | Self::Amount { .. }
            | Self::OpenPayments
            | Self::OddOff { .. }
            | Self::NoLevel { .. }
            | Self::NoLine { .. }
            | Self::PieceOfWhich { .. }
            | Self::BadBin { .. }
            | Self::NothingFound { .. }
            | Self::NoSupplierField { .. }
            | Self::SupplierField(_) => Exit::Usage,
            Self::Post(
                PostError::NoLines
                | PostError::TooManyLines { .. }
                | PostError::TooManyPayments { .. }
                | PostError::NoWeight { .. }
                | PostError::BadReductions { .. }
                | PostError::TooManyReductions { .. }
                | PostError::RemarkTooLong
                | PostError::BadQuantity { .. }
                | PostError::SameBin { .. }
                | PostError::PieceNotMoved { .. }
                | PostError::DetailTooLong
                | PostError::NegativeAmount { .. }
                | PostError::Amount { .. }
                | PostError::EmptyPayment { .. }
                | PostError::CashNotCounted
                | PostError::CountedTwice { .. }
                | PostError::BadCount { .. },
            ) => Exit::Usage,
            _ => Exit::Failed,
        }
    }
}

fn post_error(lang: Lang, error: &PostError) -> String {
    match error {
        PostError::NoLines => lang.say(words::PostNoLines),
        PostError::TooManyLines { found } => {
            lang.say(words::PostTooManyLines { found, limit: MAX_LINES })
        }
        PostError::TooManyPayments { found } => {
            lang.say(words::PostTooManyPayments { found, limit: MAX_PAYMENTS })
        }
        PostError::RemarkTooLong => lang.say(words::PostRemarkTooLong { limit: MAX_REMARK_LEN }),
        PostError::BadQuantity { line, sku, quantity } => {
            lang.say(words::PostBadQuantity { line, sku, quantity })
        }
        PostError::NegativeAmount { line, sku, amount } => {
            lang.say(words::PostNegativeAmount { line, sku, amount })
        }
        PostError::DiscountTooLarge { line, sku, discount, gross } => {
            lang.say(words::PostDiscountTooLarge { line, sku, discount, gross })
        }
        PostError::BadReductions { line, sku, discount } => {
            lang.say(words::PostBadReductions { line, sku, discount })
        }
        PostError::TooManyReductions { found } => {
            lang.say(words::PostTooManyReductions { found, limit: MAX_REDUCTIONS })
        }
        PostError::Amount { line, .. } => lang.say(words::BookAmount { line }),
        PostError::EmptyPayment { method, amount } => {
            let method = labels::payment(lang, *method);
            lang.say(words::PostEmptyPayment { method, amount })
        }
        PostError::Underpaid { paid, due } => lang.say(words::PostUnderpaid { paid, due }),
        PostError::Overpaid { paid, due } => lang.say(words::PostOverpaid { paid, due }),
        PostError::RefundDiffers { paid, due } => lang.say(words::PostRefundDiffers { paid, due }),
        PostError::NotASale { id } => lang.say(words::PostNotASale { id }),
        PostError::ReturnsTooMuch { sku, asked, sold, left, .. } => {
            lang.say(words::PostReturnsTooMuch { asked, sku, sold, left })
        }
        PostError::RefundsTooMuch { sku, asked, paid, left, .. } => {
            lang.say(words::PostRefundsTooMuch { asked, sku, paid, left })
        }
        PostError::AlreadyReversed { id, by } => lang.say(words::PostAlreadyReversed { id, by }),
        PostError::ReversesReversal { id } => lang.say(words::PostReversesReversal { id }),
        PostError::HasReturns { id, returns } => lang.say(words::PostHasReturns { id, returns }),
        PostError::PartOfTransfer { id, transfer } => {
            lang.say(words::PostPartOfTransfer { id, transfer })
        }
        PostError::NotThisEnd { transfer, store, from, to } => {
            lang.say(words::PostNotThisEnd { store, transfer, from, to })
        }
        PostError::SettlesTooMuch { transfer, sku, asked, left } => {
            lang.say(words::PostSettlesTooMuch { asked, sku, left, transfer })
        }
        PostError::PartOfPurchase { id, purchase } => {
            lang.say(words::PostPartOfPurchase { id, purchase })
        }
        PostError::TooManyDeliveryLines { found } => {
            lang.say(words::PostTooManyDeliveryLines { found, limit: MAX_DELIVERY_LINES })
        }
        PostError::LineRemarkTooLong => {
            lang.say(words::PostLineRemarkTooLong { limit: MAX_LINE_REMARK_LEN })
        }
        PostError::NoWeight { line, sku } => lang.say(words::PostNoWeight { line, sku }),
        PostError::NotAReceipt { id } => lang.say(words::PostNotAReceipt { id }),
        PostError::SendsBackTooMuch { sku, asked, received, left, .. } => {
            lang.say(words::PostSendsBackTooMuch { asked, sku, received, left })
        }
        PostError::NotInQuarantine { sku, asked, left } => {
            lang.say(words::PostNotInQuarantine { asked, sku, left })
        }
        PostError::SameBin { line, sku } => lang.say(words::PostSameBin { line, sku }),
        PostError::PieceNotMoved { sku, serial } => {
            lang.say(words::PostPieceNotMoved { sku, serial })
        }
        PostError::DetailTooLong => lang.say(words::PostDetailTooLong),
        PostError::NoShift => lang.say(words::PostNoShift),
        PostError::CashNotCounted => lang.say(words::PostCashNotCounted),
        PostError::CountedTwice { method } => {
            lang.say(words::PostCountedTwice { method: labels::payment(lang, *method) })
        }
        PostError::BadCount { method, amount } => {
            let method = labels::payment(lang, *method);
            lang.say(words::PostBadCount { method, amount })
        }
        PostError::NotReversible { id } => lang.say(words::PostNotReversible { id }),
        PostError::Invoice(error) => invoice_error(lang, error).message,
        PostError::Payment(error) => payment_error(lang, error).message,
        PostError::Value(error) => value_error(lang, error).message,
    }
}

fn return_objection(lang: Lang, objection: &Objection) -> Told {
    let say = |phrase: &dyn Phrase| Told::saying(lang.say(phrase));
    let approve = lang.say(words::ReturnApproveHint);
    match objection {
        Objection::NoReceipt => say(&words::ReturnNoReceipt),
        Objection::UnprovenUnapproved => say(&words::ReturnUnproven).hint(approve),
        Objection::Late { days, window } => say(&words::ReturnLate { days, window }).hint(approve),
        Objection::Much { amount, limit } => {
            say(&words::ReturnMuch { amount, limit }).hint(approve)
        }
        Objection::OwnApproval { operator } => {
            say(&words::ReturnOwnApproval { operator }).hint(approve)
        }
    }
}

fn invoice_error(lang: Lang, error: &InvoiceError) -> Told {
    match error {
        InvoiceError::NoReceipts => Told::saying(lang.say(words::InvoiceNoReceipts)),
        InvoiceError::TooLong => {
            Told::saying(lang.say(words::InvoiceTooLong { limit: MAX_RECEIPTS }))
        }
        InvoiceError::Settled { receipt } => {
            Told::saying(lang.say(words::InvoiceSettled { receipt }))
        }
        InvoiceError::Twice { supplier, number, first } => {
            Told::saying(lang.say(words::InvoiceTwice { supplier, number, first }))
                .hint(lang.say(words::InvoiceTwiceHint))
        }
        InvoiceError::Differs { lines } => {
            let told = Told::saying(lang.say(words::InvoiceDiffers { n: lines.len() }));
            let told = lines.iter().take(MAX_TOLD).fold(told, |told, line| {
                let said: Vec<String> =
                    line.verdicts.iter().map(|verdict| supplier::verdict(lang, *verdict)).collect();
                let (sku, what) = (&line.sku, said.join(", "));
                told.because(lang.say(words::InvoiceDiffersLine { sku, what }))
            });
            told.hint(lang.say(words::InvoiceDiffersHint))
        }
    }
}

fn payment_error(lang: Lang, error: &PaymentError) -> Told {
    match error {
        PaymentError::TooManyInvoices => {
            Told::saying(lang.say(words::PaymentTooMany { limit: MAX_INVOICES }))
        }
        PaymentError::TooMuch { amount, open } => {
            Told::saying(lang.say(words::PaymentTooMuch { amount, open }))
                .hint(lang.say(words::PaymentTooMuchHint))
        }
    }
}

fn value_error(lang: Lang, error: &EscrowError) -> Told {
    match error {
        EscrowError::NoMember => {
            Told::saying(lang.say(words::ValueNoMember)).hint(lang.say(words::ValueNoMemberHint))
        }
        EscrowError::BeyondRights { member, asked, rights } => {
            Told::saying(lang.say(words::ValueBeyondRights { member, asked, rights }))
                .hint(lang.say(words::ValueBeyondRightsHint))
        }
        EscrowError::PaidWithValue => Told::saying(lang.say(words::ValuePaidWithValue)),
        EscrowError::NotAllowed { asked, allowed } => {
            Told::saying(lang.say(words::ValueNotAllowed { asked, allowed }))
        }
        EscrowError::BadLetter => Told::saying(lang.say(words::ValueBadLetter)),
    }
}

impl Notice {
    /// What a person should know, in words.
    pub fn say(&self, lang: Lang) -> String {
        match self {
            Self::Oversold { sku, on_hand } => lang.say(words::Oversold { sku, on_hand }),
            Self::UnknownCost { sku } => lang.say(words::NoticeUnknownCost { sku }),
            Self::UnknownProduct { sku } => lang.say(words::NoticeUnknownProduct { sku }),
            Self::DayClosed { happened, booked } => {
                lang.say(words::NoticeDayClosed { happened, booked })
            }
            Self::BelowFloor { sku, total, floor } => {
                let [total, floor] = [*total, *floor].map(console::format::money);
                lang.say(words::NoticeBelowFloor { sku, total, floor })
            }
            Self::BelowCost { sku, total, cost } => {
                let [total, cost] = [*total, *cost].map(console::format::money);
                lang.say(words::NoticeBelowCost { sku, total, cost })
            }
            Self::Piece { sku, serial, doubt } => {
                lang.say(words::NoticePiece { sku, serial, doubt: doubt.say(lang) })
            }
            Self::PiecesUnnamed { sku, named, quantity } => {
                lang.say(words::NoticePiecesUnnamed { sku, named, quantity })
            }
            Self::BinOverdrawn { sku, bin, left } => {
                lang.say(words::NoticeBinOverdrawn { bin, sku, left })
            }
            Self::BinsLeftOut => lang.say(words::NoticeBinsLeftOut),
            Self::BinUnlisted { bin } => lang.say(words::NoticeBinUnlisted { bin }),
            Self::Withdrawn { sku } => lang.say(words::NoticeWithdrawn { sku }),
        }
    }
}
