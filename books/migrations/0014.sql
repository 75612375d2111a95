-- Whether single pieces of a product are kept by their numbers.
ALTER TABLE product ADD COLUMN tracking TEXT NOT NULL DEFAULT '';
-- The bins of a store, as head office lists them.
ALTER TABLE store_profile ADD COLUMN bins TEXT NOT NULL DEFAULT '';

-- Read model: what facts name of bins, each what its own fact says. `lot` 0 is none. What lies in a bin is their
-- sum, and what names no bin is in the home bin.
CREATE TABLE bin_entry (
    store INTEGER NOT NULL,
    sku INTEGER NOT NULL,
    bin TEXT NOT NULL,
    lot INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (store, sku, bin, lot, epoch, seq)
) STRICT, WITHOUT ROWID;

-- Read model: where products belong, as the store's newest fact of each says; '' is nowhere.
CREATE TABLE bin_home (
    store INTEGER NOT NULL,
    sku INTEGER NOT NULL,
    bin TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (store, sku)
) STRICT, WITHOUT ROWID;

-- Read model: what facts say of single pieces. `way` is 1 for what came on hand, -1 for what left, 0 for neither;
-- `account` is the other end.
CREATE TABLE serial_entry (
    serial TEXT NOT NULL,
    sku INTEGER NOT NULL,
    store INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    way INTEGER NOT NULL,
    account TEXT,
    kind TEXT NOT NULL,
    bill TEXT NOT NULL,
    date INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (serial, sku, store, epoch, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX serial_entry_sku ON serial_entry(sku, serial);

-- The one bin that the stocktake is of.
ALTER TABLE stocktake ADD COLUMN bin TEXT;

-- What was taken in before this form is still to be shown in it.
INSERT INTO meta (key, value) SELECT 'unshown', 'catalog' WHERE EXISTS (SELECT 1 FROM doc)
    ON CONFLICT DO NOTHING;
