//! Close a day.

use books::ShiftRow;
use ledger::id::{BillNo, FactId, Operator};
use ledger::time::{BusinessDate, Timestamp};
use serde::{Deserialize, Serialize};

use super::shift::ShiftView;
use crate::door::Ask;
use crate::error::Result;
use crate::node::close::DayClosed;
use crate::node::{Node, When};
use crate::text;
use crate::view::{CloseView, FactView};

/// Close a day, and with it every earlier one that is open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloseDay {
    /// Which; none for the last one on which anything was booked.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub date: Option<BusinessDate>,
    /// Who asks.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
}

/// A closed day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayReport {
    /// The fact that closes it.
    #[serde(with = "text")]
    pub fact: FactId,
    /// Its number on paper.
    #[serde(with = "text")]
    pub bill: BillNo,
    /// When it was closed.
    #[serde(with = "text::instant")]
    pub at: Timestamp,
    /// Who closed it.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
    /// Whether it was closed before, and not again.
    pub repeated: bool,
    /// Earlier days that were open and closed with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Day>,
    /// Later days that were closed and are closed again, because their evenings have changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub later: Vec<Day>,
    /// Shifts that began by then and are still open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open_shifts: Vec<ShiftView>,
    /// What the close says.
    pub close: Option<CloseView>,
}

/// A day in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(#[serde(with = "text")] pub BusinessDate);

impl Ask for CloseDay {
    const PATH: &'static str = "/v1/close";
    type Answer = DayReport;

    fn answer(self, node: &Node) -> Result<DayReport> {
        let DayClosed { fact, when, earlier, later } = node.close_day(self.date, self.operator)?;
        let still_open = |shift: &ShiftRow| shift.closed.is_none() && shift.date <= fact.date;
        let open = node.shifts()?.into_iter().filter(still_open).map(ShiftView::from).collect();
        let view = FactView::from(&fact);
        Ok(DayReport {
            fact: view.id,
            bill: view.bill,
            at: view.at,
            operator: view.operator,
            repeated: when == When::Before,
            earlier: earlier.into_iter().map(Day).collect(),
            later: later.into_iter().map(Day).collect(),
            open_shifts: open,
            close: view.close,
        })
    }
}
