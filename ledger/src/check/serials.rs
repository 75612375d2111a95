//! Single pieces: each is in one place, and went the way its facts say.
//!
//! *Fails on*: a piece that left a store to which it hadn't come, came to a store twice, is on hand at several
//! stores, or was sold twice without having come back.

use super::{Check, Evidence, Finding, Observed, Proposal};
use crate::serial::{Doubt, Entry, Piece, doubts};

/// What cannot be about pieces, each given with its story in its order.
pub fn check(pieces: impl IntoIterator<Item = (Piece, Vec<Entry>)>) -> Vec<Finding> {
    let tell = |(piece, story): (Piece, Vec<Entry>)| {
        let told = doubts(&story).into_iter();
        told.map(|doubt| finding(&piece, &story, &doubt)).collect::<Vec<_>>()
    };
    pieces.into_iter().flat_map(tell).collect()
}

fn finding(piece: &Piece, story: &[Entry], doubt: &Doubt) -> Finding {
    let (stores, expected, found, proposal) = match doubt {
        Doubt::NotThere(store) => {
            let (none, one) = (Observed::Nothing, Observed::Word(piece.serial.as_str().into()));
            (std::slice::from_ref(store), one, none, Proposal::AskStore)
        }
        Doubt::CameTwice(store) => {
            (std::slice::from_ref(store), Observed::Count(1), Observed::Count(2), Proposal::Count)
        }
        Doubt::SeveralStores(stores) => {
            let found = Observed::Count(stores.len() as u64);
            (stores.as_slice(), Observed::Count(1), found, Proposal::Count)
        }
        Doubt::SoldTwice(stores) => {
            (stores.as_slice(), Observed::Count(1), Observed::Count(2), Proposal::AskStore)
        }
    };
    // The last that one of the stores did is where a person begins to look.
    let is_theirs = |entry: &&Entry| stores.contains(&entry.store);
    let last = story.iter().rev().find(is_theirs);
    Finding {
        check: Check::SerialNumber,
        store: last.map(|entry| entry.store.clone()),
        sku: Some(piece.sku.clone()),
        date: last.map(|entry| entry.date),
        first_divergent: last.map(|entry| entry.fact),
        subject: Some(piece.serial.as_str().into()),
        evidence: Evidence::new(expected, found),
        proposal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{Epoch, FactId};
    use crate::movement::Account;
    use crate::serial::Way;
    use crate::time::Timestamp;

    fn entry(store: &str, seq: u64, way: Way, account: Account) -> Entry {
        Entry {
            store: store.parse().unwrap(),
            fact: FactId { epoch: Epoch::FIRST, seq },
            at: Timestamp::from_millis(i64::try_from(seq).unwrap()),
            date: "2026-11-22".parse().unwrap(),
            bill: "S1-1".parse().unwrap(),
            kind: "sale".into(),
            way,
            account: Some(account),
        }
    }

    #[test]
    fn a_finding_names_the_piece_and_the_last_that_was_done_to_it() {
        let piece = Piece { sku: "phone".parse().unwrap(), serial: "A17".parse().unwrap() };
        let came = entry("S1", 1, Way::In, Account::Supplier);
        let sold = |store, seq| entry(store, seq, Way::Out, Account::Customer);
        let honest = vec![came.clone(), sold("S1", 2)];
        assert_eq!(check([(piece.clone(), honest)]), []);
        let found = check([(piece, vec![came, sold("S1", 2), sold("S2", 7)])]);
        assert_eq!(found.len(), 1, "{found:?}");
        let Finding { check, store, sku, first_divergent, subject, .. } = found[0].clone();
        assert_eq!((check, subject.as_deref()), (Check::SerialNumber, Some("A17")));
        assert_eq!(store.unwrap().as_str(), "S2");
        assert_eq!(sku.unwrap().as_str(), "phone");
        assert_eq!(first_divergent.unwrap().seq, 7);
    }
}
