-- Names are stored once and meant by number everywhere else: keys stay narrow, and a text that is
-- 20 bytes long costs 2. Numbers are local to this file and never leave it.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE store (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE sku (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE lot (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE transfer (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

-- What is replicated. `store` is whose book it is (null: shared by all), `date` its day as the
-- number 20261122.
CREATE TABLE collection (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    store INTEGER REFERENCES store(id),
    digest BLOB NOT NULL
) STRICT;
CREATE INDEX collection_store ON collection(store);
CREATE TABLE doc (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    store INTEGER REFERENCES store(id),
    date INTEGER
) STRICT;
CREATE INDEX doc_book ON doc(store, date) WHERE date IS NOT NULL;
-- A book is in one collection, an order in one of each of its parties.
CREATE TABLE membership (
    collection INTEGER NOT NULL REFERENCES collection(id),
    doc INTEGER NOT NULL REFERENCES doc(id),
    PRIMARY KEY (collection, doc)
) STRICT, WITHOUT ROWID;
CREATE INDEX membership_doc ON membership(doc);
-- `writer` is 0 for the hub, else a store. `frozen` says why changes of this actor are no longer
-- taken in: its history has forked.
CREATE TABLE actor (
    id INTEGER PRIMARY KEY,
    bytes BLOB NOT NULL UNIQUE,
    writer INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    frozen TEXT
) STRICT;
CREATE TABLE doc_tail (
    doc INTEGER NOT NULL,
    actor INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    max_op INTEGER NOT NULL,
    PRIMARY KEY (doc, actor)
) STRICT, WITHOUT ROWID;

-- The changes in the order in which they were learned. `learned_from` is null for our own, 0 for
-- the hub, else a store. `shared` is 1 for documents that are not one store's alone. The bytes are
-- in `body`, or from `offset` of `block` once the document has been compacted.
CREATE TABLE change (
    row INTEGER PRIMARY KEY,
    doc INTEGER NOT NULL,
    actor INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    max_op INTEGER NOT NULL,
    learned_from INTEGER,
    shared INTEGER NOT NULL,
    block INTEGER REFERENCES block(id),
    offset INTEGER,
    size INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    hash BLOB NOT NULL,
    body BLOB
) STRICT;
CREATE UNIQUE INDEX change_place ON change(doc, actor, seq);
CREATE INDEX change_shared ON change(row) WHERE shared = 1;
CREATE INDEX change_loose ON change(doc) WHERE block IS NULL;
CREATE TABLE block (
    id INTEGER PRIMARY KEY,
    doc INTEGER NOT NULL,
    size INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;

-- Our own facts that are durable but in no change yet: at most one change's worth, all of one day.
CREATE TABLE pending_fact (
    seq INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL,
    date INTEGER NOT NULL,
    at INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;

-- Own facts that left the books because the hub holds others in their place.
CREATE TABLE set_aside (
    id INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    date INTEGER NOT NULL,
    at INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
-- Links of a chain whose facts were set aside: what follows the hole still hangs on them, and what
-- fills it must lead to them.
CREATE TABLE kept_link (
    store INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    link BLOB NOT NULL,
    PRIMARY KEY (store, epoch, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE quarantine (
    id INTEGER PRIMARY KEY,
    peer INTEGER,
    doc TEXT NOT NULL,
    refused_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    hash BLOB NOT NULL,
    actor BLOB,
    seq INTEGER,
    size INTEGER,
    body BLOB,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    times INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX quarantine_item ON quarantine(doc, hash, refused_by, reason);
CREATE INDEX quarantine_peer ON quarantine(peer);
CREATE TABLE peer (
    id INTEGER PRIMARY KEY,
    seen_at INTEGER,
    acked_epoch INTEGER,
    acked_seq INTEGER,
    acked_row INTEGER
) STRICT;

-- The read model: all of it follows from the changes and the pending facts.
-- A run is the facts first..=last of a store's epoch, as they stand in one change; `link` is the
-- chain's link after the last.
CREATE TABLE run (
    store INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    change INTEGER NOT NULL,
    link BLOB NOT NULL,
    PRIMARY KEY (store, epoch, first)
) STRICT, WITHOUT ROWID;
CREATE TABLE request (
    id TEXT PRIMARY KEY,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE fact_link (
    store INTEGER NOT NULL,
    source_epoch INTEGER NOT NULL,
    source_seq INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (store, source_epoch, source_seq, epoch, seq)
) STRICT, WITHOUT ROWID;
-- `place` is store * 16 + account, or minus the transfer for goods on the way; `lot` 0 is none.
CREATE TABLE balance (
    place INTEGER NOT NULL,
    sku INTEGER NOT NULL,
    lot INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (place, sku, lot)
) STRICT, WITHOUT ROWID;
CREATE TABLE cost (
    store INTEGER NOT NULL,
    sku INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (store, sku)
) STRICT, WITHOUT ROWID;
CREATE TABLE day_balance (
    place INTEGER NOT NULL,
    date INTEGER NOT NULL,
    sku INTEGER NOT NULL,
    quantity_in INTEGER NOT NULL,
    quantity_out INTEGER NOT NULL,
    value_in INTEGER NOT NULL,
    value_out INTEGER NOT NULL,
    PRIMARY KEY (place, date, sku)
) STRICT, WITHOUT ROWID;
CREATE TABLE day (
    store INTEGER NOT NULL,
    date INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    facts INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    sales_count INTEGER NOT NULL,
    sales_gross INTEGER NOT NULL,
    sales_discount INTEGER NOT NULL,
    sales_net INTEGER NOT NULL,
    tax INTEGER NOT NULL,
    returns_count INTEGER NOT NULL,
    returns_net INTEGER NOT NULL,
    paid_cash INTEGER NOT NULL,
    paid_card INTEGER NOT NULL,
    paid_transfer INTEGER NOT NULL,
    paid_mobile INTEGER NOT NULL,
    PRIMARY KEY (store, date, epoch)
) STRICT, WITHOUT ROWID;
CREATE TABLE product (
    sku INTEGER PRIMARY KEY,
    bucket INTEGER NOT NULL,
    barcode TEXT,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    unit TEXT NOT NULL,
    category TEXT NOT NULL,
    price INTEGER NOT NULL,
    tax_rate INTEGER NOT NULL,
    sold_by TEXT NOT NULL,
    status TEXT NOT NULL
) STRICT;
CREATE INDEX product_bucket ON product(bucket);
CREATE INDEX product_barcode ON product(barcode) WHERE barcode IS NOT NULL;
CREATE TABLE catalog_conflict (
    sku INTEGER NOT NULL,
    field TEXT NOT NULL,
    place INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    author TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (sku, field, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX catalog_conflict_bucket ON catalog_conflict(bucket);
