//! Suppliers and offers: edited at head office, read at a store.

use books::read::OfferFilter;
use books::{Books, BooksError, PartyEdits};
use ledger::id::SupplierId;
use ledger::supplier::{Field, OfferField, Terms};
use ledger::time::Timestamp;
use sync_proto::Writer;
use sync_proto::replica::Outcome;

use super::shop::{Place, assert_in_step, assert_whole, read_model, send, sku, store};

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
