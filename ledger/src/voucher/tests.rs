//! Vouchers of random histories of one store, against the books, the day totals and the supplier's account.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::command::{Command, InboundLine, ReversalTarget, Reversed};
use crate::cost::{Position, inbound_cost};
use crate::fact::{Body, Fact, PaymentMethod};
use crate::fold::fold;
use crate::id::{Epoch, Sku};
use crate::invoice::{Draft, InvoiceLine, OpenReceipt, received};
use crate::measure::{Measure, measures};
use crate::movement;
use crate::payable::{self, SupplierPayment};
use crate::post::{Header, post};
use crate::properties::{Shop, step};
use crate::time::Timestamp;

fn mapping(by: &str, corrections: &str) -> Mapping {
    let text = format!("[settings]\nby = \"{by}\"\ncorrections = \"{corrections}\"\n");
    Mapping::parse(&text).unwrap()
}

fn day() -> BusinessDate {
    "2026-11-22".parse().unwrap()
}

fn undone_by<'f>(fact: &Fact, facts: &'f [Fact]) -> Option<&'f Fact> {
    let Body::Reversal { of, .. } = fact.body else { return None };
    facts.iter().find(|fact| fact.id == of)
}

/// The vouchers of a history, its facts spread over days of three.
fn vouchers(mapping: &Mapping, facts: &[Fact]) -> (Vec<Voucher>, Vec<Unmapped>) {
    let mut journal = Journal::new(mapping, Remainders::default());
    let (mut vouchers, mut unmapped) = (Vec::new(), Vec::new());
    for (n, chunk) in (0..).zip(facts.chunks(3)) {
        let date = day().plus_days(n);
        let mut open = journal.day(&facts[0].store, date);
        for fact in chunk {
            let fact = Fact { date, ..fact.clone() };
            open.fact(&fact, undone_by(&fact, facts), |_| None);
        }
        let (made, left) = open.finish();
        vouchers.extend(made);
        unmapped.extend(left);
    }
    (vouchers, unmapped)
}

/// What vouchers come to by account, in cents, debits counting up.
fn balances(vouchers: &[Voucher]) -> BTreeMap<String, i128> {
    let mut sums: BTreeMap<String, i128> = BTreeMap::new();
    for line in vouchers.iter().flat_map(|voucher| &voucher.lines) {
        *sums.entry(line.account.clone()).or_default() += line.change();
    }
    sums
}

/// As near as cents can come to ten-thousandths.
fn is_near(cents: i128, exact: i128) -> bool {
    (cents * 100 - exact).abs() <= 50
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_voucher_balances_and_accounts_equal_the_books(
        steps in prop::collection::vec(step(), 1..40),
        by in prop::sample::select(vec!["day", "shift", "fact"]),
        corrections in prop::sample::select(vec!["red", "sides"]),
    ) {
        let facts = Shop::play(&steps).facts;
        prop_assume!(!facts.is_empty());
        let (made, unmapped) = vouchers(&mapping(by, corrections), &facts);
        prop_assert!(unmapped.is_empty(), "{unmapped:?}");
        for voucher in &made {
            prop_assert!(voucher.is_balanced(), "{voucher:?}");
            let red = voucher.lines.iter().any(|line| line.amount < Cents::default());
            let takes_back = ["return", "reversal"].contains(&voucher.kind.as_str());
            prop_assert!(!red || (takes_back && corrections == "red"), "{voucher:?}");
            let debits = voucher.lines.iter().map(|line| line.change().max(0)).sum::<i128>();
            prop_assert!(debits > 0);
        }
        let sums = balances(&made);
        let of = |code: &str| sums.get(code).copied().unwrap_or_default();

        let folded = fold(&facts).balances;
        let on_hand: i128 =
            folded.iter()
                .filter(|((place, ..), _)| {
                    matches!(place, crate::fold::Place::Store(_, movement::Account::OnHand))
                })
                .map(|(_, balance)| balance.value)
                .sum();
        prop_assert!(is_near(of("1405"), on_hand), "{} {on_hand}", of("1405"));

        let mut totals: BTreeMap<Measure, i128> = BTreeMap::new();
        for (measure, amount) in facts.iter().flat_map(measures) {
            *totals.entry(measure).or_default() += i128::from(amount);
        }
        let total = |measure| totals.get(&measure).copied().unwrap_or_default();
        let cash = total(Measure::Paid(PaymentMethod::Cash));
        prop_assert_eq!(of("1001") * 100, cash);
        let sold = total(Measure::SalesNet) - total(Measure::ReturnsNet) - total(Measure::Tax);
        prop_assert_eq!(of("6001") * 100, -sold);
        prop_assert_eq!(of("2221.01.02") * 100, -total(Measure::Tax));
    }

    #[test]
    fn the_same_facts_give_the_same_vouchers_and_more_facts_the_same_numbers(
        steps in prop::collection::vec(step(), 2..30),
    ) {
        let facts = Shop::play(&steps).facts;
        prop_assume!(facts.len() > 1);
        let mapping = mapping("day", "red");
        let numbers = |facts: &[Fact]| -> Vec<String> {
            vouchers(&mapping, facts).0.into_iter().map(|voucher| voucher.number).collect()
        };
        prop_assert_eq!(vouchers(&mapping, &facts), vouchers(&mapping, &facts));
        let before = numbers(&facts[..facts.len() - 1]);
        let after = numbers(&facts);
        prop_assert!(before.iter().all(|number| after.contains(number)), "{before:?} {after:?}");
    }

    #[test]
    fn rounding_goes_on_where_it_was(amounts in prop::collection::vec(-9_999..9_999_i128, 1..60)) {
        let store: StoreId = "S1".parse().unwrap();
        let (mut cents, mut exact) = (0, 0);
        let mut left = Remainders::default();
        for amount in amounts {
            exact += amount;
            cents += left.round(&store, "1405", &About::default(), amount).get();
            prop_assert!(is_near(cents, exact));
            // As it is kept where a period ends.
            left = serde_json::from_str(&serde_json::to_string(&left).unwrap()).unwrap();
        }
    }
}

/// Receipt, invoice at another price, payment; the receipt's goods half sold.
fn bought() -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    let mut stock: BTreeMap<Sku, Position> = BTreeMap::new();
    let sku: Sku = "cola".parse().unwrap();
    let mut book = |command: Command, facts: &mut Vec<Fact>| {
        let seq = facts.len() as u64 + 1;
        let header = Header {
            id: FactId { epoch: Epoch::FIRST, seq },
            store: "S1".parse().unwrap(),
            date: day(),
            true_date: None,
            at: Timestamp::from_millis(0),
            bill: format!("S1-A-20261122-{seq:05}").parse().unwrap(),
            request: None,
            operator: None,
            shift: None,
            member: None,
        };
        let fact = post(header, command, &stock).unwrap().fact;
        for movement in &fact.movements {
            for (account, quantity, value) in movement.legs() {
                if *account == movement::Account::OnHand {
                    let at = stock.entry(movement.sku.clone()).or_default();
                    at.quantity = at.quantity.plus(quantity).unwrap();
                    at.value = at.value.plus(value).unwrap();
                }
            }
        }
        for (sku, cost) in inbound_cost(&fact) {
            stock.entry(sku).or_default().last_cost = Some(cost);
        }
        facts.push(fact);
    };
    let line = InboundLine {
        sku: sku.clone(),
        lot: None,
        quantity: "10".parse().unwrap(),
        cost: "20".parse().unwrap(),
    };
    let receive = Command::Receive { lines: vec![line], supplier: Some("V1".into()), lots: vec![] };
    book(receive, &mut facts);
    let receipts =
        vec![OpenReceipt { id: facts[0].id, goods: received(&facts[0]).into_iter().collect() }];
    let lines = vec![InvoiceLine {
        sku,
        quantity: "10".parse().unwrap(),
        net: "21".parse().unwrap(),
        tax: "2.73".parse().unwrap(),
    }];
    let draft = Draft {
        supplier: "V1".parse().unwrap(),
        number: "F-7".parse().unwrap(),
        dated: day(),
        due: day().plus_days(30),
        lines,
        receipts,
        ordered: BTreeMap::new(),
        known: None,
        accept: Some("agreed".into()),
    };
    book(Command::Invoice(Box::new(draft)), &mut facts);
    facts
}

#[test]
fn an_invoice_turns_an_estimate_into_a_debt() {
    let facts = bought();
    let (made, unmapped) = vouchers(&Mapping::standard(), &facts);
    assert_eq!(unmapped, []);
    let sums = balances(&made);
    assert_eq!(sums["1405"], 2_100);
    assert_eq!(sums["2202.02"], 0);
    assert_eq!(sums["2221.01.01"], 273);
    assert_eq!(sums["2202.01"], -2_373);
    let owed: i128 = facts
        .iter()
        .filter_map(payable::what)
        .map(|(_, what)| {
            let (id, store, date) = (facts[1].id, facts[1].store.clone(), day());
            payable::Entry { store, id, date, what, undone: None }.change()
        })
        .sum();
    assert_eq!(owed, 2_373 * 100);
}

#[test]
fn a_reversal_takes_back_what_the_fact_that_it_names_had_said() {
    let mut facts = bought();
    let fact = facts[1].clone();
    let target = ReversalTarget { reversed: Reversed::No, returns: 0, fact };
    let header = Header {
        id: FactId { epoch: Epoch::FIRST, seq: 3 },
        store: "S1".parse().unwrap(),
        date: day(),
        true_date: None,
        at: Timestamp::from_millis(0),
        bill: "S1-A-20261122-00003".parse().unwrap(),
        request: None,
        operator: None,
        shift: None,
        member: None,
    };
    let stock = BTreeMap::from([(
        "cola".parse().unwrap(),
        Position {
            quantity: "10".parse().unwrap(),
            value: "21".parse().unwrap(),
            ..Position::default()
        },
    )]);
    let command = Command::Reverse { target: Box::new(target), reason: "wrong".into() };
    facts.push(post(header, command, &stock).unwrap().fact);
    let (made, unmapped) = vouchers(&Mapping::standard(), &facts);
    assert_eq!(unmapped, []);
    let sums = balances(&made);
    assert_eq!((sums["2202.01"], sums["2221.01.01"], sums["1405"]), (0, 0, 2_000));
    let red = made.iter().find(|voucher| voucher.kind == "reversal").unwrap();
    assert!(red.lines.iter().all(|line| line.amount < Cents::default()), "{red:?}");

    // What it undoes must be known.
    let mut journal_of = Vec::new();
    let alone = Fact { ..facts[2].clone() };
    assert_eq!(entries(&alone, None, &mut journal_of), Err(Why::NoOriginal { of: facts[1].id }));
}

#[test]
fn a_payment_lowers_the_debt() {
    let payment = SupplierPayment {
        supplier: "V1".parse().unwrap(),
        amount: "20".parse().unwrap(),
        method: PaymentMethod::Transfer,
        reference: "".into(),
        invoices: vec![],
    };
    let fact = Fact {
        body: Body::SupplierPayment(Box::new(payment)),
        movements: vec![],
        ..bought()[0].clone()
    };
    let sums = balances(&vouchers(&Mapping::standard(), &[fact]).0);
    assert_eq!((sums["2202.01"], sums["1002"]), (2_000, -2_000));
}

#[test]
fn what_no_rule_maps_is_listed_whole() {
    let text = "[settings]\nstandard_chart = false\n\
        [[account]]\ncode = \"1405\"\nzh = \"x\"\nen = \"x\"\nkind = \"asset\"\n\
        [[rule]]\nrole = \"inventory\"\naccount = \"1405\"\n\
        [[rule]]\nrole = \"rounding\"\naccount = \"1405\"\n";
    let mapping = Mapping::parse(text).unwrap();
    let (made, unmapped) = vouchers(&mapping, &bought());
    assert_eq!(made, []);
    assert_eq!(unmapped.len(), 2);
    assert_eq!(unmapped[0].why, Why::NoRule { role: Role::Estimated });
    assert_eq!(unmapped[0].amount, "20".parse().unwrap());

    let unknown = Fact { body: Body::Unknown { kind: "later".into() }, ..bought()[0].clone() };
    let (made, unmapped) = vouchers(&Mapping::standard(), &[unknown]);
    assert_eq!((made.len(), unmapped[0].why.clone()), (0, Why::UnknownKind));
    assert_eq!((unmapped[0].kind.as_str(), unmapped[0].amount), ("later", "20".parse().unwrap()));
}

#[test]
fn the_first_rule_that_fits_says_which_account() {
    let text = "[[account]]\ncode = \"1405.01\"\nzh = \"饮料\"\nen = \"Drinks\"\nkind = \"asset\"\n\
        about = [\"category\"]\n\
        [[rule]]\nrole = \"inventory\"\ncategory = \"drinks\"\nstore = \"S1\"\naccount = \"1405.01\"\n";
    let mapping = Mapping::parse(text).unwrap();
    let mut journal = Journal::new(&mapping, Remainders::default());
    let facts = bought();
    for (category, account) in [("drinks/cola", "1405.01"), ("drinkset", "1405")] {
        let mut open = journal.day(&facts[0].store, day());
        open.fact(&facts[0], None, |_| Some(category));
        let (made, _) = open.finish();
        assert_eq!(made[0].lines[0].account, account);
    }
    for (bad, why) in [
        ("[[rule]]\nrole = \"revenue\"\naccount = \"9\"\n", "not in the chart"),
        ("[[rule]]\nrole = \"revenue\"\naccount = \"6001\"\nrate = \"1.234\"\n", "no tax rate"),
        ("[settings]\nstandard_chart = false\n", "rounding"),
        ("[[rule]]\nrole = \"nothing\"\naccount = \"6001\"\n", "unknown variant"),
        ("[[account]]\ncode = \"1 2\"\nzh = \"x\"\nen = \"x\"\nkind = \"asset\"\n", "no code"),
    ] {
        let error = Mapping::parse(bad).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}

#[test]
fn late_facts_have_a_voucher_of_their_own() {
    let mapping = Mapping::standard();
    let mut journal = Journal::new(&mapping, Remainders::default());
    let mut open = journal.day(&"S1".parse().unwrap(), day().plus_days(9));
    open.fact(&bought()[0], None, |_| None);
    let (made, _) = open.finish();
    assert_eq!(made[0].number, "20261201-S1-receipt-late");
    assert_eq!(made[0].late_of, Some(day()));
    let text = serde_json::to_string(&made[0]).unwrap();
    let wanted = "{\"number\":\"20261201-S1-receipt-late\",\"date\":\"2026-12-01\",\"store\":\"S1\",\
        \"kind\":\"receipt\",\"late_of\":\"2026-11-22\",\"facts\":1,\"lines\":[\
        {\"account\":\"1405\",\"side\":\"debit\",\"amount\":\"20.00\"},\
        {\"account\":\"2202.02\",\"side\":\"credit\",\"amount\":\"20.00\",\"supplier\":\"V1\"}]}";
    assert_eq!(text, wanted);
    assert_eq!(serde_json::from_str::<Voucher>(&text).unwrap(), made[0]);
}
