//! Element strings of GS1: data with its application identifiers, as in GS1-128, GS1 DataBar, GS1
//! DataMatrix and QR codes, in print with brackets, or as a Digital Link (GS1 General
//! Specifications, chapters 3 and 7).

use jiff::civil::Date;

use super::gtin::{Gtin, check_digit};
use super::{Means, Reading, Says, ScanError};
use crate::amount::{Money, Quantity};
use crate::time::BusinessDate;

/// What ends an element whose length is not fixed: FNC1, which scanners send as this character.
const SEPARATOR: char = '\u{1d}';

/// What scanners put before an element string, to say that it is one: GS1-128, DataBar, DataMatrix,
/// QR, DotCode.
const SYMBOLOGIES: [&str; 5] = ["]C1", "]e0", "]d2", "]Q3", "]J1"];

/// No element is longer (7.8.5 allows 90 at the most).
const MAX_ELEMENT_LEN: usize = 90;

/// Whether the text has the form of an element string. Without brackets or a scanner's word for it
/// only one that begins with an article or a case counts: everything else might be a plain number.
pub(super) fn is_element_string(text: &str) -> bool {
    let begins = |ai: &str, length: usize| {
        let number = text.strip_prefix(ai).and_then(|rest| rest.get(..length));
        number.is_some_and(is_checked) && text.len() > ai.len() + length
    };
    SYMBOLOGIES.iter().any(|symbology| text.starts_with(symbology))
        || text.starts_with(['(', SEPARATOR])
        || begins("01", 14)
        || begins("02", 14)
        || (text.len() == 20 && text.strip_prefix("00").is_some_and(is_checked))
}

/// Whether the text is a Digital Link: a web address with an article or a case in its path.
pub(super) fn is_link(text: &str) -> bool {
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    (lower.starts_with("https://") || lower.starts_with("http://"))
        && (text.contains("/01/") || text.contains("/00/"))
}

/// Reads an element string. `today` tells the century of its dates.
pub(super) fn read(text: &str, today: BusinessDate) -> Result<Reading, ScanError> {
    let symbology = SYMBOLOGIES.iter().find_map(|symbology| text.strip_prefix(symbology));
    let text = symbology.unwrap_or(text).trim_start_matches(SEPARATOR);
    let elements = if text.starts_with('(') { bracketed(text) } else { plain(text) }?;
    gather(elements, today)
}

/// Reads a Digital Link.
pub(super) fn read_link(text: &str, today: BusinessDate) -> Result<Reading, ScanError> {
    let (path, query) = text.split_once('?').unwrap_or((text, ""));
    let start = path.find("/01/").or_else(|| path.find("/00/")).unwrap_or(path.len());
    let mut parts = path[start..].trim_matches('/').split('/');
    let mut elements = Vec::new();
    while let (Some(ai), Some(data)) = (parts.next(), parts.next()) {
        elements.push((ai, data));
    }
    let query = query.split('#').next().unwrap_or_default();
    let asked = query.split(['&', ';']).filter_map(|pair| pair.split_once('='));
    // Other words of a link are its owner's own.
    elements.extend(asked.filter(|(ai, _)| identifier(ai).is_some_and(|known| known == *ai)));
    gather(elements, today)
}

/// `(01)06901234567892(10)AB12`.
fn bracketed(text: &str) -> Result<Vec<(&str, &str)>, ScanError> {
    let mut elements = Vec::new();
    let mut rest = text;
    while let Some(inside) = rest.strip_prefix('(') {
        let Some((ai, after)) = inside.split_once(')') else { break };
        let ai = identifier(ai).filter(|known| *known == ai).ok_or_else(|| unknown(inside))?;
        let end = after.find('(').unwrap_or(after.len());
        let (data, next) = after.split_at(end);
        elements.push((ai, data.trim()));
        rest = next;
    }
    if rest.is_empty() { Ok(elements) } else { Err(unknown(rest)) }
}

/// `0106901234567892` + `10AB12` + separator + …
fn plain(text: &str) -> Result<Vec<(&str, &str)>, ScanError> {
    let mut elements = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let ai = identifier(rest).ok_or_else(|| unknown(rest))?;
        let body = &rest[ai.len()..];
        let end = match fixed_length(ai) {
            Some(length) => length,
            None => body.find(SEPARATOR).unwrap_or(body.len()),
        };
        let (data, next) = body.split_at_checked(end).ok_or_else(|| wrong(ai, body))?;
        elements.push((ai, data));
        rest = next.strip_prefix(SEPARATOR).unwrap_or(next);
    }
    Ok(elements)
}

/// The application identifier with which the text begins; how long it is follows from its first
/// digits.
fn identifier(text: &str) -> Option<&str> {
    let length = match text.get(..2)? {
        "00" | "01" | "02" | "03" | "04" | "30" | "37" => 2,
        "23" | "24" | "25" | "40" | "41" | "42" | "71" => 3,
        "31" | "32" | "33" | "34" | "35" | "36" | "39" | "43" | "70" | "72" | "80" | "81"
        | "82" => 4,
        start if start.starts_with(['1', '9']) || ["20", "21", "22"].contains(&start) => 2,
        _ => return None,
    };
    text.get(..length).filter(|ai| is_digits(ai))
}

/// How long the data of an identifier is that needs no separator after it (7.8.5, figure 7.8.5-2).
fn fixed_length(ai: &str) -> Option<usize> {
    match ai.get(..2)? {
        "00" => Some(18),
        "01" | "02" | "03" => Some(14),
        "04" => Some(16),
        "20" => Some(2),
        "11" | "12" | "13" | "14" | "15" | "16" | "17" | "18" | "19" => Some(6),
        "31" | "32" | "33" | "34" | "35" | "36" => Some(6),
        "41" => Some(13),
        _ => None,
    }
}

/// Puts together what the elements say. Those that mean nothing to a shop are passed over.
fn gather<'a>(
    elements: impl IntoIterator<Item = (&'a str, &'a str)>,
    today: BusinessDate,
) -> Result<Reading, ScanError> {
    let mut means = None;
    let mut says = Says::default();
    for (ai, data) in elements {
        let bad = || wrong(ai, data);
        let limit = match ai {
            "10" | "21" => 20,
            "30" | "37" => 8,
            _ => MAX_ELEMENT_LEN,
        };
        let fits = fixed_length(ai).is_none_or(|length| length == data.len());
        if data.is_empty() || data.len() > limit || !fits {
            return Err(bad());
        }
        match ai {
            // The article in hand counts before what a case says it holds, and that before the case.
            "01" => means = Some(Means::Article(Gtin::new(data)?)),
            "02" if !matches!(means, Some(Means::Article(_))) => {
                means = Some(Means::Article(Gtin::new(data)?));
            }
            "00" if !is_checked(data) => return Err(bad()),
            "00" => means = means.or_else(|| Some(Means::Case(data.into()))),
            "10" => says.lot = Some(data.into()),
            "21" => says.serial = Some(data.into()),
            "11" => says.produced = Some(date(data, today).ok_or_else(bad)?),
            "15" => says.best_before = Some(date(data, today).ok_or_else(bad)?),
            "17" => says.expires = Some(date(data, today).ok_or_else(bad)?),
            "30" | "37" => {
                let count = decimal(data, 0, 0).and_then(|count| Quantity::units(count).ok());
                says.count = Some(count.ok_or_else(bad)?);
            }
            _ => match (ai.get(..3), places(ai)) {
                (Some("310"), Some(places)) => {
                    let grams = decimal(data, places, 3).ok_or_else(bad)?;
                    says.weight = Some(Quantity::from_thousandths(grams).map_err(|_| bad())?);
                }
                (Some("392"), Some(places)) => {
                    says.price = Some(price(data, places).ok_or_else(bad)?);
                }
                // Three digits name the currency; the chain has one.
                (Some("393"), Some(places)) => {
                    let amount = data.get(3..).ok_or_else(bad)?;
                    says.price = Some(price(amount, places).ok_or_else(bad)?);
                }
                _ => {}
            },
        }
    }
    Ok(Reading { means: means.ok_or(ScanError::NoArticle)?, says })
}

/// The last digit of an identifier of four says how many digits stand behind the point.
fn places(ai: &str) -> Option<u32> {
    ai.get(3..).and_then(|digit| digit.parse().ok())
}

fn price(data: &str, places: u32) -> Option<Money> {
    Money::from_ten_thousandths(decimal(data, places, 4)?).ok()
}

/// A number of which the last `places` digits stand behind the point, in units of `10^-scale`,
/// to the nearest.
fn decimal(data: &str, places: u32, scale: u32) -> Option<i64> {
    if !is_digits(data) || data.len() > 15 {
        return None;
    }
    let number: i64 = data.parse().ok()?;
    match scale.checked_sub(places) {
        Some(up) => number.checked_mul(10_i64.checked_pow(up)?),
        None => {
            let unit = 10_i64.checked_pow(places - scale)?;
            Some((number + unit / 2) / unit)
        }
    }
}

/// `YYMMDD`; day 00 is the month's last (7.12). The century is the one that puts the year within 50
/// years of today's.
fn date(data: &str, today: BusinessDate) -> Option<BusinessDate> {
    let number = |range: std::ops::Range<usize>| data.get(range)?.parse::<i8>().ok();
    let (year, month, day) = (number(0..2)?, number(2..4)?, number(4..6)?);
    let this_year = today.date().year();
    let apart = i16::from(year) - this_year % 100;
    let century = this_year - this_year % 100
        + match apart {
            51.. => -100,
            ..=-50 => 100,
            _ => 0,
        };
    let first = Date::new(century + i16::from(year), month, day.max(1)).ok()?;
    Some(BusinessDate::new(if day == 0 { first.last_of_month() } else { first }))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether these are digits of which the last one checks the others.
fn is_checked(text: &str) -> bool {
    is_digits(text) && text.ends_with(check_digit(&text[..text.len() - 1]))
}

fn unknown(text: &str) -> ScanError {
    ScanError::Identifier { at: text.chars().take(8).collect() }
}

fn wrong(ai: &str, data: &str) -> ScanError {
    ScanError::Element { ai: ai.into(), data: data.chars().take(MAX_ELEMENT_LEN).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> BusinessDate {
        "2026-11-24".parse().unwrap()
    }

    fn day(text: &str) -> Option<BusinessDate> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn the_same_elements_in_every_form() {
        let says = Says {
            lot: Some("AB-12/3".into()),
            expires: day("2027-02-28"),
            serial: Some("77".into()),
            ..Says::default()
        };
        let means = Means::Article(Gtin::new("6901234567892").unwrap());
        let expected = Reading { means: means.clone(), says: says.clone() };
        for text in [
            "(01)06901234567892(17)270200(10)AB-12/3(21)77",
            "]C1010690123456789217270200\
             10AB-12/3\u{1d}2177",
            "]d2\u{1d}01069012345678921727020010AB-12/3\u{1d}2177",
            "01069012345678922177\u{1d}1727020010AB-12/3",
        ] {
            assert!(is_element_string(text), "{text}");
            assert_eq!(read(text, today()).as_ref(), Ok(&expected), "{text}");
        }
        let link = "https://id.gs1.org/01/06901234567892/10/AB12/21/77?17=270200&from=shelf";
        assert!(is_link(link));
        let linked = read_link(link, today()).unwrap();
        let says = Says { lot: Some("AB12".into()), ..says };
        assert_eq!(linked, Reading { means, says });
    }

    #[test]
    fn weight_price_and_count() {
        let read = |text: &str| read(text, today()).unwrap().says;
        let reading = read("(01)16901234567899(3103)001250(3922)2499(30)12");
        assert_eq!(reading.weight, Some("1.25".parse().unwrap()));
        assert_eq!(reading.price, Some("24.99".parse().unwrap()));
        assert_eq!(reading.count, Some("12".parse().unwrap()));
        let priced = read("(01)16901234567899(3932)1561050(3105)123456");
        assert_eq!(priced.price, Some("10.5".parse().unwrap()));
        assert_eq!(priced.weight, Some("1.235".parse().unwrap()), "to the gram");
    }

    #[test]
    fn cases() {
        let sscc = "00106141412345678908";
        assert!(is_element_string(sscc));
        assert_eq!(read(sscc, today()).unwrap().means, Means::Case("106141412345678908".into()));
        let content = read("(00)106141412345678908(02)16901234567899(37)24", today()).unwrap();
        assert_eq!(content.says.count, Some("24".parse().unwrap()));
    }

    #[test]
    fn centuries_and_ends_of_months() {
        for (data, told) in [
            ("281231", "2028-12-31"),
            ("770101", "1977-01-01"),
            ("760101", "2076-01-01"),
            ("280200", "2028-02-29"),
        ] {
            assert_eq!(date(data, today()), day(told), "{data}");
        }
        for data in ["271301", "270230", "27011", "2x0101"] {
            assert_eq!(date(data, today()), None, "{data}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let read = |text: &str| read(text, today()).unwrap_err();
        assert!(matches!(read("(01)06901234567890"), ScanError::CheckDigit { expected: '2', .. }));
        assert!(
            matches!(read("(17)270230(01)06901234567892"), ScanError::Element { ai, .. } if &*ai == "17")
        );
        assert!(matches!(read("(5x)1"), ScanError::Identifier { .. }));
        assert!(matches!(read("(01)06901234567892(10)"), ScanError::Element { .. }));
        assert!(matches!(read("]C101069012"), ScanError::Element { .. }));
        assert_eq!(read("(10)AB12"), ScanError::NoArticle);
        assert!(!is_element_string("0102030405060708"), "a number that happens to begin with 01");
    }
}
