//! Goods that are gone or too many (报损、报溢、盘亏、盘盈), by the reason that somebody gave.

use std::collections::BTreeMap;

use crate::fact::{Body, Fact};
use crate::fold::Balance;
use crate::id::Sku;
use crate::movement::Account;

/// How goods came to be gone, or to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LossKind {
    /// Thrown away (报损).
    Scrapped,
    /// Missed (盘亏).
    Missed,
    /// Found beyond the books (报溢、盘盈).
    Found,
}

impl LossKind {
    /// Its name in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scrapped => "scrapped",
            Self::Missed => "missed",
            Self::Found => "found",
        }
    }

    const fn of(account: &Account) -> Option<Self> {
        match account {
            Account::Scrap => Some(Self::Scrapped),
            Account::CountLoss => Some(Self::Missed),
            Account::CountGain => Some(Self::Found),
            _ => None,
        }
    }
}

/// What was lost or found, as positive amounts: by how, why and of what. The reason is as it stands in the
/// facts; empty where nobody said.
pub type Losses = BTreeMap<(LossKind, Box<str>, Sku), Balance>;

/// Adds what a fact lost or found. A reversal takes off what it undoes, under the reason of the fact that was
/// undone, where that is known.
pub fn add_losses(to: &mut Losses, fact: &Fact, undone: Option<&Fact>) {
    let said = undone.unwrap_or(fact);
    for movement in &fact.movements {
        let (kind, sign) = match (LossKind::of(&movement.from), LossKind::of(&movement.to)) {
            (None, Some(kind)) => (kind, if kind == LossKind::Found { -1 } else { 1 }),
            (Some(kind), None) => (kind, if kind == LossKind::Found { 1 } else { -1 }),
            (None, None) | (Some(_), Some(_)) => continue,
        };
        let reason = reason_of(said, &movement.sku);
        let sum = to.entry((kind, reason.into(), movement.sku.clone())).or_default();
        sum.quantity += sign * i128::from(movement.quantity.thousandths());
        sum.value += sign * i128::from(movement.value.ten_thousandths());
    }
}

fn reason_of<'f>(fact: &'f Fact, sku: &Sku) -> &'f str {
    match &fact.body {
        Body::Scrap { reason } | Body::StockAdjustment { reason } => reason,
        Body::Stocktake { lines, .. } => {
            let line = lines.iter().find(|line| line.sku == *sku);
            line.and_then(|line| line.reason.as_ref()).map_or("", |reason| reason.as_str())
        }
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::amount::{Money, Quantity};
    use crate::command::{AdjustLine, Command, InboundLine, ReversalTarget, Reversed};
    use crate::cost::Position;
    use crate::id::{Epoch, FactId};
    use crate::post::{Header, post};
    use crate::time::Timestamp;

    /// Books a command on a shelf that stays at ten units of tea worth 20.
    fn book(seq: u64, command: Command) -> Fact {
        let header = Header {
            id: FactId { epoch: Epoch::FIRST, seq },
            store: "S1".parse().unwrap(),
            date: "2026-11-22".parse().unwrap(),
            true_date: None,
            at: Timestamp::from_millis(0),
            bill: format!("S1-A-20261122-{seq:05}").parse().unwrap(),
            request: None,
            operator: None,
            shift: None,
            member: None,
        };
        let value: Money = "20".parse().unwrap();
        let tea = Position { quantity: Quantity::units(10).unwrap(), value, last_cost: None };
        post(header, command, &BTreeMap::from([(sku(), tea)])).unwrap().fact
    }

    fn sku() -> Sku {
        "tea".parse().unwrap()
    }

    fn line(units: i64) -> Vec<AdjustLine> {
        vec![AdjustLine { sku: sku(), lot: None, quantity: Quantity::units(units).unwrap() }]
    }

    #[test]
    fn losses_add_up_by_reason_and_a_reversal_takes_them_back() {
        let scrap = |seq, units, reason: &str| {
            book(seq, Command::Scrap { lines: line(units), reason: reason.into() })
        };
        let cost = Money::ZERO;
        let lines =
            vec![InboundLine { sku: sku(), lot: None, quantity: line(5)[0].quantity, cost }];
        let facts = [
            scrap(1, 1, "damaged"),
            scrap(2, 2, "damaged"),
            scrap(3, 3, "rained on"),
            book(4, Command::Adjust { lines: line(4), reason: "found".into() }),
            book(5, Command::Receive { lines, supplier: None, lots: vec![] }),
        ];
        let mut losses = Losses::new();
        facts.iter().for_each(|fact| add_losses(&mut losses, fact, None));
        let of = |losses: &Losses, kind, reason: &str| {
            losses.get(&(kind, reason.into(), sku())).map(|sum| (sum.quantity, sum.value))
        };
        assert_eq!(of(&losses, LossKind::Scrapped, "damaged"), Some((3_000, 60_000)));
        assert_eq!(of(&losses, LossKind::Scrapped, "rained on"), Some((3_000, 60_000)));
        assert_eq!(of(&losses, LossKind::Found, "found"), Some((4_000, 80_000)));
        assert_eq!(losses.len(), 3);

        for (seq, undone) in (6..).zip([&facts[1], &facts[3]]) {
            let fact = undone.clone();
            let target = Box::new(ReversalTarget { fact, reversed: Reversed::No, returns: 0 });
            let reversal = book(seq, Command::Reverse { target, reason: "wrong".into() });
            add_losses(&mut losses, &reversal, Some(undone));
        }
        assert_eq!(of(&losses, LossKind::Scrapped, "damaged"), Some((1_000, 20_000)));
        assert_eq!(of(&losses, LossKind::Found, "found"), Some((0, 0)));
    }
}
