//! Civil dates and times in the forms that a mapping names.

use jiff::civil::{DateTime, Time};
use jiff::fmt::strtime::BrokenDownTime;

use super::limits::PLAUSIBLE_YEARS;
use super::mapping::DateForm;
use super::reason::Reason;

/// The forms in which a workbook's own dates arrive, and so those of a reject file made from one.
const CANONICAL: [&str; 2] = ["%Y-%m-%d", "%Y-%m-%d %H:%M:%S"];

/// Reads the dates of one file. Most rows repeat the date of the row before, so the last is kept.
pub(super) struct Dates {
    formats: Vec<Box<str>>,
    times: Vec<Box<str>>,
    last_text: String,
    last: DateTime,
}

impl Dates {
    pub(super) fn new(form: &DateForm, canonical_too: bool) -> Self {
        let mut formats: Vec<Box<str>> = form.formats.iter().map(|f| f.as_str().into()).collect();
        if canonical_too {
            formats.extend(CANONICAL.map(Into::into));
        }
        let times = form.times.iter().map(|f| f.as_str().into()).collect();
        Self { formats, times, last_text: String::new(), last: DateTime::default() }
    }

    /// The date, and the time where the format has one.
    pub(super) fn date(&mut self, text: &str) -> Result<DateTime, Reason> {
        if self.last_text == text && !text.is_empty() {
            return Ok(self.last);
        }
        let parsed = self.formats.iter().find_map(|format| parse_date(format, text));
        let found = parsed.ok_or_else(|| Reason::NotADate { formats: self.formats.join(", ") })?;
        if !PLAUSIBLE_YEARS.contains(&found.year()) {
            return Err(Reason::ImplausibleDate { year: found.year() });
        }
        text.clone_into(&mut self.last_text);
        self.last = found;
        Ok(found)
    }

    /// A time of day from a column of its own.
    pub(super) fn time(&self, text: &str) -> Result<Time, Reason> {
        let parse = |format: &str| BrokenDownTime::parse(format, text).ok()?.to_time().ok();
        let parsed = self.times.iter().find_map(|format| parse(format));
        parsed.ok_or_else(|| Reason::NotADate { formats: self.times.join(", ") })
    }
}

fn parse_date(format: &str, text: &str) -> Option<DateTime> {
    let parts = BrokenDownTime::parse(format, text).ok()?;
    let time = if parts.hour().is_some() { parts.to_time().ok()? } else { Time::midnight() };
    Some(parts.to_date().ok()?.to_datetime(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(toml: &str) -> Dates {
        Dates::new(&toml::from_str(toml).unwrap(), false)
    }

    #[test]
    fn dates_in_several_forms() {
        let mut european = dates("formats = [\"%d.%m.%Y\", \"%d.%m.%Y %H:%M\"]");
        assert_eq!(european.date("05.01.2013").unwrap().to_string(), "2013-01-05T00:00:00");
        assert_eq!(european.date("5.1.2013 17:04").unwrap().to_string(), "2013-01-05T17:04:00");
        let mut american = dates("formats = [\"%m/%d/%Y\"]");
        assert_eq!(american.date("01/05/2013").unwrap().to_string(), "2013-01-05T00:00:00");
        let mut chinese = dates("formats = [\"%Y年%m月%d日\"]");
        assert_eq!(chinese.date("2026年11月22日").unwrap().to_string(), "2026-11-22T00:00:00");
        assert_eq!(chinese.time("08:30").unwrap().to_string(), "08:30:00");
    }

    #[test]
    fn what_is_no_date_is_refused() {
        let mut iso = dates("");
        for text in ["", "2013-02-30", "05.01.2013", "2013-01-05x", "2013-13-01"] {
            assert!(matches!(iso.date(text), Err(Reason::NotADate { .. })), "{text}");
        }
        assert_eq!(iso.date("0217-01-05"), Err(Reason::ImplausibleDate { year: 217 }));
        // A failed date must not be taken for the one before it.
        assert!(iso.date("2013-01-05").is_ok() && iso.date("2013-02-30").is_err());
        assert!(toml::from_str::<DateForm>("formats = [\"%d.%m\"]").is_err());
        assert!(toml::from_str::<DateForm>("formats = [\"%Q\"]").is_err());
    }
}
