//! Opening and closing shifts, and cash moves. They move no goods.

use super::{Header, PostError, amount_at, remark};
use crate::amount::Money;
use crate::fact::{Body, PaymentMethod};
use crate::shift::{Act, CashMove, Counted, Drawer, Task};

pub(super) fn book(header: &Header, task: Task) -> Result<Body, PostError> {
    let within = || header.shift.ok_or(PostError::NoShift);
    Ok(Body::Shift(match task {
        Task::Open { till, float } => {
            if float.is_negative() {
                return Err(PostError::BadCount { method: PaymentMethod::Cash, amount: float });
            }
            Act::Opened { till, float }
        }
        Task::Move(moved) => {
            within()?;
            let amount = moved.amount;
            if !amount.is_positive() {
                return Err(PostError::EmptyPayment { method: PaymentMethod::Cash, amount });
            }
            Act::Moved(CashMove { reason: remark(moved.reason)?, ..moved })
        }
        Task::Close { counted, drawer } => {
            within()?;
            Act::Closed { counts: compare(&counted, &drawer)? }
        }
    }))
}

/// A row for each method that was counted or ought to be there. Cash lies in the drawer, so somebody has to count it.
fn compare(counted: &[(PaymentMethod, Money)], drawer: &Drawer) -> Result<Vec<Counted>, PostError> {
    let found = |method| counted.iter().filter(move |(of, _)| *of == method);
    let mut counts = Vec::with_capacity(PaymentMethod::ALL.len());
    for method in PaymentMethod::ALL {
        let counted = match (found(method).count(), found(method).next()) {
            (0, _) if method == PaymentMethod::Cash => return Err(PostError::CashNotCounted),
            (2.., _) => return Err(PostError::CountedTwice { method }),
            (_, Some((_, amount))) if amount.is_negative() => {
                return Err(PostError::BadCount { method, amount: *amount });
            }
            (_, found) => found.map(|(_, amount)| *amount),
        };
        let expected = drawer.expected(method);
        if counted.is_some() || expected != 0 {
            let raw = i64::try_from(expected).unwrap_or(i64::MAX);
            let expected = Money::from_ten_thousandths(raw).map_err(amount_at(0))?;
            counts.push(Counted { method, counted, expected });
        }
    }
    Ok(counts)
}
