//! The five fields of cron: minute, hour, day, month, weekday.

use std::fmt;

use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::MIN_MINUTES;

/// How many runs in a row are looked at to see how far apart they are. The minutes of an hour come again
/// in every hour, so a day of the densest rhythm that is allowed shows them all.
const LOOKED_AT: usize = 24 * 60 / MIN_MINUTES as usize;

/// The longest text of five fields, in bytes: it stands in a table.
const MAX_LEN: usize = 100;

/// A rhythm as cron has it, that comes at all and not too often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CronText {
    text: String,
    cron: Cron,
}

impl CronText {
    /// Reads five fields.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.len() > MAX_LEN || text.split(' ').count() != 5 {
            return None;
        }
        let parser =
            CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
        let cron = Self { cron: parser.parse(&text).ok()?, text };
        let apart = SignedDuration::from_mins(i64::from(MIN_MINUTES));
        let mut last = cron.after(Timestamp::UNIX_EPOCH, &TimeZone::UTC)?;
        for _ in 0..LOOKED_AT {
            let Some(next) = cron.after(last, &TimeZone::UTC) else { break };
            if next.duration_since(last) < apart {
                return None;
            }
            last = next;
        }
        Some(cron)
    }

    /// The first time after an instant, by the wall clock of the zone.
    pub(super) fn after(&self, last: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let next = self.cron.find_next_occurrence(&last.to_zoned(zone.clone()), false);
        next.ok().map(|next| next.timestamp())
    }
}

impl fmt::Display for CronText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
