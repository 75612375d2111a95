//! What a request says of single pieces and of the bin where its goods lie.

use std::collections::{BTreeMap, BTreeSet};

use console::serials::PieceDoubt;
use console::sums::Units;
use ledger::amount::Quantity;
use ledger::bins::placed;
use ledger::catalog::Tracking;
use ledger::fact::{Body, Fact};
use ledger::id::Sku;
use ledger::movement::Account;
use ledger::post::detailed;
use ledger::serial::{Entry, Piece, doubts, passes, sort};

use super::lookup::Lookup;
use super::{BookError, Notice, Refused};
use crate::request::{About, NamedPiece};

/// Thousandths in a whole unit.
const WHOLE: i64 = 1_000;

/// The fact, which also says what the request says of its goods.
pub(crate) fn told(about: &About, fact: Fact) -> Result<Fact, Refused> {
    if about.serials.is_empty() && about.bin.is_none() {
        return Ok(fact);
    }
    let moved: BTreeSet<&Sku> = fact.movements.iter().map(|movement| &movement.sku).collect();
    let piece = |(line, named): (usize, &NamedPiece)| {
        let serial = named.serial.clone();
        if named.item.is_empty() {
            let mut skus = moved.iter();
            return match (skus.next(), skus.next()) {
                (Some(sku), None) => Ok(Piece { sku: (*sku).clone(), serial }),
                _ => Err(Refused::PieceOfWhich { serial }),
            };
        }
        let bad = |source| Refused::BadItem { line, item: named.item.clone(), source };
        Ok(Piece { sku: Sku::new(&named.item).map_err(bad)?, serial })
    };
    let pieces = (1..).zip(&about.serials).map(piece).collect::<Result<_, _>>()?;
    Ok(detailed(fact, pieces, about.bin.as_ref())?)
}

/// Whether a fact says of its goods what the request does. What undoes a fact says what that one said.
pub(super) fn same(about: &About, fact: &Fact) -> bool {
    if matches!(fact.body, Body::Reversal { .. }) {
        return true;
    }
    let asked: BTreeSet<_> = about.serials.iter().map(|named| &named.serial).collect();
    let told: BTreeSet<_> = fact.detail.serials.iter().map(|piece| &piece.serial).collect();
    let is_asked = about.bin.as_ref();
    asked == told && is_asked.is_none_or(|bin| fact.detail.bins.iter().any(|at| at.bin == *bin))
}

/// What a person should know about the pieces and bins of a fact that is not yet in the books.
pub(super) fn notices<L: Lookup>(
    fact: &Fact,
    books: &mut L,
) -> Result<Vec<Notice>, BookError<L::Error>> {
    let mut notices = Vec::new();
    for pass in passes(fact) {
        let mut story = books.story(&pass.piece).map_err(BookError::Books)?;
        story.push(Entry::of(fact, &pass));
        sort(&mut story);
        // Whoever has the piece in hand can look at it, whether or not it was he who brought the doubt about.
        notices.extend(doubts(&story).into_iter().map(|doubt| Notice::Piece {
            sku: pass.piece.sku.clone(),
            serial: pass.piece.serial.clone(),
            doubt: PieceDoubt::from(doubt),
        }));
    }
    for (sku, quantity) in on_hand_changes(fact) {
        let named = fact.detail.serials.iter().filter(|piece| piece.sku == *sku).count();
        let whole = i64::try_from(named).unwrap_or(i64::MAX).saturating_mul(WHOLE);
        if whole < quantity && books.tracking(sku).map_err(BookError::Books)? == Tracking::Serial {
            let quantity = Quantity::from_thousandths(quantity).unwrap_or_default();
            notices.push(Notice::PiecesUnnamed { sku: sku.clone(), named, quantity });
        }
    }
    let placed = placed(fact);
    if !placed.is_empty() {
        let listed = books.listed_bins().map_err(BookError::Books)?;
        let bins: BTreeSet<_> = placed.iter().map(|placed| &placed.bin).collect();
        let unlisted = bins.into_iter().filter(|bin| !listed.is_empty() && !listed.contains(bin));
        notices.extend(unlisted.map(|bin| Notice::BinUnlisted { bin: bin.clone() }));
    }
    let mut taken = BTreeMap::new();
    for placed in placed.iter().filter(|placed| placed.quantity.is_negative()) {
        let sum = taken.entry((&placed.sku, &placed.bin)).or_insert(0_i128);
        *sum += i128::from(placed.quantity.thousandths());
    }
    for ((sku, bin), taken) in taken {
        let before = books.bins_of(sku).map_err(BookError::Books)?.standing().of(bin);
        if before + taken < 0 {
            let (sku, bin, left) = (sku.clone(), bin.clone(), before + taken);
            notices.push(Notice::BinOverdrawn { sku, bin, left: Units(left) });
        }
    }
    Ok(notices)
}

/// How far what is on hand of each product moves, either way.
fn on_hand_changes(fact: &Fact) -> BTreeMap<&Sku, i64> {
    let mut changes: BTreeMap<&Sku, i64> = BTreeMap::new();
    for movement in &fact.movements {
        for (account, quantity, _) in movement.legs() {
            if *account == Account::OnHand {
                let sum = changes.entry(&movement.sku).or_default();
                *sum = sum.saturating_add(quantity.thousandths());
            }
        }
    }
    changes.values_mut().for_each(|sum| *sum = sum.saturating_abs());
    changes
}
