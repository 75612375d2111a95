//! Serial numbers (序列号): where single pieces of a product are, and how they came there.
//!
//! Any fact may name pieces beside its movements; where a piece went is read off the movement of its product.
//! A number that doesn't fit is never a reason to refuse a fact: the piece was in somebody's hand. It is a
//! [`Doubt`], which follows from the facts as a set: how often a piece came to each store and left it, and how
//! often it was sold. So every replica that holds the same facts has the same doubts, and a store that has
//! only its own sees those that it can see.

use std::collections::{BTreeMap, BTreeSet};

use crate::fact::Fact;
use crate::id::{BillNo, FactId, Serial, Sku, StoreId};
use crate::movement::{Account, Movement};
use crate::time::{BusinessDate, Timestamp};

/// A single piece.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Piece {
    /// Of which product.
    pub sku: Sku,
    /// Its number; other products may have the same.
    pub serial: Serial,
}

/// What a fact did to a piece as seen from the store's stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// It came on hand.
    In,
    /// It left.
    Out,
    /// Neither: it went from one other account to another, or didn't move.
    Beside,
}

/// What a fact says of one piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass {
    /// Which piece.
    pub piece: Piece,
    /// Which way it went.
    pub way: Way,
    /// Where it came from or went to: the account at the other end.
    pub account: Option<Account>,
}

/// What a fact says of pieces, each once.
pub fn passes(fact: &Fact) -> Vec<Pass> {
    let pieces: BTreeSet<&Piece> = fact.detail.serials.iter().collect();
    let pass = |piece: &Piece| {
        let (way, account) = went(&piece.sku, &fact.movements);
        Pass { piece: piece.clone(), way, account: account.cloned() }
    };
    pieces.into_iter().map(pass).collect()
}

/// Which way goods of a product went: by the first movement that touches the stock on hand.
fn went<'m>(sku: &Sku, movements: &'m [Movement]) -> (Way, Option<&'m Account>) {
    let mine = || movements.iter().filter(|movement| movement.sku == *sku);
    for movement in mine().filter(|movement| !movement.quantity.is_zero()) {
        let forward = movement.quantity.is_positive();
        let ends =
            if forward { (&movement.from, &movement.to) } else { (&movement.to, &movement.from) };
        match ends {
            (Account::OnHand, to) => return (Way::Out, Some(to)),
            (from, Account::OnHand) => return (Way::In, Some(from)),
            _ => {}
        }
    }
    (Way::Beside, mine().next().map(|movement| &movement.to))
}

/// One entry of a piece's story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// At which store.
    pub store: StoreId,
    /// By which fact.
    pub fact: FactId,
    /// When that was recorded.
    pub at: Timestamp,
    /// The day it is booked to.
    pub date: BusinessDate,
    /// Its number on paper.
    pub bill: BillNo,
    /// What kind of fact it is.
    pub kind: Box<str>,
    /// Which way the piece went.
    pub way: Way,
    /// The account at the other end.
    pub account: Option<Account>,
}

impl Entry {
    /// What a fact says of a piece, as an entry of its story.
    pub fn of(fact: &Fact, pass: &Pass) -> Self {
        Self {
            store: fact.store.clone(),
            fact: fact.id,
            at: fact.at,
            date: fact.date,
            bill: fact.bill.clone(),
            kind: fact.body.kind().into(),
            way: pass.way,
            account: pass.account.clone(),
        }
    }
}

/// Brings a story into its order: by time, and within a store by its facts.
pub fn sort(story: &mut [Entry]) {
    story.sort_by(|a, b| (a.at, &a.store, a.fact).cmp(&(b.at, &b.store, b.fact)));
}

/// Where a piece is, as the last entry of its story says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whereabouts {
    /// On hand at a store.
    OnHand(StoreId),
    /// With a customer, sold by a store.
    Sold(StoreId),
    /// Elsewhere, by the word of a store: on the way, thrown away, with the supplier.
    Elsewhere(StoreId, Option<Account>),
}

/// Where a piece is; none if nothing was ever said of it. The story is in its order.
pub fn whereabouts(story: &[Entry]) -> Option<Whereabouts> {
    let Entry { store, way, account, .. } = story.last()?.clone();
    Some(match (way, account) {
        (Way::In, _) => Whereabouts::OnHand(store),
        (Way::Out, Some(Account::Customer)) => Whereabouts::Sold(store),
        (_, account) => Whereabouts::Elsewhere(store, account),
    })
}

/// What about a piece cannot be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// It left a store to which it hadn't come.
    NotThere(StoreId),
    /// It came to a store again without having left.
    CameTwice(StoreId),
    /// It is on hand at several stores.
    SeveralStores(Vec<StoreId>),
    /// It was sold again without having come back; by these stores.
    SoldTwice(Vec<StoreId>),
}

/// What about a piece cannot be. Depends on the set of entries alone.
pub fn doubts<'e>(story: impl IntoIterator<Item = &'e Entry>) -> Vec<Doubt> {
    let (mut held, mut sold) = (BTreeMap::<&StoreId, i64>::new(), BTreeMap::<&StoreId, i64>::new());
    for entry in story {
        let step = match entry.way {
            Way::In => 1,
            Way::Out => -1,
            Way::Beside => continue,
        };
        *held.entry(&entry.store).or_default() += step;
        if entry.account == Some(Account::Customer) {
            *sold.entry(&entry.store).or_default() -= step;
        }
    }
    let mut doubts = Vec::new();
    let sold_in_all: i64 = sold.values().sum();
    if sold_in_all > 1 {
        let stores = sold.iter().filter(|(_, times)| **times > 0);
        doubts.push(Doubt::SoldTwice(stores.map(|(store, _)| (*store).clone()).collect()));
    }
    let stores_with = |is: fn(i64) -> bool| {
        let stores = held.iter().filter(move |(_, times)| is(**times));
        stores.map(|(store, _)| (*store).clone())
    };
    let counted_as_sold =
        |store: &StoreId| sold_in_all > 1 && sold.get(store).is_some_and(|times| *times > 0);
    let gone = stores_with(|times| times < 0).filter(|store| !counted_as_sold(store));
    doubts.extend(gone.map(Doubt::NotThere));
    doubts.extend(stores_with(|times| times > 1).map(Doubt::CameTwice));
    let there: Vec<StoreId> = stores_with(|times| times > 0).collect();
    if there.len() > 1 {
        doubts.push(Doubt::SeveralStores(there));
    }
    doubts
}

#[cfg(test)]
mod tests;
