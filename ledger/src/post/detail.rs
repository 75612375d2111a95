//! What is said of goods beyond their movements: single pieces, and the bin where they lie.

use std::collections::BTreeSet;

use super::PostError;
use crate::bins::{Placed, all_in};
use crate::fact::{Detail, Fact};
use crate::id::Bin;
use crate::json::{MAX_TEXT_LEN, to_text};
use crate::serial::Piece;

/// The fact, which also names these pieces and says that its goods lie in this bin. A piece that is named
/// twice is the same piece.
pub fn detailed(mut fact: Fact, pieces: Vec<Piece>, bin: Option<&Bin>) -> Result<Fact, PostError> {
    for piece in &pieces {
        if !fact.movements.iter().any(|movement| movement.sku == piece.sku) {
            let Piece { sku, serial } = piece.clone();
            return Err(PostError::PieceNotMoved { sku, serial });
        }
    }
    let pieces: BTreeSet<Piece> = fact.detail.serials.into_iter().chain(pieces).collect();
    let placed = bin.map(|bin| all_in(bin, &fact.movements)).unwrap_or_default();
    let bins = fact.detail.bins.into_iter().chain(placed).collect();
    fact.detail = Detail { serials: pieces.into_iter().collect(), bins };
    if to_text(&fact).len() > MAX_TEXT_LEN {
        return Err(PostError::DetailTooLong);
    }
    Ok(fact)
}

/// What undoes a fact names the same pieces, and takes out of bins what was put there.
pub(super) fn undone(detail: &Detail) -> Detail {
    let back = |placed: &Placed| Placed { quantity: placed.quantity.negated(), ..placed.clone() };
    let bins = detail.bins.iter().map(back).collect();
    Detail { serials: detail.serials.clone(), bins }
}

#[cfg(test)]
mod tests;
