//! Electronic product codes on radio tags (RFID): SGTIN-96 and SGTIN-198 on goods, SSCC-96 on
//! pallets and cases, as hexadecimal memory or as the URIs of GS1's Tag Data Standard (1.13, §14).

use super::gtin::{Gtin, check_digit};
use super::{Means, Reading, Says, ScanError};

const SGTIN_96: u64 = 0x30;
const SGTIN_198: u64 = 0x36;
const SSCC_96: u64 = 0x31;

/// Digits and bits of the company prefix, by partition; what is left of the item's or case's
/// number follows from the whole.
const PARTITIONS: [(usize, usize); 7] =
    [(12, 40), (11, 37), (10, 34), (9, 30), (8, 27), (7, 24), (6, 20)];

/// Bits of company prefix and number together, and their digits.
const SGTIN_PAIR: (usize, usize) = (44, 13);
const SSCC_PAIR: (usize, usize) = (58, 17);

/// The most characters of an SGTIN-198's serial number, of 7 bits each.
const SERIAL_CHARS: usize = 20;

/// Whether so many hexadecimal digits hold the bits of a tag: readers round up to whole bytes, or to
/// whole words of 16 bits.
fn holds(digits: usize, bits: usize) -> bool {
    digits == bits.div_ceil(8) * 2 || digits == bits.div_ceil(16) * 4
}

/// Whether the text is what a tag reader sends: a URI of EPCglobal, or the memory of a tag.
pub(super) fn is_epc(text: &str) -> bool {
    text.starts_with("urn:epc:") || is_tag_memory(text)
}

fn is_tag_memory(text: &str) -> bool {
    let header = text.get(..2).and_then(|head| u64::from_str_radix(head, 16).ok());
    let bits = match header {
        Some(SGTIN_96 | SSCC_96) => 96,
        Some(SGTIN_198) => 198,
        _ => return false,
    };
    holds(text.len(), bits) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Reads what a tag reader sends.
pub(super) fn read(text: &str) -> Result<Reading, ScanError> {
    let read = if text.starts_with("urn:epc:") { uri(text) } else { memory(text) };
    read.ok_or_else(|| ScanError::Tag { text: text.into() })?
}

fn uri(text: &str) -> Option<Result<Reading, ScanError>> {
    let (scheme, body) =
        text.strip_prefix("urn:epc:")?.split_once(':').and_then(|(kind, rest)| {
            let (scheme, body) = rest.split_once(':')?;
            match (kind, scheme) {
                ("id", "sgtin" | "sscc") => Some((scheme, body)),
                // A tag's URI begins with what the tag is on: unit, case, pallet. The number tells.
                ("tag", "sgtin-96" | "sgtin-198" | "sscc-96") => {
                    Some((scheme, body.split_once('.')?.1))
                }
                _ => None,
            }
        })?;
    if scheme.starts_with("sscc") {
        let (company, serial) = body.split_once('.')?;
        return Some(case(company, serial));
    }
    let mut parts = body.splitn(3, '.');
    let (company, item, serial) = (parts.next()?, parts.next()?, parts.next()?);
    Some(article(company, item, &unescaped(serial)?))
}

fn memory(text: &str) -> Option<Result<Reading, ScanError>> {
    let bits = Bits(text);
    let header = bits.number(0, 8)?;
    let partition = usize::try_from(bits.number(11, 3)?).ok()?;
    let (company_digits, company_bits) = *PARTITIONS.get(partition)?;
    let (pair_bits, pair_digits) = if header == SSCC_96 { SSCC_PAIR } else { SGTIN_PAIR };
    let number_digits = pair_digits - company_digits;
    let company = digits(bits.number(14, company_bits)?, company_digits)?;
    let number = bits.number(14 + company_bits, pair_bits - company_bits)?;
    let number = digits(number, number_digits)?;
    match header {
        SSCC_96 => Some(case(&company, &number)),
        SGTIN_96 => Some(article(&company, &number, &bits.number(58, 38)?.to_string())),
        SGTIN_198 => {
            let chars = (0..SERIAL_CHARS).map_while(|n| bits.number(58 + 7 * n, 7));
            let serial = chars.take_while(|&c| c != 0).map(|c| u8::try_from(c).map(char::from));
            Some(article(&company, &number, &serial.collect::<Result<String, _>>().ok()?))
        }
        _ => None,
    }
}

/// An article: its indicator digit leads the number of the item.
fn article(company: &str, item: &str, serial: &str) -> Result<Reading, ScanError> {
    let whole = company.len() + item.len() == SGTIN_PAIR.1 && is_digits(company) && is_digits(item);
    let Some((indicator, item)) = item.split_at_checked(1).filter(|_| whole) else {
        return Err(ScanError::Tag { text: format!("{company}.{item}").into() });
    };
    let gtin = Gtin::of_body(&format!("{indicator}{company}{item}"))?;
    let serial = (!serial.is_empty()).then(|| serial.into());
    Ok(Reading { means: Means::Article(gtin), says: Says { serial, ..Says::default() } })
}

/// A case or pallet: its extension digit leads the serial number.
fn case(company: &str, serial: &str) -> Result<Reading, ScanError> {
    let whole =
        company.len() + serial.len() == SSCC_PAIR.1 && is_digits(company) && is_digits(serial);
    let Some((extension, serial)) = serial.split_at_checked(1).filter(|_| whole) else {
        return Err(ScanError::Tag { text: format!("{company}.{serial}").into() });
    };
    let body = format!("{extension}{company}{serial}");
    let sscc = format!("{body}{}", check_digit(&body));
    Ok(Reading::of(Means::Case(sscc.into())))
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The number with leading zeros; none if it has more digits than that.
fn digits(number: u64, length: usize) -> Option<String> {
    let text = format!("{number:0length$}");
    (length > 0 && text.len() == length).then_some(text)
}

/// Undoes the percent signs of a URI.
fn unescaped(text: &str) -> Option<String> {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        plain.push_str(before);
        let byte = u8::from_str_radix(after.get(..2)?, 16).ok().filter(u8::is_ascii_graphic)?;
        plain.push(char::from(byte));
        rest = &after[2..];
    }
    plain.push_str(rest);
    Some(plain)
}

/// A tag's memory, by bits from the first.
struct Bits<'a>(&'a str);

impl Bits<'_> {
    /// `length` bits, at most 64, from bit `from` on.
    fn number(&self, from: usize, length: usize) -> Option<u64> {
        (from..from + length).try_fold(0, |number, bit| {
            let digit = self.0.get(bit / 4..=bit / 4)?;
            let nibble = u64::from_str_radix(digit, 16).ok()?;
            Some(number << 1 | nibble >> (3 - bit % 4) & 1)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> (String, Option<String>) {
        let reading = read(text).unwrap();
        let number = match reading.means {
            Means::Article(gtin) => gtin.to_string(),
            Means::Case(sscc) => sscc.into(),
            other => format!("{other:?}"),
        };
        (number, reading.says.serial.map(Into::into))
    }

    /// The examples of the Tag Data Standard, annex E.3.
    #[test]
    fn the_standards_examples() {
        let article = ("80614141123458".to_owned(), Some("6789".to_owned()));
        for text in [
            "3074257BF7194E4000001A85",
            "3074257bf7194e4000001a85",
            "urn:epc:tag:sgtin-96:3.0614141.812345.6789",
            "urn:epc:id:sgtin:0614141.812345.6789",
        ] {
            assert!(is_epc(text));
            assert_eq!(told(text), article, "{text}");
        }
        let long = ("70614141123451".to_owned(), Some("32a/b".to_owned()));
        for text in [
            "3674257BF6B7A659B2C2BF1000000000000000000000000000",
            "3674257BF6B7A659B2C2BF100000000000000000000000000000",
            "urn:epc:tag:sgtin-198:3.0614141.712345.32a%2Fb",
        ] {
            assert_eq!(told(text), long, "{text}");
        }
        for text in ["3174257BF4499602D2000000", "urn:epc:id:sscc:0614141.1234567890"] {
            assert_eq!(told(text), ("106141412345678908".to_owned(), None), "{text}");
        }
    }

    #[test]
    fn what_is_no_tag_is_refused() {
        for text in [
            "urn:epc:id:sgtin:0614141.812345",
            "urn:epc:id:sgtin:0614141.8123456.1",
            "urn:epc:id:sgtin:06141x1.812345.1",
            "urn:epc:id:sgtin:0614141.812345.%ZZ",
            "urn:epc:id:giai:0614141.1",
            "urn:epc:",
            // Partition 7 does not exist; company prefix of more digits than its partition has.
            "307C257BF7194E4000001A85",
            "3077FFFFF7194E4000001A85",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(!is_epc("E28011606000020000000000"), "a tag that was never written");
    }
}
