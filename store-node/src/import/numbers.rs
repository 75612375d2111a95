//! Numbers as people and cash registers write them, read exactly.

use super::mapping::NumberForm;
use super::settings::Rounding;

/// Money has four decimals.
const MONEY_PLACES: u32 = 4;

/// Quantities have three.
const QUANTITY_PLACES: u32 = 3;

/// Tax rates are kept in hundredths of a percent.
const PERCENT_PLACES: u32 = 2;

/// A tax rate written as a fraction has four decimals of the same weight.
const FRACTION_PLACES: u32 = 4;

/// Why a text is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberProblem {
    NotANumber,
    TooPrecise { places: u32 },
    TooLarge,
}

impl NumberForm {
    /// An amount of money in ten-thousandths.
    pub(super) fn money(&self, text: &str) -> Result<i64, NumberProblem> {
        self.scaled(text, MONEY_PLACES)
    }

    /// A quantity in thousandths.
    pub(super) fn quantity(&self, text: &str) -> Result<i64, NumberProblem> {
        self.scaled(text, QUANTITY_PLACES)
    }

    /// A tax rate in basis points: `13%`, and `13` or `0.13` as the mapping says.
    pub(super) fn tax_rate(&self, text: &str) -> Result<i64, NumberProblem> {
        match text.trim().strip_suffix('%') {
            Some(percent) => self.scaled(percent, PERCENT_PLACES),
            None if self.percent => self.scaled(text, PERCENT_PLACES),
            None => self.scaled(text, FRACTION_PLACES),
        }
    }

    /// The number times ten to the power of `places`.
    fn scaled(&self, text: &str, places: u32) -> Result<i64, NumberProblem> {
        let (negative, digits) = self.unsigned(text.trim());
        let (whole, part) = digits.split_once(self.decimal.char()).unwrap_or((digits, ""));
        if whole.is_empty() && part.is_empty() {
            return Err(NumberProblem::NotANumber);
        }
        let mut value = self.whole(whole)?;
        let mut rest = part.bytes();
        for _ in 0..places {
            let digit = match rest.next() {
                None => 0,
                Some(byte) => digit(byte)?,
            };
            value = push(value, digit)?;
        }
        let (mut first, mut dropped) = (None, 0);
        for byte in rest {
            let digit = digit(byte)?;
            first.get_or_insert(digit);
            dropped += digit;
        }
        if dropped > 0 {
            match self.round {
                Rounding::Exact => return Err(NumberProblem::TooPrecise { places }),
                Rounding::Nearest => value += i64::from(first >= Some(5)),
            }
        }
        Ok(if negative { -value } else { value })
    }

    /// The digits without sign and currency. Accountants write `(5.00)` or `5.00-` for -5.00.
    fn unsigned<'a>(&self, text: &'a str) -> (bool, &'a str) {
        if let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            return (true, self.without_currency(inner.trim()));
        }
        let mut rest = self.without_currency(text);
        for minus in ['-', '\u{2212}'] {
            let inner = rest.strip_prefix(minus).or_else(|| rest.strip_suffix(minus));
            if let Some(inner) = inner {
                return (true, self.without_currency(inner.trim()));
            }
        }
        if let Some(inner) = rest.strip_prefix('+') {
            rest = self.without_currency(inner.trim());
        }
        (false, rest)
    }

    fn without_currency<'a>(&self, text: &'a str) -> &'a str {
        let strip = |sign: &String| {
            text.strip_prefix(sign.as_str()).or_else(|| text.strip_suffix(sign.as_str()))
        };
        let signs = self.currency.iter().filter(|sign| !sign.is_empty());
        signs.filter_map(strip).next().map_or(text, str::trim)
    }

    /// The digits before the decimal separator, in groups of three where thousands are separated.
    fn whole(&self, text: &str) -> Result<i64, NumberProblem> {
        let mut value = 0;
        let mut group = 0;
        let mut grouped = false;
        for char in text.chars() {
            if self.separates_thousands(char) {
                let fits = if grouped { group == 3 } else { (1..=3).contains(&group) };
                if !fits {
                    return Err(NumberProblem::NotANumber);
                }
                (grouped, group) = (true, 0);
                continue;
            }
            let byte = u8::try_from(char).map_err(|_| NumberProblem::NotANumber)?;
            value = push(value, digit(byte)?)?;
            group += 1;
        }
        if grouped && group != 3 { Err(NumberProblem::NotANumber) } else { Ok(value) }
    }

    fn separates_thousands(&self, char: char) -> bool {
        match self.thousands.char() {
            None => false,
            Some(' ') => matches!(char, ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}'),
            Some(separator) => char == separator,
        }
    }
}

fn digit(byte: u8) -> Result<i64, NumberProblem> {
    if byte.is_ascii_digit() { Ok(i64::from(byte - b'0')) } else { Err(NumberProblem::NotANumber) }
}

fn push(value: i64, digit: i64) -> Result<i64, NumberProblem> {
    let shifted = value.checked_mul(10).and_then(|v| v.checked_add(digit));
    // The last value is spared, so that rounding up cannot overflow.
    shifted.filter(|v| *v < i64::MAX).ok_or(NumberProblem::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(toml: &str) -> NumberForm {
        toml::from_str(toml).unwrap()
    }

    #[test]
    fn money_reads_as_written() {
        let dollars = form("currency = [\"$\"]\nthousands = \",\"");
        let cases = [
            ("$15.99 ", 159_900),
            ("1,234.50", 12_345_000),
            ("-$0.01", -100),
            ("$-0.01", -100),
            ("($1,000)", -10_000_000),
            ("5.00-", -50_000),
            ("\u{2212}.5", -5_000),
            ("+7", 70_000),
            ("2.550000", 25_500),
            ("12.", 120_000),
        ];
        for (text, raw) in cases {
            assert_eq!(dollars.money(text), Ok(raw), "{text}");
        }
        for text in ["", "$", "-", "1,23", "1,2345", "12,34,567", "1.2.3", "1e3", "£5", "--5", "１"]
        {
            assert_eq!(dollars.money(text), Err(NumberProblem::NotANumber), "{text}");
        }
        assert_eq!(dollars.money("1.23456"), Err(NumberProblem::TooPrecise { places: 4 }));
        assert_eq!(dollars.money("99999999999999999999"), Err(NumberProblem::TooLarge));
    }

    #[test]
    fn continental_numbers_and_rounding() {
        let euros = form("decimal = \",\"\nthousands = \" \"\ncurrency = [\"€\", \"EUR\"]");
        assert_eq!(euros.money("1\u{202f}234,5 €"), Ok(12_345_000));
        assert_eq!(euros.money("EUR 7,25"), Ok(72_500));
        assert_eq!(euros.money("7.25"), Err(NumberProblem::NotANumber));
        let rough = form("round = \"nearest\"");
        assert_eq!(rough.money("499.1666667"), Ok(4_991_667));
        assert_eq!(rough.money("-0.00005"), Ok(-1));
        assert_eq!(rough.quantity("0.00049"), Ok(0));
    }

    #[test]
    fn tax_rates_come_in_three_forms() {
        assert_eq!(form("").tax_rate("13%"), Ok(1_300));
        assert_eq!(form("").tax_rate("6.5"), Ok(650));
        assert_eq!(form("percent = false").tax_rate("0.13"), Ok(1_300));
        assert_eq!(form("percent = false").tax_rate("13 %"), Ok(1_300));
    }
}
