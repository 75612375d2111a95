//! When a promotion holds, by the clock on each shop's wall.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Weekday;

use super::FieldProblem;
use crate::time::LocalTime;

/// Minutes in a day.
const DAY: u16 = 24 * 60;

/// When something holds. What is left open holds always.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Window {
    /// From this minute on.
    pub from: Option<LocalTime>,
    /// Until before this one.
    pub until: Option<LocalTime>,
    /// On these days of the week.
    pub weekdays: Weekdays,
    /// In these hours of the day.
    pub hours: Option<Hours>,
}

impl Window {
    /// Whether it holds at a time.
    pub fn is_open(&self, at: LocalTime) -> bool {
        self.from.is_none_or(|from| from <= at)
            && self.until.is_none_or(|until| at < until)
            && self.weekdays.contain(at.day().date().weekday())
            && self.hours.is_none_or(|hours| hours.contain(at.minute_of_day()))
    }
}

/// Days of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weekdays(u8);

/// Their names, in the order of [`Weekday::to_monday_zero_offset`].
const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Weekdays {
    /// All of them.
    pub const ALL: Self = Self(0b111_1111);

    /// Whether a day is among them.
    pub fn contain(self, day: Weekday) -> bool {
        self.0 >> day.to_monday_zero_offset() & 1 == 1
    }
}

impl Default for Weekdays {
    fn default() -> Self {
        Self::ALL
    }
}

impl fmt::Display for Weekdays {
    /// `mon tue`; nothing for all days.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::ALL {
            return Ok(());
        }
        let named = NAMES.iter().enumerate().filter(|(bit, _)| self.0 >> bit & 1 == 1);
        let names: Vec<&str> = named.map(|(_, name)| *name).collect();
        f.write_str(&names.join(" "))
    }
}

impl FromStr for Weekdays {
    type Err = FieldProblem;

    fn from_str(text: &str) -> Result<Self, FieldProblem> {
        let mut days = 0;
        for word in text.split([' ', ',']).filter(|word| !word.is_empty()) {
            let lower = word.to_ascii_lowercase();
            let bit = NAMES.iter().position(|name| *name == lower).ok_or(FieldProblem::Weekdays)?;
            days |= 1 << bit;
        }
        Ok(if days == 0 { Self::ALL } else { Self(days) })
    }
}

/// Hours of a day, in minutes since midnight: from one until before the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    from: u16,
    until: u16,
}

impl Hours {
    /// Whether a minute of the day is in them.
    pub const fn contain(self, minute: u16) -> bool {
        self.from <= minute && minute < self.until
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [from, until] = [self.from, self.until].map(|at| (at / 60, at % 60));
        write!(f, "{:02}:{:02}-{:02}:{:02}", from.0, from.1, until.0, until.1)
    }
}

impl FromStr for Hours {
    type Err = FieldProblem;

    /// Reads `14:00-16:00`; a day ends at `24:00`.
    fn from_str(text: &str) -> Result<Self, FieldProblem> {
        let (from, until) = text.split_once('-').ok_or(FieldProblem::Hours)?;
        let hours = Self { from: minute(from)?, until: minute(until)? };
        if hours.from < hours.until { Ok(hours) } else { Err(FieldProblem::Hours) }
    }
}

fn minute(text: &str) -> Result<u16, FieldProblem> {
    let (hour, minute) = text.trim().split_once(':').ok_or(FieldProblem::Hours)?;
    let number = |digits: &str| {
        let plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse::<u16>().ok()).flatten().ok_or(FieldProblem::Hours)
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    let at = hour * 60 + minute;
    if minute < 60 && at <= DAY { Ok(at) } else { Err(FieldProblem::Hours) }
}
