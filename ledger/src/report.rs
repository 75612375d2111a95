//! Reports (报表): what facts come to over a period, and the figures that are drawn from that.
//!
//! | file | says |
//! |---|---|
//! | [`Flow`] | why goods came to a shelf or left it |
//! | [`Period`], [`Question`] | which days, which stores, which report |
//! | [`Summary`] | opening + in − out = closing (进销存) |
//! | [`age`], [`classify`], [`Turnover`], [`Purchase`] | ageing, ABC, turnover, buying |
//! | [`Sheet`] | any report as columns and rows, for screens, files and programs |
//!
//! All of it is integers. A quotient is rounded to the nearest, ties away from zero, and there is none
//! where the divisor is nothing.

mod abc;
mod ageing;
mod answer;
mod column;
mod flow;
mod period;
mod purchase;
mod question;
mod ratio;
mod sheet;
mod summary;
#[cfg(test)]
mod tests;

pub use abc::{Borders, Class, Classed, classify};
pub use ageing::{Buckets, age};
pub use answer::{Answer, Note};
pub use column::{Column, Form, Measured};
pub use flow::{Direction, Flow, Part, flows};
pub use period::{Period, PeriodError};
pub use purchase::{Bought, Purchase, Trend, purchases};
pub use question::{
    Group, MarginGroup, PurchaseGroup, Question, Rank, Report, Scope, TakingsGroup,
};
pub use ratio::{Turnover, holding_cost, percent, rounded};
pub use sheet::{Cell, Row, Sheet};
pub use summary::{Moved, Summary};
