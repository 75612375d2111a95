use ledger::id::Epoch;
use proptest::prelude::*;

use super::*;

#[test]
fn every_name_has_one_spelling() {
    let round_trip = |id: &str| id.parse::<DocId>().map(|doc| doc.to_string());
    for id in [
        "book/S012/2026-11-22",
        "order/transfer/T-1",
        "catalog/0",
        "catalog/63",
        "party/3",
        "access",
    ] {
        assert_eq!(round_trip(id).as_deref(), Ok(id));
    }
    for id in [
        "",
        "book",
        "book/S012",
        "book/S012/2026-11",
        "book/S012/2026-1-2",
        "book//2026-11-22",
        "book/S012/2026-11-22/x",
        "order/T-1",
        "order/loan/T-1",
        "order/transfer/",
        "order/transfer/a/b",
        "catalog",
        "catalog/64",
        "catalog/03",
        "catalog/+3",
        "catalog/-1",
        "party/64",
        "access/1",
        "Access",
    ] {
        assert!(round_trip(id).is_err(), "{id}");
    }
    for writer in ["hub", "store/S012", "store/hub"] {
        assert_eq!(writer.parse::<Writer>().unwrap().to_string(), writer);
    }
    for authorship in ["hub#1", "store/S012#4294967295"] {
        assert_eq!(authorship.parse::<Authorship>().unwrap().to_string(), authorship);
    }
    for bad in ["hub", "hub#", "hub#0", "hub#01", "S012#1", "hub#1#1", "store/#1", "hub #1"] {
        assert!(bad.parse::<Authorship>().is_err(), "{bad}");
    }
}

#[test]
fn documents_gather_in_collections() {
    let gathered = [
        ("book/S012/2026-11-22", "book/S012/2026-11"),
        ("order/purchase/P-1", "order/purchase"),
        ("catalog/17", "catalog"),
        ("party/3", "party"),
        ("access", "access"),
    ];
    for (doc, collection) in gathered {
        let found = doc.parse::<DocId>().unwrap().collection();
        assert_eq!(found.to_string(), collection);
        assert_eq!(collection.parse::<Collection>().unwrap(), found);
    }
    for bad in ["", "book/S012", "book/S012/2026-13", "book/S012/2026-1", "order", "catalog/1"] {
        assert!(bad.parse::<Collection>().is_err(), "{bad}");
    }
}

#[test]
fn derived_names_never_drift() {
    let chain: ChainId = "chain-1".parse().unwrap();
    let actor = |writer: &str, epoch: u32| {
        let epoch = Epoch::new(epoch).unwrap();
        Actor::derive(&chain, &writer.parse().unwrap(), epoch).to_string()
    };
    let actors = [actor("hub", 1), actor("store/S012", 1), actor("store/S012", 2)];
    assert_eq!(
        actors,
        [
            "9a7227908fe4eaf4dc484f577970da37",
            "42aff6d74c6a749fda971ddeadb119de",
            "501179425f68a6c44a6ff39b8eca7f6f",
        ]
    );
    let skus = ["6901234567892", "COKE-330", "可乐 330ml"];
    assert_eq!(skus.map(|sku| catalog_bucket(&sku.parse().unwrap())), [33, 4, 43]);
    let doc: DocId = "book/S012/2026-11-22".parse().unwrap();
    let head = ChangeHash::from_bytes([7; 32]);
    let digest = Digest::of(&doc, &Actor::from_bytes([1; 16]), 3, &head);
    assert_eq!(digest.to_string(), "eb032b18d63eb8518a54133e52a7df70");
}

#[test]
fn a_version_vector_says_what_is_held() {
    let (a, b) = (Actor::from_bytes([1; 16]), Actor::from_bytes([2; 16]));
    let mut held: VersionVector = [(a, 3), (b, 0), (a, 2)].into_iter().collect();
    assert_eq!(held.iter().collect::<Vec<_>>(), [(&a, 3)], "nothing held is not listed");
    assert!(held.covers(&a, 3) && !held.covers(&a, 4) && !held.covers(&b, 1));
    let before = held.clone();
    held.observe(b, 1);
    assert!(held.includes(&before) && !before.includes(&held));
}

proptest! {
    /// A digest depends on what is held and not on the order in which it came.
    #[test]
    fn digests_add_up_in_any_order(
        terms in prop::collection::vec((any::<[u8; 16]>(), 1_u64..9, any::<[u8; 32]>()), 1..9),
        turn in any::<prop::sample::Index>(),
    ) {
        let doc = DocId::Access;
        let term = |(actor, seq, head): &([u8; 16], u64, [u8; 32])| {
            Digest::of(&doc, &Actor::from_bytes(*actor), *seq, &ChangeHash::from_bytes(*head))
        };
        let whole: Digest = terms.iter().map(term).sum();
        let mut turned = terms.clone();
        turned.rotate_left(turn.index(terms.len()));
        prop_assert_eq!(turned.iter().map(term).sum::<Digest>(), whole);
        prop_assert_ne!(whole - term(&terms[0]), whole);
        prop_assert_eq!(terms.iter().fold(whole, |rest, t| rest - term(t)), Digest::EMPTY);
        prop_assert_eq!(Digest::from_bytes(whole.to_bytes()), whole);
    }
}
