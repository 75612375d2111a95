//! How people pay: nearly always with the phone, and with cash they want change.

use ledger::amount::Money;
use ledger::command::Tender;
use ledger::fact::PaymentMethod;

use super::dice::Dice;
use super::products::money;

/// The ways to pay a basket, in a thousand.
const WAYS: [(Way, u64); 5] = [
    (Way::One(PaymentMethod::Mobile), 842),
    (Way::One(PaymentMethod::Card), 48),
    (Way::One(PaymentMethod::Transfer), 4),
    (Way::Cash, 96),
    (Way::MobileAndCash, 10),
];

/// Notes and what people round up to with coins, in fen.
const NOTES: [i64; 6] = [100, 500, 1_000, 2_000, 5_000, 10_000];

/// Of those who pay in cash, so many in a thousand have it exactly.
const EXACT_PERMILLE: u64 = 220;

/// A basket is worth splitting from here: 10.00.
const SPLIT_FROM_FEN: i64 = 1_000;

#[derive(Clone, Copy)]
enum Way {
    One(PaymentMethod),
    Cash,
    MobileAndCash,
}

/// What is handed over for a basket.
pub(super) fn tender(dice: &mut Dice, due: Money) -> Vec<Tender> {
    let (way, _) = WAYS[dice.weighted(&WAYS.map(|(_, permille)| permille))];
    let due_fen = due.ten_thousandths() / 100;
    match way {
        _ if due_fen == 0 => Vec::new(),
        Way::One(method) => vec![Tender { method, amount: due, reference: None }],
        Way::MobileAndCash if due_fen >= SPLIT_FROM_FEN => {
            // A voucher's worth by phone, the rest in cash.
            let by_phone = due_fen / 2 / 100 * 100;
            let rest = money(cash(dice, due_fen - by_phone));
            vec![
                Tender { method: PaymentMethod::Mobile, amount: money(by_phone), reference: None },
                Tender { method: PaymentMethod::Cash, amount: rest, reference: None },
            ]
        }
        Way::Cash | Way::MobileAndCash => {
            vec![Tender {
                method: PaymentMethod::Cash,
                amount: money(cash(dice, due_fen)),
                reference: None,
            }]
        }
    }
}

/// How a refund goes out: in one piece.
pub(super) fn refund(method: PaymentMethod, due: Money) -> Vec<Tender> {
    if due.is_zero() { Vec::new() } else { vec![Tender { method, amount: due, reference: None }] }
}

/// Enough cash for `due_fen`: exactly, or rounded up to some note.
fn cash(dice: &mut Dice, due_fen: i64) -> i64 {
    if dice.chance(EXACT_PERMILLE) {
        return due_fen;
    }
    let note = dice.pick(&NOTES).copied().unwrap_or(1);
    (due_fen + note - 1) / note * note
}
