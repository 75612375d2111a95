use automerge::legacy::{ElementId, Key, ObjectId, Op, OpId, OpType, SortedVec};
use automerge::{ActorId, Change, ExpandedChange, ObjType, ScalarValue};
use ledger::id::FactId;

use super::*;
use crate::genesis::{content_object, genesis};
use crate::ids::{ChangeHash, DocTail};
use crate::limits;
use crate::testing::{actor, authorship, chain, doc, fact_id, fact_text, facts, seal, store, wire};

const BOOK: &str = "book/S012/2026-11-22";

/// The hub, taking what store S012 sends.
fn hub() -> Admission {
    Admission::new(chain(), Writer::Hub, store("S012"))
}

/// Store S012, taking what the hub sends.
fn shop() -> Admission {
    Admission::new(chain(), store("S012"), Writer::Hub)
}

/// An honest first change of a book, open to be made dishonest.
fn draft(book: &DocId, facts: &[(FactId, String)]) -> ExpandedChange {
    ExpandedChange {
        operations: facts.iter().map(|(id, text)| put(&id.to_string(), text)).collect(),
        actor_id: actor(&store("S012"), 1).into(),
        hash: None,
        seq: 1,
        start_op: 8.try_into().unwrap(),
        time: 0,
        message: None,
        deps: vec![genesis(book).hash()],
        extra_bytes: Vec::new(),
        author: None,
    }
}

/// A first change of an order or catalog.
fn signed(doc: &DocId, writer: &Writer, entries: &[(&str, &str)]) -> ExpandedChange {
    ExpandedChange {
        operations: entries.iter().map(|(key, text)| put(key, text)).collect(),
        actor_id: actor(writer, 1).into(),
        message: Some(authorship(writer, 1).to_string()),
        ..draft(doc, &[])
    }
}

fn put(key: &str, text: &str) -> Op {
    Op {
        action: OpType::Put(ScalarValue::Str(text.into())),
        obj: content_object(),
        key: Key::Map(key.into()),
        pred: SortedVec::new(),
        insert: false,
    }
}

fn admit(admission: &Admission, doc: &DocId, change: ExpandedChange) -> Result<Admitted, Refusal> {
    admission.admit(wire(doc, Change::from(change).raw_bytes()))
}

/// Why the change is refused, as an operator reads it.
fn refused(admission: &Admission, doc: &DocId, change: ExpandedChange) -> String {
    match admit(admission, doc, change) {
        Ok(_) => "admitted".to_owned(),
        Err(refusal) => refusal.reason.to_string(),
    }
}

#[test]
fn honest_facts_are_admitted_with_what_they_say() {
    let book = doc(BOOK);
    let written = facts(&book, 1, 1, 3);
    let author = actor(&store("S012"), 1);
    let first = seal(&book, author, None, &written[..2]);
    let second = seal(&book, author, Some(&first.tail()), &written[2..]);

    for admission in [hub(), shop()] {
        let admitted = admission.admit(wire(&book, &first.bytes)).unwrap();
        assert_eq!(admitted.tail(), first.tail());
        assert_eq!((admitted.writer.clone(), admitted.epoch), (store("S012"), fact_id(1, 1).epoch));
        assert_eq!(admitted.bytes, first.bytes);
        admitted.follows(None).unwrap();
        let Content::Facts(read) = admitted.content else { panic!("facts") };
        let read: Vec<(FactId, String)> =
            read.into_iter().map(|read| (read.fact.id, read.text)).collect();
        assert_eq!(read, written[..2]);

        let admitted = admission.admit(wire(&book, &second.bytes)).unwrap();
        admitted.follows(Some(&first.tail())).unwrap();
    }
}

#[test]
fn a_change_must_follow_the_one_held() {
    let book = doc(BOOK);
    let author = actor(&store("S012"), 1);
    let first = seal(&book, author, None, &facts(&book, 1, 1, 2));
    let second = seal(&book, author, Some(&first.tail()), &facts(&book, 1, 3, 3));
    let second = hub().admit(wire(&book, &second.bytes)).unwrap();
    let held = |tail: Option<DocTail>| second.follows(tail.as_ref()).map_err(|e| e.to_string());

    let wrong = |what: &str| Err(format!("its place in the document is wrong: {what}"));
    assert_eq!(held(None), wrong("the changes before it are missing"));
    assert_eq!(held(Some(second.tail())), wrong("it is not the next of its actor"));
    let overlapping = DocTail { max_op: second.start_op, ..first.tail() };
    assert_eq!(
        held(Some(overlapping)),
        wrong("its operations overlap those of the change before it")
    );
    let forked = DocTail { hash: ChangeHash::from_bytes([7; 32]), ..first.tail() };
    assert_eq!(held(Some(forked)), wrong("it was not written on top of the change before it"));
    assert_eq!(held(Some(first.tail())), Ok(()));
}

#[test]
fn each_peer_writes_its_own_documents_only() {
    let book = doc(BOOK);
    let honest = || draft(&book, &facts(&book, 1, 1, 1));
    let admission = |me: &Writer, peer: &Writer| Admission::new(chain(), me.clone(), peer.clone());
    let (s012, s003) = (store("S012"), store("S003"));

    assert_eq!(refused(&hub(), &book, honest()), "admitted");
    for (me, peer, who) in [
        (&Writer::Hub, &s003, "store/S003"),
        (&s003, &Writer::Hub, "hub"),
        (&s012, &s003, "store/S003"),
        (&Writer::Hub, &Writer::Hub, "hub"),
    ] {
        assert_eq!(
            refused(&admission(me, peer), &book, honest()),
            format!("{who} may not write this document")
        );
    }
    for (id, key) in [("party/3", "member\u{1f}M1\u{1f}name"), ("access", "a")] {
        let id = doc(id);
        let change = signed(&id, &Writer::Hub, &[(key, "b")]);
        assert_eq!(refused(&shop(), &id, change.clone()), "admitted");
        assert_eq!(refused(&hub(), &id, change), "store/S012 may not write this document");
        let change = signed(&id, &s012, &[(key, "b")]);
        assert_eq!(refused(&shop(), &id, change), format!("store/S012 may not write {id}"));
    }
}

#[test]
fn an_actor_belongs_to_one_writer_and_epoch_of_one_chain() {
    let book = doc(BOOK);
    let other_chain =
        Actor::derive(&"chain-2".parse().unwrap(), &store("S012"), fact_id(1, 1).epoch);
    for foreign in [actor(&store("S003"), 1), actor(&store("S012"), 2), other_chain] {
        let change =
            ExpandedChange { actor_id: foreign.into(), ..draft(&book, &facts(&book, 1, 1, 1)) };
        assert_eq!(
            refused(&hub(), &book, change),
            format!("its actor {foreign} is not that of store/S012#1")
        );
    }
    let order = doc("order/transfer/S012+S003-2611-tA1");
    let forged = ExpandedChange {
        actor_id: actor(&store("S012"), 1).into(),
        ..signed(&order, &Writer::Hub, &[("hub/approve", "{}")])
    };
    assert!(refused(&shop(), &order, forged).contains("is not that of hub#1"));
}

#[test]
fn a_book_is_only_added_to() {
    let book = doc(BOOK);
    let written = facts(&book, 1, 1, 1);
    let (key, text) = (written[0].0.to_string(), written[0].1.as_str());
    let with = |op: Op| ExpandedChange { operations: vec![op], ..draft(&book, &[]) };
    let honest = || put(&key, text);
    let before = || SortedVec::from(vec![OpId(8, actor(&store("S012"), 1).into())]);
    let list = ObjectId::Id(OpId(3, ActorId::from(genesis::ACTOR)));

    let cases = [
        (honest(), "admitted"),
        (Op { pred: before(), ..honest() }, "operation 0 replaces what was written before"),
        (Op { obj: list, ..honest() }, "operation 0 is not in the map of the document's content"),
        (Op { insert: true, ..honest() }, "operation 0 inserts into a sequence"),
        (
            Op { action: OpType::Put(ScalarValue::Int(1)), ..honest() },
            "operation 0 does not put a text",
        ),
        (Op { action: OpType::Make(ObjType::Map), ..honest() }, "operation 0 does not put a text"),
        (
            Op { action: OpType::Delete, pred: before(), ..honest() },
            "operation 0 replaces what was written before",
        ),
        (Op { action: OpType::Increment(1), ..honest() }, "operation 0 does not put a text"),
        (
            Op { key: Key::Seq(ElementId::Head), ..honest() },
            "its columns are wrong: one is not of a map",
        ),
    ];
    for (op, reason) in cases {
        assert_eq!(refused(&hub(), &book, with(op)), reason);
    }
    let root = Op { obj: ObjectId::Root, ..honest() };
    assert_eq!(
        refused(&hub(), &book, with(root)),
        "its columns are wrong: the objects' actors are not one for each operation"
    );
}

#[test]
fn a_fact_is_the_one_its_key_and_document_name() {
    let book = doc(BOOK);
    let text = |id: FactId| fact_text(&book, id);
    let other = |id: &str| fact_text(&doc(id), fact_id(1, 1));
    let (one, two) = (fact_id(1, 1), fact_id(1, 2));
    let cases = [
        (vec![("1-1", text(one)), ("1-2", text(two))], "admitted"),
        (
            vec![("1-2", text(two)), ("1-1", text(one))],
            "the fact `1-1` does not come after the one before it",
        ),
        (
            vec![("1-1", text(one)), ("1-1", text(one))],
            "the fact `1-1` does not come after the one before it",
        ),
        (
            vec![("1-1", text(one)), ("2-2", text(fact_id(2, 2)))],
            "the fact `2-2` is of another epoch than the first of its change",
        ),
        (vec![("1-2", text(one))], "the fact `1-2` names itself differently"),
        (vec![("01-1", text(one))], "the fact `01-1` has a key that is no fact id"),
        (vec![("1-1", other("book/S003/2026-11-22"))], "the fact `1-1` is of another store"),
        (vec![("1-1", other("book/S012/2026-11-23"))], "the fact `1-1` is of another day"),
        (vec![("1-1", "x".repeat(limits::MAX_FACT_TEXT + 1))], "the fact `1-1` is too long"),
    ];
    for (entries, reason) in cases {
        let operations = entries.iter().map(|(key, text)| put(key, text)).collect();
        let change = ExpandedChange { operations, ..draft(&book, &[]) };
        assert_eq!(refused(&hub(), &book, change), reason);
    }
    let broken = ExpandedChange { operations: vec![put("1-1", "{")], ..draft(&book, &[]) };
    assert!(refused(&hub(), &book, broken).starts_with("the fact `1-1` cannot be read: "));

    let day = format!("\u{1b}[2J{}", "x".repeat(100_000));
    let worded =
        text(one).replace("2026-11-22\",\"at", &format!("{}\",\"at", day.escape_default()));
    let worded = worded.replace("\\u{1b}", "\\u001b");
    let worded = ExpandedChange { operations: vec![put("1-1", &worded)], ..draft(&book, &[]) };
    let reason = refused(&hub(), &book, worded);
    assert!(reason.contains("`date`") && reason.len() < 400, "{reason}");
    assert!(!reason.contains('\u{1b}'), "a terminal would obey");

    let many = facts(&book, 1, 1, limits::MAX_FACTS_PER_CHANGE as u64 + 1);
    assert_eq!(refused(&hub(), &book, draft(&book, &many)), "it has 513 facts; the limit is 512");
}

#[test]
fn a_change_stands_on_its_own_history() {
    let book = doc(BOOK);
    let honest = || draft(&book, &facts(&book, 1, 1, 1));
    let genesis = genesis(&book).hash();
    let stranger = automerge::ChangeHash([7; 32]);
    let cases = [
        (ExpandedChange { deps: vec![], ..honest() }, "it builds on nothing"),
        (
            ExpandedChange { deps: vec![genesis, stranger], ..honest() },
            "it builds on more than the change before it",
        ),
        (
            ExpandedChange { deps: vec![stranger], ..honest() },
            "it is the first of its actor and does not build on genesis",
        ),
        (
            ExpandedChange { start_op: 7.try_into().unwrap(), ..honest() },
            "its operations overlap those of genesis",
        ),
    ];
    for (change, what) in cases {
        let reason = format!("its place in the document is wrong: {what}");
        assert_eq!(refused(&hub(), &book, change), reason);
    }
    let jump = ExpandedChange { start_op: (1 << 28).try_into().unwrap(), ..honest() };
    assert!(refused(&hub(), &book, jump).contains("operations of its document"));
    let never = ExpandedChange { seq: 0, ..honest() };
    assert!(refused(&hub(), &book, never).ends_with("changes count from one"));
    let more = ExpandedChange { extra_bytes: vec![1, 1, 0], ..honest() };
    assert!(refused(&hub(), &book, more).ends_with("something follows its columns"));
}

#[test]
fn nobody_speaks_for_another_in_an_order() {
    let order = doc("order/transfer/S012+S003-2611-tA1");
    let (s012, s003) = (store("S012"), store("S003"));
    let own = signed(&order, &s012, &[("store/S012/request", "{}")]);
    assert_eq!(refused(&hub(), &order, own.clone()), "admitted");
    assert_eq!(refused(&shop(), &order, own), "admitted");

    let elsewhere = doc("order/transfer/S003+S004-2611-tA1");
    let meddling = signed(&elsewhere, &s012, &[("store/S012/request", "{}")]);
    let reason = refused(&hub(), &elsewhere, meddling);
    assert_eq!(reason, "store/S012 may not write this document", "it is not party to it");

    let for_hub = signed(&order, &s012, &[("hub/approve", "{}")]);
    assert_eq!(
        refused(&hub(), &order, for_hub),
        "store/S012 may not write the entry `hub/approve`"
    );
    // A store may not relay what others said, the hub may.
    let relayed = signed(&order, &s003, &[("store/S003/ship/1", "{}")]);
    assert_eq!(refused(&shop(), &order, relayed.clone()), "admitted");
    assert_eq!(
        refused(&hub(), &order, relayed),
        "store/S003 may not write order/transfer/S012+S003-2611-tA1"
    );
    for key in ["request", "store/S012", "store/S012/", "hub/Approve", "store//x"] {
        let reason = refused(&hub(), &order, signed(&order, &s012, &[(key, "{}")]));
        assert_eq!(reason, format!("the entry `{key}` has a key that is no order's"));
    }
    let twice = [("store/S012/request", "1"), ("store/S012/request", "2")];
    assert_eq!(
        refused(&hub(), &order, signed(&order, &s012, &twice)),
        "operation 1 puts a text where the same change has put one"
    );
    let unsigned =
        ExpandedChange { message: None, ..signed(&order, &s012, &[("store/S012/request", "{}")]) };
    assert_eq!(refused(&hub(), &order, unsigned), "it does not say who wrote it");
}

#[test]
fn a_request_goes_the_way_that_its_number_names() {
    let order = doc("order/transfer/S012+S003-2611-tA1");
    let s003 = store("S003");
    let asks = |from: &str, to: &str| {
        let line = r#"[{"sku":"A","qty":1000}]"#;
        let text = format!(r#"{{"v":1,"at":1,"from":"{from}","to":"{to}","lines":{line}}}"#);
        refused(&shop(), &order, signed(&order, &s003, &[("store/S003/request", &text)]))
    };
    assert_eq!(asks("S012", "S003"), "admitted");
    for (from, to) in [("S003", "S012"), ("S012", "S004"), ("S004", "S003")] {
        let reason = asks(from, to);
        let why = "which the order's number does not name";
        let told =
            format!("the entry `store/S003/request` asks for goods from {from} to {to}, {why}");
        assert_eq!(reason, told);
    }
}

#[test]
fn a_purchase_is_for_the_stores_that_its_number_names() {
    let order = doc("order/purchase/S003+S012-2611-hA1");
    let author = store("S012");
    let orders = |store: &str| {
        let line = format!(r#"[{{"store":"{store}","sku":"A","qty":1000,"price":1}}]"#);
        let text = format!(r#"{{"v":1,"at":1,"supplier":"V7","lines":{line}}}"#);
        refused(&hub(), &order, signed(&order, &author, &[("store/S012/order/1", &text)]))
    };
    let needs = |store: &str| {
        let need = format!(r#"[{{"store":"{store}","sku":"A","qty":1000}}]"#);
        let text = format!(r#"{{"v":1,"at":1,"needs":{need}}}"#);
        refused(&hub(), &order, signed(&order, &author, &[("store/S012/request", &text)]))
    };
    assert_eq!((orders("S012").as_str(), needs("S003").as_str()), ("admitted", "admitted"));
    let why = "orders goods for S004, which the order's number does not name";
    assert_eq!(orders("S004"), format!("the entry `store/S012/order/1` {why}"));
    assert_eq!(needs("S004"), format!("the entry `store/S012/request` {why}"));
}

#[test]
fn stores_describe_products_and_head_office_prices_them() {
    let sku = "6901234567892";
    let catalog = DocId::catalog_of(&sku.parse().unwrap());
    let key = |field: &str| format!("{sku}\u{1f}{field}");
    let try_as = |writer: &Writer, key: &str, text: &str| {
        let admission = if *writer == Writer::Hub { shop() } else { hub() };
        refused(&admission, &catalog, signed(&catalog, writer, &[(key, text)]))
    };
    let (s012, hub) = (store("S012"), Writer::Hub);
    assert_eq!(try_as(&s012, &key("name_zh"), "矿泉水"), "admitted");
    assert_eq!(try_as(&hub, &key("price"), "2.5"), "admitted");
    assert_eq!(try_as(&hub, &key("field_of_a_later_version"), "x"), "admitted");
    for field in ["price", "tax_rate", "status", "sold_by", "field_of_a_later_version"] {
        assert_eq!(
            try_as(&s012, &key(field), "1"),
            format!("store/S012 may not write the product field `{field}`")
        );
    }
    assert!(try_as(&hub, &key("price"), "cheap").contains("cannot be set"));
    assert!(try_as(&hub, "no separator", "x").contains("no product's field"));
    assert!(try_as(&hub, &key("name_en"), &"x".repeat(2000)).contains("is too long"));
    let other = DocId::Catalog { bucket: (crate::catalog_bucket(&sku.parse().unwrap()) + 1) % 64 };
    let misplaced = signed(&other, &hub, &[(&key("price"), "1")]);
    assert!(refused(&shop(), &other, misplaced).contains("belongs in another bucket"));
}

#[test]
fn a_refusal_says_whose_change_it_was() {
    let book = doc(BOOK);
    let change = draft(&book, &[(fact_id(1, 1), "{".to_owned())]);
    let hash = Change::from(change.clone()).hash().into();
    let refusal = admit(&hub(), &book, change).unwrap_err();
    let author = actor(&store("S012"), 1);
    assert_eq!(refusal.claims.as_deref(), Some(&Claim { actor: author, seq: 1, hash: Some(hash) }));
    assert_eq!(refusal.to_string(), "refused a change of book/S012/2026-11-22 from store/S012");
    assert_eq!(refusal.reason.code(), "fact");
}
