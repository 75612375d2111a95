//! Approval of a stocktake (盘点审核): a second person looks at differences that cost much.

use std::collections::BTreeMap;

use ledger::amount::Money;
use ledger::cost::Position;
use ledger::id::{Operator, Sku};
use ledger::stocktake::Compared;

use super::{CountRefused, Node, going_on};
use crate::book::Refused;
use crate::error::Result;
use crate::home::CountRules;

impl Node {
    /// Approves what the stocktake has found so far. Whoever started it or counted for it can't; whatever is
    /// counted or decided afterwards takes the approval back.
    pub fn approve_count(&self, operator: Option<Operator>) -> Result<()> {
        let operator = operator.ok_or(CountRefused::NobodyApproves)?;
        self.books().write(move |tx| {
            let open = going_on(tx)?;
            let sheet = tx.stocktake_sheet()?.ok_or(CountRefused::NoneGoesOn)?;
            let counters = sheet.lines.iter().filter_map(|line| line.counter.as_ref());
            if open.operator.iter().chain(counters).any(|other| *other == operator) {
                return Err(CountRefused::OwnCount { operator }.into());
            }
            let out_of_range = |source| Refused::Amount { line: 0, source };
            sheet.compared().map_err(out_of_range)?.map_err(CountRefused::Unsettled)?;
            Ok(tx.approve_stocktake(&operator)?)
        })
    }
}

/// Whether the lines may be posted: they differ by little, or somebody else than the one who posts has approved
/// them.
pub(super) fn check(
    rules: CountRules,
    lines: &[Compared],
    stock: &BTreeMap<Sku, Position>,
    approved: Option<&Operator>,
    operator: Option<&Operator>,
) -> Result<()> {
    let Some(limit) = rules.approve_above else { return Ok(()) };
    let out_of_range = |source| Refused::Amount { line: 0, source };
    let value = difference(lines, stock).map_err(out_of_range)?;
    if value <= limit {
        return Ok(());
    }
    match approved {
        Some(by) if operator.is_some_and(|operator| operator != by) => Ok(()),
        Some(by) => Err(CountRefused::SameApproves { by: by.clone() }.into()),
        None => Err(CountRefused::NeedsApproval { value, limit }.into()),
    }
}

/// What the differences cost, whichever way they go: two that make up for each other are two.
fn difference(
    lines: &[Compared],
    stock: &BTreeMap<Sku, Position>,
) -> Result<Money, ledger::amount::AmountError> {
    let mut sum = Money::ZERO;
    for line in lines {
        let position = stock.get(&line.sku).copied().unwrap_or_default();
        let unit = position.unit_cost()?.unwrap_or_default();
        sum = sum.plus(unit.times(line.tally.variance()?.magnitude())?.magnitude())?;
    }
    Ok(sum)
}
