use super::*;
use crate::testing::{NOW, actor, authorship, chain, store, wire};
use crate::{Admission, Content};

fn id() -> SupplierId {
    "V007".parse().unwrap()
}

fn sku() -> Sku {
    "6901234567892".parse().unwrap()
}

fn edits() -> Edits {
    let fields = [(Field::NameZh, "东方批发".to_owned()), (Field::Terms, "30".to_owned())];
    let offer = [(OfferField::Price, "2.10".to_owned())];
    Edits {
        suppliers: [(id(), fields.into())].into(),
        offers: [((id(), sku()), offer.into())].into(),
    }
}

/// What head office writes into the bucket of the supplier.
fn written() -> (u8, NewChange) {
    let bucket = supplier_bucket(&id());
    let edits = &edits().by_bucket()[&bucket];
    let mut parties = Parties::load(bucket, []).unwrap();
    let hub = authorship(&Writer::Hub, 1);
    let changes = parties.edit(&chain(), &hub, edits, NOW).unwrap();
    let [change] = <[NewChange; 1]>::try_from(changes).unwrap();
    (bucket, change)
}

#[test]
fn buckets_never_drift() {
    assert_eq!((supplier_bucket(&id()), offer_bucket(&sku())), (24, 30));
}

#[test]
fn a_store_reads_what_head_office_wrote_and_keeps_what_it_does_not_know() {
    let (bucket, change) = written();
    let doc = DocId::Party { bucket };
    let from_hub = Admission::new(chain(), store("S001"), Writer::Hub);
    let admitted = from_hub.admit(wire(&doc, &change.bytes)).unwrap();
    assert_eq!(admitted.content, Content::Document);
    let parties = Parties::load(bucket, [admitted.bytes.as_slice()]).unwrap();
    let said = parties.said().unwrap();
    let text = |wanted| {
        said.iter().find_map(|said| match said {
            Said::Supplier { field, text, .. } if *field == wanted => Some(text.as_str()),
            _ => None,
        })
    };
    assert_eq!((text(Field::NameZh), text(Field::Terms)), (Some("东方批发"), Some("30")));
}

#[test]
fn only_head_office_writes() {
    let (bucket, change) = written();
    let doc = DocId::Party { bucket };
    let from_store = Admission::new(chain(), Writer::Hub, store("S001"));
    assert!(from_store.admit(wire(&doc, &change.bytes)).is_err());
    let shop = store("S001");
    let author = authorship(&shop, 1);
    let edits = &edits().by_bucket()[&bucket];
    let refused = Parties::load(bucket, []).unwrap().edit(&chain(), &author, edits, NOW);
    assert!(matches!(refused, Err(PartyError::NotAllowed { .. })));
    assert_ne!(actor(&shop, 1), actor(&Writer::Hub, 1));
}

#[test]
fn entries_are_checked_before_they_are_taken_in() {
    let bucket = supplier_bucket(&id());
    let key = |parts: &[&str]| parts.join("\u{1f}");
    let check = |parts: &[&str], text: &str| check(bucket, &key(parts), text);
    assert_eq!(check(&["supplier", "V007", "terms"], "30"), Ok(()));
    assert_eq!(check(&["supplier", "V007", "rating"], "a later version's"), Ok(()));
    assert_eq!(check(&["member", "M1", "name"], "a later version's"), Ok(()));
    let wrong: [(&[&str], &str); 7] = [
        (&["supplier", "V007", "terms"], "soon"),
        (&["supplier", "V/7", "terms"], "30"),
        (&["supplier", "V007"], "30"),
        (&["supplier"], ""),
        (&["offer", "V007", "terms"], "30"),
        (&["member"], ""),
        (&["", "V007", "terms"], ""),
    ];
    for (parts, text) in wrong {
        assert!(check(parts, text).is_err(), "{parts:?}");
    }
    let elsewhere = super::check(bucket ^ 1, &key(&["supplier", "V007", "terms"]), "30");
    assert_eq!(elsewhere, Err("belongs in another bucket".to_owned()));
}
