//! Reversals (红冲): a whole fact undone at its frozen cost.

use super::shelf::Shelf;
use super::{PostError, amount_at};
use crate::command::{ReversalTarget, Reversed};
use crate::fact::{Body, SignedReceipt};
use crate::id::{PurchaseId, StoreId};
use crate::purchase::Act;

pub(super) fn reverse(
    shelf: &mut Shelf<'_>,
    store: &StoreId,
    target: &ReversalTarget,
    reason: Box<str>,
) -> Result<Body, PostError> {
    let fact = &target.fact;
    let id = fact.id;
    if let Reversed::By(by) = target.reversed {
        return Err(PostError::AlreadyReversed { id, by });
    }
    if target.returns > 0 {
        return Err(PostError::HasReturns { id, returns: target.returns });
    }
    if fact.store != *store {
        return Err(PostError::NotReversible { id });
    }
    if let Some(purchase) = order_of(&fact.body) {
        return Err(PostError::PartOfPurchase { id, purchase: purchase.clone() });
    }
    let receipt = match &fact.body {
        Body::RetailSale(receipt) => Some(SignedReceipt::OfSale(receipt.clone())),
        Body::SaleReturn { receipt, .. } => Some(SignedReceipt::OfReturn(receipt.clone())),
        Body::Opening
        | Body::GoodsReceipt { .. }
        | Body::Purchase(_)
        | Body::StockAdjustment { .. }
        | Body::Scrap { .. }
        | Body::Assembly(_)
        | Body::Stocktake { .. }
        | Body::Statement { .. }
        | Body::Invoice(_)
        | Body::SupplierPayment(_) => None,
        // The other end of the transfer has been told, and may have received the goods.
        Body::Transfer(booked) => {
            let transfer = booked.transfer.clone();
            return Err(PostError::PartOfTransfer { id, transfer });
        }
        Body::Reversal { .. } => return Err(PostError::ReversesReversal { id }),
        // Moved goods are moved back instead.
        Body::DayClose(_)
        | Body::Shift(_)
        | Body::AlertAck(_)
        | Body::BinMove { .. }
        | Body::BinHome { .. }
        | Body::Value(_)
        | Body::Unknown { .. } => {
            return Err(PostError::NotReversible { id });
        }
    };
    shelf.undo(&fact.movements).map_err(amount_at(0))?;
    Ok(Body::Reversal { of: id, receipt, reason })
}

/// The purchase order that was told of a fact: it would go on saying that the goods came, or went back.
const fn order_of(body: &Body) -> Option<&PurchaseId> {
    match body {
        Body::GoodsReceipt { delivery: Some(delivery), .. } => delivery.order.as_ref(),
        Body::Purchase(Act::SentBack(sent)) => sent.order.as_ref(),
        _ => None,
    }
}
