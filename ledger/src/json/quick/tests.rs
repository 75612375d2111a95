//! The quick reader says what the general one says, or nothing.

use proptest::prelude::*;

use super::super::{from_text, general, to_text};
use super::*;
use crate::fact::{Cause, Priced};
use crate::id::{Epoch, FactId};
use crate::movement::Account;

fn money() -> impl Strategy<Value = Money> {
    let raw = prop_oneof![Just(0), -9_000_000..9_000_000_i64];
    raw.prop_map(|raw| Money::from_ten_thousandths(raw).unwrap())
}

fn quantity() -> impl Strategy<Value = Quantity> {
    (-5_000_000..5_000_000_i64).prop_map(|raw| Quantity::from_thousandths(raw).unwrap())
}

fn sku() -> impl Strategy<Value = Sku> {
    let text =
        prop_oneof![Just("6901234567892".to_owned()), "[a-z]{1,40}", Just("可乐".to_owned())];
    text.prop_map(|text| Sku::new(&text).unwrap())
}

fn receipt_line() -> impl Strategy<Value = ReceiptLine> {
    (sku(), quantity(), money(), money(), 0..3_000_u16, money(), money(), priced()).prop_map(
        |(sku, quantity, list_price, discount, rate, tax, total, priced)| {
            let tax_rate = TaxRate::from_basis_points(rate / 100 * 100).unwrap();
            ReceiptLine { sku, quantity, list_price, discount, tax_rate, tax, total, priced }
        },
    )
}

fn priced() -> impl Strategy<Value = Priced> {
    let promotion = Cause::Promotion("SP20261124-001".parse().unwrap());
    let cause = prop::sample::select(vec![promotion, Cause::Basket, Cause::Points]);
    let reduction = (cause, money()).prop_map(|(cause, amount)| Reduction { cause, amount });
    let reductions = prop::collection::vec(reduction, 0..3);
    (prop::sample::select(&Level::ALL[..]), reductions).prop_map(|(level, reductions)| Priced {
        level,
        reductions,
        approved: None,
    })
}

fn paid() -> impl Strategy<Value = Payment> {
    let method = prop::sample::select(&PaymentMethod::ALL[..]);
    let reference = prop::option::of(Just("4200/2611".parse().unwrap()));
    let payment =
        |(method, amount, change, reference)| Payment { method, amount, change, reference };
    (method, money(), money(), reference).prop_map(payment)
}

fn moved() -> impl Strategy<Value = Movement> {
    let accounts = [Account::OnHand, Account::Customer, Account::InTransit("T-1".parse().unwrap())];
    let account = || prop::sample::select(accounts.to_vec());
    let lot = prop::option::of(Just(Lot::new("L-2026-07").unwrap()));
    (account(), account(), sku(), lot, quantity(), money()).prop_map(
        |(from, to, sku, lot, quantity, value)| Movement { from, to, sku, lot, quantity, value },
    )
}

prop_compose! {
    fn a_sale()(
        seq in 1..1_000_000_u64,
        lines in prop::collection::vec(receipt_line(), 0..5),
        payments in prop::collection::vec(paid(), 0..3),
        movements in prop::collection::vec(moved(), 0..5),
        late in any::<bool>(),
        request in prop::option::of("[a-z:]{1,30}"),
        operator in prop::option::of(Just("林晓")),
        shift in prop::option::of(1..99_u64),
        member in prop::option::of(Just("M-S012-s1A7")),
    ) -> Fact {
        Fact {
            id: FactId { epoch: Epoch::FIRST, seq },
            store: "S012".parse().unwrap(),
            date: "2026-11-22".parse().unwrap(),
            true_date: late.then(|| "2026-11-21".parse().unwrap()),
            at: Timestamp::from_millis(1_795_312_800_000),
            bill: format!("S012-A-20261122-{seq:05}").parse().unwrap(),
            request: request.map(|text| text.parse().unwrap()),
            operator: operator.map(|text| text.parse().unwrap()),
            shift: shift.map(|seq| FactId { epoch: Epoch::FIRST, seq }),
            member: member.map(|text| text.parse().unwrap()),
            body: Body::RetailSale(Receipt { lines, payments }),
            movements,
            detail: Detail::default(),
        }
    }
}

proptest! {
    #[test]
    fn sales_as_they_are_written_are_read_at_once(fact in a_sale()) {
        let text = to_text(&fact);
        prop_assert_eq!(general(&text).unwrap(), fact.clone());
        prop_assert_eq!(sale(&text), Some(fact));
    }

    #[test]
    fn what_was_changed_in_one_place_is_read_alike_or_left(
        fact in a_sale(),
        at in any::<prop::sample::Index>(),
        cut in 0..4_usize,
        put in prop::sample::select(vec![
            "", "0", "-", "1", "9", ".", "e", "\"", "\\", "\\u0041", " ", ",", "[", "]", "{", "}", ":",
            "null", "\"x\":1,", "\n", "-0", "00", "好", "99999999999999999999",
        ]),
    ) {
        let text = to_text(&fact);
        let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
        let from = at.index(places.len());
        let until = places.get(from + cut).copied().unwrap_or(text.len());
        let text = format!("{}{put}{}", &text[..places[from]], &text[until..]);
        if let Some(read) = sale(&text) {
            prop_assert_eq!(Some(read), general(&text).ok(), "{}", text);
        }
        prop_assert_eq!(from_text(&text).ok(), general(&text).ok());
    }
}
