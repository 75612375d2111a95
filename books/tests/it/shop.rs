//! What the tests share: books in a temporary folder, a shop that posts, and a way to replicate.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use books::{Books, BooksError, Config, Tx};
use ledger::amount::{Money, Quantity, TaxRate};
use ledger::command::{Command, InboundLine, SaleLine};
use ledger::fact::{Fact, Priced};
use ledger::id::{Bin, RequestId, Sku, StoreId};
use ledger::json;
use ledger::post::{Header, PostError, detailed, post};
use ledger::serial::Piece;
use ledger::time::{BusinessDate, Timestamp};
use sync_proto::replica::{Batch, More, Outcome, Outgoing, Replica, Row, Span, Wanted};
use sync_proto::{Admission, Admitted, ChainId, WireChange, Writer};
use tempfile::TempDir;

/// When the shops open, in milliseconds.
const OPENING: i64 = 1_795_312_800_000;

pub(crate) fn chain() -> ChainId {
    ChainId::new("chain-1").unwrap()
}

pub(crate) fn store(name: &str) -> Writer {
    Writer::Store(StoreId::new(name).unwrap())
}

pub(crate) fn sku(name: &str) -> Sku {
    Sku::new(name).unwrap()
}

pub(crate) fn units(units: i64) -> Quantity {
    Quantity::units(units).unwrap()
}

pub(crate) fn money(text: &str) -> Money {
    text.parse().unwrap()
}

pub(crate) fn day(number: i32) -> BusinessDate {
    let first: BusinessDate = "2026-11-20".parse().unwrap();
    first.plus_days(number)
}

/// A folder that goes when the test ends.
pub(crate) struct Place(TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn open(&self, name: &str, me: Writer) -> Books {
        open(&self.file(name), me)
    }
}

pub(crate) fn open(path: &Path, me: Writer) -> Books {
    Books::open(path, Config { chain: chain(), me }).unwrap()
}

/// What posting can run into.
#[derive(Debug)]
pub(crate) enum ShopError {
    /// The ledger refuses.
    Post(#[allow(dead_code, reason = "shown when a test fails")] PostError),
    /// The book refuses.
    Books(BooksError),
}

impl From<BooksError> for ShopError {
    fn from(error: BooksError) -> Self {
        Self::Books(error)
    }
}

/// Posts a command in a transaction, as a node would.
pub(crate) fn post_in(
    tx: &mut Tx<'_>,
    date: BusinessDate,
    request: Option<RequestId>,
    command: Command,
) -> Result<Fact, ShopError> {
    post_detailed(tx, date, request, command, Said::default())
}

/// Which pieces goods are, and in which bin they lie.
#[derive(Debug, Clone, Default)]
pub(crate) struct Said {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) bin: Option<Bin>,
}

/// As [`post_in`], saying more of the goods.
pub(crate) fn post_detailed(
    tx: &mut Tx<'_>,
    date: BusinessDate,
    request: Option<RequestId>,
    command: Command,
    said: Said,
) -> Result<Fact, ShopError> {
    let skus: BTreeSet<Sku> = skus_of(&command).into_iter().collect();
    let positions = tx.positions(&skus)?;
    let id = tx.next_fact_id()?;
    let header = Header {
        id,
        store: tx.me().store().unwrap().clone(),
        date,
        true_date: None,
        at: Timestamp::from_millis(OPENING + 1_000 * i64::try_from(id.seq).unwrap()),
        bill: tx.next_bill(date)?,
        request,
        operator: None,
        shift: None,
        member: None,
    };
    let fact = post(header, command, &positions).map_err(ShopError::Post)?.fact;
    let fact = detailed(fact, said.pieces, said.bin.as_ref()).map_err(ShopError::Post)?;
    tx.append_fact(&fact, &json::to_text(&fact))?;
    Ok(fact)
}

pub(crate) fn book(books: &Books, date: BusinessDate, command: Command) -> Fact {
    books.write(move |tx| post_in(tx, date, None, command)).unwrap()
}

pub(crate) fn seal(books: &Books) {
    books.write(|tx| tx.seal_pending().map(drop)).unwrap();
}

pub(crate) fn receive(name: &str, count: i64, cost: &str) -> Command {
    let line = InboundLine { sku: sku(name), lot: None, quantity: units(count), cost: money(cost) };
    Command::Receive { lines: vec![line], supplier: None, lots: Vec::new() }
}

pub(crate) fn sell(name: &str, count: i64) -> Command {
    let line = SaleLine {
        sku: sku(name),
        quantity: units(count),
        list_price: money("3.5"),
        discount: Money::ZERO,
        tax_rate: TaxRate::from_basis_points(1_300).unwrap(),
        priced: Priced::default(),
    };
    Command::Sell { lines: vec![line], payments: Vec::new() }
}

fn skus_of(command: &Command) -> Vec<Sku> {
    match command {
        Command::Opening { lines } | Command::Receive { lines, .. } => {
            lines.iter().map(|line| line.sku.clone()).collect()
        }
        Command::Sell { lines, .. } | Command::Return { lines, .. } => {
            lines.iter().map(|line| line.sku.clone()).collect()
        }
        Command::Purchase(task) => task.skus().into_iter().cloned().collect(),
        Command::Reverse { target, .. } => {
            target.fact.movements.iter().map(|movement| movement.sku.clone()).collect()
        }
        Command::Adjust { lines, .. } | Command::Scrap { lines, .. } => {
            lines.iter().map(|line| line.sku.clone()).collect()
        }
        Command::State { .. }
        | Command::PaySupplier { .. }
        | Command::Acknowledge(_)
        | Command::Value(_)
        | Command::MoveBins { .. }
        | Command::HomeBins { .. }
        | Command::Shift(_) => Vec::new(),
        Command::Invoice(draft) => draft.lines.iter().map(|line| line.sku.clone()).collect(),
        Command::Assemble(assembly) => {
            let lines = assembly.parts.iter().chain([&assembly.product]);
            lines.map(|line| line.sku.clone()).collect()
        }
        Command::Stocktake { lines, .. } => lines.iter().map(|line| line.sku.clone()).collect(),
        Command::Revalue { lines, .. } => lines.iter().map(|line| line.sku.clone()).collect(),
        Command::Transfer(task) => task.skus().into_iter().cloned().collect(),
    }
}

/// What `to` lacks of what `from` holds, admitted, in the order in which it would be sent.
pub(crate) fn lacking(from: &Books, to: &Books) -> Vec<Admitted> {
    let mut changes = Vec::new();
    let overview = from.collections(to.me()).unwrap();
    let collections: BTreeSet<_> = overview.digests.into_keys().collect();
    let theirs = to.tips(from.me(), &collections).unwrap().into();
    let wanted = Wanted { collections, theirs };
    let mut after = Row::START;
    loop {
        let span = Span { after, until: overview.row };
        let Batch { changes: found, last, more } =
            from.missing(to.me(), &wanted, span, 3_000).unwrap();
        changes.extend(found.into_iter().map(|change| admit(from, to, change)));
        after = last;
        if more == More::No {
            return changes;
        }
    }
}

pub(crate) fn admit(from: &Books, to: &Books, change: Outgoing) -> Admitted {
    let admission = Admission::new(chain(), to.me().clone(), from.me().clone());
    admission.admit(WireChange { doc: change.doc, bytes: change.bytes }).unwrap()
}

/// Brings `to` up to date with `from`.
pub(crate) fn send(from: &Books, to: &Books) -> Vec<Outcome> {
    to.apply(from.me(), lacking(from, to)).unwrap().outcomes
}

/// Whether both hold the same of what they share.
pub(crate) fn assert_in_step(a: &Books, b: &Books) {
    let (ours, theirs) = (a.summary(b.me()).unwrap(), b.summary(a.me()).unwrap());
    assert_eq!(ours.root, theirs.root, "{} and {}", a.me(), b.me());
    assert_eq!(a.collections(b.me()).unwrap().digests, b.collections(a.me()).unwrap().digests);
}

pub(crate) fn assert_whole(books: &Books) {
    let verified = books.verify(|_| {}).unwrap();
    assert!(verified.is_whole(), "{}: {:#?}", books.me(), verified.problems);
}

/// Every row of the read model as text, by table.
pub(crate) fn read_model(path: &Path) -> BTreeMap<&'static str, Vec<String>> {
    const TABLES: [&str; 24] = [
        "balance",
        "bin_entry",
        "bin_home",
        "catalog_conflict",
        "collection",
        "cost",
        "day",
        "day_balance",
        "day_flow",
        "delivery",
        "doc_tail",
        "fact_link",
        "offer_field",
        "product",
        "product_code",
        "purchase_line",
        "purchase_receipt",
        "request",
        "run",
        "serial_entry",
        "supplier_entry",
        "supplier_field",
        "supplier_goods",
        "transfer_line",
    ];
    let conn = rusqlite::Connection::open(path).unwrap();
    let rows = |table: &&'static str| {
        let mut statement =
            conn.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2, 3")).unwrap();
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| {
            (0..columns).map(|at| row.get_ref(at).map(|value| format!("{value:?}"))).collect()
        });
        let rows: Result<Vec<Vec<String>>, _> = rows.unwrap().collect();
        (*table, rows.unwrap().into_iter().map(|row| row.join("|")).collect())
    };
    TABLES.iter().map(rows).collect()
}
