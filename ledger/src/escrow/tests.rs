//! Value is never spent twice: every order of events of a small chain, and shares of any size.

mod model;

use std::convert::Infallible;

use proptest::prelude::*;

use super::*;
use crate::fact::PaymentMethod;
use crate::order::Party;
use crate::time::Timestamp;

fn holder(store: &str, epoch: u32) -> Holder {
    Holder { store: store.parse().unwrap(), epoch: Epoch::new(epoch).unwrap() }
}

fn letter(purpose: Purpose, lines: &[(&str, i64)]) -> Letter {
    let line = |(member, raw): &(&str, i64)| (member.parse().unwrap(), money(*raw));
    Letter {
        at: Timestamp::from_millis(1),
        operator: Some("林晓".parse().unwrap()),
        pool: Epoch::FIRST,
        holder: holder("S012", 2),
        purpose,
        lines: lines.iter().map(line).collect(),
        note: "补额度".into(),
    }
}

#[test]
fn a_letter_reads_as_it_was_written() {
    let moves = letter(Purpose::Move, &[("M-1", 500_000), ("M-2", -200_000)]);
    let golden = r#"{"v":1,"at":1,"op":"林晓","pool":1,"store":"S012","epoch":2,"lines":[["M-1",500000],["M-2",-200000]],"note":"补额度"}"#;
    assert_eq!(moves.to_text(), golden);
    let read = Asked::read(&Party::HeadOffice, "move", golden);
    assert_eq!(read, Ok(Asked::Letter(moves)));
}

#[test]
fn only_head_office_moves_rights() {
    let text = letter(Purpose::Move, &[("M-1", 500_000)]).to_text();
    let store = Party::Store("S012".parse().unwrap());
    assert_eq!(Asked::read(&store, "move", &text), Ok(Asked::Other));
    assert_eq!(Asked::read(&Party::HeadOffice, "gift", &text), Ok(Asked::Other));
}

#[test]
fn a_store_asks_for_itself_alone() {
    let wish = Wish {
        at: Timestamp::from_millis(1),
        operator: None,
        holder: holder("S012", 2),
        member: "M-1".parse().unwrap(),
        amount: money(300_000),
    };
    let text = r#"{"v":1,"at":1,"epoch":2,"member":"M-1","amount":300000}"#;
    assert_eq!(wish.to_text(), text);
    let store = Party::Store("S012".parse().unwrap());
    assert_eq!(Asked::read(&store, "ask", text), Ok(Asked::Wish(wish)));
    assert_eq!(Asked::read(&Party::HeadOffice, "ask", text), Ok(Asked::Other));
    assert!(Asked::read(&store, "ask", &text.replace("300000", "0")).is_err());
}

#[test]
fn a_letter_that_makes_no_sense_is_not_read() {
    let wrong = |purpose: Purpose, lines: &[(&str, i64)]| {
        let text = letter(purpose, lines).to_text();
        Asked::read(&Party::HeadOffice, purpose.name(), &text).unwrap_err()
    };
    assert!(wrong(Purpose::Move, &[]).contains("0 members"));
    assert!(wrong(Purpose::Move, &[("M-1", 0)]).contains("no amount"));
    assert!(wrong(Purpose::WriteOff, &[("M-1", -1)]).contains("no amount"));
    assert!(wrong(Purpose::Move, &[("M-1", 5), ("M-1", 6)]).contains("twice"));
}

#[test]
fn a_store_gives_back_no_more_than_it_has() {
    let asked = letter(Purpose::Move, &[("M-1", -500), ("M-2", 700), ("M-3", -500)]);
    let rights =
        |member: &MemberId| Ok::<_, Infallible>(if member.as_str() == "M-1" { 300 } else { -100 });
    let no = LetterNo::new("S012-2611-hA1").unwrap();
    let moved = answer(&no, &asked, rights).unwrap();
    let amounts: Vec<i64> = moved.lines.iter().map(|line| line.1.ten_thousandths()).collect();
    assert_eq!(amounts, [-300, 700, 0]);
}

proptest! {
    /// What is granted comes out of the pool, what is asked back is there, and nobody is asked for what it
    /// needs itself.
    #[test]
    fn shares_come_out_of_what_there_is(
        pool in 0_i64..10_000_000,
        stores in prop::collection::vec((0_i64..5_000_000, 0_i64..9_000_000), 1..9),
    ) {
        let shares: Vec<Share> = (1..).zip(&stores).map(|(n, (has, spent))| Share {
            holder: holder(&format!("S{n}"), 1),
            has: *has,
            spent: *spent,
        }).collect();
        let balance = pool + stores.iter().map(|(has, _)| has).sum::<i64>();
        let moves = share(balance, pool, &shares);
        let granted: i64 = moves.iter().map(|(_, amount)| (*amount).max(0)).sum();
        prop_assert!(granted <= pool);
        for (holder, amount) in &moves {
            let store = shares.iter().find(|store| store.holder == *holder).unwrap();
            prop_assert!(store.has + amount >= 0, "{holder:?} is asked for more than it has");
            prop_assert!(moves.iter().filter(|(other, _)| other == holder).count() == 1);
        }
    }

    /// With nothing on the way and nothing spent meanwhile, a few rounds bring nine tenths of the value to
    /// the stores, and then nothing moves any more.
    #[test]
    fn shares_settle(
        topped in 100_000_i64..10_000_000,
        spent in prop::collection::vec(0_i64..9_000_000, 1..9),
    ) {
        let mut pool = 0;
        let mut has: Vec<i64> = spent.iter().map(|_| 0).collect();
        has[0] = topped;
        for _ in 0..4 {
            let shares: Vec<Share> = (0..spent.len()).map(|n| Share {
                holder: holder(&format!("S{n}"), 1),
                has: has[n],
                spent: spent[n],
            }).collect();
            for (to, amount) in share(topped, pool, &shares) {
                let n = shares.iter().position(|store| store.holder == to).unwrap();
                has[n] += amount;
                pool -= amount;
            }
        }
        prop_assert!(pool >= 0 && has.iter().all(|has| *has >= 0));
        prop_assert_eq!(pool + has.iter().sum::<i64>(), topped);
        prop_assert!(has.iter().sum::<i64>() >= topped / 10 * 9);
        let shares: Vec<Share> = (0..spent.len()).map(|n| Share {
            holder: holder(&format!("S{n}"), 1),
            has: has[n],
            spent: spent[n],
        }).collect();
        prop_assert_eq!(share(topped, pool, &shares), vec![]);
    }

    /// However facts and letters come in, everything adds up to the balance.
    #[test]
    fn a_standing_is_whole_whatever_was_seen(
        entries in prop::collection::vec((0_u32..3, 1_u32..3, -50_i64..50, 0_u32..6), 0..12),
        promises in prop::collection::vec((0_u32..3, 1_u32..3, -50_i64..50, 0_usize..3, 0_u32..6), 0..12),
    ) {
        let no = |n: u32| LetterNo::new(&format!("S1-2611-hA{n}")).unwrap();
        let mut booked = Vec::new();
        let mut answers = Vec::new();
        for (store, epoch, amount, letter) in entries {
            let holder = holder(&format!("S{store}"), epoch);
            if letter < 3 {
                // An answer moves rights, as the fact that bears it says.
                let pool = Epoch::FIRST;
                answers.push(Answer { letter: no(letter), pool, amount });
                booked.push(Entry { holder, balance: 0, rights: amount });
            } else {
                booked.push(Entry { holder, balance: amount, rights: amount });
            }
        }
        let promises: Vec<Promise> = promises.into_iter().map(|(store, epoch, amount, purpose, n)| {
            let purpose = Purpose::ALL[purpose];
            Promise {
                letter: no(n),
                pool: Epoch::FIRST,
                holder: holder(&format!("S{store}"), epoch),
                purpose,
                amount: if purpose == Purpose::Move { amount } else { amount.abs() },
            }
        }).collect();
        prop_assert!(Standing::of(&booked, &answers, &promises).is_whole());
    }
}

#[test]
fn value_has_its_own_word() {
    assert_eq!(PaymentMethod::named("stored_value"), Some(PaymentMethod::StoredValue));
}
