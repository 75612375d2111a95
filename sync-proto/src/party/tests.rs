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
        ..Edits::default()
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

#[test]
fn a_promotion_is_kept_as_it_is_spelled_and_judged_at_the_door() {
    let number: PromotionId = "SP20261201-001".parse().unwrap();
    let fields = [
        (promotion::Field::Name, "第二件半价".to_owned()),
        (promotion::Field::Deal, "second:50%".to_owned()),
    ];
    let edits = Edits { promotions: [(number.clone(), fields.into())].into(), ..Edits::default() };
    let [(bucket, edits)] =
        <[_; 1]>::try_from(edits.by_bucket().into_iter().collect::<Vec<_>>()).unwrap();
    assert_eq!(bucket, promotion_bucket(&number));
    let mut parties = Parties::load(bucket, []).unwrap();
    let hub = authorship(&Writer::Hub, 1);
    let changes = parties.edit(&chain(), &hub, &edits, NOW).unwrap();
    let deal = |said: &Said| match said {
        Said::Promotion { field: promotion::Field::Deal, text, .. } => Some(text.clone()),
        _ => None,
    };
    let spelled = Some("second:50".to_owned());
    assert_eq!(parties.said().unwrap().iter().find_map(deal), spelled);
    let told = history(bucket, changes.iter().map(|change| change.bytes.as_slice())).unwrap();
    assert_eq!(told.iter().find_map(|setting| deal(&setting.said)), spelled);
    let key = |field: &str| format!("promotion\u{1f}{number}\u{1f}{field}");
    assert_eq!(check(bucket, &key("deal"), "percent:20"), Ok(()));
    assert_eq!(check(bucket, &key("colour"), "red"), Ok(()), "a later version's");
    assert!(check(bucket, &key("deal"), "free").is_err());
    assert!(check((bucket + 1) % PARTY_BUCKETS, &key("deal"), "percent:20").is_err());
}
