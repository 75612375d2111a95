//! Suppliers and offers: edited at head office, read at a store.

use books::read::OfferFilter;
use books::{Books, BooksError, PartyEdits};
use ledger::command::{Command, InboundLine, ReversalTarget, Reversed};
use ledger::fact::{Fact, PaymentMethod};
use ledger::id::{FactId, SupplierId};
use ledger::invoice::{Draft, InvoiceLine};
use ledger::payable::{SupplierPayment, account};
use ledger::supplier::{Field, OfferField, Supplier, Terms};
use ledger::time::Timestamp;
use sync_proto::Writer;
use sync_proto::replica::Outcome;

use super::shop::{
    Place, assert_in_step, assert_whole, book, day, money, read_model, seal, send, sku, store,
    units,
};

fn id(name: &str) -> SupplierId {
    name.parse().unwrap()
}

fn edit(books: &Books, edits: &PartyEdits) -> Result<usize, BooksError> {
    let edits = edits.clone();
    books.write(move |tx| tx.edit_parties(&edits, Timestamp::from_millis(1_795_312_800_000)))
}

fn edits() -> PartyEdits {
    let mut edits = PartyEdits::default();
    for (name, zh) in [("V007", "东方批发"), ("V008", "西城粮油")] {
        let fields = [(Field::NameZh, zh.to_owned()), (Field::Terms, "month_end+30".to_owned())];
        edits.suppliers.insert(id(name), fields.into());
        let offer = [(OfferField::Price, "2.1".to_owned()), (OfferField::LeadDays, "3".to_owned())];
        edits.offers.insert((id(name), sku("cola")), offer.into());
    }
    edits
}

#[test]
fn a_store_reads_suppliers_and_offers_of_head_office() {
    let place = Place::new();
    let hub = place.open("h.db", Writer::Hub);
    assert!(edit(&hub, &edits()).unwrap() > 0);
    assert_eq!(edit(&hub, &edits()).unwrap(), 0, "nothing is new");
    let shop = place.open("s.db", store("S001"));
    let outcomes = send(&hub, &shop);
    assert!(outcomes.iter().all(|outcome| *outcome == Outcome::Applied), "{outcomes:?}");
    for (books, file) in [(&hub, "h.db"), (&shop, "s.db")] {
        let reader = books.reader().unwrap();
        let names: Vec<String> =
            reader.suppliers().unwrap().iter().map(|s| format!("{} {}", s.id, s.name_zh)).collect();
        assert_eq!(names, ["V007 东方批发", "V008 西城粮油"]);
        let known = reader.supplier(&id("V007")).unwrap().unwrap();
        assert_eq!(known.terms, Terms::AfterMonthEnd(30));
        let called = |name: &str| reader.suppliers_called(name).unwrap().len();
        assert_eq!((called("西城粮油"), called("V008"), called("nobody")), (1, 1, 0));
        let of = |filter: OfferFilter| reader.offers(&filter).unwrap().len();
        assert_eq!(of(OfferFilter { sku: Some(sku("cola")), ..OfferFilter::default() }), 2);
        assert_eq!(of(OfferFilter { supplier: Some(id("V007")), ..OfferFilter::default() }), 1);
        assert_whole(books);
        let before = read_model(&place.file(file));
        books.rebuild(|_| {}).unwrap();
        assert_eq!(read_model(&place.file(file)), before);
    }
    assert_in_step(&hub, &shop);
}

#[test]
fn a_store_edits_no_supplier() {
    let place = Place::new();
    let shop = place.open("s.db", store("S001"));
    assert!(edit(&shop, &edits()).is_err());
    assert!(shop.reader().unwrap().suppliers().unwrap().is_empty());
}

fn receive(books: &Books, on: i32, count: i64, cost: &str, from: &str) -> FactId {
    let lines = vec![InboundLine {
        sku: sku("cola"),
        lot: None,
        quantity: units(count),
        cost: money(cost),
    }];
    book(books, day(on), Command::Receive { lines, supplier: Some(from.into()), lots: Vec::new() })
        .id
}

fn invoice(books: &Books, on: i32, receipt: FactId, number: &str, count: i64, net: &str) -> Fact {
    let open = books.write(move |tx| tx.open_receipt(receipt)).unwrap().unwrap();
    let line =
        InvoiceLine { sku: sku("cola"), quantity: units(count), net: money(net), tax: money("1") };
    let draft = Draft {
        supplier: id("V007"),
        number: number.parse().unwrap(),
        dated: day(on),
        due: day(on + 30),
        lines: vec![line],
        receipts: vec![open],
        ordered: [].into(),
        known: None,
        accept: Some("agreed".into()),
    };
    book(books, day(on), Command::Invoice(Box::new(draft)))
}

fn undo(books: &Books, on: i32, fact: Fact) -> FactId {
    let target = Box::new(ReversalTarget { fact, reversed: Reversed::No, returns: 0 });
    book(books, day(on), Command::Reverse { target, reason: "wrong".into() }).id
}

#[test]
fn an_account_is_the_same_wherever_its_facts_are() {
    let place = Place::new();
    let shop = place.open("s.db", store("S001"));
    let hub = place.open("h.db", Writer::Hub);
    let first = receive(&shop, 1, 10, "20", "V007");
    let second = receive(&shop, 2, 4, "8", "东方批发");
    receive(&shop, 2, 4, "8", "西城粮油");
    let wrong = invoice(&shop, 3, first, "8817", 10, "25");
    let numbered = |books: &Books| {
        books.write(|tx| tx.invoice_numbered(&id("V007"), &"8817".parse().unwrap())).unwrap()
    };
    assert_eq!(numbered(&shop), Some(wrong.id));
    seal(&shop);
    undo(&shop, 4, wrong);
    assert_eq!(numbered(&shop), None);
    let right = invoice(&shop, 4, first, "8817", 6, "13.2");
    assert_eq!(shop.write(move |tx| tx.invoice_of(first)).unwrap(), Some(right.id));
    let payment = Box::new(SupplierPayment {
        supplier: id("V007"),
        amount: money("10"),
        method: PaymentMethod::Transfer,
        reference: "bank 7".into(),
        invoices: vec![right.id],
    });
    book(&shop, day(5), Command::PaySupplier { payment, open: 142_000 });
    let left = shop.write(move |tx| tx.open_receipt(first)).unwrap().unwrap();
    assert_eq!(left.goods[&sku("cola")].quantity, units(4));
    seal(&shop);
    send(&shop, &hub);

    let mut supplier = Supplier::named_after(id("V007"));
    supplier.set(Field::NameZh, "东方批发").unwrap();
    for (books, file) in [(&shop, "s.db"), (&hub, "h.db")] {
        let reader = books.reader().unwrap();
        let entries = reader.supplier_entries(&supplier.id, None).unwrap();
        let now = account(&entries, day(5));
        assert_eq!((entries.len(), now.balance), (3, 42_000), "{entries:?}");
        assert_eq!(account(&entries, day(3)).balance, 260_000, "before it was undone");
        let open = reader.uninvoiced(&supplier, None).unwrap();
        let open: Vec<_> = open.iter().map(|open| (open.id, open.value)).collect();
        assert_eq!(open, [(first, money("8")), (second, money("8"))]);
        let delivered = reader.deliveries(&sku("cola")).unwrap();
        assert_eq!((delivered["V007"].count, delivered["V007"].quantity), (1, 10_000));
        assert_eq!(delivered.len(), 3);
        drop(reader);
        assert_whole(books);
        let before = read_model(&place.file(file));
        books.rebuild(|_| {}).unwrap();
        assert_eq!(read_model(&place.file(file)), before);
    }
    assert_in_step(&shop, &hub);
}

#[test]
fn a_receipt_that_was_undone_is_open_no_more() {
    let place = Place::new();
    let shop = place.open("s.db", store("S001"));
    let receipt = receive(&shop, 1, 10, "20", "V007");
    let fact = shop.write(move |tx| tx.fact(receipt)).unwrap().unwrap().fact;
    undo(&shop, 2, fact);
    assert_eq!(shop.write(move |tx| tx.open_receipt(receipt)).unwrap(), None);
    let reader = shop.reader().unwrap();
    let supplier = Supplier::named_after(id("V007"));
    assert!(reader.uninvoiced(&supplier, None).unwrap().is_empty());
    assert!(reader.deliveries(&sku("cola")).unwrap().is_empty());
}

#[test]
fn plans_and_orders_cost_what_the_suppliers_terms_say() {
    let place = Place::new();
    let hub = place.open("h.db", Writer::Hub);
    let set = |fields: &[(Field, &str)], offer: &[(OfferField, &str)]| {
        let mut edits = PartyEdits::default();
        let text = |text: &&str| (*text).to_owned();
        let fields = fields.iter().map(|(field, value)| (*field, text(value))).collect();
        edits.suppliers.insert(id("V007"), fields);
        let offer = offer.iter().map(|(field, value)| (*field, text(value))).collect();
        edits.offers.insert((id("V007"), sku("cola")), offer);
        edit(&hub, &edits).unwrap();
    };
    set(
        &[(Field::NameZh, "东方批发"), (Field::Discount, "500"), (Field::DiscountOver, "100")],
        &[(OfferField::Price, "2"), (OfferField::Breaks, "48=1.90")],
    );
    let catalog = [("cola", Some("40")), ("tea", None)].map(|(name, min)| {
        let mut fields = std::collections::BTreeMap::from([(
            ledger::catalog::Field::PurchasePrice,
            "3".to_owned(),
        )]);
        fields.extend(min.map(|min| (ledger::catalog::Field::MinStock, min.to_owned())));
        (sku(name), fields)
    });
    let catalog = std::collections::BTreeMap::from(catalog);
    hub.write(move |tx| tx.edit_catalog(&catalog, Timestamp::from_millis(1))).unwrap();
    let prices = |lines: &[(&str, i64, Option<&str>)]| -> Vec<Option<String>> {
        let line = |(name, quantity, given): &(&str, i64, Option<&str>)| {
            (sku(name), units(*quantity), given.map(money))
        };
        let lines: Vec<_> = lines.iter().map(line).collect();
        let prices = hub.reader().unwrap().order_prices(&id("V007"), &lines).unwrap();
        prices.into_iter().map(|price| price.map(|price| price.to_string())).collect()
    };
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(prices(&[("cola", 47, None)]), [text("2")]);
    assert_eq!(prices(&[("cola", 48, None), ("cola", 1, None)]), [text("1.9"), text("1.9")]);
    // 95 and 6 are worth the discount; it comes off what the supplier offers.
    let all = [("cola", 50, None), ("tea", 2, None), ("cola", 1, Some("1.5")), ("beer", 1, None)];
    assert_eq!(prices(&all), [text("1.805"), text("3"), text("1.5"), None]);

    let planned = || {
        let plan = books::read::PlanFor {
            store: "S001".parse().unwrap(),
            through: day(0),
            days: 7,
            terms: ledger::plan::Terms {
                lead_days: 1,
                review_days: 1,
                pack: None,
                minimum: None,
                refill_percent: 0,
            },
            reserve_days: 1,
        };
        let mut lines = hub.reader().unwrap().purchase_plan(&plan).unwrap();
        assert_eq!(lines.len(), 1, "nobody has or wants tea");
        lines.remove(0)
    };
    let line = planned();
    assert!(line.proposal.quantity < units(48));
    assert_eq!((line.list_price, line.unit_price), (Some(money("2")), Some(money("2"))));
    assert_eq!(line.proposal.concerns, []);
    set(
        &[(Field::DiscountOver, "50"), (Field::MinimumOrder, "1000")],
        &[(OfferField::Breaks, "12=1.80")],
    );
    let line = planned();
    assert_eq!((line.list_price, line.unit_price), (Some(money("1.8")), Some(money("1.71"))));
    assert_eq!(line.proposal.concerns, [ledger::plan::Concern::BelowOrderMinimum]);
}
