//! Invoices on random histories of one store, against sums that a child could add up.

use proptest::prelude::*;

use super::*;
use crate::command::{AdjustLine, Command, InboundLine, ReversalTarget, Reversed};
use crate::cost::{Position, inbound_cost};
use crate::fact::Body;
use crate::id::Epoch;
use crate::post::{Header, PostError, post};
use crate::time::Timestamp;

/// A store's stock and facts, its stock added up from what was posted.
#[derive(Default)]
struct Shop {
    facts: Vec<Fact>,
    stock: BTreeMap<Sku, Position>,
}

impl Shop {
    fn post(&mut self, command: Command) -> Result<Fact, PostError> {
        let seq = self.facts.len() as u64 + 1;
        let header = Header {
            id: FactId { epoch: Epoch::FIRST, seq },
            store: "S001".parse().unwrap(),
            date: "2026-11-22".parse().unwrap(),
            true_date: None,
            at: Timestamp::from_millis(0),
            bill: format!("S001-A-20261122-{seq:05}").parse().unwrap(),
            request: None,
            operator: None,
            shift: None,
            member: None,
        };
        let fact = post(header, command, &self.stock)?.fact;
        for movement in &fact.movements {
            for (account, quantity, value) in movement.legs() {
                if *account == Account::OnHand {
                    let at = self.stock.entry(movement.sku.clone()).or_default();
                    at.quantity = at.quantity.plus(quantity).unwrap();
                    at.value = at.value.plus(value).unwrap();
                }
            }
        }
        for (sku, cost) in inbound_cost(&fact) {
            self.stock.entry(sku).or_default().last_cost = Some(cost);
        }
        self.facts.push(fact.clone());
        Ok(fact)
    }

    fn receive(&mut self, sku: &Sku, thousandths: i64, cost: i64) -> OpenReceipt {
        let (quantity, cost) = (quantity(thousandths), money(cost));
        let line = InboundLine { sku: sku.clone(), lot: None, quantity, cost };
        let fact = self
            .post(Command::Receive { lines: vec![line], supplier: None, lots: vec![] })
            .unwrap();
        OpenReceipt { id: fact.id, goods: received(&fact).into_iter().collect() }
    }

    fn take_off(&mut self, sku: &Sku, thousandths: i64) {
        let line = AdjustLine { sku: sku.clone(), lot: None, quantity: quantity(-thousandths) };
        self.post(Command::Adjust { lines: vec![line], reason: "sold".into() }).unwrap();
    }

    /// What left the supplier's account, in ten-thousandths.
    fn given_by_supplier(&self) -> i64 {
        let movements = self.facts.iter().flat_map(|fact| &fact.movements);
        let legs = movements.flat_map(|m| [(&m.from, m.value), (&m.to, m.value.negated())]);
        legs.filter(|(account, _)| **account == Account::Supplier)
            .map(|(_, value)| value.ten_thousandths())
            .sum()
    }
}

fn sku() -> Sku {
    "cola".parse().unwrap()
}

fn quantity(thousandths: i64) -> Quantity {
    Quantity::from_thousandths(thousandths).unwrap()
}

fn money(raw: i64) -> Money {
    Money::from_ten_thousandths(raw).unwrap()
}

fn line(thousandths: i64, net: i64) -> InvoiceLine {
    InvoiceLine { sku: sku(), quantity: quantity(thousandths), net: money(net), tax: Money::ZERO }
}

fn draft(lines: Vec<InvoiceLine>, receipts: Vec<OpenReceipt>) -> Draft {
    Draft {
        supplier: "V007".parse().unwrap(),
        number: "8817".parse().unwrap(),
        dated: "2026-11-22".parse().unwrap(),
        due: "2026-12-22".parse().unwrap(),
        lines,
        receipts,
        ordered: BTreeMap::new(),
        known: None,
        accept: Some("because".into()),
    }
}

fn invoice(draft: Draft) -> Command {
    Command::Invoice(Box::new(draft))
}

#[test]
fn the_difference_goes_to_what_is_left_and_to_what_was_sold() {
    let mut shop = Shop::default();
    let receipt = shop.receive(&sku(), 24_000, 480_000);
    shop.take_off(&sku(), 6_000);
    // 24 at 2.00 came in, six left, and the invoice says 2.20.
    let fact = shop.post(invoice(draft(vec![line(24_000, 528_000)], vec![receipt]))).unwrap();
    let moved: Vec<_> = fact
        .movements
        .iter()
        .map(|m| (m.to.clone(), m.quantity.thousandths(), m.value.ten_thousandths()))
        .collect();
    assert_eq!(moved, [(Account::OnHand, 0, 36_000), (Account::CostAdjustment, 0, 12_000)]);
    assert_eq!(shop.stock[&sku()].value, money(18 * 22_000));
    assert_eq!(shop.given_by_supplier(), 528_000);
}

#[test]
fn what_differs_needs_somebody_who_accepts_it() {
    let mut shop = Shop::default();
    let receipt = shop.receive(&sku(), 24_000, 480_000);
    let refused = |lines: Vec<InvoiceLine>, shop: &mut Shop| {
        let draft = Draft { accept: None, ..draft(lines, vec![receipt.clone()]) };
        match shop.post(invoice(draft)) {
            Err(PostError::Invoice(InvoiceError::Differs { lines })) => lines[0].verdicts.clone(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(refused(vec![line(24_000, 528_000)], &mut shop), [Verdict::PriceDiffers]);
    assert_eq!(refused(vec![line(25_000, 500_000)], &mut shop), [Verdict::QuantityDiffers]);
    let other = InvoiceLine { sku: "tea".parse().unwrap(), ..line(1_000, 10_000) };
    assert_eq!(refused(vec![other], &mut shop), [Verdict::NotInvoiced]);
    // One coin a piece is what suppliers round to: nobody is asked, and nothing is kept of a reason.
    let fine = draft(vec![line(24_000, 482_400)], vec![receipt]);
    let fact = shop.post(invoice(fine)).unwrap();
    assert!(matches!(&fact.body, Body::Invoice(invoice) if invoice.accepted.is_none()));
}

#[test]
fn an_ordered_price_counts_before_the_one_received_at() {
    let open = [(sku(), Received { quantity: quantity(1_000), value: money(10_000) })].into();
    let verdicts = |ordered: &BTreeMap<Sku, Money>, net| {
        let lines = [line(1_000, net)];
        compare(&lines, &open, ordered, Tolerance::usual()).unwrap()[0].verdicts.clone()
    };
    let ordered = [(sku(), money(20_000))].into();
    assert_eq!(verdicts(&ordered, 20_000), [Verdict::Matches]);
    assert_eq!(verdicts(&ordered, 10_000), [Verdict::PriceDiffers]);
    assert_eq!(verdicts(&BTreeMap::new(), 10_000), [Verdict::Matches]);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let mut shop = Shop::default();
    let receipt = shop.receive(&sku(), 1_000, 10_000);
    let good = || draft(vec![line(1_000, 10_000)], vec![receipt.clone()]);
    let mut refused = |draft: Draft| match shop.post(invoice(draft)) {
        Err(PostError::Invoice(error)) => error,
        other => panic!("{other:?}"),
    };
    let none = refused(Draft { receipts: Vec::new(), ..good() });
    assert_eq!(none, InvoiceError::NoReceipts);
    let first = receipt.id;
    assert!(matches!(refused(Draft { known: Some(first), ..good() }), InvoiceError::Twice { .. }));
    let empty = OpenReceipt { id: first, goods: BTreeMap::new() };
    let settled = refused(Draft { receipts: vec![empty], ..good() });
    assert_eq!(settled, InvoiceError::Settled { receipt: first });
}

#[test]
fn the_longest_invoice_fits_the_longest_text() {
    let lines: Vec<InvoiceLine> = (0..MAX_COVERED)
        .map(|at| InvoiceLine {
            sku: Sku::new(&format!("{at:0>64}")).unwrap(),
            tax: money(crate::amount::MAX_MONEY / 3_000),
            ..line(crate::amount::MAX_QUANTITY / 2_000, crate::amount::MAX_MONEY / 3_000)
        })
        .collect();
    let mut shop = Shop::default();
    let goods = lines.iter().map(|line| {
        let here = Position { quantity: quantity(1), value: money(1), last_cost: None };
        shop.stock.insert(line.sku.clone(), here);
        (line.sku.clone(), Received { quantity: line.quantity, value: money(3) })
    });
    let receipt =
        OpenReceipt { id: FactId { epoch: Epoch::FIRST, seq: u64::MAX }, goods: goods.collect() };
    let fact = shop.post(invoice(draft(lines, vec![receipt]))).unwrap();
    assert_eq!(fact.movements.len(), 2 * MAX_COVERED);
    assert!(crate::json::to_text(&fact).len() <= crate::json::MAX_TEXT_LEN);
}

proptest! {
    /// Receipts at estimates, sales between, an invoice for some or all or more of it: the supplier
    /// has given what the invoice comes to and what is not invoiced yet, to the last unit. Undone, it
    /// has given the estimates again.
    #[test]
    fn receipts_and_invoice_come_to_what_is_asked(
        deliveries in prop::collection::vec((1..5_000_i64, 0..90_000_i64, 0..9_000_i64), 1..4),
        invoiced in 1..20_000_i64,
        net in 0..300_000_i64,
        sold_after in 0..9_000_i64,
    ) {
        let mut shop = Shop::default();
        let mut receipts = Vec::new();
        for (count, cost, sold) in &deliveries {
            receipts.push(shop.receive(&sku(), *count, *cost));
            if *sold > 0 {
                shop.take_off(&sku(), *sold);
            }
        }
        let estimates: i64 = deliveries.iter().map(|(_, cost, _)| cost).sum();
        let received: i64 = deliveries.iter().map(|(count, _, _)| count).sum();
        prop_assert_eq!(shop.given_by_supplier(), estimates);
        let before = shop.stock[&sku()];

        let fact = shop.post(invoice(draft(vec![line(invoiced, net)], receipts))).unwrap();
        let Body::Invoice(booked) = &fact.body else { panic!("{:?}", fact.body) };
        let covered: i64 = booked.covers.iter().map(|c| c.quantity.thousandths()).sum();
        prop_assert_eq!(covered, invoiced.min(received));
        let taken: i64 = booked.covers.iter().map(|c| c.estimate.ten_thousandths()).sum();
        prop_assert_eq!(shop.given_by_supplier(), estimates - taken + net);
        if invoiced >= received {
            prop_assert_eq!(shop.given_by_supplier(), net);
        }
        prop_assert!(fact.movements.iter().all(|m| m.quantity.is_zero() && !m.value.is_zero()));

        let after = shop.stock[&sku()];
        prop_assert_eq!(after.quantity, before.quantity);
        prop_assert!(sound(after), "{:?}", after);
        if !before.quantity.is_positive() {
            prop_assert_eq!(after.value, before.value);
        }

        if sold_after > 0 {
            shop.take_off(&sku(), sold_after);
        }
        let target = ReversalTarget { fact, reversed: Reversed::No, returns: 0 };
        let undo = Command::Reverse { target: Box::new(target), reason: "wrong".into() };
        shop.post(undo).unwrap();
        prop_assert_eq!(shop.given_by_supplier(), estimates);
        prop_assert!(sound(shop.stock[&sku()]), "{:?}", shop.stock);
    }

    /// What several invoices take of a receipt is what it came in at, whatever the parts.
    #[test]
    fn parts_take_the_whole_estimate(
        count in 1..5_000_i64,
        cost in 0..90_000_i64,
        parts in prop::collection::vec(1..2_000_i64, 1..8),
    ) {
        let id = FactId { epoch: Epoch::FIRST, seq: 1 };
        let mut open = Received { quantity: quantity(count), value: money(cost) };
        let mut taken = 0;
        for part in parts.iter().copied().chain([count]) {
            let receipt = OpenReceipt { id, goods: [(sku(), open)].into() };
            let covers = cover(&[line(part, 0)], &[receipt]).unwrap();
            for covered in covers {
                taken += covered.estimate.ten_thousandths();
                open.quantity = open.quantity.minus(covered.quantity).unwrap();
                open.value = open.value.minus(covered.estimate).unwrap();
            }
        }
        prop_assert_eq!((open, taken), (Received::default(), cost));
    }
}

/// Nothing is worth nothing, and value has the sign of quantity.
fn sound(at: Position) -> bool {
    if at.quantity.is_zero() {
        return at.value.is_zero();
    }
    at.value.is_zero() || at.value.is_negative() == at.quantity.is_negative()
}
