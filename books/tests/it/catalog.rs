//! The catalog: editing, meeting, disagreeing.

use books::read::{Part, ProductFilter};
use books::{Books, BooksError, Edits};
use ledger::catalog::{Field, ProductStatus};
use ledger::time::Timestamp;
use sync_proto::Writer;
use sync_proto::replica::{Outcome, Replica, Row};

use super::shop::{Place, admit, assert_in_step, assert_whole, read_model, send, sku, store};

fn edits(of: &[(&str, Field, &str)]) -> Edits {
    let mut edits = Edits::new();
    for (name, field, text) in of {
        edits.entry(sku(name)).or_default().insert(*field, (*text).to_owned());
    }
    edits
}

fn edit(books: &Books, of: &[(&str, Field, &str)]) -> Result<usize, BooksError> {
    let edits = edits(of);
    books.write(move |tx| tx.edit_catalog(&edits, Timestamp::from_millis(1_795_312_800_000)))
}

const PRODUCTS: [(&str, Field, &str); 7] = [
    ("cola", Field::NameZh, "可乐"),
    ("cola", Field::Barcode, "6901234567892"),
    ("cola", Field::Price, "3.5"),
    ("cola-2", Field::NameZh, "可乐 旧"),
    ("cola-2", Field::Barcode, "6901234567892"),
    ("cola-2", Field::Status, "withdrawn"),
    ("茶", Field::Category, "饮料"),
];

#[test]
fn products_are_found_by_what_people_type() {
    let place = Place::new();
    let hub = place.open("h.db", Writer::Hub);
    assert!(edit(&hub, &PRODUCTS).unwrap() > 0);
    assert_eq!(edit(&hub, &PRODUCTS).unwrap(), 0, "nothing is new");
    let reader = hub.reader().unwrap();
    let found = |filter: ProductFilter| -> Vec<String> {
        let products = reader.products(&filter).unwrap();
        products.into_iter().map(|product| product.sku.to_string()).collect()
    };
    assert_eq!(found(ProductFilter::default()), ["cola", "cola-2", "茶"]);
    let text = |text: &str| ProductFilter { text: Some(text.to_owned()), ..Default::default() };
    assert_eq!(found(text("可乐")), ["cola", "cola-2"]);
    assert_eq!(found(text("45678")), ["cola", "cola-2"]);
    assert_eq!(
        found(ProductFilter { category: Some("饮料".to_owned()), ..Default::default() }),
        ["茶"]
    );
    assert_eq!(
        found(ProductFilter { after: Some(sku("cola")), limit: Some(1), ..Default::default() }),
        ["cola-2"]
    );
    let scanned = |code: &str| reader.product_by_barcode(code).unwrap().map(|found| found.sku);
    assert_eq!(scanned("6901234567892"), Some(sku("cola")), "the one that is for sale");
    assert_eq!(scanned("茶"), Some(sku("茶")));
    assert_eq!(scanned("0000"), None);
    let old = reader.product(&sku("cola-2")).unwrap().unwrap();
    assert_eq!((old.status, old.price.to_string()), (ProductStatus::Withdrawn, "0".to_owned()));
}

#[test]
fn every_code_of_a_product_is_found_with_what_it_stands_for() {
    let place = Place::new();
    let hub = place.open("h.db", Writer::Hub);
    edit(&hub, &PRODUCTS).unwrap();
    let more = [
        ("cola", Field::MoreBarcodes, "96385074"),
        ("cola", Field::Packs, "箱=24 16901234567899; 盒=6"),
        ("cola", Field::Mnemonic, "KKKL"),
        ("cola", Field::ShelfLifeDays, "365"),
        ("cola-2", Field::MoreBarcodes, "96385074 6901234567892"),
    ];
    assert!(edit(&hub, &more).unwrap() > 0);
    let reader = hub.reader().unwrap();
    let coded = |code: &str| {
        let coded = reader.product_by_code(code).unwrap()?;
        Some((coded.product.sku.to_string(), coded.count.to_string()))
    };
    let cola = |count: &str| Some(("cola".to_owned(), count.to_owned()));
    assert_eq!(coded("16901234567899"), cola("24"));
    assert_eq!(coded("96385074"), cola("1"), "the one that is for sale");
    assert_eq!(coded("cola"), cola("1"));
    let found = |text: &str| -> Vec<String> {
        let filter = ProductFilter { text: Some(text.to_owned()), ..Default::default() };
        let products = reader.products(&filter).unwrap();
        products.into_iter().map(|product| product.sku.to_string()).collect()
    };
    assert_eq!(found("kkk"), ["cola"]);
    assert_eq!(found("9638"), ["cola", "cola-2"]);
    let product = reader.product(&sku("cola")).unwrap().unwrap();
    assert_eq!((product.packs.len(), product.shelf_life_days), (2, Some(365)));
    assert_whole(&hub);
    let before = read_model(&place.file("h.db"));
    hub.rebuild(|_| {}).unwrap();
    assert_eq!(before, read_model(&place.file("h.db")));
    edit(&hub, &[("cola", Field::Packs, "")]).unwrap();
    assert_eq!(hub.reader().unwrap().product_by_code("16901234567899").unwrap(), None);
}

#[test]
fn what_is_edited_apart_is_shown_as_a_conflict_until_someone_decides() {
    let place = Place::new();
    let (shop, hub) = (place.open("s.db", store("S1")), place.open("h.db", Writer::Hub));
    edit(&hub, &PRODUCTS).unwrap();
    let shared = hub.commits().borrow().last_shared;
    assert_eq!(shared, hub.commits().borrow().last);
    // The hub pushes it.
    let batch = hub.tail(shop.me(), Row::START, 1_000_000).unwrap();
    let pushed = batch.changes.into_iter().map(|change| admit(&hub, &shop, change)).collect();
    let applied = shop.apply(&Writer::Hub, pushed).unwrap();
    assert!(applied.outcomes.iter().all(|outcome| *outcome == Outcome::Applied));
    assert_in_step(&shop, &hub);
    assert_eq!(hub.tail(shop.me(), shared, 1_000).unwrap().changes, []);

    edit(&hub, &[("cola", Field::NameZh, "可口可乐")]).unwrap();
    edit(&shop, &[("cola", Field::NameZh, "快乐水"), ("cola", Field::Unit, "瓶")]).unwrap();
    let refused = edit(&shop, &[("cola", Field::Price, "1")]).unwrap_err();
    assert!(matches!(refused, BooksError::Document { .. }), "{refused}");
    send(&shop, &hub);
    send(&hub, &shop);
    assert_in_step(&shop, &hub);
    for books in [&shop, &hub] {
        let conflicts = books.reader().unwrap().conflicts().unwrap();
        assert_eq!(conflicts.len(), 1);
        assert_eq!((&conflicts[0].sku, conflicts[0].field), (&sku("cola"), Field::NameZh));
        let mut values = conflicts[0].values.clone();
        let effective = values.last().unwrap().1.clone();
        let product = books.reader().unwrap().product(&sku("cola")).unwrap().unwrap();
        assert_eq!((&*product.name_zh, &*product.unit), (effective.as_str(), "瓶"));
        values.sort();
        let said = |who: &str, what: &str| (who.to_owned(), what.to_owned());
        assert_eq!(values, [said("hub#1", "可口可乐"), said("store/S1#1", "快乐水")]);
        assert_whole(books);
    }
    edit(&hub, &[("cola", Field::NameZh, "可乐 330ml")]).unwrap();
    send(&hub, &shop);
    assert_eq!(shop.reader().unwrap().conflicts().unwrap(), []);
    let digest = |books: &Books| books.reader().unwrap().digest(Part::Catalog).unwrap();
    assert_eq!(digest(&shop), digest(&hub));
    let before = read_model(&place.file("s.db"));
    shop.rebuild(|_| {}).unwrap();
    assert_eq!(before, read_model(&place.file("s.db")));
}
