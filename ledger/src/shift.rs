//! Shifts (交班): who stood at a till from when to when, and whether the money is there.
//!
//! A shift begins when somebody puts change into a till's drawer, and ends when somebody has counted what is
//! in it. It is named by the fact that opened it; sales, returns, reversals and cash moves at the till bear that
//! name. What ought to be there follows from them: the float, what was taken, less what was paid back, and
//! the moves. Whoever counts learns it only when the count is booked (盲点).

use crate::amount::Money;
use crate::escrow;
use crate::fact::{Body, Fact, PaymentMethod, Receipt, SignedReceipt};
use crate::id::{FactId, TillId};

/// Something that was done with a till's drawer, beside selling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// A shift began (开班).
    Opened {
        /// At which till.
        till: TillId,
        /// The change that was put into the drawer (备用金).
        float: Money,
    },
    /// Cash was put in or taken out (现金存取).
    Moved(CashMove),
    /// The shift is over (交班).
    Closed {
        /// What was counted, by payment method.
        counts: Vec<Counted>,
    },
}

impl Act {
    /// The kind's name in the stored form and in lists.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "shift_open",
            Self::Moved(_) => "cash_move",
            Self::Closed { .. } => "shift_close",
        }
    }
}

/// Cash that goes into the drawer or out of it without a sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CashMove {
    /// Which way.
    pub way: Way,
    /// How much; more than nothing.
    pub amount: Money,
    /// Why: change from the bank, takings to the safe.
    pub reason: Box<str>,
}

/// Which way money goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To the shop.
    In,
    /// From the shop.
    Out,
}

impl Way {
    /// Its name in the stored form and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
        }
    }

    /// The way of this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::In, Self::Out].into_iter().find(|way| way.name() == name)
    }

    /// The amount, less than nothing if it goes from the shop; in ten-thousandths.
    pub fn signed(self, amount: Money) -> i128 {
        let amount = i128::from(amount.ten_thousandths());
        match self {
            Self::In => amount,
            Self::Out => -amount,
        }
    }
}

/// What was found of a payment method, and what ought to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// How it was paid.
    pub method: PaymentMethod,
    /// What was found; none where nobody counted.
    pub counted: Option<Money>,
    /// What the facts come to.
    pub expected: Money,
}

impl Counted {
    /// What is there beyond what ought to be, in ten-thousandths: negative where something is missing (长短款).
    pub fn difference(&self) -> Option<i128> {
        let counted = i128::from(self.counted?.ten_thousandths());
        Some(counted - i128::from(self.expected.ten_thousandths()))
    }
}

/// What a person asks of a till, with what posting needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// Begin a shift.
    Open {
        /// At which till.
        till: TillId,
        /// The change in the drawer.
        float: Money,
    },
    /// Put cash in or take it out.
    Move(CashMove),
    /// End the shift.
    Close {
        /// What was counted.
        counted: Vec<(PaymentMethod, Money)>,
        /// What went through the till.
        drawer: Box<Drawer>,
    },
}

/// What ought to be there of each payment method, in ten-thousandths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Drawer {
    sums: [i128; METHODS],
}

const METHODS: usize = PaymentMethod::ALL.len();

impl Drawer {
    /// The drawer after these facts of one shift. Those of other shifts are left out, in whatever order they come.
    pub fn of<'f>(shift: FactId, facts: impl IntoIterator<Item = &'f Fact>) -> Self {
        let mut drawer = Self::default();
        let ours = |fact: &&Fact| fact.id == shift || fact.shift == Some(shift);
        facts.into_iter().filter(ours).for_each(|fact| drawer.add(fact));
        drawer
    }

    /// Takes a fact of the shift in.
    pub fn add(&mut self, fact: &Fact) {
        match &fact.body {
            Body::Shift(Act::Opened { float, .. }) => {
                self.put(PaymentMethod::Cash, Way::In.signed(*float));
            }
            Body::Shift(Act::Moved(moved)) => {
                self.put(PaymentMethod::Cash, moved.way.signed(moved.amount));
            }
            _ => payments(fact).for_each(|(method, amount)| self.put(method, amount)),
        }
    }

    /// What ought to be there of a method.
    pub fn expected(&self, method: PaymentMethod) -> i128 {
        self.sums[index(method)]
    }

    /// The sums, in the order of [`PaymentMethod::ALL`].
    pub const fn sums(&self) -> &[i128; METHODS] {
        &self.sums
    }

    fn put(&mut self, method: PaymentMethod, amount: i128) {
        self.sums[index(method)] += amount;
    }
}

/// The receipt of a fact, and which way its money went.
pub const fn money_of(fact: &Fact) -> Option<(&Receipt, Way)> {
    match &fact.body {
        Body::RetailSale(receipt)
        | Body::Reversal { receipt: Some(SignedReceipt::OfReturn(receipt)), .. } => {
            Some((receipt, Way::In))
        }
        Body::SaleReturn { receipt, .. }
        | Body::Reversal { receipt: Some(SignedReceipt::OfSale(receipt)), .. } => {
            Some((receipt, Way::Out))
        }
        _ => None,
    }
}

/// What customers paid with a fact, by method, in ten-thousandths; negative is what they were paid back. Money for
/// stored value is as much less of that.
pub fn payments(fact: &Fact) -> impl Iterator<Item = (PaymentMethod, i128)> + '_ {
    let (paid, way, value) = match (&fact.body, money_of(fact)) {
        (_, Some((receipt, way))) => (receipt.payments.as_slice(), way, 0),
        (Body::Value(escrow::Act::TopUp { payments }), None) => (payments.as_slice(), Way::In, -1),
        (Body::Value(escrow::Act::PaidOut { payments, .. }), None) => {
            (payments.as_slice(), Way::Out, -1)
        }
        _ => (&[][..], Way::In, 0),
    };
    paid.iter().flat_map(move |paid| {
        let amount = way.signed(paid.amount);
        let stored = (PaymentMethod::StoredValue, amount * value);
        [Some((paid.method, amount)), (value != 0).then_some(stored)].into_iter().flatten()
    })
}

fn index(method: PaymentMethod) -> usize {
    let place = PaymentMethod::ALL.iter().position(|known| *known == method);
    place.expect("`PaymentMethod::ALL` names every method")
}

#[cfg(test)]
mod tests;
