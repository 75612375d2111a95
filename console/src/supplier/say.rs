//! Names of fields and verdicts.

use ledger::invoice::Verdict;
use ledger::supplier::{Field, OfferField, Terms};

use crate::Lang;
use crate::words::*;

/// The name of a supplier's field.
pub fn field(lang: Lang, field: Field) -> String {
    match field {
        Field::NameZh => lang.say(FieldNameZh),
        Field::NameEn => lang.say(FieldNameEn),
        Field::Contact => lang.say(SupplierContact),
        Field::Phone => lang.say(SupplierPhone),
        Field::Email => lang.say(SupplierEmail),
        Field::Address => lang.say(SupplierAddress),
        Field::TaxNumber => lang.say(SupplierTaxNumber),
        Field::Terms => lang.say(SupplierTerms),
        Field::MinimumOrder => lang.say(SupplierMinimumOrder),
        Field::Agreement => lang.say(SupplierAgreement),
        Field::Discount => lang.say(SupplierDiscount),
        Field::DiscountOver => lang.say(SupplierDiscountOver),
        Field::Status => lang.say(FieldStatus),
    }
}

/// The name of an offer's field.
pub fn offer_field(lang: Lang, field: OfferField) -> String {
    match field {
        OfferField::Price => lang.say(OfferPrice),
        OfferField::LeadDays => lang.say(OfferLeadDays),
        OfferField::Minimum => lang.say(OfferMinimum),
        OfferField::Pack => lang.say(OfferPack),
        OfferField::Breaks => lang.say(OfferBreaks),
        OfferField::Article => lang.say(OfferArticle),
        OfferField::Status => lang.say(FieldStatus),
    }
}

/// Payment terms in words.
pub fn terms(lang: Lang, terms: Terms) -> String {
    match terms {
        Terms::Days(0) => lang.say(TermsAtOnce),
        Terms::Days(days) => lang.say(TermsDays { days }),
        Terms::AfterMonthEnd(days) => lang.say(TermsMonthEnd { days }),
    }
}

/// Payment terms that are there as text, in words.
pub(super) fn terms_text(lang: Lang, text: &str) -> String {
    text.parse().map_or_else(|_| text.to_owned(), |read| terms(lang, read))
}

/// What the three-way match says.
pub fn verdict(lang: Lang, verdict: Verdict) -> String {
    match verdict {
        Verdict::Matches => lang.say(MatchFits),
        Verdict::PriceDiffers => lang.say(MatchPriceDiffers),
        Verdict::QuantityDiffers => lang.say(MatchQuantityDiffers),
        Verdict::NotReceived => lang.say(MatchNotReceived),
        Verdict::NotInvoiced => lang.say(MatchNotInvoiced),
    }
}
