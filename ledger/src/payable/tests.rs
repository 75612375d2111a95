use proptest::prelude::*;

use super::*;
use crate::id::Epoch;

fn day(number: i32) -> BusinessDate {
    "2026-01-01".parse::<BusinessDate>().unwrap().plus_days(number)
}

fn money(raw: i64) -> Money {
    Money::from_ten_thousandths(raw).unwrap()
}

fn entry(seq: u64, date: i32, what: What) -> Entry {
    let id = FactId { epoch: Epoch::FIRST, seq };
    Entry { store: "S001".parse().unwrap(), id, date: day(date), what, undone: None }
}

fn invoice(seq: u64, date: i32, due: i32, amount: i64) -> Entry {
    let number = format!("{seq}").parse().unwrap();
    entry(seq, date, What::Invoice { number, due: day(due), amount: money(amount) })
}

fn payment(seq: u64, date: i32, amount: i64, invoices: &[u64]) -> Entry {
    let name = |seq: &u64| FactId { epoch: Epoch::FIRST, seq: *seq };
    let invoices = invoices.iter().map(name).collect();
    entry(seq, date, What::Payment { amount: money(amount), reference: "".into(), invoices })
}

fn open(account: &Account) -> Vec<(u64, i128)> {
    account.open.iter().map(|invoice| (invoice.id.seq, invoice.open)).collect()
}

#[test]
fn a_payment_pays_what_it_names_and_then_what_is_due_first() {
    let mut entries = vec![invoice(1, 0, 30, 100), invoice(2, 1, 10, 100), invoice(3, 2, 20, 100)];
    entries.push(payment(4, 5, 60, &[3]));
    assert_eq!(open(&account(&entries, day(5))), [(2, 100), (3, 40), (1, 100)]);
    entries.push(payment(5, 6, 120, &[]));
    assert_eq!(open(&account(&entries, day(6))), [(3, 20), (1, 100)]);
    entries.push(entry(6, 7, What::Credit { amount: money(30) }));
    assert_eq!(open(&account(&entries, day(7))), [(1, 90)]);
    // More than is owed is paid ahead.
    entries.push(payment(7, 8, 100, &[]));
    let ahead = account(&entries, day(8));
    assert_eq!((ahead.balance, ahead.unapplied, ahead.open.len()), (-10, 10, 0));
}

#[test]
fn what_is_open_ages_from_the_day_that_it_was_due() {
    let due = [0, 1, 30, 31, 60, 61, 90, 91];
    let entries: Vec<Entry> =
        (1..).zip(due).map(|(seq, late)| invoice(seq, -200, -late, 1 << seq)).collect();
    let ageing = account(&entries, day(0)).ageing;
    assert_eq!(
        [ageing.not_due, ageing.to_30, ageing.to_60, ageing.to_90, ageing.over_90],
        [1 << 1, 1 << 2 | 1 << 3, 1 << 4 | 1 << 5, 1 << 6 | 1 << 7, 1 << 8]
    );
}

#[test]
fn what_was_undone_stands_until_that_day() {
    let undone = Some((FactId { epoch: Epoch::FIRST, seq: 9 }, day(8)));
    let entries = [Entry { undone, ..invoice(1, 0, 30, 100) }];
    assert_eq!(account(&entries, day(7)).balance, 100);
    assert_eq!(account(&entries, day(8)).balance, 0);
    let month = statement(&entries, day(1), day(30));
    assert_eq!((month.opening, month.closing), (100, 0));
    let [line] = month.lines.as_slice() else { panic!("{:?}", month.lines) };
    assert_eq!((line.change, line.undoes.map(|id| id.seq)), (-100, Some(1)));
}

fn any_entry() -> impl Strategy<Value = (i32, i64, usize, bool)> {
    (0..60_i32, 1..1_000_i64, 0..4_usize, any::<bool>())
}

proptest! {
    /// Open invoices less what is paid ahead is the balance; each day's statements join to one; and
    /// the account agrees with the statement, whatever the order of the entries.
    #[test]
    fn account_and_statement_agree(
        drawn in prop::collection::vec(any_entry(), 1..20),
        at in 0..80_i32,
    ) {
        let mut entries: Vec<Entry> = Vec::new();
        for (seq, (date, amount, kind, undone)) in (1..).zip(&drawn) {
            let mut made = match kind {
                0 | 1 => invoice(seq, *date, date + 30, *amount),
                2 => payment(seq, *date, *amount, &[seq / 2, 1]),
                _ => entry(seq, *date, What::Credit { amount: money(*amount) }),
            };
            let by = FactId { epoch: Epoch::FIRST, seq: 100 + seq };
            made.undone = undone.then_some((by, day(date + 5)));
            entries.push(made);
        }
        let now = account(&entries, day(at));
        let naive: i64 = (1..)
            .zip(&drawn)
            .filter(|(_, (date, _, _, undone))| *date <= at && !(*undone && date + 5 <= at))
            .map(|(_, (_, amount, kind, _)): (u64, _)| if *kind < 2 { *amount } else { -amount })
            .sum();
        prop_assert_eq!(now.balance, i128::from(naive));
        let left: i128 = now.open.iter().map(|invoice| invoice.open).sum();
        prop_assert_eq!(left - now.unapplied, now.balance);
        prop_assert!(now.open.iter().all(|i| i.open > 0 && i.open <= i.amount));
        let Ageing { not_due, to_30, to_60, to_90, over_90 } = now.ageing;
        prop_assert_eq!(not_due + to_30 + to_60 + to_90 + over_90, left);

        let all = statement(&entries, day(0), day(at));
        prop_assert_eq!((all.opening, all.closing), (0, now.balance));
        let (first, second) =
            (statement(&entries, day(0), day(20)), statement(&entries, day(21), day(at.max(21))));
        prop_assert_eq!(first.closing, second.opening);
        entries.reverse();
        prop_assert_eq!(account(&entries, day(at)), now);
        prop_assert_eq!(statement(&entries, day(0), day(at)), all);
    }
}
