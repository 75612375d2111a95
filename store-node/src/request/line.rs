//! How people write a line: `ITEM[:QUANTITY][@PRICE][-DISCOUNT]`.
//!
//! Read from the right, and only what is unmistakably a number is taken off the item: SKUs may
//! contain any of these signs. A discount needs a quantity or a price before it, so that `A-12`
//! stays an item; `x` stands for `:` after a barcode (digits alone), so that `box2` does, too.

use std::str::FromStr;

use ledger::amount::{AmountError, Money, Quantity};
use ledger::fact::PaymentMethod;
use ledger::id::{IdError, ReasonCode};
use thiserror::Error;

use super::{
    Cost, CountLine, InboundLine, Pay, ReasonLine, SaleLine, ShelfLine, StatedLine, Unheard, one,
};

/// Why a text is not a line or a payment.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LineError {
    /// There is no item in front of the numbers.
    #[error("`{text}` names no item")]
    NoItem {
        /// What was given.
        text: String,
    },
    /// A number is out of range or too precise.
    #[error("`{text}` has a wrong {part}")]
    Number {
        /// What was given.
        text: String,
        /// Which of its numbers.
        part: &'static str,
        /// What is wrong with it.
        #[source]
        source: AmountError,
    },
    /// What stands after `@` cannot be another side's number.
    #[error("`{text}` has a wrong reference")]
    Reference {
        /// What was given.
        text: String,
        /// Why.
        #[source]
        source: IdError,
    },
    /// A part that this kind of line does not take.
    #[error("`{text}` has a {part}, which does not belong here")]
    Misplaced {
        /// What was given.
        text: String,
        /// The part.
        part: &'static str,
    },
    /// A part that this kind of line must have.
    #[error("`{text}` has no {part}")]
    Missing {
        /// What was given.
        text: String,
        /// The part.
        part: &'static str,
    },
    /// A share that is taken off is none.
    #[error("`{text}` takes off no percentage from 0 to 100")]
    Percent {
        /// What was given.
        text: String,
    },
    /// A reason code is none.
    #[error("`{text}` has a wrong reason code")]
    Reason {
        /// What was given.
        text: String,
        /// What is wrong with it.
        #[source]
        source: IdError,
    },
    /// The payment method is none.
    #[error("`{text}` is not a way to pay: cash, card, transfer or mobile, perhaps with `:AMOUNT`")]
    Method {
        /// What was given.
        text: String,
    },
}

/// The parts of a line as they are written.
struct Parts<'a> {
    text: &'a str,
    item: &'a str,
    quantity: Option<&'a str>,
    price: Option<&'a str>,
    whole: Option<&'a str>,
    discount: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Result<Self, LineError> {
        let all = text;
        if ledger::scan::is_compound(text) {
            // A code's own signs are no prices or quantities.
            let item = text.trim();
            return Ok(Self {
                text,
                item,
                quantity: None,
                price: None,
                whole: None,
                discount: None,
            });
        }
        let mut parts =
            Parts { text, item: text, quantity: None, price: None, whole: None, discount: None };
        let mut rest = text;
        if let Some((front, discount)) = split(rest, '-')
            && (split(front, '@').is_some() || split_quantity(front).is_some())
        {
            (rest, parts.discount) = (front, Some(discount));
        }
        if let Some((front, whole)) = split(rest, '=') {
            (rest, parts.whole) = (front, Some(whole));
        }
        if let Some((front, price)) = split(rest, '@') {
            (rest, parts.price) = (front, Some(price));
        }
        if let Some((front, quantity)) = split_quantity(rest) {
            (rest, parts.quantity) = (front, Some(quantity));
        }
        parts.item = rest.trim();
        if parts.item.is_empty() {
            return Err(LineError::NoItem { text: all.to_owned() });
        }
        Ok(parts)
    }

    fn number<T>(&self, part: &'static str, digits: Option<&str>) -> Result<Option<T>, LineError>
    where
        T: FromStr<Err = AmountError>,
    {
        let wrong = |source| LineError::Number { text: self.text.to_owned(), part, source };
        digits.map(|digits| digits.parse().map_err(wrong)).transpose()
    }

    fn without(&self, part: &'static str, digits: Option<&str>) -> Result<(), LineError> {
        match digits {
            None => Ok(()),
            Some(_) => Err(LineError::Misplaced { text: self.text.to_owned(), part }),
        }
    }

    fn quantity(&self) -> Result<Option<Quantity>, LineError> {
        self.number("quantity", self.quantity)
    }
}

impl FromStr for SaleLine {
    type Err = LineError;

    /// Reads `ITEM[:QUANTITY][@PRICE][-DISCOUNT[%]]`: `6901234567892x2`, `apple:1.25@12.80-0.50`, `tea:1-10%`.
    fn from_str(text: &str) -> Result<Self, LineError> {
        let mut parts = Parts::of(text)?;
        parts.without("line total (=)", parts.whole)?;
        let share = parts.discount.filter(|discount| discount.ends_with('%'));
        let percent_off = share.map(str::parse).transpose();
        let percent_off = percent_off.map_err(|_| LineError::Percent { text: text.to_owned() })?;
        parts.discount = parts.discount.filter(|_| percent_off.is_none());
        Ok(Self {
            item: parts.item.to_owned(),
            quantity: parts.quantity()?.unwrap_or_else(one),
            price: parts.number("price", parts.price)?,
            discount: parts.number::<Money>("discount", parts.discount)?.unwrap_or_default(),
            percent_off,
            tax_rate: None,
        })
    }
}

impl FromStr for StatedLine {
    type Err = LineError;

    /// Reads `ITEM:PART=QUANTITY,…`: `croissant:opening=18,sold=8,scrapped=10,closing=0`.
    fn from_str(text: &str) -> Result<Self, LineError> {
        let missing = |part| LineError::Missing { text: text.to_owned(), part };
        let (item, parts) = text.rsplit_once(':').ok_or_else(|| missing("part"))?;
        let (mut opening, mut sold, mut scrapped, mut closing) = (None, None, None, None);
        for part in parts.split(',') {
            let (name, quantity) = part.split_once('=').ok_or_else(|| missing("quantity"))?;
            let wrong = |source| LineError::Number { text: text.to_owned(), part: "part", source };
            let quantity = Some(quantity.trim().parse().map_err(wrong)?);
            match name.trim() {
                "opening" => opening = quantity,
                "sold" => sold = quantity,
                "scrapped" => scrapped = quantity,
                "closing" => closing = quantity,
                _ => return Err(missing("opening, sold, scrapped or closing")),
            }
        }
        let item = item.trim().to_owned();
        if item.is_empty() {
            return Err(LineError::NoItem { text: text.to_owned() });
        }
        Ok(Self { item, opening, sold, scrapped, closing })
    }
}

impl FromStr for InboundLine {
    type Err = LineError;

    /// Reads `ITEM[:QUANTITY][@UNIT_COST | =LINE_COST]`: `6901234567892x24@2.10`, `milk:24=50.40`.
    fn from_str(text: &str) -> Result<Self, LineError> {
        let parts = Parts::of(text)?;
        parts.without("discount (-)", parts.discount)?;
        let unit = parts.number("unit cost", parts.price)?;
        let cost = match (unit, parts.number("line cost", parts.whole)?) {
            (None, None) => Cost::AsBefore,
            (Some(unit), None) => Cost::PerUnit(unit),
            (None, Some(whole)) => Cost::Whole(whole),
            (Some(_), Some(_)) => {
                let (text, part) = (text.to_owned(), "line cost (=) beside the unit cost (@)");
                return Err(LineError::Misplaced { text, part });
            }
        };
        let (item, lot, expiry) = (parts.item.to_owned(), None, None);
        Ok(Self { item, lot, expiry, quantity: parts.quantity()?.unwrap_or_else(one), cost })
    }
}

impl FromStr for CountLine {
    type Err = LineError;

    /// Reads `ITEM:QUANTITY`: `milk:-2`, `6901234567892x3`. The quantity must be there.
    fn from_str(text: &str) -> Result<Self, LineError> {
        let parts = Parts::of(text)?;
        parts.without("price (@)", parts.price)?;
        parts.without("line total (=)", parts.whole)?;
        parts.without("discount (-)", parts.discount)?;
        let part = "quantity (:)";
        let quantity =
            parts.quantity()?.ok_or_else(|| LineError::Missing { text: text.to_owned(), part })?;
        Ok(Self { item: parts.item.to_owned(), quantity, lot: None, unheard: Unheard::Refuse })
    }
}

impl FromStr for ShelfLine {
    type Err = LineError;

    /// Reads `CODE[:QUANTITY]`: `milk:12`, `6901234567892x3`; a code alone is one.
    fn from_str(text: &str) -> Result<Self, LineError> {
        let parts = Parts::of(text)?;
        parts.without("price (@)", parts.price)?;
        parts.without("line total (=)", parts.whole)?;
        parts.without("discount (-)", parts.discount)?;
        let (item, quantity) = (parts.item.to_owned(), parts.quantity()?.unwrap_or_else(one));
        Ok(Self { item, quantity, lot: None })
    }
}

impl FromStr for ReasonLine {
    type Err = LineError;

    /// Reads `ITEM=CODE`: `milk=damaged`.
    fn from_str(text: &str) -> Result<Self, LineError> {
        let (text, part) = (text.to_owned(), "reason code (=)");
        let Some((item, code)) = text.rsplit_once('=') else {
            return Err(LineError::Missing { text, part });
        };
        match (item.trim(), ReasonCode::new(code.trim())) {
            ("", _) => Err(LineError::NoItem { text }),
            (item, Ok(reason)) => Ok(Self { item: item.to_owned(), reason }),
            (_, Err(source)) => Err(LineError::Reason { text, source }),
        }
    }
}

impl FromStr for Pay {
    type Err = LineError;

    /// Reads `METHOD[:AMOUNT][@REFERENCE]`: `cash:50`, `card`, `mobile:12.50@4200/2611`; `=` stands for `:` too.
    fn from_str(text: &str) -> Result<Self, LineError> {
        let (front, reference) = match text.split_once('@') {
            Some((front, reference)) => (front, Some(reference)),
            None => (text, None),
        };
        let bad = |source| LineError::Reference { text: text.to_owned(), source };
        let reference = reference.map(|text| text.parse().map_err(bad)).transpose()?;
        let (name, amount) = match front.split_once([':', '=']) {
            Some((name, amount)) => (name, Some(amount)),
            None => (front, None),
        };
        let method = PaymentMethod::named(name)
            .ok_or_else(|| LineError::Method { text: text.to_owned() })?;
        let wrong = |source| LineError::Number { text: text.to_owned(), part: "amount", source };
        let amount = amount.map(|amount| amount.parse().map_err(wrong)).transpose()?;
        Ok(Self { method, amount, reference })
    }
}

/// The quantity at the end, after `:` or, behind a barcode, after `x`.
fn split_quantity(text: &str) -> Option<(&str, &str)> {
    let is_barcode = |(item, _): &(&str, &str)| {
        !item.is_empty() && item.bytes().all(|byte| byte.is_ascii_digit())
    };
    split(text, ':').or_else(|| split(text, 'x').filter(is_barcode))
}

/// The text before and the number after the last `sign`, if what follows it is a number.
fn split(text: &str, sign: char) -> Option<(&str, &str)> {
    let (front, number) = text.rsplit_once(sign)?;
    let signed = number.strip_prefix('-').unwrap_or(number);
    let signed = signed.strip_suffix('%').filter(|_| sign == '-').unwrap_or(signed);
    let numeric = signed.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && signed.bytes().any(|byte| byte.is_ascii_digit());
    // The minus of a negative quantity (`milk:-2`) belongs to the number, not to the front.
    let whole = !(sign == '-' && front.ends_with([':', '@', '=', 'x']));
    (numeric && whole).then_some((front, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sale(text: &str) -> (String, String, Option<String>, String) {
        let line: SaleLine = text.parse().unwrap();
        let price = line.price.map(|price| price.to_string());
        (line.item, line.quantity.to_string(), price, line.discount.to_string())
    }

    #[test]
    fn only_what_is_unmistakably_a_number_is_taken_off_the_item() {
        let cases = [
            ("6901234567892", "6901234567892", "1", None, "0"),
            ("6901234567892x2", "6901234567892", "2", None, "0"),
            ("apple:1.25@12.80", "apple", "1.25", Some("12.8"), "0"),
            ("apple:1.25@12.80-0.50", "apple", "1.25", Some("12.8"), "0.5"),
            ("cola:1-0.5", "cola", "1", None, "0.5"),
            ("cola@3", "cola", "1", Some("3"), "0"),
            ("cola@3-1", "cola", "1", Some("3"), "1"),
            ("A-12", "A-12", "1", None, "0"),
            ("A-12x2", "A-12x2", "1", None, "0"),
            ("box2", "box2", "1", None, "0"),
            ("a:b:3", "a:b", "3", None, "0"),
            ("可乐 330ml:2", "可乐 330ml", "2", None, "0"),
            ("user@shop", "user@shop", "1", None, "0"),
        ];
        for (text, item, quantity, price, discount) in cases {
            let price = price.map(str::to_owned);
            let expected = (item.to_owned(), quantity.to_owned(), price, discount.to_owned());
            assert_eq!(sale(text), expected, "{text}");
        }
        assert!(matches!(":2".parse::<SaleLine>(), Err(LineError::NoItem { .. })));
        let fine = "cola:1.2345".parse::<SaleLine>();
        assert!(matches!(fine, Err(LineError::Number { part: "quantity", .. })), "{fine:?}");
        assert!(matches!("cola=3".parse::<SaleLine>(), Err(LineError::Misplaced { .. })));
    }

    #[test]
    fn a_share_comes_off_where_an_amount_could() {
        let off = |text: &str| text.parse::<SaleLine>().map(|line| (line.item, line.percent_off));
        let share = |text: &str| Some(text.parse().unwrap());
        assert_eq!(off("tea:1-12.5%"), Ok(("tea".to_owned(), share("12.5"))));
        assert_eq!(off("tea@3-10%"), Ok(("tea".to_owned(), share("10"))));
        assert_eq!(off("tea-10%"), Ok(("tea-10%".to_owned(), None)), "it may be an item");
        assert!(matches!(off("tea:1-101%"), Err(LineError::Percent { .. })));
        assert!("tea:1-10%".parse::<InboundLine>().is_err());
    }

    #[test]
    fn costs_and_differences_read_as_written() {
        let inbound = |text: &str| text.parse::<InboundLine>().map(|line| (line.item, line.cost));
        let money = |text: &str| text.parse::<Money>().unwrap();
        let milk = || "milk".to_owned();
        assert_eq!(inbound("milk:24@2.10"), Ok((milk(), Cost::PerUnit(money("2.1")))));
        assert_eq!(inbound("milk:24=50.40"), Ok((milk(), Cost::Whole(money("50.4")))));
        assert_eq!(inbound("milk:24"), Ok((milk(), Cost::AsBefore)));
        assert!(inbound("milk:24@2=48").is_err());
        assert!(inbound("milk:24@2-1").is_err());

        let count = |text: &str| text.parse::<CountLine>().map(|l| l.quantity.to_string());
        assert_eq!(count("milk:-2").as_deref(), Ok("-2"));
        assert_eq!(count("6901234567892x3").as_deref(), Ok("3"));
        assert!(matches!(count("milk"), Err(LineError::Missing { .. })));
    }

    #[test]
    fn payments_name_a_method() {
        let pay = "cash:50".parse::<Pay>().unwrap();
        assert_eq!((pay.method, pay.amount), (PaymentMethod::Cash, "50".parse().ok()));
        assert_eq!("card".parse::<Pay>().unwrap().amount, None);
        let pay = "mobile=12.50@4200/2611".parse::<Pay>().unwrap();
        assert_eq!((pay.method, pay.amount), (PaymentMethod::Mobile, "12.50".parse().ok()));
        assert_eq!(pay.reference.unwrap().as_str(), "4200/2611");
        assert!(matches!("card@".parse::<Pay>(), Err(LineError::Reference { .. })));
        assert!(matches!("gold".parse::<Pay>(), Err(LineError::Method { .. })));
        assert!(matches!("cash:x".parse::<Pay>(), Err(LineError::Number { .. })));
    }
}
