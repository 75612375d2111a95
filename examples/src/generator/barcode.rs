//! GS1 article numbers: EAN-13 with its check digit, and the in-store form for weighed goods.

use ledger::amount::Quantity;
use ledger::scan::check_digit;

/// Prefixes of weighed goods packed in the store: `21`, five digits of the article, five digits of
/// the weight in grams, check digit.
const WEIGHED_PREFIX: u64 = 21;

/// Articles and weights have five digits.
const FIVE_DIGITS: u64 = 100_000;

/// Twelve digits with their check digit: an EAN-13. Higher digits are dropped.
pub fn ean13(twelve: u64) -> String {
    let digits = format!("{:012}", twelve % 1_000_000_000_000);
    let check = check_digit(&digits);
    format!("{digits}{check}")
}

/// The label that the scales print for an article and its weight; with no weight, the article's
/// own barcode. Weights are cut to grams below 100 kg.
pub fn weighed(article: u64, weight: Quantity) -> String {
    let grams = weight.thousandths().unsigned_abs() % FIVE_DIGITS;
    ean13((WEIGHED_PREFIX * FIVE_DIGITS + article % FIVE_DIGITS) * FIVE_DIGITS + grams)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_are_those_of_the_standard() {
        // The worked example of GS1's General Specifications, and two from ISBN's use of EAN-13.
        assert_eq!(ean13(629_104_150_021), "6291041500213");
        assert_eq!(ean13(978_030_640_615), "9780306406157");
        assert_eq!(ean13(978_316_148_410), "9783161484100");
        assert_eq!(&weighed(17, "1.234".parse().unwrap())[..12], "210001701234");
    }
}
