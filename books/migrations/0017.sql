-- Read model: what opened and closed shifts. `till` is that of an opening; a close has none.
CREATE TABLE shift_fact (
    store INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    shift_epoch INTEGER NOT NULL,
    shift_seq INTEGER NOT NULL,
    till TEXT,
    date INTEGER NOT NULL,
    at INTEGER NOT NULL,
    operator TEXT,
    PRIMARY KEY (store, epoch, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX shift_fact_till ON shift_fact(store, till, epoch, seq) WHERE till IS NOT NULL;
CREATE INDEX shift_fact_close ON shift_fact(store, shift_epoch, shift_seq) WHERE till IS NULL;

-- No part of the read model: how often a receipt was printed here.
CREATE TABLE receipt_print (
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    printed INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (epoch, seq)
) STRICT, WITHOUT ROWID;

-- No part of the read model: baskets that wait at this store. `basket` is the request as it was sent.
CREATE TABLE parked_basket (
    name TEXT PRIMARY KEY,
    basket TEXT NOT NULL,
    operator TEXT,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
