//! Stored value: topped up, paid out, moved between the store and head office. No goods move.

use super::receipt::check_tenders;
use super::{PostError, check_count};
use crate::amount::Money;
use crate::command::{Tender, ValueTask};
use crate::escrow::{Act, EscrowError, MAX_MEMBERS};
use crate::fact::{Body, Payment, PaymentMethod};
use crate::id::MemberId;

pub(super) fn book(task: ValueTask, member: Option<&MemberId>) -> Result<Body, PostError> {
    let act = match task {
        ValueTask::TopUp { payments } => {
            named(member)?;
            Act::TopUp { payments: paid(&payments)?.0 }
        }
        ValueTask::PayOut { letter, allowed, payments } => {
            named(member)?;
            let (payments, asked) = paid(&payments)?;
            if asked > allowed {
                return Err(EscrowError::NotAllowed { asked, allowed }.into());
            }
            Act::PaidOut { letter, payments }
        }
        ValueTask::Answer(moved) => {
            if moved.lines.len() > MAX_MEMBERS {
                return Err(EscrowError::BadLetter.into());
            }
            Act::Moved(moved)
        }
    };
    Ok(Body::Value(act))
}

fn named(member: Option<&MemberId>) -> Result<(), EscrowError> {
    member.map(|_| ()).ok_or(EscrowError::NoMember)
}

/// The payments of an amount that they make up themselves. Value doesn't buy value.
fn paid(tenders: &[Tender]) -> Result<(Vec<Payment>, Money), PostError> {
    check_count(tenders.len())?;
    let total = check_tenders(tenders)?;
    if tenders.iter().any(|tender| tender.method == PaymentMethod::StoredValue) {
        return Err(EscrowError::PaidWithValue.into());
    }
    let payment = |tender: &Tender| Payment {
        method: tender.method,
        amount: tender.amount,
        change: Money::ZERO,
        reference: tender.reference.clone(),
    };
    Ok((tenders.iter().map(payment).collect(), total))
}
