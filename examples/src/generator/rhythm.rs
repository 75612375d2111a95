//! When people come: hours, weekdays, and the luck of the day.

use jiff::civil::{Date, Weekday};
use ledger::time::BusinessDate;

use super::dice::Dice;
use super::stores::{Neighbourhood, Store};

/// The first hour with customers.
const OPENS: u64 = 6;

/// The hours with customers: 6 to 24.
const OPEN_HOURS: usize = 18;

/// The last second in which anybody is served.
pub(super) const LAST_SECOND: u64 = 24 * 3_600 - 61;

/// Customers of each hour from [`OPENS`], against the others: on working days and at weekends.
const fn hours(place: Neighbourhood, weekend: bool) -> [u64; OPEN_HOURS] {
    match (place, weekend) {
        (Neighbourhood::Residential, false) => {
            [30, 85, 70, 40, 38, 48, 52, 38, 32, 36, 48, 75, 92, 90, 78, 62, 40, 18]
        }
        (Neighbourhood::Residential, true) => {
            [15, 38, 60, 70, 72, 70, 62, 52, 52, 58, 66, 74, 80, 80, 72, 58, 42, 24]
        }
        (Neighbourhood::Offices, false) => {
            [12, 80, 150, 70, 40, 75, 160, 90, 48, 52, 50, 60, 70, 48, 30, 18, 10, 5]
        }
        (Neighbourhood::Offices, true) => {
            [6, 20, 40, 45, 50, 62, 70, 60, 50, 50, 48, 48, 44, 36, 28, 20, 12, 6]
        }
        (Neighbourhood::Campus, false) => {
            [18, 90, 60, 70, 62, 85, 120, 50, 48, 66, 70, 95, 80, 60, 85, 90, 60, 10]
        }
        (Neighbourhood::Campus, true) => {
            [6, 20, 40, 52, 60, 70, 80, 62, 58, 60, 62, 70, 72, 66, 70, 74, 50, 12]
        }
        (Neighbourhood::Station, _) => {
            [60, 90, 85, 70, 62, 66, 74, 66, 60, 64, 76, 90, 88, 70, 58, 46, 36, 24]
        }
    }
}

/// Customers of each weekday from Monday, in thousandths of a middling day.
const fn week(place: Neighbourhood) -> [u64; 7] {
    match place {
        Neighbourhood::Residential => [930, 920, 930, 950, 1_030, 1_140, 1_100],
        Neighbourhood::Offices => [1_180, 1_190, 1_180, 1_170, 1_200, 580, 500],
        Neighbourhood::Campus => [1_080, 1_070, 1_080, 1_060, 980, 870, 860],
        Neighbourhood::Station => [960, 860, 870, 930, 1_210, 1_000, 1_170],
    }
}

/// How many come, when `middling` come to a middling store on a middling day.
pub(super) fn customers(dice: &mut Dice, middling: u32, store: &Store, date: BusinessDate) -> u64 {
    let weekday = usize::from(date.date().weekday().to_monday_zero_offset().unsigned_abs());
    let luck = u64::midpoint(dice.between(820, 1_180), dice.between(820, 1_180));
    let factors = u128::from(store.size_permille * week(store.neighbourhood)[weekday] * luck);
    u64::try_from(u128::from(middling) * factors / 1_000_000_000).unwrap_or(u64::MAX)
}

/// When one of them is served, in seconds of the day.
pub(super) fn second(dice: &mut Dice, place: Neighbourhood, date: BusinessDate) -> u64 {
    let hour = OPENS + dice.weighted(&hours(place, is_weekend(date.date()))) as u64;
    (hour * 3_600 + dice.below(3_600)).min(LAST_SECOND)
}

/// Days since 1970-01-01.
pub(super) fn day_number(date: BusinessDate) -> i64 {
    let epoch = Date::constant(1970, 1, 1);
    i64::from((date.date() - epoch).get_days())
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}
