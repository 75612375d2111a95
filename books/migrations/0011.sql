-- Read model: until when lots are good, as the store's newest receipt of each says.
CREATE TABLE lot_expiry (
    store INTEGER NOT NULL,
    sku INTEGER NOT NULL,
    lot INTEGER NOT NULL,
    expiry INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (store, sku, lot)
) STRICT, WITHOUT ROWID;
-- Read model: who has seen an alert last. `lot` 0 is none. Whether it still speaks of the alert that is open
-- is decided when somebody asks.
CREATE TABLE alert_ack (
    store INTEGER NOT NULL,
    sku INTEGER NOT NULL,
    kind TEXT NOT NULL,
    lot INTEGER NOT NULL,
    date INTEGER NOT NULL,
    at INTEGER NOT NULL,
    operator TEXT,
    until INTEGER,
    remark TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (store, sku, kind, lot)
) STRICT, WITHOUT ROWID;

-- No part of the read model: alerts that are open, as the last look found them. `since` is the day on which
-- the fault began. `raised` is when the fact was recorded that brought it about, where somebody had seen the
-- fault before and it was gone meanwhile; else 0.
CREATE TABLE alert (
    store INTEGER NOT NULL,
    sku INTEGER NOT NULL,
    kind TEXT NOT NULL,
    lot INTEGER NOT NULL,
    since INTEGER NOT NULL,
    raised INTEGER NOT NULL,
    PRIMARY KEY (store, sku, kind, lot)
) STRICT, WITHOUT ROWID;

-- Who has approved what the stocktake has found so far.
ALTER TABLE stocktake ADD COLUMN approved TEXT;
-- What was counted for stocktakes that are over, place by place. Neither replicated nor part of the read model: the
-- fact says what it came to, this says who saw what where.
CREATE TABLE stocktake_evidence (
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    line INTEGER NOT NULL,
    sku INTEGER NOT NULL,
    lot TEXT,
    bin TEXT,
    operator TEXT,
    quantity INTEGER NOT NULL,
    round INTEGER NOT NULL,
    anchor TEXT,
    book INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (epoch, seq, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX stocktake_evidence_sku ON stocktake_evidence(sku, at);
CREATE INDEX stocktake_evidence_bin ON stocktake_evidence(bin) WHERE bin IS NOT NULL;
