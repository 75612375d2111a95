//! Shifts: list them, and show one.

use books::ShiftRow;
use ledger::fact::{Body, Fact};
use ledger::id::{FactId, Operator, StoreId, TillId};
use ledger::shift::Act;
use ledger::time::{BusinessDate, Timestamp};
use serde::{Deserialize, Serialize};

use crate::book::Refused;
use crate::door::Ask;
use crate::error::Result;
use crate::node::Node;
use crate::request::ONLY_TILL;
use crate::text;
use crate::view::{CountView, DrawerView, FactView};

/// The most shifts of a list: a year of three tills and two shifts a day.
const MAX_SHIFTS: usize = 2_500;

/// List the store's shifts, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ListShifts {
    /// Only those that are open.
    pub open: bool,
    /// At most so many.
    pub limit: Option<usize>,
}

/// Show one shift.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ShowShift {
    /// Which: the fact that opened it; none for the newest of the till.
    #[serde(with = "text::option", skip_serializing_if = "Option::is_none")]
    pub shift: Option<FactId>,
    /// Of which till; none for the shop's only one.
    #[serde(with = "text::option", skip_serializing_if = "Option::is_none")]
    pub till: Option<TillId>,
}

/// The store's shifts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shifts {
    /// The store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// The shifts, the newest first.
    pub shifts: Vec<ShiftView>,
}

/// A shift.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftView {
    /// The fact that opened it, which is its name.
    #[serde(with = "text")]
    pub shift: FactId,
    /// At which till.
    #[serde(with = "text")]
    pub till: TillId,
    /// The day to which its opening is booked.
    #[serde(with = "text")]
    pub date: BusinessDate,
    /// When it was opened.
    #[serde(with = "text::instant")]
    pub opened: Timestamp,
    /// Who opened it.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub operator: Option<Operator>,
    /// The fact that closed it; none while it is open.
    #[serde(default, with = "text::option", skip_serializing_if = "Option::is_none")]
    pub closed: Option<FactId>,
}

/// A shift with what was done in it. What ought to be in the drawer is told when somebody has counted it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftInFull {
    /// The store.
    #[serde(with = "text")]
    pub store: StoreId,
    /// The shift.
    pub shift: ShiftView,
    /// Its opening and its cash moves, in their order.
    pub drawer: Vec<FactView>,
    /// How many receipts were booked in it.
    pub receipts: usize,
    /// What was counted and what ought to be there, once it is closed.
    pub counts: Vec<CountView>,
}

impl Ask for ListShifts {
    const PATH: &'static str = "/v1/shifts";
    type Answer = Shifts;

    fn answer(self, node: &Node) -> Result<Shifts> {
        let wanted = |shift: &ShiftRow| !self.open || shift.closed.is_none();
        let limit = self.limit.unwrap_or(MAX_SHIFTS).min(MAX_SHIFTS);
        let shifts = node.shifts()?.into_iter().filter(wanted).take(limit);
        Ok(Shifts { store: node.store().clone(), shifts: shifts.map(ShiftView::from).collect() })
    }
}

impl Ask for ShowShift {
    const PATH: &'static str = "/v1/shifts/show";
    type Answer = ShiftInFull;

    fn answer(self, node: &Node) -> Result<ShiftInFull> {
        let till = match self.till {
            Some(till) => till,
            None => TillId::new(ONLY_TILL).expect("a digit"),
        };
        let is_it = |row: &ShiftRow| match self.shift {
            Some(shift) => row.id == shift,
            None => row.till == till,
        };
        let found = node.shifts()?.into_iter().find(is_it);
        let row = found.ok_or(Refused::NoSuchShift { till: till.clone() })?;
        let (id, close) = (row.id, row.closed);
        let facts = node.books().write(move |tx| tx.facts_since(id, close))?;
        let ours = |fact: &&Fact| fact.id == id || fact.shift == Some(id);
        let (mut drawer, mut receipts, mut counts) = (Vec::new(), 0, Vec::new());
        for fact in facts.iter().filter(ours) {
            match &fact.body {
                Body::Shift(Act::Closed { counts: said }) => {
                    counts = said.iter().map(CountView::from).collect();
                }
                Body::Shift(_) => drawer.push(FactView::from(fact)),
                _ => receipts += 1,
            }
        }
        let store = node.store().clone();
        Ok(ShiftInFull { store, shift: row.into(), drawer, receipts, counts })
    }
}

impl From<ShiftRow> for ShiftView {
    fn from(row: ShiftRow) -> Self {
        let ShiftRow { id: shift, till, date, opened, operator, closed } = row;
        Self { shift, till, date, opened, operator, closed }
    }
}

impl ShiftInFull {
    /// The float and the sum of the cash moves are no secret: they are typed in by whoever counts.
    pub fn moves(&self) -> impl Iterator<Item = (&FactView, &DrawerView)> {
        self.drawer.iter().filter_map(|fact| Some((fact, fact.drawer.as_ref()?)))
    }
}
