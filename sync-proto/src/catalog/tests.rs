use ledger::catalog::ProductStatus;
use proptest::prelude::*;

use super::*;
use crate::ids::Writer;
use crate::testing::{NOW, actor, authorship, chain, store, wire};
use crate::{Admission, Content, catalog_bucket};

const SKU: &str = "6901234567892";

fn sku() -> Sku {
    SKU.parse().unwrap()
}

fn bucket() -> u8 {
    catalog_bucket(&sku())
}

fn empty() -> Catalog {
    Catalog::load(bucket(), []).unwrap()
}

fn edits(fields: &[(Field, &str)]) -> Edits {
    let fields = fields.iter().map(|(field, text)| (*field, (*text).to_owned())).collect();
    Edits::from([(sku(), fields)])
}

/// Edits as a writer in its first epoch; gives the one change it comes to.
fn edit(catalog: &mut Catalog, writer: &Writer, fields: &[(Field, &str)]) -> NewChange {
    let changes = catalog.edit(&chain(), &authorship(writer, 1), &edits(fields), NOW).unwrap();
    let [change] = <[NewChange; 1]>::try_from(changes).unwrap();
    change
}

/// Merges a change as the hub takes it from a store.
fn take(catalog: &mut Catalog, change: &NewChange) {
    let from = |peer| Admission::new(chain(), Writer::Hub, peer);
    let doc = DocId::Catalog { bucket: bucket() };
    let shops = [from(store("S001")), from(store("S002"))];
    let admitted = shops.iter().find_map(|shop| shop.admit(wire(&doc, &change.bytes)).ok());
    let admitted = admitted.expect("one of the stores wrote it");
    assert_eq!(admitted.content, Content::Document);
    assert_eq!(admitted.tail(), change.tail());
    catalog.merge([admitted.bytes.as_slice()]).unwrap();
}

#[test]
fn a_product_entered_by_two_writers_while_apart_keeps_all_fields() {
    let (mut hub, mut shop) = (empty(), empty());
    let priced = edit(&mut hub, &Writer::Hub, &[(Field::Price, "2.50"), (Field::NameEn, "Water")]);
    let named = edit(&mut shop, &store("S001"), &[(Field::NameZh, "矿泉水"), (Field::Unit, "瓶")]);
    take(&mut hub, &named);
    shop.merge([priced.bytes.as_slice()]).unwrap();

    let products = hub.products().unwrap();
    assert_eq!(products, shop.products().unwrap());
    let [product] = products.as_slice() else { panic!("one product, not {products:?}") };
    let texts = |fields: [Field; 4]| fields.map(|field| product.get(field));
    assert_eq!(
        texts([Field::NameZh, Field::NameEn, Field::Unit, Field::Price]),
        ["矿泉水", "Water", "瓶", "2.5"]
    );
    assert!(hub.conflicts().unwrap().is_empty());
}

#[test]
fn a_field_set_twice_while_apart_is_a_conflict_until_it_is_set_again() {
    let (s1, s2) = (store("S001"), store("S002"));
    let mut hub = empty();
    let first = edit(&mut hub, &Writer::Hub, &[(Field::NameZh, "水"), (Field::Unit, "瓶")]);
    let mut shops = [hub.clone(), hub.clone()];
    let one = edit(&mut shops[0], &s1, &[(Field::NameZh, "矿泉水"), (Field::Unit, "箱")]);
    let two = edit(&mut shops[1], &s2, &[(Field::NameZh, "纯净水"), (Field::Unit, "箱")]);
    take(&mut hub, &one);
    take(&mut hub, &two);

    let conflicts = hub.conflicts().unwrap();
    let [conflict] = conflicts.as_slice() else {
        panic!("units that agree are no conflict: {conflicts:?}")
    };
    assert_eq!((&conflict.sku, conflict.field), (&sku(), Field::NameZh));
    let mut values = conflict.values.clone();
    let in_effect = values.last().unwrap().1.clone();
    assert_eq!(&*hub.products().unwrap()[0].name_zh, in_effect);
    values.sort();
    assert_eq!(
        values,
        [(authorship(&s1, 1), "矿泉水".to_owned()), (authorship(&s2, 1), "纯净水".to_owned())]
    );

    // Every replica sees the same conflict, whatever came first.
    let other_way: Vec<&[u8]> = vec![&two.bytes, &one.bytes, &first.bytes];
    assert_eq!(Catalog::load(bucket(), other_way).unwrap().conflicts().unwrap(), conflicts);

    // Setting it to what is in effect already settles it all the same.
    edit(&mut hub, &Writer::Hub, &[(Field::NameZh, &in_effect)]);
    assert!(hub.conflicts().unwrap().is_empty());
    assert_eq!(&*hub.products().unwrap()[0].name_zh, in_effect);
}

#[test]
fn what_is_so_already_makes_no_change() {
    let mut hub = empty();
    edit(&mut hub, &Writer::Hub, &[(Field::Price, "2.5")]);
    let again = edits(&[(Field::Price, "2.50")]);
    let changes = hub.edit(&chain(), &authorship(&Writer::Hub, 1), &again, NOW).unwrap();
    assert!(changes.is_empty());
}

#[test]
fn an_import_is_cut_into_changes_that_admission_takes() {
    let in_bucket = (0..).map(|i| format!("SKU-{i}").parse::<Sku>().unwrap());
    let in_bucket = in_bucket.filter(|sku| catalog_bucket(sku) == 5).take(500);
    let edits: Edits =
        in_bucket.map(|sku| (sku.clone(), Product::named_after(sku).fields())).collect();
    let mut hub = Catalog::load(5, []).unwrap();
    let changes = hub.edit(&chain(), &authorship(&Writer::Hub, 1), &edits, NOW).unwrap();
    assert!(changes.len() > 1, "500 × 9 fields are more than one change holds");

    let shop = Admission::new(chain(), store("S001"), Writer::Hub);
    let mut mirror = Catalog::load(5, []).unwrap();
    let mut tail = None;
    for change in &changes {
        let admitted = shop.admit(wire(&DocId::Catalog { bucket: 5 }, &change.bytes)).unwrap();
        admitted.follows(tail.as_ref()).unwrap();
        tail = Some(admitted.tail());
        mirror.merge([admitted.bytes.as_slice()]).unwrap();
    }
    assert_eq!(mirror.products().unwrap().len(), 500);
    assert_eq!(mirror.products().unwrap(), hub.products().unwrap());
}

#[test]
fn edits_say_what_is_wrong_with_them_and_change_nothing() {
    let mut catalog = empty();
    let mut try_edit = |writer: &Writer, edits: &Edits| {
        let error = catalog.edit(&chain(), &authorship(writer, 1), edits, NOW).unwrap_err();
        assert!(catalog.products().unwrap().is_empty());
        error.to_string()
    };
    assert_eq!(
        try_edit(&store("S001"), &edits(&[(Field::NameZh, "水"), (Field::Price, "1")])),
        format!("store/S001 may not set `price` of the product {SKU}")
    );
    let error = try_edit(&Writer::Hub, &edits(&[(Field::NameZh, "水"), (Field::Price, "cheap")]));
    assert_eq!(error, format!("the product {SKU} cannot be set"));
    let elsewhere = (0..).map(|i| format!("SKU-{i}").parse::<Sku>().unwrap());
    let elsewhere = elsewhere.into_iter().find(|sku| catalog_bucket(sku) != bucket()).unwrap();
    let error = try_edit(&Writer::Hub, &Edits::from([(elsewhere, BTreeMap::new())]));
    assert!(error.contains("belongs in catalog/"), "{error}");
}

#[test]
fn a_change_that_replaces_what_it_never_saw_is_not_merged() {
    use automerge::legacy::{Key, Op, OpId, OpType};
    use automerge::{Change, ExpandedChange, ScalarValue};

    let mut hub = empty();
    let first = edit(&mut hub, &Writer::Hub, &[(Field::NameZh, "水")]);
    let before = hub.products().unwrap();
    let forged = |counter: u64, start_op: u64| {
        Change::from(ExpandedChange {
            operations: vec![Op {
                action: OpType::Put(ScalarValue::Str("酒".into())),
                obj: crate::genesis::content_object(),
                key: Key::Map(join_key(&sku(), Field::NameZh).into()),
                pred: vec![OpId(counter, actor(&Writer::Hub, 1).into())].into(),
                insert: false,
            }],
            actor_id: actor(&store("S001"), 1).into(),
            hash: None,
            seq: 1,
            start_op: start_op.try_into().unwrap(),
            time: 0,
            message: Some(authorship(&store("S001"), 1).to_string()),
            deps: vec![first.hash.into()],
            extra_bytes: Vec::new(),
            author: None,
        })
    };
    let mut merge = |change: &Change| {
        let error = hub.merge([change.raw_bytes()]).unwrap_err();
        assert_eq!(hub.products().unwrap(), before);
        std::error::Error::source(&error).unwrap().to_string()
    };
    assert!(merge(&forged(99, 6)).ends_with("replaces values that did not stand there"));
    assert!(merge(&forged(5, 5)).contains("overlaps"));
    hub.merge([forged(5, 6).raw_bytes()]).unwrap();
    assert_eq!(&*hub.products().unwrap()[0].name_zh, "酒");
}

#[test]
fn a_withdrawn_product_stays_readable() {
    let mut hub = empty();
    edit(&mut hub, &Writer::Hub, &[(Field::NameZh, "水"), (Field::Status, "withdrawn")]);
    assert_eq!(hub.products().unwrap()[0].status, ProductStatus::Withdrawn);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Three writers edit the names of a few products, meeting now and then. When all have met,
    /// all show the same products and the same conflicts, and what one of them saves can be loaded.
    #[test]
    fn replicas_that_met_agree(
        steps in prop::collection::vec((0_usize..3, 0_usize..2, "[a-c]", any::<bool>()), 1..30),
    ) {
        let writers = [Writer::Hub, store("S001"), store("S002")];
        let fields = [Field::NameZh, Field::NameEn];
        let mut replicas = [empty(), empty(), empty()];
        let mut log: Vec<Vec<u8>> = Vec::new();
        for (who, field, text, meet) in steps {
            let author = authorship(&writers[who], 1);
            let edit = edits(&[(fields[field], &text)]);
            let changes = replicas[who].edit(&chain(), &author, &edit, NOW).unwrap();
            log.extend(changes.into_iter().map(|change| change.bytes));
            if meet {
                replicas[who].merge(log.iter().map(Vec::as_slice)).unwrap();
            }
        }
        for replica in &mut replicas {
            replica.merge(log.iter().rev().map(Vec::as_slice)).unwrap();
        }
        let [hub, others @ ..] = &replicas;
        for other in others {
            prop_assert_eq!(hub.products().unwrap(), other.products().unwrap());
            prop_assert_eq!(hub.conflicts().unwrap(), other.conflicts().unwrap());
        }
        let saved = automerge::Automerge::load(&hub.automerge().save()).unwrap();
        prop_assert_eq!(saved.get_heads(), hub.automerge().get_heads());
    }
}

#[test]
fn price_changes_made_apart_are_both_there_and_only_head_office_makes_them() {
    let term = |from: &str| Term::named(&format!("price@retail@all@{from}")).unwrap();
    let said = |price: &str| format!(r#"{{"price":"{price}","number":"PC1"}}"#);
    let edits = |from: &str, text: &str| {
        TermEdits::from([(sku(), BTreeMap::from([(term(from), text.to_owned())]))])
    };
    let set = |catalog: &mut Catalog, epoch, edits: &TermEdits| {
        let author = authorship(&Writer::Hub, epoch);
        let changes = catalog.edit_terms(&chain(), &author, edits, NOW).unwrap();
        let [change] = <[NewChange; 1]>::try_from(changes).unwrap();
        change
    };
    let (mut hub, mut restored) = (empty(), empty());
    let first = set(&mut hub, 1, &edits("2026-12-01T00:00", &said("9")));
    let second = set(&mut restored, 2, &edits("2026-12-24T00:00", &said("8")));
    let doc = DocId::Catalog { bucket: bucket() };
    let node = Admission::new(chain(), store("S001"), Writer::Hub);
    for change in [&first, &second] {
        assert!(node.admit(wire(&doc, &change.bytes)).is_ok());
    }
    hub.merge([second.bytes.as_slice()]).unwrap();
    restored.merge([first.bytes.as_slice()]).unwrap();
    assert_eq!(hub.terms().unwrap(), restored.terms().unwrap());
    assert_eq!(hub.terms().unwrap().len(), 2);
    assert_eq!(hub.products().unwrap(), [], "terms of a product make none");
    assert_eq!(hub.conflicts().unwrap(), []);

    set(&mut hub, 1, &edits("2026-12-01T00:00", ""));
    assert_eq!(hub.terms().unwrap().len(), 1, "the other was cancelled");
    let told = history(bucket(), [first.bytes.as_slice()]).unwrap();
    assert_eq!(told[0].part, Part::Term(term("2026-12-01T00:00")));

    let refused = |catalog: &mut Catalog, writer: &Writer, text: &str| {
        let author = authorship(writer, 1);
        catalog.edit_terms(&chain(), &author, &edits("2027-01-01T00:00", text), NOW).unwrap_err()
    };
    let cheap = refused(&mut hub, &store("S001"), &said("1"));
    assert!(matches!(cheap, CatalogError::TermNotAllowed { .. }), "{cheap}");
    let wrong = refused(&mut hub, &Writer::Hub, &said("-1"));
    assert!(matches!(wrong, CatalogError::Term { .. }), "{wrong}");
}

#[test]
fn a_store_proposes_in_its_own_name_and_head_office_answers() {
    let said = |name: &str, text: &str| {
        let term = Term::named(name).unwrap();
        TermEdits::from([(sku(), BTreeMap::from([(term, text.to_owned())]))])
    };
    let set = |catalog: &mut Catalog, writer: &Writer, name: &str, text: &str| {
        catalog.edit_terms(&chain(), &authorship(writer, 1), &said(name, text), NOW)
    };
    let (mut shop, mut hub) = (empty(), empty());
    let made = set(&mut shop, &store("S001"), "proposal@S001", r#"{"price":"3"}"#).unwrap();
    let [proposal] = <[NewChange; 1]>::try_from(made).unwrap();
    take(&mut hub, &proposal);
    assert_eq!(hub.terms().unwrap().len(), 1);
    let verdict = set(&mut hub, &Writer::Hub, "verdict", r#""accepted""#).unwrap();
    shop.merge([verdict[0].bytes.as_slice()]).unwrap();
    assert_eq!(shop.terms().unwrap(), hub.terms().unwrap());

    for (name, text) in [("proposal@S002", "{}"), ("verdict", r#""accepted""#)] {
        let refused = set(&mut shop, &store("S001"), name, text).unwrap_err();
        assert!(matches!(refused, CatalogError::TermNotAllowed { .. }), "{refused}");
        // As if another program had written it.
        let forged =
            empty().edit_terms(&chain(), &authorship(&Writer::Hub, 1), &said(name, text), NOW);
        let doc = DocId::Catalog { bucket: bucket() };
        let from_store = Admission::new(chain(), Writer::Hub, store("S001"));
        assert!(from_store.admit(wire(&doc, &forged.unwrap()[0].bytes)).is_err());
    }
}
