//! What rounding has left: the cents of an account follow its exact sum.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{About, CENT, Cents};
use crate::id::StoreId;

/// Per store and account, what its lines so far are short of the exact sum, in ten-thousandths.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Remainder>", into = "Vec<Remainder>")]
pub struct Remainders(BTreeMap<StoreId, BTreeMap<(Box<str>, About), i128>>);

/// What the lines of one account are short of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remainder {
    /// The store.
    pub store: StoreId,
    /// The code of the account.
    pub account: Box<str>,
    /// What its lines are about.
    #[serde(flatten)]
    pub about: About,
    /// How much, in ten-thousandths: at most half a cent.
    pub left: i64,
}

impl Remainders {
    /// Adds an exact amount to an account, and gives what its next line says.
    pub(super) fn round(
        &mut self,
        store: &StoreId,
        account: &str,
        about: &About,
        amount: i128,
    ) -> Cents {
        let accounts = match self.0.get_mut(store) {
            Some(accounts) => accounts,
            None => self.0.entry(store.clone()).or_default(),
        };
        let left = accounts.entry((account.into(), about.clone())).or_default();
        let exact = *left + amount;
        let cents = to_cents(exact);
        *left = exact - cents * CENT;
        Cents::new(cents)
    }

    /// Those that are not nothing.
    pub fn list(&self) -> Vec<Remainder> {
        let mut all = Vec::new();
        for (store, accounts) in &self.0 {
            for ((account, about), left) in accounts.iter().filter(|(_, left)| **left != 0) {
                let (store, account, about) = (store.clone(), account.clone(), about.clone());
                let left = i64::try_from(*left).unwrap_or_default();
                all.push(Remainder { store, account, about, left });
            }
        }
        all
    }
}

impl From<Vec<Remainder>> for Remainders {
    fn from(list: Vec<Remainder>) -> Self {
        let mut all = Self::default();
        for Remainder { store, account, about, left } in list {
            all.0.entry(store).or_default().insert((account, about), i128::from(left));
        }
        all
    }
}

impl From<Remainders> for Vec<Remainder> {
    fn from(all: Remainders) -> Self {
        all.list()
    }
}

/// To the nearest cent, ties away from nothing.
fn to_cents(raw: i128) -> i128 {
    let half = if raw < 0 { -CENT / 2 } else { CENT / 2 };
    (raw + half) / CENT
}
