use ledger::id::Epoch;
use proptest::prelude::*;

use super::*;

#[test]
fn every_name_has_one_spelling() {
    let round_trip = |id: &str| id.parse::<DocId>().map(|doc| doc.to_string());
    for id in [
        "book/S012/2026-11-22",
        "order/transfer/A01+B02-2611-tA7",
        "order/stocktake/shop-1-9901-c1",
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
        "order/A01-2611-1",
        "order/loan/A01-2611-1",
        "order/transfer/",
        "order/transfer/T-1",
        "order/transfer/2611-1",
        "order/transfer/A01-2613-1",
        "order/transfer/A01-2600-1",
        "order/transfer/A01-+611-1",
        "order/transfer/A01-2611-",
        "order/transfer/A01+-2611-1",
        "order/transfer/A01+A01-2611-1",
        "order/transfer/1+2+3+4+5+6+7+8+9-2611-1",
        "order/transfer/A01-2611-1/2",
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
        ("book/S012/2026-11-22", vec!["book/S012/2026-11"]),
        ("order/stocktake/S012-2611-7", vec!["order/stocktake/S012/2026-11"]),
        (
            "order/transfer/B02+A01-9912-1",
            vec!["order/transfer/B02/2099-12", "order/transfer/A01/2099-12"],
        ),
        ("catalog/17", vec!["catalog"]),
        ("party/3", vec!["party"]),
        ("access", vec!["access"]),
    ];
    for (doc, collections) in gathered {
        let found = doc.parse::<DocId>().unwrap().collections();
        assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), collections);
        for (text, collection) in collections.iter().zip(found) {
            assert_eq!(text.parse::<Collection>().unwrap(), collection);
        }
    }
    for bad in [
        "",
        "book/S012",
        "book/S012/2026-13",
        "book/S012/2026-1",
        "order",
        "order/transfer",
        "order/transfer/S012",
        "order/transfer/S012/2611",
        "catalog/1",
    ] {
        assert!(bad.parse::<Collection>().is_err(), "{bad}");
    }
}

#[test]
fn a_store_shares_what_is_its_own_or_everybodys() {
    let store = |name: &str| name.parse().unwrap();
    let shared = |doc: &str, with: &str| {
        let doc: DocId = doc.parse().unwrap();
        doc.shared_with(&store(with)).map(|group| group.to_string())
    };
    let group = |text: &str| Some(text.to_owned());
    assert_eq!(shared("book/A01/2026-11-22", "A01"), group("book/A01/2026-11"));
    assert_eq!(shared("book/A01/2026-11-22", "B02"), None);
    let order = "order/transfer/A01+B02-2611-tA7";
    assert_eq!(shared(order, "A01"), group("order/transfer/A01/2026-11"));
    assert_eq!(shared(order, "B02"), group("order/transfer/B02/2026-11"));
    assert_eq!(shared(order, "A0"), None);
    assert_eq!(shared("catalog/1", "C03"), group("catalog"));
}

#[test]
fn a_new_order_gets_a_number_that_names_its_parties_and_month() {
    let stores = ["A-01", "B02"].map(|name| name.parse().unwrap());
    let month = "2026-11".parse().unwrap();
    let id = OrderId::of(&[&stores[0], &stores[1]], month, "tA7").unwrap();
    assert_eq!(id.as_str(), "A-01+B02-2611-tA7");
    assert_eq!((id.parties(), id.month(), id.serial()), (stores.to_vec(), month, "tA7"));
    assert!(OrderId::of(&[&stores[0], &stores[0]], month, "tA7").is_err());
    assert!(OrderId::of(&[&stores[0]], month, "t-7").is_err());
    assert!(OrderId::of(&[&stores[0]], "1999-11".parse().unwrap(), "t7").is_err());
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
