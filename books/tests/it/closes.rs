//! Closed days: what a close rests on, against a recount from the facts; and that the books keep and
//! rebuild what is known of them.

use books::{Books, Closed};
use ledger::close::{ClosingStock, DayClose, Tally, close};
use ledger::fact::Fact;
use ledger::id::StoreId;
use ledger::json;
use ledger::post::Header;
use ledger::time::{BusinessDate, Timestamp};
use proptest::prelude::*;
use sync_proto::Writer;

use super::shop::{Place, assert_whole, book, day, receive, sell, send, store};

/// Closes a day as a node does.
pub(crate) fn close_day(books: &Books, date: BusinessDate) -> Fact {
    let fact = books.write(move |tx| {
        let mut tally = Tally::new(tx.me().store().unwrap(), date);
        for stored in tx.facts_of_day(date)? {
            tally.fact(&stored.fact, &stored.text);
        }
        let stock = tx.closing_stock(date)?.summary();
        let header = Header {
            id: tx.next_fact_id()?,
            store: tx.me().store().unwrap().clone(),
            date,
            true_date: None,
            at: Timestamp::from_millis(0),
            bill: tx.next_bill(date)?,
            request: None,
            operator: None,
            shift: None,
            member: None,
        };
        let fact = close(header, DayClose::new(tally.finish(tx.standing()?, stock)));
        tx.append_fact(&fact, &json::to_text(&fact))?;
        Ok::<_, books::BooksError>(fact)
    });
    fact.unwrap()
}

fn closed(books: &Books, date: BusinessDate) -> Closed {
    books.write(move |tx| tx.closed(date)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_evening_s_stock_is_that_of_the_facts_so_far(
        moves in prop::collection::vec((0..5_i32, 0..3_usize, 1..9_i64, any::<bool>()), 1..40)
    ) {
        let place = Place::new();
        let shop = place.open("s.db", store("S1"));
        let mut facts = Vec::new();
        for (date, name, count, comes) in moves {
            let name = ["cola", "tea", "milk"][name];
            let command = if comes { receive(name, count, "7.77") } else { sell(name, count) };
            facts.push(book(&shop, day(date), command));
        }
        let mut moved = ClosingStock::default();
        for date in (0..5).map(day) {
            let mut naive = ClosingStock::default();
            facts.iter().filter(|fact| fact.date <= date).for_each(|fact| naive.fact(fact));
            let at_once = shop.write(move |tx| tx.closing_stock(date)).unwrap();
            prop_assert_eq!(&at_once, &naive, "{}", date);
            let before = moved;
            moved = shop.write(move |tx| {
                let mut stock = before;
                tx.move_stock_on(&mut stock, date.plus_days(-1), date)?;
                Ok::<_, books::BooksError>(stock)
            }).unwrap();
            prop_assert_eq!(&moved, &naive, "{}", date);
        }
    }
}

#[test]
fn closed_days_are_known_here_at_the_hub_and_after_a_rebuild() {
    let place = Place::new();
    let (shop, hub) = (place.open("s.db", store("S1")), place.open("h.db", Writer::Hub));
    let name = StoreId::new("S1").unwrap();
    book(&shop, day(0), receive("cola", 10, "20"));
    book(&shop, day(2), sell("cola", 1));
    let open = |date| shop.write(move |tx| tx.open_day(date)).unwrap();
    assert_eq!(open(day(-7)), day(-7), "nothing is closed");
    assert_eq!(shop.write(|tx| tx.open_days(day(2))).unwrap(), [day(0), day(2)]);
    assert_eq!((closed(&shop, day(0)), closed(&shop, day(1))), (Closed::No, Closed::Empty));

    let fact = close_day(&shop, day(0));
    close_day(&shop, day(2));
    assert_eq!(closed(&shop, day(0)), Closed::Wholly);
    assert_eq!((open(day(0)), open(day(2)), open(day(5))), (day(3), day(3), day(5)));
    assert_eq!(shop.write(|tx| tx.close_of(day(0))).unwrap(), Some(fact.id));
    send(&shop, &hub);
    for books in [&shop, &hub] {
        let ask = |books: &Books| {
            let reader = books.reader().unwrap();
            let dates = reader.closes(&name, 9).unwrap();
            let dates: Vec<_> = dates.into_iter().map(|stored| stored.fact.date).collect();
            (reader.closed_through(&name).unwrap(), dates, reader.open_days(&name, day(9)).unwrap())
        };
        let known = ask(books);
        assert_eq!(known, (Some(day(2)), vec![day(2), day(0)], vec![]));
        assert_whole(books);
        books.rebuild(|_| {}).unwrap();
        assert_eq!(ask(books), known);
    }

    // What comes to a closed day all the same is taken in, and shows.
    let late = book(&shop, day(0), sell("cola", 2));
    assert_eq!(late.date, day(0));
    assert_eq!(closed(&shop, day(0)), Closed::Partly);
    close_day(&shop, day(0));
    assert_eq!(closed(&shop, day(0)), Closed::Wholly);
    assert_eq!(shop.reader().unwrap().closes(&name, 9).unwrap().len(), 2, "the newer one counts");
    send(&shop, &hub);
    assert_whole(&shop);
    assert_whole(&hub);
}
