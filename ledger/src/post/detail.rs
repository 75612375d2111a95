//! What is said of goods beyond their movements: single pieces, and the bin where they lie.

use std::collections::BTreeSet;

use super::PostError;
use crate::bins::{Placed, all_in};
use crate::fact::{Detail, Fact};
use crate::id::Bin;
use crate::serial::Piece;

/// The longest that what is said of pieces and bins may be, in bytes as it is stored: what the longest document
/// of [`MAX_LINES`](super::MAX_LINES) leaves of [`MAX_TEXT_LEN`](crate::json::MAX_TEXT_LEN).
pub const MAX_DETAIL_LEN: usize = 96 * 1024;

/// What the names and signs around a piece take in the stored form.
const PIECE_LEN: usize = 20;

/// The same around what is said of a bin, its quantity included.
const PLACED_LEN: usize = 60;

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
    if len(&fact.detail) > MAX_DETAIL_LEN {
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

/// At most so long in the stored form.
fn len(detail: &Detail) -> usize {
    let piece = |piece: &Piece| PIECE_LEN + piece.sku.as_str().len() + piece.serial.as_str().len();
    let placed = |placed: &Placed| {
        let lot = placed.lot.as_ref().map_or(0, |lot| lot.as_str().len());
        PLACED_LEN + placed.sku.as_str().len() + placed.bin.as_str().len() + lot
    };
    let bins: usize = detail.bins.iter().map(placed).sum();
    detail.serials.iter().map(piece).sum::<usize>() + bins
}
