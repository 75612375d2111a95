//! What open transfers do to stock, and what stores are told of each other's.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use books::read::{Promised, StockFilter};
use books::{Books, Refreshed};
use ledger::amount::Quantity;
use ledger::catalog::Field;
use ledger::id::StoreId;
use ledger::time::Timestamp;
use ledger::transfer::{Deed, Step};
use sync_proto::replica::{More, Replica};
use sync_proto::stock::{Begins, Cursor, MAX_ROWS_PER_PAGE, StockPage, StoreStock};
use sync_proto::{OrderKind, Writer};

use super::orders::{do_and_tell, id, route, say, wanted};
use super::shop::{
    Place, assert_whole, book, day, read_model, receive, seal, sell, send, sku, store, units,
};

fn store_id(name: &str) -> StoreId {
    StoreId::new(name).unwrap()
}

/// Head office agrees to some of it.
fn approve(hub: &Books, count: i64) {
    let lines = format!("[{{\"sku\":\"cola\",\"qty\":{}}}]", count * 1_000);
    let text = format!("{{\"v\":1,\"at\":1,\"lines\":{lines}}}");
    let name = "approve".parse().unwrap();
    let at = Timestamp::from_millis(1);
    hub.write(move |tx| tx.append_order(OrderKind::Transfer, &id(), &name, &text, at)).unwrap();
}

/// Reserved at the source and on its way to the destination.
fn promised(books: &Books) -> (Quantity, Quantity) {
    let reader = books.reader().unwrap();
    let of = |store| {
        let cola = reader.promised(&store_id(store), Some(&sku("cola"))).unwrap();
        cola.get(&sku("cola")).copied().unwrap_or_default()
    };
    let (source, target): (Promised, Promised) = (of("S1"), of("S2"));
    assert_eq!((source.incoming, target.reserved), (Quantity::ZERO, Quantity::ZERO));
    (source.reserved, target.incoming)
}

fn available_at(books: &Books, store: &str) -> Quantity {
    let filter = StockFilter { store: Some(store_id(store)), ..StockFilter::default() };
    let rows = books.reader().unwrap().stock(&filter).unwrap();
    rows.into_iter().find(|row| row.sku == sku("cola")).unwrap().available().unwrap()
}

#[test]
fn an_approved_transfer_reserves_until_it_has_left() {
    let place = Place::new();
    let (source, target) = (place.open("1.db", store("S1")), place.open("2.db", store("S2")));
    let hub = place.open("h.db", Writer::Hub);
    book(&source, day(0), receive("cola", 24, "60"));
    say(&target, Step::Request { route: route(), lines: wanted(10), remark: None }).unwrap();
    send(&target, &hub);
    approve(&hub, 8);
    seal(&source);
    send(&source, &hub);
    for shop in [&source, &target] {
        send(&hub, shop);
        assert_eq!(promised(shop), (units(8), units(0)));
    }
    assert_eq!(promised(&hub), (units(8), units(0)));
    assert_eq!((available_at(&source, "S1"), available_at(&hub, "S1")), (units(16), units(16)));

    // A till sells what is on the shelf.
    book(&source, day(0), sell("cola", 20));
    assert_eq!(available_at(&source, "S1"), units(-4));

    do_and_tell(&source, Deed::Ship { shipment: NonZeroU32::MIN, lines: wanted(3) });
    send(&source, &hub);
    send(&hub, &target);
    for books in [&source, &target, &hub] {
        assert_eq!(promised(books), (units(5), units(3)));
        assert_whole(books);
    }
    say(&target, Step::Cancel { reason: "too late".into() }).unwrap();
    send(&target, &hub);
    send(&hub, &source);
    for books in [&source, &target, &hub] {
        assert_eq!(promised(books), (units(0), units(3)));
        assert_whole(books);
    }
    let before = read_model(&place.file("h.db"));
    assert_eq!(before["transfer_line"].len(), 1);
    hub.rebuild(|_| {}).unwrap();
    assert_eq!(before, read_model(&place.file("h.db")));
}

#[test]
fn books_of_the_first_form_show_their_orders_when_they_are_opened() {
    let place = Place::new();
    let (source, hub) = (place.open("1.db", store("S1")), place.open("h.db", Writer::Hub));
    book(&source, day(0), receive("cola", 24, "60"));
    seal(&source);
    say(&source, Step::Request { route: route(), lines: wanted(10), remark: None }).unwrap();
    send(&source, &hub);
    approve(&hub, 8);
    let fields = BTreeMap::from([
        (Field::MinStock, "1.5".to_owned()),
        (Field::Packs, "case=24 16901234567899".to_owned()),
    ]);
    let edits = BTreeMap::from([(sku("cola"), fields)]);
    hub.write(move |tx| tx.edit_catalog(&edits, Timestamp::from_millis(1))).unwrap();
    let before = read_model(&place.file("h.db"));
    drop(hub);
    let old = rusqlite::Connection::open(place.file("h.db")).unwrap();
    old.execute_batch(
        "DROP TABLE purchase_line; DROP TABLE purchase_open; DROP TABLE purchase_receipt; DROP TABLE delivery; DROP TABLE transfer_line; DROP TABLE availability; DROP TABLE availability_as_of; \
         DROP TABLE day_close; DROP VIEW carried; DROP TABLE awaited; DROP TABLE awaited_balance; \
         DROP TABLE dropped_balance; DROP TABLE carried_cost; DROP TABLE dropped_tail; DROP TABLE transfer_open; \
         DROP TABLE stocktake; DROP TABLE stocktake_item; DROP TABLE stocktake_line; \
         DROP TABLE stocktake_evidence; DROP TABLE lot_expiry; DROP TABLE alert_ack; DROP TABLE alert; \
         DROP TABLE bin_entry; DROP TABLE bin_home; DROP TABLE serial_entry; \
         DROP TABLE value_entry; DROP TABLE value_letter; \
         ALTER TABLE day DROP COLUMN paid_stored_value; \
         ALTER TABLE product DROP COLUMN tracking; \
         ALTER TABLE product DROP COLUMN weight; \
         DROP TABLE shift_fact; DROP TABLE receipt_print; DROP TABLE parked_basket; \
         ALTER TABLE product DROP COLUMN min_stock; \
         ALTER TABLE product DROP COLUMN floor_price; \
         DROP TABLE product_code; DROP TABLE price_entry; DROP TABLE stock_bounds; DROP TABLE store_profile; \
         DROP TABLE day_flow; DROP TABLE promotion_field; \
         DROP TABLE product_proposal; DROP TABLE product_verdict; \
         DROP TABLE supplier_field; DROP TABLE offer_field; DROP TABLE supplier_entry; \
         DROP TABLE supplier_goods; \
         CREATE INDEX product_barcode ON product(barcode) WHERE barcode IS NOT NULL; \
         PRAGMA user_version = 1;",
    )
    .unwrap();
    for column in [
        "more_barcodes",
        "packs",
        "spec",
        "model",
        "brand",
        "mnemonic",
        "purchase_price",
        "wholesale_price",
        "member_price",
        "shelf_life_days",
        "max_stock",
        "style",
        "size",
        "colour",
    ] {
        old.execute_batch(&format!("ALTER TABLE product DROP COLUMN {column};")).unwrap();
    }
    drop(old);
    let hub = place.open("h.db", Writer::Hub);
    assert_eq!(promised(&hub), (units(8), units(0)));
    assert_eq!(before, read_model(&place.file("h.db")));
    let cola = hub.reader().unwrap().product(&sku("cola")).unwrap().unwrap();
    assert_eq!(cola.min_stock.unwrap().to_string(), "1.5");
    assert_whole(&hub);
}

/// Lets the hub work out what is to be told.
fn refresh(hub: &Books) -> u64 {
    loop {
        let Refreshed { version, more } = hub.write(|tx| tx.refresh_availability()).unwrap();
        if more == More::No {
            return version;
        }
    }
}

/// What the hub has to tell a store after what it was told; every page is learned.
fn tell(hub: &Books, shop: &Books) -> Vec<StockPage> {
    let mut pages = Vec::new();
    loop {
        let after = shop.summary(&Writer::Hub).unwrap().stock.unwrap();
        let Some(page) = hub.stock_after(shop.me(), after).unwrap() else { break };
        shop.learn_stock(page.clone()).unwrap();
        pages.push(page);
    }
    let due = hub.summary(shop.me()).unwrap().stock;
    assert_eq!(due.unwrap_or_default(), shop.summary(&Writer::Hub).unwrap().stock.unwrap());
    pages
}

fn elsewhere(shop: &Books) -> Vec<(String, String, String)> {
    let rows = shop.reader().unwrap().elsewhere(None).unwrap();
    let text = |row: books::read::Availability| {
        (row.sku.to_string(), row.store.to_string(), row.available.to_string())
    };
    rows.into_iter().map(text).collect()
}

fn row(sku: &str, store: &str, available: &str) -> (String, String, String) {
    (sku.to_owned(), store.to_owned(), available.to_owned())
}

#[test]
fn a_store_is_told_of_others_and_only_of_what_changed() {
    let place = Place::new();
    let (near, far) = (place.open("1.db", store("S1")), place.open("2.db", store("S2")));
    let hub = place.open("h.db", Writer::Hub);
    assert_eq!(refresh(&hub), 0);
    assert_eq!(tell(&hub, &near), []);
    book(&near, day(0), receive("cola", 24, "60"));
    book(&far, day(0), receive("tea", 5, "5"));
    seal(&near);
    seal(&far);
    send(&near, &hub);
    send(&far, &hub);
    assert_eq!(refresh(&hub), 2);
    assert_eq!(refresh(&hub), 2, "nothing has changed");
    let mut news = near.commits();
    news.mark_unchanged();
    tell(&hub, &near);
    assert!(!news.has_changed().unwrap(), "there is nothing in it to send");
    assert_eq!(elsewhere(&near), [row("tea", "S2", "5")]);
    let told = tell(&hub, &far);
    assert_eq!(told[0].begins, Begins::Anew);
    assert_eq!(elsewhere(&far), [row("cola", "S1", "24")]);

    // A promise counts, and so does a sale; what did not change is not told again.
    say(&far, Step::Request { route: route(), lines: wanted(10), remark: None }).unwrap();
    send(&far, &hub);
    approve(&hub, 8);
    book(&near, day(0), sell("cola", 1));
    book(&near, day(0), receive("milk", 2, "2"));
    let newest = near.reader().unwrap().available(&sku("milk")).unwrap()[0].as_of;
    seal(&near);
    send(&near, &hub);
    refresh(&hub);
    assert_eq!(tell(&hub, &near), [], "only its own stock has changed");
    let told = tell(&hub, &far);
    assert_eq!((told.len(), told[0].begins, told[0].rows()), (1, Begins::Onward, 2));
    assert_eq!(Some(told[0].stores[0].as_of), newest);
    assert_eq!(elsewhere(&far), [row("cola", "S1", "15"), row("milk", "S1", "2")]);
    let seen = far.reader().unwrap().elsewhere(Some(&sku("milk"))).unwrap();
    assert_eq!((seen.len(), seen[0].as_of), (1, newest));

    // It outlives a restart, at both ends, and is no part of the read model.
    drop((hub, far));
    let (hub, far) = (place.open("h.db", Writer::Hub), place.open("2.db", store("S2")));
    refresh(&hub);
    assert_eq!(tell(&hub, &far), []);
    far.rebuild(|_| {}).unwrap();
    assert_whole(&far);
    assert_eq!(elsewhere(&far).len(), 2);

    // A hub whose history is another one tells all again.
    hub.write(|tx| tx.open_epoch(None)).unwrap();
    assert_eq!(tell(&hub, &far)[0].begins, Begins::Anew);
    assert_eq!(elsewhere(&far).len(), 2);
}

#[test]
fn much_is_told_in_pages_and_every_change_once() {
    let place = Place::new();
    let (hub, shop) = (place.open("h.db", Writer::Hub), place.open("1.db", store("S1")));
    let many = MAX_ROWS_PER_PAGE + 10;
    // Two stores' stock as a hub would have told it to another hub's store.
    let rows = |store: &str, first: usize| StoreStock {
        store: store_id(store),
        as_of: Timestamp::from_millis(5),
        available: (0..many).map(|n| (sku(&format!("p{}", first + n)), units(1))).collect(),
    };
    let next = Cursor { edition: 9, version: 1 };
    let page = StockPage {
        begins: Begins::Anew,
        next,
        more: More::No,
        stores: vec![rows("S2", 0), rows("S3", 5)],
    };
    hub.learn_stock(page).unwrap();
    // The hub's books know of no such goods: all of them are gone, under numbers of their own.
    assert_eq!(refresh(&hub), 2 * many as u64);
    let pages = tell(&hub, &shop);
    let sizes: Vec<usize> = pages.iter().map(StockPage::rows).collect();
    assert_eq!(sizes, [MAX_ROWS_PER_PAGE, MAX_ROWS_PER_PAGE, 20]);
    let more: Vec<More> = pages.iter().map(|page| page.more).collect();
    assert_eq!(more, [More::Yes, More::Yes, More::No]);
    assert_eq!(elsewhere(&shop).len(), 2 * many);
}

#[test]
fn a_store_of_a_large_chain_is_told_of_those_next_to_it() {
    let place = Place::new();
    let hub = place.open("h.db", Writer::Hub);
    let page = |number: usize| StockPage {
        begins: Begins::Onward,
        next: Cursor { edition: 9, version: number as u64 },
        more: More::No,
        stores: vec![StoreStock {
            store: store_id(&format!("S{number:03}")),
            as_of: Timestamp::from_millis(5),
            available: vec![(sku("cola"), units(1))],
        }],
    };
    for number in 0..200 {
        hub.learn_stock(page(number)).unwrap();
    }
    refresh(&hub);
    for (me, first, last) in
        [("S100", "S068", "S132"), ("S000", "S001", "S064"), ("S199", "S135", "S198")]
    {
        let shop = place.open(&format!("{me}.db"), store(me));
        tell(&hub, &shop);
        let stores: Vec<String> = elsewhere(&shop).into_iter().map(|(_, store, _)| store).collect();
        assert_eq!(stores.len(), 64, "{me}");
        assert_eq!((stores[0].as_str(), stores[63].as_str()), (first, last));
        assert!(!stores.contains(&me.to_owned()));
    }
}
