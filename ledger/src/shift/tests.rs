//! What ought to be in a drawer, against a recount that knows only receipts and moves; and that what a customer
//! hands over is what is paid and what is given back.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::amount::{Quantity, TaxRate};
use crate::command::{Command, ReturnSource, ReversalTarget, Reversed, SaleLine, Tender};
use crate::cost::Position;
use crate::fact::{Condition, Priced, ReturnTerms};
use crate::id::{Epoch, Sku};
use crate::movement::Account;
use crate::post::{Header, PostError, Posted, post};
use crate::time::Timestamp;

/// What happens at the two tills of a shop.
#[derive(Debug, Clone)]
enum Step {
    Sell { till: usize, cents: i64, card: i64, over: i64 },
    GiveBack { till: usize, pick: usize, part: i64, condition: usize },
    Reverse { till: usize, pick: usize },
    Move { till: usize, out: i64, cents: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    let till = 0..2_usize;
    prop_oneof![
        4 => (till.clone(), 1..100_000_i64, 0..100_000_i64, 0..1_000_i64)
            .prop_map(|(till, cents, card, over)| Step::Sell { till, cents, card, over }),
        2 => (till.clone(), any::<usize>(), 1..3_i64, 0..3_usize).prop_map(
            |(till, pick, part, condition)| Step::GiveBack { till, pick, part, condition }
        ),
        1 => (till.clone(), any::<usize>()).prop_map(|(till, pick)| Step::Reverse { till, pick }),
        1 => (till, 0..2_i64, 1..50_000_i64)
            .prop_map(|(till, out, cents)| Step::Move { till, out, cents }),
    ]
}

#[derive(Default)]
struct Shop {
    facts: Vec<Fact>,
    shifts: Vec<FactId>,
}

fn cents(cents: i64) -> Money {
    Money::from_ten_thousandths(cents * 100).unwrap()
}

impl Shop {
    fn open() -> Self {
        let mut shop = Self::default();
        for till in ["1", "2"] {
            let task = Task::Open { till: till.parse().unwrap(), float: cents(20_000) };
            let id = shop.post(None, Command::Shift(task)).unwrap().fact.id;
            shop.shifts.push(id);
        }
        shop
    }

    fn post(&mut self, shift: Option<FactId>, command: Command) -> Result<Posted, PostError> {
        let seq = self.facts.len() as u64 + 1;
        let header = Header {
            id: FactId { epoch: Epoch::FIRST, seq },
            store: "S1".parse().unwrap(),
            date: "2026-11-22".parse().unwrap(),
            true_date: None,
            at: Timestamp::from_millis(1_795_312_800_000),
            bill: format!("S1-A-20261122-{seq:05}").parse().unwrap(),
            request: None,
            operator: None,
            shift,
            member: None,
        };
        let posted = post(header, command, &BTreeMap::<Sku, Position>::new())?;
        self.facts.push(posted.fact.clone());
        Ok(posted)
    }

    fn play(&mut self, step: &Step) {
        let command = match step {
            Step::Sell { cents: due, card, over, .. } => {
                let card = (*card).min(*due);
                let tender = |method, amount| Tender { method, amount, reference: None };
                let cash = cents(due - card + over);
                let offered =
                    [tender(PaymentMethod::Card, cents(card)), tender(PaymentMethod::Cash, cash)];
                let payments = offered.into_iter().filter(|t| t.amount.is_positive()).collect();
                // With the card alone there is nothing to give change from.
                Command::Sell { lines: vec![line(2_000, cents(*due))], payments }
            }
            Step::GiveBack { pick, part, condition, .. } => {
                let Some(sale) = self.sale(*pick) else { return };
                let returns = self.returns_of(sale.id);
                let lines = vec![line(part * 1_000, paid(&sale))];
                let reversed = self.reversed(sale.id);
                let source = Some(Box::new(ReturnSource { sale, returns, reversed }));
                let condition = Condition::ALL[*condition];
                let terms = ReturnTerms { condition, ..ReturnTerms::default() };
                Command::Return { lines, payments: vec![], source, terms }
            }
            Step::Reverse { pick, .. } => {
                let Some(fact) = self.sale(*pick) else { return };
                let (reversed, returns) = (self.reversed(fact.id), self.returns_of(fact.id).len());
                let target = Box::new(ReversalTarget { fact, reversed, returns });
                Command::Reverse { target, reason: "".into() }
            }
            Step::Move { out, cents: amount, .. } => {
                let way = if *out == 1 { Way::Out } else { Way::In };
                let amount = cents(*amount);
                Command::Shift(Task::Move(CashMove { way, amount, reason: "".into() }))
            }
        };
        let (Step::Sell { till, .. }
        | Step::GiveBack { till, .. }
        | Step::Reverse { till, .. }
        | Step::Move { till, .. }) = step;
        match self.post(Some(self.shifts[*till]), command) {
            Ok(_)
            | Err(
                PostError::Overpaid { .. }
                | PostError::ReturnsTooMuch { .. }
                | PostError::RefundsTooMuch { .. }
                | PostError::HasReturns { .. }
                | PostError::AlreadyReversed { .. },
            ) => {}
            Err(other) => panic!("{step:?}: {other}"),
        }
    }

    fn sale(&self, pick: usize) -> Option<Fact> {
        let sales: Vec<_> =
            self.facts.iter().filter(|f| matches!(f.body, Body::RetailSale(_))).collect();
        Some((*sales.get(pick.checked_rem(sales.len())?)?).clone())
    }

    fn returns_of(&self, sale: FactId) -> Vec<Fact> {
        let of = |fact: &&Fact| matches!(&fact.body, Body::SaleReturn { source, .. } if *source == Some(sale));
        self.facts.iter().filter(of).cloned().collect()
    }

    fn reversed(&self, of: FactId) -> Reversed {
        let undoes =
            |fact: &&Fact| matches!(&fact.body, Body::Reversal { of: id, .. } if *id == of);
        self.facts.iter().find(undoes).map_or(Reversed::No, |fact| Reversed::By(fact.id))
    }
}

/// Two of something for so much each.
fn line(thousandths: i64, price: Money) -> SaleLine {
    SaleLine {
        sku: "cola".parse().unwrap(),
        quantity: Quantity::from_thousandths(thousandths).unwrap(),
        list_price: Money::from_ten_thousandths(price.ten_thousandths() / 2).unwrap(),
        discount: Money::ZERO,
        tax_rate: TaxRate::ZERO,
        priced: Priced::default(),
    }
}

fn paid(sale: &Fact) -> Money {
    let Body::RetailSale(receipt) = &sale.body else { panic!("a sale") };
    let list = receipt.lines[0].list_price.ten_thousandths();
    Money::from_ten_thousandths(list * 2).unwrap()
}

/// What ought to be in a drawer, counted the way a shopkeeper does with the receipts in hand.
fn recount(facts: &[Fact], shift: FactId, method: PaymentMethod) -> i64 {
    let mut sum = if method == PaymentMethod::Cash { 2_000_000 } else { 0 };
    for fact in facts.iter().filter(|fact| fact.shift == Some(shift)) {
        let (receipt, sign) = match &fact.body {
            Body::RetailSale(receipt) => (receipt, 1),
            Body::SaleReturn { receipt, .. } => (receipt, -1),
            Body::Reversal { receipt: Some(SignedReceipt::OfSale(receipt)), .. } => (receipt, -1),
            Body::Shift(Act::Moved(CashMove { way, amount, .. })) => {
                if method == PaymentMethod::Cash {
                    let sign = if *way == Way::In { 1 } else { -1 };
                    sum += sign * amount.ten_thousandths();
                }
                continue;
            }
            other => panic!("{other:?}"),
        };
        for payment in receipt.payments.iter().filter(|payment| payment.method == method) {
            sum += sign * payment.amount.ten_thousandths();
        }
    }
    sum
}

proptest! {
    #[test]
    fn a_drawer_is_what_the_shopkeeper_recounts(steps in prop::collection::vec(step(), 0..40)) {
        let mut shop = Shop::open();
        steps.iter().for_each(|step| shop.play(step));
        for shift in shop.shifts.clone() {
            let drawer = Drawer::of(shift, &shop.facts);
            // In whatever order the facts are learned.
            prop_assert_eq!(drawer, Drawer::of(shift, shop.facts.iter().rev()));
            for method in PaymentMethod::ALL {
                let due = i128::from(recount(&shop.facts, shift, method));
                prop_assert_eq!(drawer.expected(method), due);
            }
        }
    }

    #[test]
    fn what_is_handed_over_is_paid_or_given_back(steps in prop::collection::vec(step(), 0..40)) {
        let mut shop = Shop::open();
        for step in &steps {
            let before = shop.facts.len();
            shop.play(step);
            let Step::Sell { cents: due, card, over, .. } = step else { continue };
            let Some(Body::RetailSale(receipt)) = shop.facts.get(before).map(|f| &f.body) else {
                continue;
            };
            let sum = |of: fn(&crate::fact::Payment) -> Money| -> i64 {
                receipt.payments.iter().map(|payment| of(payment).ten_thousandths()).sum()
            };
            let (paid, change) = (sum(|p| p.amount), sum(|p| p.change));
            prop_assert_eq!(paid, receipt.total().unwrap().ten_thousandths());
            let (card, cash) = ((*card).min(*due) * 100, (due - (*card).min(*due) + over) * 100);
            prop_assert_eq!(paid + change, card + cash);
            let mut others = receipt.payments.iter().filter(|p| p.method != PaymentMethod::Cash);
            prop_assert!(others.all(|payment| payment.change.is_zero()));
        }
    }

    #[test]
    fn no_more_comes_back_than_was_sold(steps in prop::collection::vec(step(), 0..60)) {
        let mut shop = Shop::open();
        steps.iter().for_each(|step| shop.play(step));
        for sale in shop.facts.iter().filter(|fact| matches!(fact.body, Body::RetailSale(_))) {
            let sums = |fact: &Fact| -> (i64, i64) {
                let (receipt, _) = money_of(fact).unwrap();
                receipt.lines.iter().fold((0, 0), |(quantity, paid), line| {
                    let paid = paid + line.total.ten_thousandths();
                    (quantity + line.quantity.thousandths(), paid)
                })
            };
            let back = shop.returns_of(sale.id);
            let back = back.iter().map(sums).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
            let sold = sums(sale);
            prop_assert!(back.0 <= sold.0 && back.1 <= sold.1, "{back:?} of {sold:?}");
        }
        // Damaged goods came back to another place than the shelf, at the cost they came back at.
        for fact in &shop.facts {
            let Body::SaleReturn { terms, .. } = &fact.body else { continue };
            let to = match terms.condition {
                Condition::Sellable => continue,
                Condition::Damaged => Account::Quarantine,
                Condition::Worthless => Account::Scrap,
            };
            let sum = |of: &dyn Fn(&crate::movement::Movement) -> bool| -> (i64, i64) {
                fact.movements.iter().filter(|m| of(m)).fold((0, 0), |sum, m| {
                    (sum.0 + m.quantity.thousandths(), sum.1 + m.value.ten_thousandths())
                })
            };
            let (came, went) =
                (sum(&|m| m.from == Account::Customer), sum(&|m| m.to == to));
            prop_assert_eq!(came, went);
        }
    }
}

#[test]
fn a_close_says_what_was_counted_and_what_ought_to_be_there() {
    let mut shop = Shop::open();
    let shift = shop.shifts[0];
    shop.play(&Step::Sell { till: 0, cents: 1_000, card: 400, over: 50 });
    let drawer = Box::new(Drawer::of(shift, &shop.facts));
    let close = |counted: &[(PaymentMethod, i64)]| {
        let counted = counted.iter().map(|(method, sum)| (*method, cents(*sum))).collect();
        Command::Shift(Task::Close { counted, drawer: drawer.clone() })
    };
    use PaymentMethod::{Card, Cash};

    assert!(matches!(
        shop.post(Some(shift), close(&[(Card, 400)])),
        Err(PostError::CashNotCounted)
    ));
    assert!(matches!(
        shop.post(Some(shift), close(&[(Cash, 1), (Cash, 2)])),
        Err(PostError::CountedTwice { method: Cash })
    ));
    assert!(matches!(
        shop.post(Some(shift), close(&[(Cash, -1)])),
        Err(PostError::BadCount { .. })
    ));
    assert!(matches!(shop.post(None, close(&[(Cash, 1)])), Err(PostError::NoShift)));

    let fact = shop.post(Some(shift), close(&[(Cash, 20_550)])).unwrap().fact;
    let Body::Shift(Act::Closed { counts }) = fact.body else { panic!("a close") };
    let cash = counts[0];
    assert_eq!(
        (cash.method, cash.counted, cash.expected),
        (Cash, Some(cents(20_550)), cents(20_600))
    );
    assert_eq!(cash.difference(), Some(-5_000));
    // The terminal prints its own list; nobody counted it.
    let card = counts[1];
    assert_eq!((card.counted, card.expected, card.difference()), (None, cents(400), None));
}
