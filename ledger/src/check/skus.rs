//! The SKUs of a store by number, in the order in which they were first seen. Each check keeps what it
//! knows of a SKU at its number, so that a movement is looked up by name once and not by every check.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::amount::{Money, Quantity};
use crate::fact::Fact;
use crate::fold::Balance;
use crate::id::Sku;
use crate::movement::Account;

/// A SKU's number.
pub(super) type Number = usize;

/// What a movement did to a shelf: what came, or went when negative, of the SKU with this number.
pub(super) type Leg = (Number, Balance);

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Skus {
    numbers: BTreeMap<Sku, Number>,
}

impl Skus {
    pub(super) fn number(&mut self, sku: &Sku) -> Number {
        if let Some(number) = self.numbers.get(sku) {
            return *number;
        }
        let next = self.numbers.len();
        self.numbers.insert(sku.clone(), next);
        next
    }

    pub(super) fn find(&self, sku: &Sku) -> Option<Number> {
        self.numbers.get(sku).copied()
    }

    /// All of them, by name.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Sku, Number)> {
        self.numbers.iter().map(|(sku, number)| (sku, *number))
    }

    /// What a fact did to its store's shelf, in the place of `legs`.
    pub(super) fn legs_of(&mut self, fact: &Fact, legs: &mut Vec<Leg>) {
        legs.clear();
        for movement in &fact.movements {
            for change in movement.legs().into_iter().filter_map(on_hand) {
                legs.push((self.number(&movement.sku), change));
            }
        }
    }
}

/// What one end of a movement did to the shelf, if that is the shelf.
pub(super) fn on_hand((account, quantity, value): (&Account, Quantity, Money)) -> Option<Balance> {
    (*account == Account::OnHand).then(|| Balance {
        quantity: quantity.thousandths().into(),
        value: value.ten_thousandths().into(),
    })
}

/// The place of a number in a list, which grows to hold it.
pub(super) fn at<T: Default>(list: &mut Vec<T>, number: Number) -> &mut T {
    if list.len() <= number {
        list.resize_with(number + 1, T::default);
    }
    &mut list[number]
}
