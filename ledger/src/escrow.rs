//! Stored value (储值) that offline stores can't spend twice: escrow.
//!
//! Of a member's balance every store holds *rights* (额度), and spends no more than these, in the
//! transaction of the sale. A [`Holder`] is one history of one store's node: whoever starts a new
//! history, because a backup was restored or a machine was cloned, starts without rights. What is
//! not with a store is in the [*pool*](Standing::pool) of a history of head office.
//!
//! Rights change in four ways, each written by the one whose rights become fewer, before anyone
//! else has more:
//!
//! - A top-up or a refund at a store adds to the balance and to that store's rights; a payment takes from both.
//! - Head office *grants* out of its pool by a [`Letter`]. The store answers it by one fact
//!   ([`Act::Moved`]), and has the rights from then on.
//! - A letter *asks back*. The store gives up to that much by the same kind of fact, and the pool
//!   has it when that has arrived.
//! - A person *writes off* what a holder had that is no more: it goes to the pool, and that holder
//!   has it no longer, should it still be there.
//!
//! So the rights of all holders, what is on its way to them, and the pools always add up to the balance
//! ([`Standing`]), and as nobody's share is below nothing, the balance isn't either.

mod letter;
mod policy;
mod standing;

use thiserror::Error;

use crate::amount::Money;
use crate::fact::{Body, Fact, Payment, PaymentMethod, Receipt, SignedReceipt};
use crate::id::{Epoch, LetterNo, MemberId, StoreId};

pub use letter::{Asked, Letter, Purpose, Wish};
pub use policy::{MAX_HOLDERS, Share, share};
pub use standing::{Answer, Entry, Held, Promise, Standing};

/// The most members that one letter may name: a letter stays a small document.
pub const MAX_MEMBERS: usize = 200;

/// Who may spend: one history of one store's node.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Holder {
    /// The store.
    pub store: StoreId,
    /// The history.
    pub epoch: Epoch,
}

/// What a store books of stored value, beside the sales that are paid with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// A member pays money in (储值充值).
    TopUp {
        /// How it was paid.
        payments: Vec<Payment>,
    },
    /// A member gets money back for value, because head office allows it (储值退款).
    PaidOut {
        /// The letter that allows it.
        letter: LetterNo,
        /// How the money went out.
        payments: Vec<Payment>,
    },
    /// Rights moved between the store and head office (额度调整).
    Moved(Moved),
}

impl Act {
    /// The kind's name in the stored form and in lists.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::TopUp { .. } => "value_top_up",
            Self::PaidOut { .. } => "value_paid_out",
            Self::Moved(_) => "value_moved",
        }
    }
}

/// A store's answer to a letter: what it has taken, and what it has given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The letter.
    pub letter: LetterNo,
    /// Whose pool it moved: the history of head office that wrote the letter.
    pub pool: Epoch,
    /// By how much each member's rights became more here, or fewer.
    pub lines: Vec<(MemberId, Money)>,
}

/// What a fact changes of a member's stored value, in ten-thousandths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// Whose.
    pub member: MemberId,
    /// By how much the balance changes.
    pub balance: i64,
    /// By how much the rights of the store change that booked it.
    pub rights: i64,
}

/// Why something isn't paid with stored value, or into it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EscrowError {
    /// Value belongs to a member.
    #[error("nobody is named whose stored value it is")]
    NoMember,
    /// The store may not spend that much here and now.
    #[error("{asked} of {member}'s stored value is asked for, the store may spend {rights}")]
    BeyondRights {
        /// Whose.
        member: MemberId,
        /// What was given.
        asked: Money,
        /// What the store may spend.
        rights: Money,
    },
    /// A top-up isn't paid with stored value, and neither is a supplier or a pay-out.
    #[error("that is not paid with stored value")]
    PaidWithValue,
    /// A pay-out is what head office has allowed.
    #[error("{asked} is to be paid out, {allowed} was allowed")]
    NotAllowed {
        /// What was given.
        asked: Money,
        /// What the letter says.
        allowed: Money,
    },
    /// A letter names more than [`MAX_MEMBERS`], nobody, or one twice.
    #[error("a letter names each member once, and at most {MAX_MEMBERS}")]
    BadLetter,
}

/// What a fact changes of stored value. Rights that only move leave the balance as it is.
pub fn flows(fact: &Fact) -> Vec<Flow> {
    let both = |amount: i64| {
        let member = fact.member.clone()?;
        (amount != 0).then_some(Flow { member, balance: amount, rights: amount })
    };
    let one = match &fact.body {
        Body::Value(Act::Moved(moved)) => {
            let flow = |(member, amount): &(MemberId, Money)| Flow {
                member: member.clone(),
                balance: 0,
                rights: amount.ten_thousandths(),
            };
            return moved.lines.iter().map(flow).collect();
        }
        Body::Value(Act::TopUp { payments }) => both(sum(payments)),
        Body::Value(Act::PaidOut { payments, .. }) => both(-sum(payments)),
        Body::RetailSale(receipt)
        | Body::Reversal { receipt: Some(SignedReceipt::OfReturn(receipt)), .. } => {
            both(-in_value(receipt))
        }
        Body::SaleReturn { receipt, .. }
        | Body::Reversal { receipt: Some(SignedReceipt::OfSale(receipt)), .. } => {
            both(in_value(receipt))
        }
        _ => None,
    };
    one.into_iter().collect()
}

/// Checks that a fact spends no more than the store's rights, before it is booked. `rights` are those of
/// the history that books it.
pub fn check<E>(
    fact: &Fact,
    mut rights: impl FnMut(&MemberId) -> Result<i64, E>,
) -> Result<Result<(), EscrowError>, E> {
    if fact.member.is_none() && receipt_of(fact).is_some_and(|receipt| in_value(receipt) != 0) {
        return Ok(Err(EscrowError::NoMember));
    }
    for Flow { member, rights: change, .. } in flows(fact) {
        if change >= 0 {
            continue;
        }
        let here = rights(&member)?;
        if here.saturating_add(change) < 0 {
            let (asked, rights) = (money(-change), money(here));
            return Ok(Err(EscrowError::BeyondRights { member, asked, rights }));
        }
    }
    Ok(Ok(()))
}

/// What a store answers to a letter that moves rights: it takes what is granted, and of what is asked back it
/// gives what it has.
pub fn answer<E>(
    no: &LetterNo,
    letter: &Letter,
    mut rights: impl FnMut(&MemberId) -> Result<i64, E>,
) -> Result<Moved, E> {
    let mut lines = Vec::with_capacity(letter.lines.len());
    for (member, amount) in &letter.lines {
        let moved = match amount.is_negative() {
            false => *amount,
            true => money(-rights(member)?.clamp(0, amount.magnitude().ten_thousandths())),
        };
        lines.push((member.clone(), moved));
    }
    Ok(Moved { letter: no.clone(), pool: letter.pool, lines })
}

fn receipt_of(fact: &Fact) -> Option<&Receipt> {
    match &fact.body {
        Body::RetailSale(receipt) | Body::SaleReturn { receipt, .. } => Some(receipt),
        Body::Reversal { receipt: Some(signed), .. } => match signed {
            SignedReceipt::OfSale(receipt) | SignedReceipt::OfReturn(receipt) => Some(receipt),
        },
        _ => None,
    }
}

/// How much of a receipt is paid with stored value.
fn in_value(receipt: &Receipt) -> i64 {
    let by_value = receipt.payments.iter().filter(|p| p.method == PaymentMethod::StoredValue);
    by_value.fold(0, |sum, payment| sum.saturating_add(payment.amount.ten_thousandths()))
}

fn sum(payments: &[Payment]) -> i64 {
    payments.iter().fold(0, |sum, payment| sum.saturating_add(payment.amount.ten_thousandths()))
}

/// An amount of money; one that is out of range is as much as there can be.
pub(crate) fn money(raw: i64) -> Money {
    use crate::amount::MAX_MONEY;
    Money::from_ten_thousandths(raw.clamp(-MAX_MONEY, MAX_MONEY)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
