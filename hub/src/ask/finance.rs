//! Finance: the chart and its rules, vouchers a page at a time, closed periods.

use console::finance::Days;
use jiff::tz::TimeZone;
use ledger::id::{RequestId, StoreId};
use ledger::time::BusinessDate;
use ledger::voucher::{Account, Rule, Settings, Voucher};
use serde::{Deserialize, Serialize};

pub use crate::finance::feed::Cursor;
pub use crate::finance::{Close, Leave, Page, Place};

use crate::door::Ask;
use crate::error::Result;
use crate::finance::{self, Wanted, feed};
use crate::hub::Hub;
use crate::text;

/// Show the chart of accounts and the rules in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowAccounts {}

/// The chart of accounts, and the rules that lead into it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounts {
    /// How vouchers are made.
    pub settings: Settings,
    /// The accounts, by code.
    pub accounts: Vec<Account>,
    /// The rules, by role and in the order in which they are tried.
    pub rules: Vec<Rule>,
}

impl Ask for ShowAccounts {
    const PATH: &'static str = "/v1/finance/accounts";
    type Answer = Accounts;

    fn answer(self, hub: &Hub) -> Result<Accounts> {
        let mapping = finance::mapping(hub)?;
        Ok(Accounts {
            settings: mapping.settings().clone(),
            accounts: mapping.accounts().to_vec(),
            rules: mapping.rules().cloned().collect(),
        })
    }
}

/// Make vouchers: a page of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MakeVouchers {
    /// Of which days.
    #[serde(default)]
    pub days: Days,
    /// Of these stores; none: of all.
    #[serde(default, with = "text::list", skip_serializing_if = "Vec::is_empty")]
    pub stores: Vec<StoreId>,
    /// From where on; none: from the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

impl Ask for MakeVouchers {
    const PATH: &'static str = "/v1/finance/vouchers";
    type Answer = Page;

    fn answer(self, hub: &Hub) -> Result<Page> {
        let Self { days, stores, place } = self;
        let period = days.period(today(hub)).map_err(console::report::ReportError::from)?;
        let wanted = Wanted { from: period.from(), to: period.to(), stores };
        finance::page(hub, &wanted, place)
    }
}

/// Close the open days through one for finance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClosePeriod {
    /// The last day.
    #[serde(with = "text")]
    pub through: BusinessDate,
    /// What becomes of it where facts are in no voucher.
    #[serde(default)]
    pub leave: Leave,
}

/// A closed period, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// Its first day.
    #[serde(with = "text")]
    pub from: BusinessDate,
    /// Its last day.
    #[serde(with = "text")]
    pub through: BusinessDate,
    /// How many vouchers it has.
    pub vouchers: u64,
    /// How many facts are in them.
    pub facts: u64,
    /// How many are in none.
    pub unmapped: usize,
    /// Stands for its vouchers.
    pub digest: String,
}

impl From<Close> for Closed {
    fn from(close: Close) -> Self {
        let Close { from, through, vouchers, facts, digest, unmapped, .. } = close;
        let unmapped = unmapped.len();
        Self { from, through, vouchers, facts, unmapped, digest }
    }
}

impl Ask for ClosePeriod {
    const PATH: &'static str = "/v1/finance/close";
    type Answer = Closed;

    fn answer(self, hub: &Hub) -> Result<Closed> {
        Ok(finance::close(hub, self.through, today(hub), self.leave)?.into())
    }
}

/// List the closed periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListPeriods {}

impl Ask for ListPeriods {
    const PATH: &'static str = "/v1/finance/periods";
    type Answer = Vec<Closed>;

    fn answer(self, hub: &Hub) -> Result<Vec<Closed>> {
        Ok(finance::closes(&hub.reader()?)?.into_iter().map(Closed::from).collect())
    }
}

/// Give vouchers of closed periods that a reader has not acknowledged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedVouchers {
    /// The reader's name: each has a place of its own.
    #[serde(with = "text")]
    pub reader: RequestId,
    /// The most vouchers to give.
    #[serde(default = "most")]
    pub limit: usize,
}

/// Vouchers, and what to acknowledge when they are safe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fed {
    /// By period, in order.
    pub vouchers: Vec<Voucher>,
    /// The place after the last; none: no period is closed.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}

impl Ask for FeedVouchers {
    const PATH: &'static str = "/v1/finance/feed";
    type Answer = Fed;

    fn answer(self, hub: &Hub) -> Result<Fed> {
        let piece = feed::next(hub, self.reader.as_str(), self.limit)?;
        Ok(Fed { vouchers: piece.vouchers, cursor: piece.end })
    }
}

/// Acknowledge vouchers: those up to a place are not given again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeVouchers {
    /// The reader's name.
    #[serde(with = "text")]
    pub reader: RequestId,
    /// As it was given.
    #[serde(with = "text")]
    pub cursor: Cursor,
}

/// It is noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledged {}

impl Ask for AcknowledgeVouchers {
    const PATH: &'static str = "/v1/finance/feed/acknowledge";
    type Answer = Acknowledged;

    fn answer(self, hub: &Hub) -> Result<Acknowledged> {
        feed::acknowledge(hub, self.reader.as_str(), self.cursor)?;
        Ok(Acknowledged {})
    }
}

const fn most() -> usize {
    feed::MAX_PIECE
}

/// The day on this machine's calendar.
fn today(hub: &Hub) -> BusinessDate {
    let now = jiff::Timestamp::from_millisecond(hub.now().millis()).unwrap_or_default();
    BusinessDate::new(now.to_zoned(TimeZone::system()).date())
}
