//! The laws of the ledger, checked on random histories of one store against a naive model.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::amount::{MAX_MONEY, MAX_QUANTITY, Money, Quantity, TaxRate};
use crate::check::{Check, Limits, StoreChecks, Terms};
use crate::command::{
    AdjustLine, Command, InboundLine, ReturnSource, ReversalTarget, Reversed, SaleLine, Tender,
};
use crate::cost::{Position, inbound_cost};
use crate::fact::{Body, Cause, Fact, PaymentMethod, Priced, Receipt, Reduction, ReturnTerms};
use crate::fold::{Balances, Place, fold};
use crate::id::{Epoch, FactId, MAX_ID_LEN, Sku, StoreId};
use crate::json;
use crate::measure::{Measure, measures};
use crate::movement::Account;
use crate::post::{Header, MAX_LINES, MAX_REDUCTIONS, MAX_REMARK_LEN, PostError, Posted, post};
use crate::price::Level;
use crate::stocktake::{Compared, Round, Tally};
use crate::time::Timestamp;

/// What a random history asks for; the numbers are bent into range when it is played.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Receive { sku: usize, quantity: i64, cost: i64 },
    Sell { lines: Vec<(usize, i64, i64)>, overpaid: i64 },
    ReturnBlind { sku: usize, quantity: i64 },
    ReturnFrom { pick: usize, part: i64 },
    Reverse { pick: usize },
    Adjust { sku: usize, quantity: i64 },
    Scrap { sku: usize, quantity: i64 },
}

pub(crate) fn step() -> impl Strategy<Value = Step> {
    let (sku, quantity) = (0..3_usize, 1..5_000_i64);
    prop_oneof![
        3 => (sku.clone(), quantity.clone(), 0..900_000_i64)
            .prop_map(|(sku, quantity, cost)| Step::Receive { sku, quantity, cost }),
        6 => (prop::collection::vec((sku.clone(), quantity.clone(), 0..99_999_i64), 1..4), 0..50_i64)
            .prop_map(|(lines, overpaid)| Step::Sell { lines, overpaid }),
        1 => (sku.clone(), quantity.clone())
            .prop_map(|(sku, quantity)| Step::ReturnBlind { sku, quantity }),
        3 => (any::<usize>(), 1..4_i64).prop_map(|(pick, part)| Step::ReturnFrom { pick, part }),
        2 => any::<usize>().prop_map(|pick| Step::Reverse { pick }),
        1 => (sku.clone(), -3_000..3_000_i64)
            .prop_map(|(sku, quantity)| Step::Adjust { sku, quantity }),
        1 => (sku, quantity).prop_map(|(sku, quantity)| Step::Scrap { sku, quantity }),
    ]
}

fn sku(index: usize) -> Sku {
    Sku::new(["cola", "苹果", "69012"][index]).unwrap()
}

fn quantity(thousandths: i64) -> Quantity {
    Quantity::from_thousandths(thousandths).unwrap()
}

fn money(raw: i64) -> Money {
    Money::from_ten_thousandths(raw).unwrap()
}

/// One store's history, its stock kept as `books` would: added up from what was posted.
#[derive(Default)]
pub(crate) struct Shop {
    pub(crate) facts: Vec<Fact>,
    stock: BTreeMap<Sku, Position>,
}

impl Shop {
    pub(crate) fn play(steps: &[Step]) -> Self {
        let mut shop = Self::default();
        for step in steps {
            if let Some(command) = shop.command(step) {
                match shop.post(command) {
                    Ok(_)
                    | Err(PostError::HasReturns { .. } | PostError::AlreadyReversed { .. }) => {}
                    Err(PostError::ReversesReversal { .. } | PostError::BadQuantity { .. }) => {}
                    Err(PostError::RefundsTooMuch { .. }) => {}
                    Err(other) => panic!("{step:?}: {other}"),
                }
            }
        }
        shop
    }

    fn command(&self, step: &Step) -> Option<Command> {
        let reason = || "because".into();
        Some(match step {
            Step::Receive { sku: index, quantity: q, cost } => {
                let (sku, quantity, cost) = (sku(*index), quantity(*q), money(*cost));
                let lines = vec![InboundLine { sku, lot: None, quantity, cost }];
                Command::Receive { lines, supplier: None, lots: Vec::new() }
            }
            Step::Sell { lines, overpaid } => {
                let lines: Vec<_> = lines.iter().map(|(s, q, p)| sale_line(*s, *q, *p)).collect();
                let due: i64 = lines.iter().map(naive_total).sum();
                let amount = money(due + overpaid * 100);
                let cash = Tender { method: PaymentMethod::Cash, amount, reference: None };
                let payments = if amount.is_zero() { vec![] } else { vec![cash] };
                Command::Sell { lines, payments }
            }
            Step::ReturnBlind { sku, quantity } => {
                let lines = vec![sale_line(*sku, *quantity, 12_300)];
                Command::Return {
                    lines,
                    payments: vec![],
                    source: None,
                    terms: ReturnTerms::default(),
                }
            }
            Step::ReturnFrom { pick, part } => self.return_from(*pick, *part)?,
            Step::Reverse { pick } => {
                let fact = self.pick(*pick, |_| true)?.clone();
                let returns = self.standing_returns(fact.id).len();
                let target = ReversalTarget { reversed: self.reversed(fact.id), returns, fact };
                Command::Reverse { target: Box::new(target), reason: reason() }
            }
            Step::Adjust { sku: index, quantity: q } => {
                let lines =
                    vec![AdjustLine { sku: sku(*index), lot: None, quantity: quantity(*q) }];
                Command::Adjust { lines, reason: reason() }
            }
            Step::Scrap { sku: index, quantity: q } => {
                let lines =
                    vec![AdjustLine { sku: sku(*index), lot: None, quantity: quantity(*q) }];
                Command::Scrap { lines, reason: reason() }
            }
        })
    }

    /// Gives back a part of one line of some sale, as far as it has not come back already.
    fn return_from(&self, pick: usize, part: i64) -> Option<Command> {
        let sale = self.pick(pick, |fact| matches!(fact.body, Body::RetailSale(_)))?.clone();
        let Body::RetailSale(receipt) = &sale.body else { return None };
        let line = &receipt.lines[0];
        let returns = self.standing_returns(sale.id);
        let of = |receipt: &Receipt| -> i64 {
            let lines = receipt.lines.iter().filter(|l| l.sku == line.sku);
            lines.map(|l| l.quantity.thousandths()).sum()
        };
        let back: i64 = returns
            .iter()
            .filter_map(|fact| match &fact.body {
                Body::SaleReturn { receipt, .. } => Some(of(receipt)),
                _ => None,
            })
            .sum();
        let left = of(receipt) - back;
        let asked = if part == 3 { left } else { (line.quantity.thousandths() / 3).max(1) };
        let mut given = sale_line(0, 1, line.list_price.ten_thousandths());
        given.sku = line.sku.clone();
        given.quantity = quantity(asked.min(left));
        let source = ReturnSource { reversed: self.reversed(sale.id), sale, returns };
        let (lines, source) = (vec![given], Some(Box::new(source)));
        Some(Command::Return { lines, payments: vec![], source, terms: ReturnTerms::default() })
    }

    fn pick(&self, pick: usize, wanted: impl Fn(&Fact) -> bool) -> Option<&Fact> {
        let facts: Vec<_> = self.facts.iter().filter(|fact| wanted(fact)).collect();
        (!facts.is_empty()).then(|| facts[pick % facts.len()])
    }

    fn reversed(&self, id: FactId) -> Reversed {
        let by =
            self.facts.iter().find(|f| matches!(f.body, Body::Reversal { of, .. } if of == id));
        by.map_or(Reversed::No, |fact| Reversed::By(fact.id))
    }

    fn standing_returns(&self, sale: FactId) -> Vec<Fact> {
        let of_sale = |fact: &&Fact| {
            matches!(fact.body, Body::SaleReturn { source, .. } if source == Some(sale))
                && self.reversed(fact.id) == Reversed::No
        };
        self.facts.iter().filter(of_sale).cloned().collect()
    }

    fn post(&mut self, command: Command) -> Result<Posted, PostError> {
        let seq = self.facts.len() as u64 + 1;
        let header = Header {
            id: FactId { epoch: Epoch::FIRST, seq },
            store: store(),
            date: "2026-11-22".parse().unwrap(),
            true_date: None,
            at: Timestamp::from_millis(1_795_312_800_000),
            bill: format!("S1-A-20261122-{seq:05}").parse().unwrap(),
            request: None,
            operator: None,
            shift: None,
            member: None,
        };
        let posted = post(header, command, &self.stock)?;
        for movement in &posted.fact.movements {
            for (account, quantity, value) in movement.legs() {
                if *account == Account::OnHand {
                    let position = self.stock.entry(movement.sku.clone()).or_default();
                    position.quantity = position.quantity.plus(quantity).unwrap();
                    position.value = position.value.plus(value).unwrap();
                }
            }
        }
        for (sku, cost) in inbound_cost(&posted.fact) {
            self.stock.entry(sku).or_default().last_cost = Some(cost);
        }
        self.facts.push(posted.fact.clone());
        Ok(posted)
    }
}

fn terms() -> Terms {
    let now = Timestamp::from_millis(1_795_312_800_000);
    Terms { now, limits: Limits::default(), prices: Default::default() }
}

fn store() -> StoreId {
    StoreId::new("S1").unwrap()
}

fn sale_line(index: usize, q: i64, price: i64) -> SaleLine {
    SaleLine {
        sku: sku(index),
        quantity: quantity(q),
        list_price: money(price),
        discount: Money::ZERO,
        tax_rate: TaxRate::from_basis_points(1_300).unwrap(),
        priced: Priced::default(),
    }
}

/// Price times quantity to the coin, the way a schoolchild would.
fn naive_total(line: &SaleLine) -> i64 {
    let exact = line.list_price.ten_thousandths() * line.quantity.thousandths();
    let raw = (exact + 500) / 1_000;
    (raw + 50) / 100 * 100
}

fn shuffled(facts: &[Fact], seed: u64) -> Vec<Fact> {
    let mut keyed: Vec<_> = facts.iter().cloned().enumerate().collect();
    keyed.sort_by_key(|(i, _)| (*i as u64 + 1).wrapping_mul(seed | 1).rotate_left(29));
    keyed.into_iter().map(|(_, fact)| fact).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn accounts_of_a_sku_sum_to_nothing(steps in prop::collection::vec(step(), 1..40)) {
        let shop = Shop::play(&steps);
        let folded = fold(&shop.facts);
        let mut sums: BTreeMap<&Sku, (i128, i128)> = BTreeMap::new();
        for ((_, sku, _), balance) in folded.balances.iter() {
            let sum = sums.entry(sku).or_default();
            *sum = (sum.0 + balance.quantity, sum.1 + balance.value);
        }
        prop_assert!(sums.values().all(|sum| *sum == (0, 0)), "{sums:?}");
    }

    #[test]
    fn what_was_posted_fails_no_check(steps in prop::collection::vec(step(), 1..40)) {
        let shop = Shop::play(&steps);
        let mut checks = StoreChecks::new(&store(), terms());
        shop.facts.iter().for_each(|fact| checks.fact(fact));
        // The day stays open, since no read model is here to close it with. Overselling is no
        // mistake of the books.
        let mut found = checks.finish([]);
        found.retain(|finding| finding.check != Check::NegativeStock);
        prop_assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn folding_ignores_order_repetition_and_grouping(
        steps in prop::collection::vec(step(), 1..30),
        seed in any::<u64>(),
        cut in any::<prop::sample::Index>(),
    ) {
        let facts = Shop::play(&steps).facts;
        let whole = fold(&facts);
        let mut twice = shuffled(&facts, seed);
        twice.extend_from_slice(&facts);
        prop_assert_eq!(&fold(&twice), &whole);
        let (left, right) = facts.split_at(cut.index(facts.len() + 1));
        let mut merged = Balances::default();
        merged.merge(&fold(right).balances);
        merged.merge(&fold(left).balances);
        prop_assert_eq!(merged, whole.balances);
    }

    #[test]
    fn nothing_on_hand_is_worth_nothing(steps in prop::collection::vec(step(), 1..40)) {
        let shop = Shop::play(&steps);
        for n in 1..=shop.facts.len() {
            let balances = fold(&shop.facts[..n]).balances;
            for index in 0..3 {
                let at = balances.on_hand(&store(), &sku(index));
                prop_assert!(at.quantity != 0 || at.value == 0, "after {n}: {at:?}");
                prop_assert!(at.quantity <= 0 || at.value >= 0, "after {n}: {at:?}");
                prop_assert!(at.quantity >= 0 || at.value <= 0, "after {n}: {at:?}");
            }
        }
    }

    #[test]
    fn money_adds_up(steps in prop::collection::vec(step(), 1..40)) {
        let shop = Shop::play(&steps);
        let mut totals: BTreeMap<Measure, i64> = BTreeMap::new();
        for fact in &shop.facts {
            if let Body::RetailSale(receipt) | Body::SaleReturn { receipt, .. } = &fact.body {
                let paid = Money::sum(receipt.payments.iter().map(|p| p.amount)).unwrap();
                prop_assert_eq!(paid, receipt.total().unwrap());
            }
            for (measure, amount) in measures(fact) {
                *totals.entry(measure).or_default() += amount;
            }
        }
        let of = |measure| totals.get(&measure).copied().unwrap_or_default();
        let paid: i64 = PaymentMethod::ALL.into_iter().map(|m| of(Measure::Paid(m))).sum();
        prop_assert_eq!(paid, of(Measure::SalesNet) - of(Measure::ReturnsNet));
        prop_assert_eq!(of(Measure::SalesGross) - of(Measure::SalesDiscount), of(Measure::SalesNet));
    }

    #[test]
    fn a_reversal_undoes_all_but_the_correction_of_cost(steps in prop::collection::vec(step(), 1..30)) {
        let shop = Shop::play(&steps);
        for fact in &shop.facts {
            let Body::Reversal { of, .. } = &fact.body else { continue };
            let original = shop.facts.iter().find(|f| f.id == *of).unwrap();
            let mut both = Balances::default();
            both.apply(original);
            both.apply(fact);
            prop_assert!(both.iter().all(|(_, balance)| balance.quantity == 0));
            let corrected = |place: &Place| {
                matches!(place, Place::Store(_, Account::OnHand | Account::CostAdjustment))
            };
            prop_assert!(both.iter().all(|((place, ..), b)| b.value == 0 || corrected(place)));
        }
    }

    #[test]
    fn texts_read_back_as_written(steps in prop::collection::vec(step(), 1..20)) {
        for fact in Shop::play(&steps).facts {
            let text = json::to_text(&fact);
            prop_assert_eq!(json::from_text(&text).unwrap(), fact);
        }
    }

    #[test]
    fn amounts_are_exact_or_refused(price in -MAX_MONEY..=MAX_MONEY, q in -MAX_QUANTITY..=MAX_QUANTITY) {
        let exact = i128::from(price) * i128::from(q);
        match money(price).times(quantity(q)) {
            Ok(amount) => {
                let error = i128::from(amount.ten_thousandths()) * 1_000 - exact;
                prop_assert!(error.abs() <= 500);
            }
            Err(_) => prop_assert!(exact.abs() / 1_000 >= i128::from(MAX_MONEY)),
        }
    }

    #[test]
    fn decimals_survive(raw in -MAX_MONEY..=MAX_MONEY) {
        prop_assert_eq!(money(raw).to_string().parse::<Money>().unwrap(), money(raw));
    }
}

#[test]
fn huge_amounts_are_refused_not_wrapped() {
    let mut shop = Shop::default();
    let receive = |cost| Command::Receive {
        lines: vec![InboundLine {
            sku: sku(0),
            lot: None,
            quantity: quantity(MAX_QUANTITY),
            cost: money(cost),
        }],
        supplier: None,
        lots: Vec::new(),
    };
    shop.post(receive(MAX_MONEY)).unwrap();
    assert!(matches!(shop.post(receive(1)), Err(PostError::Amount { line: 1, .. })));
    assert_eq!(shop.facts.len(), 1);
}

#[test]
fn the_longest_document_fits_a_change() {
    let mut shop = Shop::default();
    let line = |n: usize| {
        let sku = Sku::new(&format!("{n:064}")).unwrap();
        shop.stock.entry(sku.clone()).or_default().last_cost = Some(money(MAX_MONEY / 10_000));
        let mut line = sale_line(0, 9_999_999, 7_999_999);
        line.discount = money(9_999_999_900);
        line.priced.level = Level::Wholesale;
        if n < MAX_REDUCTIONS {
            let promotion = format!("{n:0MAX_ID_LEN$}").parse().unwrap();
            let (cause, amount) = (Cause::Promotion(promotion), line.discount);
            line.priced.reductions.push(Reduction { cause, amount });
        }
        SaleLine { sku, ..line }
    };
    let lines: Vec<_> = (0..MAX_LINES).map(line).collect();
    let sale = shop.post(Command::Sell { lines: lines.clone(), payments: vec![] }).unwrap().fact;
    let text = json::to_text(&sale).len();
    assert!((json::MAX_TEXT_LEN / 2..json::MAX_TEXT_LEN).contains(&text), "{text} bytes");
    let source = ReturnSource { sale, returns: vec![], reversed: Reversed::No };
    let command = Command::Return {
        lines,
        payments: vec![],
        source: Some(Box::new(source)),
        terms: ReturnTerms::default(),
    };
    let text = json::to_text(&shop.post(command).unwrap().fact).len();
    assert!(text < json::MAX_TEXT_LEN, "{text} bytes");

    let compared = |n: usize| Compared {
        sku: Sku::new(&format!("{n:064}")).unwrap(),
        tally: Tally {
            counted: quantity(4_999_999),
            book: quantity(-4_999_999),
            anchor: Some(FactId { epoch: Epoch::new(u32::MAX).unwrap(), seq: u64::MAX }),
            moved: quantity(MAX_QUANTITY),
        },
        round: Round::new(u32::MAX).unwrap(),
        reason: Some("r".repeat(MAX_ID_LEN).parse().unwrap()),
    };
    let lines = (0..MAX_LINES).map(compared).collect();
    let counted =
        Command::Stocktake { name: "x".repeat(MAX_REMARK_LEN).into(), lines, approved: None };
    let text = json::to_text(&shop.post(counted).unwrap().fact).len();
    assert!(text < json::MAX_TEXT_LEN, "{text} bytes");
}

#[test]
fn a_sale_returned_in_parts_comes_back_whole() {
    let mut shop = Shop::default();
    let lines = vec![InboundLine {
        sku: sku(0),
        lot: None,
        quantity: quantity(7_000),
        cost: money(100_000),
    }];
    shop.post(Command::Receive { lines, supplier: None, lots: Vec::new() }).unwrap();
    let sale = Command::Sell { lines: vec![sale_line(0, 3_000, 33_300)], payments: vec![] };
    let sale = shop.post(sale).unwrap().fact;
    for _ in 0..3 {
        let returns = shop.standing_returns(sale.id);
        let source = ReturnSource { sale: sale.clone(), returns, reversed: Reversed::No };
        let lines = vec![sale_line(0, 1_000, 33_300)];
        let command = Command::Return {
            lines,
            payments: vec![],
            source: Some(Box::new(source)),
            terms: ReturnTerms::default(),
        };
        shop.post(command).unwrap();
    }
    let at = fold(&shop.facts).balances.on_hand(&store(), &sku(0));
    assert_eq!((at.quantity, at.value), (7_000, 100_000));
    let source =
        ReturnSource { returns: shop.standing_returns(sale.id), sale, reversed: Reversed::No };
    let lines = vec![sale_line(0, 1, 33_300)];
    let command = Command::Return {
        lines,
        payments: vec![],
        source: Some(Box::new(source)),
        terms: ReturnTerms::default(),
    };
    assert!(matches!(shop.post(command), Err(PostError::ReturnsTooMuch { .. })));
}

#[test]
fn change_comes_out_of_the_cash() {
    let mut shop = Shop::default();
    let sell = |payments| Command::Sell { lines: vec![sale_line(0, 1_000, 100_000)], payments };
    let tender = |method, raw| Tender { method, amount: money(raw), reference: None };
    use PaymentMethod::{Card, Cash, Mobile};

    let mixed = vec![tender(Cash, 100_000), tender(Mobile, 40_000)];
    let Body::RetailSale(receipt) = shop.post(sell(mixed)).unwrap().fact.body else { panic!() };
    let cash = &receipt.payments[0];
    assert_eq!((cash.amount, cash.change), (money(60_000), money(40_000)));

    assert!(matches!(
        shop.post(sell(vec![tender(Card, 99_900)])),
        Err(PostError::Underpaid { .. })
    ));
    assert!(matches!(
        shop.post(sell(vec![tender(Card, 100_100)])),
        Err(PostError::Overpaid { .. })
    ));
    assert!(matches!(shop.post(sell(vec![tender(Cash, 0)])), Err(PostError::EmptyPayment { .. })));
}
