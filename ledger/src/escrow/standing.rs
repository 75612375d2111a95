//! Where a member's stored value is, as far as anyone knows: a function of the facts and letters
//! that have been seen, in whatever order.

use std::collections::{BTreeMap, BTreeSet};

use super::{Holder, Purpose};
use crate::id::{Epoch, LetterNo};

/// What facts of a holder come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Who booked them.
    pub holder: Holder,
    /// What they add to the balance, in ten-thousandths.
    pub balance: i64,
    /// What they add to the holder's rights.
    pub rights: i64,
}

/// What a holder has moved because of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Which.
    pub letter: LetterNo,
    /// Whose pool it moved.
    pub pool: Epoch,
    /// How much it took, or less than nothing that it gave back.
    pub amount: i64,
}

/// A line of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// The letter.
    pub letter: LetterNo,
    /// Whose pool it moves.
    pub pool: Epoch,
    /// Whose rights.
    pub holder: Holder,
    /// What for.
    pub purpose: Purpose,
    /// How much.
    pub amount: i64,
}

/// What one holder has of a member's value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Held {
    /// What it may spend, as far as its facts are known.
    pub rights: i64,
    /// What is granted to it and not yet taken.
    pub coming: i64,
    /// What it was asked to give back and has not answered to.
    pub asked_back: i64,
}

/// Where one member's value is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// What the chain owes the member.
    pub balance: i64,
    /// What each holder has.
    pub held: BTreeMap<Holder, Held>,
    pools: BTreeMap<Epoch, i64>,
}

impl Standing {
    /// Adds everything up that is known of one member. An answer says what its letter said, and more
    /// exactly; so it counts in the letter's place, also when the letter itself was lost.
    pub fn of(entries: &[Entry], answers: &[Answer], promises: &[Promise]) -> Self {
        let mut standing = Self::default();
        let answered: BTreeSet<&LetterNo> = answers.iter().map(|answer| &answer.letter).collect();
        for entry in entries {
            standing.balance = standing.balance.saturating_add(entry.balance);
            add(&mut standing.held.entry(entry.holder.clone()).or_default().rights, entry.rights);
        }
        for answer in answers {
            add(standing.pools.entry(answer.pool).or_default(), -answer.amount);
        }
        for promise in promises {
            let pool = standing.pools.entry(promise.pool).or_default();
            let held = standing.held.entry(promise.holder.clone()).or_default();
            match promise.purpose {
                Purpose::Move if answered.contains(&promise.letter) => {}
                Purpose::Move if promise.amount > 0 => {
                    add(pool, -promise.amount);
                    add(&mut held.coming, promise.amount);
                }
                Purpose::Move => add(&mut held.asked_back, -promise.amount),
                Purpose::WriteOff => {
                    add(pool, promise.amount);
                    add(&mut held.rights, -promise.amount);
                }
                Purpose::PayOut => {}
            }
        }
        standing
    }

    /// What a history of head office has not given to anyone. Only that history may grant it.
    pub fn pool(&self, epoch: Epoch) -> i64 {
        self.pools.get(&epoch).copied().unwrap_or_default()
    }

    /// The pools that are not empty.
    pub fn pools(&self) -> impl Iterator<Item = (Epoch, i64)> {
        self.pools.iter().map(|(epoch, amount)| (*epoch, *amount)).filter(|(_, left)| *left != 0)
    }

    /// What is in the hands of holders that may still spend it, and on its way to them.
    pub fn usable(&self, alive: impl Fn(&Holder) -> bool) -> i64 {
        let there = self.held.iter().filter(|(holder, _)| alive(holder));
        there.fold(0, |sum, (_, held)| sum.saturating_add(held.rights.saturating_add(held.coming)))
    }

    /// How much of a holder's value a person may write off to the pool of this history of head office: its
    /// rights, and what it was granted and has not taken. A former history of head office may have written
    /// some of it off and given it out before its letters were lost; then its pool stands below nothing, and
    /// so much less is there.
    pub fn may_write_off(&self, holder: &Holder, own: Epoch) -> i64 {
        let has = self.held.get(holder).map_or(0, |held| held.rights.saturating_add(held.coming));
        let lost = self.pools.iter().filter(|(epoch, _)| **epoch != own).map(|(_, left)| *left);
        lost.fold(has, |has, left| has.saturating_add(left.min(0))).max(0)
    }

    /// Holders that have spent more than they had: a machine that went on after its history was
    /// written off, or one that was cloned. A person looks into it.
    pub fn overdrawn(&self) -> impl Iterator<Item = (&Holder, i64)> {
        let below = |(holder, held): (_, &Held)| {
            let left = held.rights.saturating_add(held.coming);
            (left < 0).then_some((holder, left))
        };
        self.held.iter().filter_map(below)
    }

    /// Whether everything adds up to the balance. It does, whatever has been seen: each amount that
    /// is moved is counted once on either side.
    pub fn is_whole(&self) -> bool {
        let held = self
            .held
            .values()
            .fold(0_i128, |sum, held| sum + i128::from(held.rights) + i128::from(held.coming));
        let pools: i128 = self.pools.values().map(|amount| i128::from(*amount)).sum();
        held + pools == i128::from(self.balance)
    }
}

fn add(to: &mut i64, amount: i64) {
    *to = to.saturating_add(amount);
}
