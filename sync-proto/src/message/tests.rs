use ledger::amount::Quantity;
use ledger::check::replicas::RowKey;
use ledger::movement::Account;
use proptest::prelude::*;

use super::*;
use crate::kept::{BUCKETS, Bucket, KeyTag, MAX_MARKS, MAX_ROWS, Mark, Prefix, Told, Wants};
use crate::replica::{Tag, Tip};
use crate::stock::{Begins, MAX_ROWS_PER_PAGE, StoreStock};

fn head(seq: u64) -> Head {
    Head { epoch: Epoch::FIRST, seq, link: ChainLink::from_bytes([0xab; 32]) }
}

fn hello() -> Hello {
    Hello {
        versions: Versions { oldest: 1, newest: 1 },
        chain: ChainId::new("chain-7f3a").unwrap(),
        store: StoreId::new("S012").unwrap(),
        head: head(300),
        root: Digest::from_bytes([0xcd; 16]),
        clock: Timestamp::from_millis(1_700_000_000_000),
        stock: None,
        history: History::Whole,
    }
}

fn welcome() -> Welcome {
    Welcome {
        version: 1,
        verdict: Verdict::HubBehind,
        head: Some(head(299)),
        root: Digest::from_bytes([0xef; 16]),
        clock: Timestamp::from_millis(-1),
        overview: BTreeMap::from([
            ("book/S012/2026-11".parse().unwrap(), Digest::from_bytes([1; 16])),
            ("catalog".parse().unwrap(), Digest::from_bytes([2; 16])),
        ]),
        stock: None,
    }
}

fn tips() -> TipsPage {
    let tip = |seq| Tip { seq, tag: Tag([seq as u8; 8]) };
    let (a, b) = (Actor::from_bytes([0xa; 16]), Actor::from_bytes([0xb; 16]));
    TipsPage {
        collections: vec![Collection::Catalog, Collection::Access],
        tips: BTreeMap::from([
            ("catalog/3".parse().unwrap(), BTreeMap::from([(a, tip(1)), (b, tip(300))])),
            ("catalog/63".parse().unwrap(), BTreeMap::from([(b, tip(2))])),
        ]),
        more: More::Yes,
    }
}

const CURSOR: Cursor = Cursor { edition: 0x0102_0304, version: 300 };

fn stock() -> StockPage {
    let row = |sku: &str, raw| (sku.parse().unwrap(), Quantity::from_thousandths(raw).unwrap());
    let of = |store: &str, at, available| StoreStock {
        store: store.parse().unwrap(),
        as_of: Timestamp::from_millis(at),
        available,
    };
    let rows = vec![row("cola", 3_000), row("茶", -2)];
    let stores = vec![of("S003", 1_700_000_000_000, rows), of("S012", -1, vec![])];
    StockPage { begins: Begins::Onward, next: CURSOR, more: More::Yes, stores }
}

fn ask(wants: Wants, since: Option<&str>) -> Message {
    let since = since.map(|date| date.parse().unwrap());
    Message::Compare(Question { number: 5, since, wants })
}

fn buckets() -> Vec<Bucket> {
    let mut buckets = vec![Bucket::default(); BUCKETS];
    buckets[0] = Bucket { rows: 2, digest: Digest::from_bytes([1; 16]) };
    buckets
}

fn rows() -> Vec<(RowKey, Vec<i64>)> {
    let (sku, date) = ("cola".parse::<ledger::id::Sku>().unwrap(), "2026-11-22".parse().unwrap());
    let mut day = vec![0; 14];
    (day[0], day[1]) = (1, 2);
    vec![
        (
            RowKey::Balance { account: Account::OnHand, sku: sku.clone(), lot: None },
            vec![3_000, -2],
        ),
        (RowKey::DayBalance { account: Account::Opening, date, sku }, vec![1, 0, 2, 0]),
        (RowKey::Day { date, epoch: Epoch::FIRST }, day),
    ]
}

/// A day of which something was paid with stored value, a total that the first form does not have.
fn long_day() -> (RowKey, Vec<i64>) {
    let mut numbers = vec![0; 14];
    (numbers[0], numbers[1], numbers[13]) = (1, 2, -3);
    (RowKey::Day { date: "2026-11-22".parse().unwrap(), epoch: Epoch::FIRST }, numbers)
}

/// One of each, with its bytes. These bytes are the protocol: a line here may be added, never changed.
fn golden() -> Vec<(Message, &'static str)> {
    let link = "ab".repeat(32).leak();
    let text = |parts: &[&str]| -> &'static str { parts.concat().leak() };
    vec![
        (
            Message::Hello(hello()),
            text(&[
                "01 01 01 0a 636861696e2d37663361 04 53303132 01 ac02",
                link,
                &"cd".repeat(16),
                "80a0abfef962",
            ]),
        ),
        (
            Message::Welcome(welcome()),
            text(&[
                "02 01 01 01 ab02",
                link,
                &"ef".repeat(16),
                "01 02 11 626f6f6b2f533031322f323032362d3131",
                &"01".repeat(16),
                "07 636174616c6f67",
                &"02".repeat(16),
            ]),
        ),
        (
            Message::Bye(Bye { code: ByeCode::Storage, text: "disk full".to_owned() }),
            "03 06 09 6469736b2066756c6c",
        ),
        (
            Message::Tips(tips()),
            text(&[
                "04 02 07 636174616c6f67 06 616363657373 02",
                &"0a".repeat(16),
                &"0b".repeat(16),
                "02 09 636174616c6f672f33 02 00 01 0101010101010101 01 ac02 2c2c2c2c2c2c2c2c",
                "0a 636174616c6f672f3633 01 01 02 0202020202020202 01",
            ]),
        ),
        (
            Message::Conflicts(vec![(DocId::Access, Actor::from_bytes([0xa; 16]))]),
            text(&["05 01 06 616363657373", &"0a".repeat(16)]),
        ),
        (Message::Changes(Chunk { number: 200, body: vec![1, 2, 3] }), "06 c801 010203"),
        (Message::Done, "07"),
        (
            Message::Ack(Ack {
                chunk: 7,
                head: None,
                refused: vec![Refused { index: 2, reason: "no".to_owned() }],
            }),
            "08 07 00 01 02 02 6e6f",
        ),
        (
            Message::Probe(Probe { epoch: Epoch::FIRST, points: vec![(5, head(5).link)] }),
            text(&["09 01 01 05", link]),
        ),
        (Message::Probed(Probed { epoch: Epoch::FIRST, held: 130, agreed: 5 }), "0a 01 8201 05"),
        (
            Message::Hello(Hello {
                versions: Versions { oldest: 1, newest: 2 },
                stock: Some(CURSOR),
                ..hello()
            }),
            text(&[
                "01 01 02 0a 636861696e2d37663361 04 53303132 01 ac02",
                link,
                &"cd".repeat(16),
                "80a0abfef962 01 04030201 ac02",
            ]),
        ),
        (
            Message::Welcome(Welcome { version: 2, overview: BTreeMap::new(), ..welcome() }),
            text(&["02 02 01 01 ab02", link, &"ef".repeat(16), "01 00 00"]),
        ),
        (
            Message::Stock(stock()),
            "0b 01 04030201 ac02 01 02 04 53303033 80a0abfef962 02 04 636f6c61 f02e 03 e88cb6 03 \
             04 53303132 01 00",
        ),
        (Message::Seen(CURSOR), "0c 04030201 ac02"),
        (ask(Wants::Buckets(None), None), "16 05 00 00"),
        (ask(Wants::Buckets(Some(9)), None), "16 05 00 01 09"),
        (
            ask(Wants::Marks(vec![Prefix::One(7), Prefix::Two(8, 9)]), Some("2026-11-22")),
            "16 05 0a 323032362d31312d3232 02 02 01 07 02 08 09",
        ),
        (ask(Wants::Rows(vec![KeyTag([3; 8])]), None), "16 05 00 03 01 0303030303030303"),
        (
            Message::Compared(5, Kept { head: None, told: Told::Buckets(buckets()) }),
            text(&[
                "17 05 00 00 02",
                &"01".repeat(16),
                &format!("00{}", "00".repeat(16)).repeat(255),
            ]),
        ),
        (
            Message::Compared(
                5,
                Kept {
                    head: Some(head(300)),
                    told: Told::Marks(vec![Mark { key: KeyTag([3; 8]), row: [4; 8] }]),
                },
            ),
            text(&["17 05 01 ac02", link, "01 01 0303030303030303 0404040404040404"]),
        ),
        (
            Message::Compared(5, Kept { head: None, told: Told::Rows(rows()) }),
            text(&[
                "17 05 00 02 03 00 07 6f6e5f68616e64 04 636f6c61 00 f02e 03",
                "01 07 6f70656e696e67 0a 323032362d31312d3232 04 636f6c61 02 00 04 00",
                "02 0a 323032362d31312d3232 01 02 04 00 00 00 00 00 00 00 00 00 00 00",
            ]),
        ),
        (
            Message::Compared(5, Kept { head: None, told: Told::Rows(vec![long_day()]) }),
            text(&[
                "17 05 00 02 01",
                "03 0a 323032362d31312d3232 01 0e 02 04 00 00 00 00 00 00 00 00 00 00 00 05",
            ]),
        ),
        (
            Message::Hello(Hello {
                versions: Versions { oldest: 1, newest: 3 },
                history: History::Wanted,
                ..hello()
            }),
            text(&[
                "01 01 03 0a 636861696e2d37663361 04 53303132 01 ac02",
                link,
                &"cd".repeat(16),
                "80a0abfef962 00 01",
            ]),
        ),
        (
            Message::Carryover(CarryoverPage { more: More::Yes, body: vec![1, 2, 3] }),
            "0d 01 010203",
        ),
        (Message::Ready, "0e"),
    ]
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(|b| *b != b' ').collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}

#[test]
fn messages_have_these_bytes_for_ever() {
    for (message, hex) in golden() {
        assert_eq!(message.encode(), bytes(hex), "{message:?}");
        assert_eq!(Message::decode(&bytes(hex)).as_ref(), Ok(&message));
    }
}

#[test]
fn nothing_cut_or_followed_by_more_is_a_message() {
    for (message, _) in golden() {
        let whole = message.encode();
        for len in 0..whole.len() {
            let cut = Message::decode(&whole[..len]);
            assert!(cut.as_ref().map_or(true, is_open_ended), "{message:?} to {len}");
        }
        let longer = Message::decode(&[whole, vec![0]].concat());
        assert!(longer.as_ref().map_or(true, is_open_ended), "{message:?}");
    }
}

/// The body of a chunk or carry-over is whatever follows; it says itself how long it is.
fn is_open_ended(message: &Message) -> bool {
    matches!(message, Message::Changes(_) | Message::Carryover(_))
}

#[test]
fn an_unknown_type_is_named() {
    let refused = Message::decode(&[77, 1, 2]).unwrap_err();
    assert_eq!(refused.to_string(), "messages of type 77 are not part of protocol version 3");
}

#[test]
fn a_hello_from_the_future_can_be_answered() {
    let future = Hello { versions: Versions { oldest: 1, newest: 9 }, ..hello() };
    let mut bytes = Message::Hello(future.clone()).encode();
    bytes.extend([1, 2, 3]);
    assert_eq!(Message::decode(&bytes), Ok(Message::Hello(future)));
}

#[test]
fn a_page_of_too_many_rows_is_refused() {
    let row = ("cola".parse().unwrap(), Quantity::ZERO);
    let page = |rows| {
        let mut page = stock();
        page.stores[0].available = vec![row.clone(); rows];
        Message::Stock(page).encode()
    };
    assert!(Message::decode(&page(MAX_ROWS_PER_PAGE)).is_ok());
    assert!(Message::decode(&page(MAX_ROWS_PER_PAGE + 1)).is_err());
}

#[test]
fn questions_and_answers_of_what_is_kept_are_bounded() {
    let keys = |count| ask(Wants::Rows(vec![KeyTag([3; 8]); count]), None).encode();
    assert!(Message::decode(&keys(MAX_ROWS)).is_ok());
    assert!(Message::decode(&keys(MAX_ROWS + 1)).is_err());
    let of = |count| ask(Wants::Marks(vec![Prefix::One(7); count]), None).encode();
    assert!(Message::decode(&of(BUCKETS)).is_ok());
    assert!(Message::decode(&of(BUCKETS + 1)).is_err());
    let answer = |told| Message::Compared(5, Kept { head: None, told }).encode();
    let marks = |count| answer(Told::Marks(vec![Mark { key: KeyTag([3; 8]), row: [4; 8] }; count]));
    assert!(Message::decode(&marks(MAX_MARKS)).is_ok());
    assert!(Message::decode(&marks(MAX_MARKS + 1)).is_err());
    assert!(Message::decode(&answer(Told::Buckets(buckets()[1..].to_vec()))).is_err());
    // Goods on the way are kept by no store alone.
    let account = Account::InTransit("T1".parse().unwrap());
    let key = RowKey::Balance { account, sku: "cola".parse().unwrap(), lot: None };
    assert!(Message::decode(&answer(Told::Rows(vec![(key, vec![1, 2])]))).is_err());
}

#[test]
fn versions_meet_at_the_newest_common_one() {
    let range = |oldest, newest| Versions { oldest, newest };
    assert_eq!(range(1, 3).common(range(2, 9)), Some(3));
    assert_eq!(range(2, 2).common(range(1, 2)), Some(2));
    assert_eq!(range(1, 1).common(range(2, 3)), None);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(message) = Message::decode(&bytes) {
            prop_assert_eq!(Message::decode(&message.encode()), Ok(message));
        }
    }

    #[test]
    fn one_wrong_byte_is_read_or_refused(which in 0..24_usize, at: prop::sample::Index, to: u8) {
        let mut bytes = golden()[which].0.encode();
        let at = at.index(bytes.len());
        bytes[at] = to;
        if let Ok(message) = Message::decode(&bytes) {
            prop_assert_eq!(Message::decode(&message.encode()), Ok(message));
        }
    }
}
