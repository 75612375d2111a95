//! What is said of goods beyond their movements fits its fact, or is refused.

use super::*;
use crate::amount::{Money, Quantity};
use crate::fact::Body;
use crate::id::{Epoch, FactId, Sku};
use crate::movement::{Account, Movement};
use crate::time::Timestamp;

fn sku() -> Sku {
    "phone".parse().unwrap()
}

fn piece(serial: &str) -> Piece {
    Piece { sku: sku(), serial: serial.parse().unwrap() }
}

fn receipt() -> Fact {
    let came = Movement {
        from: Account::Supplier,
        to: Account::OnHand,
        sku: sku(),
        lot: None,
        quantity: Quantity::ONE,
        value: Money::ZERO,
    };
    Fact {
        id: FactId { epoch: Epoch::FIRST, seq: 1 },
        store: "S1".parse().unwrap(),
        date: "2026-11-22".parse().unwrap(),
        true_date: None,
        at: Timestamp::from_millis(1),
        bill: "S1-1".parse().unwrap(),
        request: None,
        operator: None,
        shift: None,
        member: None,
        body: Body::GoodsReceipt { supplier: None, lots: Vec::new(), delivery: None },
        movements: vec![came],
        detail: Detail::default(),
    }
}

#[test]
fn pieces_are_named_once_and_goods_lie_in_their_bin() {
    let bin: Bin = "A-01".parse().unwrap();
    let fact = detailed(receipt(), vec![piece("2"), piece("1"), piece("2")], Some(&bin)).unwrap();
    assert_eq!(fact.detail.serials, [piece("1"), piece("2")]);
    let placed = Placed { sku: sku(), lot: None, bin, quantity: Quantity::ONE };
    assert_eq!(fact.detail.bins, std::slice::from_ref(&placed));
    let back = undone(&fact.detail);
    assert_eq!(back.serials, fact.detail.serials);
    assert_eq!(back.bins, [Placed { quantity: Quantity::ONE.negated(), ..placed }]);
}

#[test]
fn pieces_of_other_goods_and_too_many_are_refused() {
    let other = Piece { sku: "tv".parse().unwrap(), serial: "1".parse().unwrap() };
    let refused = detailed(receipt(), vec![other], None);
    assert!(matches!(refused, Err(PostError::PieceNotMoved { .. })), "{refused:?}");
    let many = |count: usize| (0..count).map(|number| piece(&format!("{number:064}"))).collect();
    assert!(detailed(receipt(), many(1_000), None).is_ok());
    assert_eq!(detailed(receipt(), many(10_000), None), Err(PostError::DetailTooLong));
}
