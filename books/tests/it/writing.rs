//! The writer: groups, failures, and asking twice.

use std::sync::mpsc::channel;
use std::thread;

use books::{Books, BooksError};
use ledger::id::{FactId, RequestId};

use super::shop::{Place, ShopError, book, day, post_in, receive, sell, sku, store};

type Job = Box<dyn FnOnce(&Books) + Send>;

/// Runs closures in one commit: the first keeps the writer busy until all wait behind it.
fn in_one_group(books: &Books, jobs: Vec<Job>) {
    let (started, is_started) = channel();
    let (release, released) = channel::<()>();
    thread::scope(|scope| {
        scope.spawn(|| {
            books
                .write(move |tx| {
                    started.send(()).unwrap();
                    released.recv().unwrap();
                    tx.set_note("first", "done")
                })
                .unwrap();
        });
        is_started.recv().unwrap();
        let handed_over: Vec<_> = jobs
            .into_iter()
            .map(|job| {
                let (sent, is_sent) = channel();
                scope.spawn(move || {
                    sent.send(()).unwrap();
                    job(books);
                });
                is_sent
            })
            .collect();
        for is_sent in handed_over {
            is_sent.recv().unwrap();
        }
        release.send(()).unwrap();
    });
}

#[test]
fn a_failing_closure_takes_nobody_along() {
    let place = Place::new();
    let books = place.open("b.db", store("S1"));
    book(&books, day(0), receive("cola", 100, "200"));
    let mut jobs: Vec<Job> = Vec::new();
    for number in 0..30 {
        jobs.push(match number % 3 {
            0 => Box::new(|books| {
                book(books, day(0), sell("cola", 1));
            }),
            1 => Box::new(|books| {
                // Books a new SKU on a new day, then changes its mind.
                let result = books.write(|tx| {
                    post_in(tx, day(1), None, receive("pepsi", 5, "10"))?;
                    post_in(tx, day(0), None, sell("cola", 50))?;
                    Err::<(), _>(ShopError::Books(BooksError::Closed))
                });
                assert!(matches!(result, Err(ShopError::Books(BooksError::Closed))));
            }),
            _ => Box::new(|books| {
                let result: Result<(), BooksError> = books.write(|tx| {
                    tx.set_note("half", "way")?;
                    panic!("till {} fell over", 7)
                });
                let Err(BooksError::Panicked { message }) = result else { panic!("{result:?}") };
                assert_eq!(message, "till 7 fell over");
            }),
        });
    }
    in_one_group(&books, jobs);
    let (cola, next) = books
        .write(|tx| Ok::<_, BooksError>((tx.position(&sku("cola"))?, tx.next_fact_id()?)))
        .unwrap();
    assert_eq!((cola.quantity.to_string(), next.seq), ("90".to_owned(), 12));
    let reader = books.reader().unwrap();
    assert_eq!(reader.note("first").unwrap().as_deref(), Some("done"));
    assert_eq!(reader.note("half").unwrap(), None);
    assert!(reader.stock(&Default::default()).unwrap().iter().all(|row| row.sku == sku("cola")));
    super::shop::assert_whole(&books);
}

#[test]
fn the_same_request_is_one_fact_whoever_asks_and_when() {
    let place = Place::new();
    let books = place.open("b.db", store("S1"));
    book(&books, day(0), receive("cola", 100, "200"));
    let ask = |books: &Books| -> FactId {
        let request = RequestId::new("till-3 0815").unwrap();
        let asked = books.write(move |tx| match tx.request(&request)? {
            Some(id) => Ok(id),
            None => Ok(post_in(tx, day(0), Some(request), sell("cola", 1))?.id),
        });
        asked.map_err(|error: ShopError| format!("{error:?}")).unwrap()
    };
    let jobs = (0..16).map(|_| {
        let job: Job = Box::new(move |books| {
            ask(books);
        });
        job
    });
    in_one_group(&books, jobs.collect());
    let id = ask(&books);
    drop(books);
    let books = place.open("b.db", store("S1"));
    assert_eq!(ask(&books), id);
    let next = books.write(|tx| tx.next_fact_id()).unwrap();
    assert_eq!(next.seq, 3);
}

#[test]
fn bills_count_by_day_and_series() {
    let place = Place::new();
    let books = place.open("b.db", store("S-012"));
    let bill = |date| book(&books, date, receive("cola", 1, "2")).bill.to_string();
    assert_eq!(bill(day(0)), "S-012-A-20261120-00001");
    assert_eq!(bill(day(0)), "S-012-A-20261120-00002");
    assert_eq!(bill(day(1)), "S-012-A-20261121-00001");
    assert_eq!(bill(day(0)), "S-012-A-20261120-00003");
    books.write(|tx| tx.open_epoch(None)).unwrap();
    assert_eq!(bill(day(1)), "S-012-B-20261121-00001");
}

#[test]
fn only_the_next_own_fact_is_taken() {
    let place = Place::new();
    let books = place.open("b.db", store("S1"));
    let other = place.open("c.db", store("S2"));
    let fact = book(&books, day(0), receive("cola", 1, "2"));
    let again = fact.clone();
    let text = ledger::json::to_text(&fact);
    let append = text.clone();
    let result = books.write(move |tx| tx.append_fact(&again, &append));
    assert!(matches!(result, Err(BooksError::NotNext { .. })), "{result:?}");
    let result = other.write(move |tx| tx.append_fact(&fact, &text));
    assert!(matches!(result, Err(BooksError::NotMine { .. })), "{result:?}");
}

#[test]
fn writes_from_asynchronous_code_are_durable_when_they_return() {
    let place = Place::new();
    let books = place.open("b.db", store("S1"));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let writes = (0..3_000).map(|number| {
        let books = books.clone();
        async move { books.write_async(move |tx| tx.set_note(&format!("n{number}"), "x")).await }
    });
    runtime.block_on(async {
        // More than the queue holds, all at once.
        let mut running = tokio::task::JoinSet::new();
        for write in writes {
            running.spawn(write);
        }
        while let Some(done) = running.join_next().await {
            done.unwrap().unwrap();
        }
    });
    drop(books);
    let books = place.open("b.db", store("S1"));
    assert_eq!(books.reader().unwrap().note("n2999").unwrap().as_deref(), Some("x"));
}
