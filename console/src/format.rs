//! Amounts, ages and dates as people read them.

use jiff::tz::TimeZone;
use ledger::amount::{Money, Quantity};
use ledger::time::Timestamp;

use crate::words::{self, Lang};

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Clocks of two machines differ by about this much; what lies closer is "just now".
const JUST_NOW_MILLIS: i64 = 3 * SECOND;

/// Money with thousands separators and two decimals, ties away from zero: `1,234.50`.
pub fn money(amount: Money) -> String {
    money_total(i128::from(amount.ten_thousandths()))
}

/// Like [`money`], for sums: ten-thousandths of the currency unit.
pub fn money_total(ten_thousandths: i128) -> String {
    let coins = (ten_thousandths.unsigned_abs() + 50) / 100;
    let sign = if ten_thousandths < 0 && coins > 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", grouped(coins / 100), coins % 100)
}

/// A quantity with thousands separators and as many decimals as it has: `1,250`, `0.456`.
pub fn quantity(quantity: Quantity) -> String {
    quantity_total(i128::from(quantity.thousandths()))
}

/// Like [`quantity`], for sums: thousandths of the unit.
pub fn quantity_total(thousandths: i128) -> String {
    decimal(thousandths, grouped)
}

/// Like [`quantity_total`], without separators: as programs read it.
pub fn plain_quantity_total(thousandths: i128) -> String {
    decimal(thousandths, |whole| whole.to_string())
}

/// A quantity with its unit: `12 瓶`, `0.456 kg`.
pub fn quantity_of(amount: Quantity, unit: &str) -> String {
    let number = quantity(amount);
    if unit.is_empty() { number } else { format!("{number} {unit}") }
}

/// A count with thousands separators: `829,262`.
pub fn count(n: u64) -> String {
    grouped(u128::from(n))
}

/// A size in bytes: `312 B`, `1.4 MB` (decimal units).
pub fn bytes(n: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if n < 1_000 {
        return format!("{n} B");
    }
    let mut tenths = u128::from(n) / 100;
    let mut unit = 0;
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        tenths /= 1_000;
        unit += 1;
    }
    format!("{}.{} {}", grouped(tenths / 10), tenths % 10, UNITS[unit])
}

/// How long ago `then` was, or how far ahead it is: `3 min ago`, `3 分钟前`, `in 2 d`.
pub fn ago(lang: Lang, then: Timestamp, now: Timestamp) -> String {
    let age = now.millis().saturating_sub(then.millis());
    let span = age.saturating_abs();
    let n = |unit| span / unit;
    match (span, age > 0) {
        (..=JUST_NOW_MILLIS, _) => lang.say(words::JustNow),
        (..MINUTE, true) => lang.say(words::SecondsAgo { n: n(SECOND) }),
        (..HOUR, true) => lang.say(words::MinutesAgo { n: n(MINUTE) }),
        (..DAY, true) => lang.say(words::HoursAgo { n: n(HOUR) }),
        (_, true) => lang.say(words::DaysAgo { n: n(DAY) }),
        (..MINUTE, false) => lang.say(words::SecondsAhead { n: n(SECOND) }),
        (..HOUR, false) => lang.say(words::MinutesAhead { n: n(MINUTE) }),
        (..DAY, false) => lang.say(words::HoursAhead { n: n(HOUR) }),
        (_, false) => lang.say(words::DaysAhead { n: n(DAY) }),
    }
}

/// Like [`ago`], for what may never have happened.
pub fn ago_or_never(lang: Lang, then: Option<Timestamp>, now: Timestamp) -> String {
    then.map_or_else(|| lang.say(words::Never), |then| ago(lang, then, now))
}

/// A length of time, in its two largest units: `1.2 s`, `4 min 5 s`, `2 天 3 小时`.
pub fn duration(lang: Lang, span: std::time::Duration) -> String {
    let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
    let [minutes, hours, days] = [MINUTE, HOUR, DAY].map(|unit| millis / unit);
    if days > 0 {
        lang.say(words::DurationDays { days, hours: hours % 24 })
    } else if hours > 0 {
        lang.say(words::DurationHours { hours, minutes: minutes % 60 })
    } else if minutes > 0 {
        lang.say(words::DurationMinutes { minutes, seconds: millis % MINUTE / SECOND })
    } else if millis >= SECOND {
        let tenths = millis / (SECOND / 10);
        lang.say(words::DurationSeconds { n: format!("{}.{}", tenths / 10, tenths % 10) })
    } else {
        lang.say(words::DurationMillis { n: millis })
    }
}

/// An instant on the clock of this machine's time zone: `2026-11-22 18:04:09`.
pub fn local_time(at: Timestamp) -> String {
    time_in(at, TimeZone::system())
}

/// An instant on the clock of a time zone. What no calendar holds is shown in milliseconds.
pub fn time_in(at: Timestamp, zone: TimeZone) -> String {
    match jiff::Timestamp::from_millisecond(at.millis()) {
        Ok(instant) => instant.to_zoned(zone).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        Err(_) => format!("{} ms", at.millis()),
    }
}

fn decimal(thousandths: i128, write: impl Fn(u128) -> String) -> String {
    let sign = if thousandths < 0 { "-" } else { "" };
    let (whole, part) = (thousandths.unsigned_abs() / 1_000, thousandths.unsigned_abs() % 1_000);
    let decimals = format!("{part:03}");
    match decimals.trim_end_matches('0') {
        "" => format!("{sign}{}", write(whole)),
        decimals => format!("{sign}{}.{decimals}", write(whole)),
    }
}

fn grouped(n: u128) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn amounts_are_grouped_and_rounded() {
        let sums = [(0, "0.00"), (12_345_678, "1,234.57"), (-10_050, "-1.01"), (-49, "0.00")];
        for (raw, text) in sums {
            assert_eq!(money_total(raw), text);
        }
        let totals = [(1_250_000, "1,250"), (-456, "-0.456"), (1_000_500, "1,000.5"), (0, "0")];
        for (raw, text) in totals {
            assert_eq!(quantity_total(raw), text);
            assert_eq!(plain_quantity_total(raw), text.replace(',', ""));
        }
        assert_eq!(quantity_of("1.250".parse().unwrap(), "kg"), "1.25 kg");
        assert_eq!(count(829_262), "829,262");
        let sizes =
            [(999, "999 B"), (1_449, "1.4 kB"), (999_999, "999.9 kB"), (u64::MAX, "18,446.7 PB")];
        for (raw, text) in sizes {
            assert_eq!(bytes(raw), text);
        }
    }

    #[test]
    fn ages_are_told_in_both_directions() {
        let now = Timestamp::from_millis(10 * DAY);
        let at = |offset| Timestamp::from_millis(10 * DAY + offset);
        assert_eq!(ago(Lang::Zh, at(-3 * MINUTE), now), "3 分钟前");
        assert_eq!(ago(Lang::En, at(-59 * SECOND), now), "59 s ago");
        assert_eq!(ago(Lang::En, at(-DAY), now), "1 d ago");
        assert_eq!(ago(Lang::En, at(2 * DAY), now), "in 2 d");
        assert_eq!(ago(Lang::En, at(1), now), "just now");
        assert_eq!(ago(Lang::Zh, Timestamp::from_millis(i64::MIN), now), "106751991167 天前");
        assert_eq!(ago_or_never(Lang::Zh, None, now), "从未");
        assert_eq!(duration(Lang::En, Duration::from_millis(1_290)), "1.2 s");
        assert_eq!(duration(Lang::Zh, Duration::from_secs(3 * 86_400 + 7_300)), "3 天 2 小时");
    }

    #[test]
    fn instants_show_the_clock_on_the_wall() {
        let zone = TimeZone::fixed(jiff::tz::offset(8));
        assert_eq!(time_in(Timestamp::from_millis(0), zone.clone()), "1970-01-01 08:00:00");
        assert_eq!(time_in(Timestamp::from_millis(i64::MAX), zone), format!("{} ms", i64::MAX));
    }
}
