//! The values a mapping file can hold, each checked where it is read, so that the error names its
//! line.

use std::path::Path;

use encoding_rs::Encoding;
use jiff::civil::{DateTime, Time, date};
use jiff::fmt::strtime::BrokenDownTime;
use serde::Deserialize;

use super::encoding;
use super::limits::MAX_SET_LEN;

/// A moment that writes as no other when a format forgets a part of it.
const SAMPLE: DateTime = date(2011, 10, 9).at(13, 14, 15, 0);

macro_rules! read_from_text {
    ($name:ident) => {
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = String::deserialize(from)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

/// The name of a set of data.
#[derive(Debug, Clone)]
pub(super) struct SetName(Box<str>);

impl SetName {
    fn parse(text: &str) -> Result<Self, String> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if text.is_empty() || text.len() > MAX_SET_LEN || !text.chars().all(allowed) {
            let rule = "ASCII letters, digits, `-`, `_`, `.`";
            return Err(format!("a set's name is 1 to {MAX_SET_LEN} of: {rule}"));
        }
        Ok(Self(text.into()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

read_from_text!(SetName);

/// One text or a list of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "expected a text or a list of texts")]
pub(super) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    pub(super) fn all(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

/// What stands between fields.
#[derive(Debug, Clone, Copy)]
pub(super) struct Delimiter(u8);

impl Default for Delimiter {
    fn default() -> Self {
        Self(b',')
    }
}

impl Delimiter {
    fn parse(text: &str) -> Result<Self, String> {
        match text.as_bytes() {
            [byte @ (b',' | b';' | b'\t' | b'|' | b'^' | b'~')] => Ok(Self(*byte)),
            _ => Err("the delimiter is one of `,` `;` `\\t` `|` `^` `~`".to_owned()),
        }
    }

    pub(super) const fn byte(self) -> u8 {
        self.0
    }
}

read_from_text!(Delimiter);

/// A declared encoding, or `auto`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct EncodingName(Option<&'static Encoding>);

impl EncodingName {
    fn parse(text: &str) -> Result<Self, String> {
        let unknown = || format!("the encoding `{text}` is unknown; try auto, utf-8 or gb18030");
        encoding::named(text).map(Self).ok_or_else(unknown)
    }

    pub(super) const fn encoding(self) -> Option<&'static Encoding> {
        self.0
    }
}

read_from_text!(EncodingName);

/// The decimal separator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal(char);

impl Default for Decimal {
    fn default() -> Self {
        Self('.')
    }
}

impl Decimal {
    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "." => Ok(Self('.')),
            "," => Ok(Self(',')),
            _ => Err("the decimal separator is `.` or `,`".to_owned()),
        }
    }

    pub(super) const fn char(self) -> char {
        self.0
    }
}

read_from_text!(Decimal);

/// What stands between thousands, if anything does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Thousands(Option<char>);

impl Thousands {
    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "" => Ok(Self(None)),
            "," | "." | " " | "'" => Ok(Self(text.chars().next())),
            _ => Err("thousands are separated by `,`, `.`, a space, `'` or nothing".to_owned()),
        }
    }

    pub(super) const fn char(self) -> Option<char> {
        self.0
    }
}

read_from_text!(Thousands);

/// What to do with decimals beyond what money or quantities hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Rounding {
    /// The row is rejected.
    #[default]
    Exact,
    /// They are rounded off, ties away from zero.
    Nearest,
}

/// A form of dates in the notation of strftime.
#[derive(Debug, Clone)]
pub(super) struct DateFormat(Box<str>);

impl DateFormat {
    /// One of the forms that this program ships.
    pub(super) fn known(text: &str) -> Self {
        Self(text.into())
    }

    fn parse(text: &str) -> Result<Self, String> {
        let day = round_trip(text)?.to_date().ok();
        if day.is_none_or(|day| day != SAMPLE.date()) {
            return Err(format!("`{text}` does not say year, month and day"));
        }
        Ok(Self(text.into()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

read_from_text!(DateFormat);

/// A form of times of day in the notation of strftime.
#[derive(Debug, Clone)]
pub(super) struct TimeFormat(Box<str>);

impl TimeFormat {
    /// One of the forms that this program ships.
    pub(super) fn known(text: &str) -> Self {
        Self(text.into())
    }

    fn parse(text: &str) -> Result<Self, String> {
        let hour = round_trip(text)?.to_time().ok().map(Time::hour);
        if hour != Some(SAMPLE.hour()) {
            return Err(format!("`{text}` does not say the hour"));
        }
        Ok(Self(text.into()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

read_from_text!(TimeFormat);

/// Writes the sample in a format and reads it back: what a format cannot do shows at once.
fn round_trip(format: &str) -> Result<BrokenDownTime, String> {
    let wrong = |error: jiff::Error| format!("`{format}` is not a form of dates: {error}");
    let written = BrokenDownTime::from(SAMPLE).to_string(format).map_err(wrong)?;
    BrokenDownTime::parse(format, &written).map_err(wrong)
}

/// How a store's text becomes its id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum StoreForm {
    /// It is the id.
    #[default]
    AsIs,
    /// Lower case, with `-` for whatever is no ASCII letter or digit.
    Slug,
    /// Text around it, the number in it filled up with zeros.
    Pattern { before: Box<str>, width: usize, after: Box<str> },
}

impl StoreForm {
    fn parse(text: &str) -> Result<Self, String> {
        if text == "slug" {
            return Ok(Self::Slug);
        }
        let wrong =
            || format!("`{text}` is no form of store ids; try `slug`, `S{{}}` or `S{{:03}}`");
        let (before, rest) = text.split_once('{').ok_or_else(wrong)?;
        let (inner, after) = rest.split_once('}').ok_or_else(wrong)?;
        let width = match inner.strip_prefix(":0") {
            Some(digits) => digits.parse().ok().filter(|n| (1..=9).contains(n)),
            None => inner.is_empty().then_some(0),
        };
        let (before, after) = (before.into(), after.into());
        Ok(Self::Pattern { before, width: width.ok_or_else(wrong)?, after })
    }
}

read_from_text!(StoreForm);

/// Among what a document's number stands for one document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum DocumentScope {
    /// In the whole set.
    Chain,
    /// At one store.
    Store,
    /// On one day at one store: tills that start from 1 every morning.
    #[default]
    StoreDay,
}

/// A file beside the imported one.
#[derive(Debug, Clone)]
pub(super) struct JoinedFile(Box<str>);

impl JoinedFile {
    fn parse(text: &str) -> Result<Self, String> {
        // A mapping may come from elsewhere: it may not reach into other folders.
        if Path::new(text).file_name().is_none_or(|name| name != text) {
            return Err(format!("`{text}` is not the plain name of a file"));
        }
        Ok(Self(text.into()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

read_from_text!(JoinedFile);
