-- What a product is a variant of, and which.
ALTER TABLE product ADD COLUMN style TEXT NOT NULL DEFAULT '';
ALTER TABLE product ADD COLUMN size TEXT NOT NULL DEFAULT '';
ALTER TABLE product ADD COLUMN colour TEXT NOT NULL DEFAULT '';

-- Read model: entries of price lists. Times are as on a shop's wall, so they sort as they are written.
CREATE TABLE price_entry (
    sku INTEGER NOT NULL,
    level TEXT NOT NULL,
    scope TEXT NOT NULL,
    begins TEXT NOT NULL,
    ends TEXT,
    price INTEGER NOT NULL,
    number TEXT NOT NULL,
    note TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    PRIMARY KEY (sku, level, scope, begins)
) STRICT, WITHOUT ROWID;
CREATE INDEX price_entry_bucket ON price_entry(bucket);
CREATE INDEX price_entry_number ON price_entry(number);

-- Read model: how much of a product stores should have, by scope and season as in the documents.
CREATE TABLE stock_bounds (
    sku INTEGER NOT NULL,
    key TEXT NOT NULL,
    min INTEGER,
    max INTEGER,
    bucket INTEGER NOT NULL,
    PRIMARY KEY (sku, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_bounds_bucket ON stock_bounds(bucket);

-- Read model: products that stores have proposed, and what head office says to that.
CREATE TABLE product_proposal (
    sku INTEGER NOT NULL,
    store TEXT NOT NULL,
    text TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    PRIMARY KEY (sku, store)
) STRICT, WITHOUT ROWID;
CREATE TABLE product_verdict (
    sku INTEGER PRIMARY KEY,
    text TEXT NOT NULL,
    bucket INTEGER NOT NULL
) STRICT;

-- Read model: what head office says of stores.
CREATE TABLE store_profile (
    store TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    groups TEXT NOT NULL,
    zone TEXT NOT NULL,
    cutoff TEXT NOT NULL,
    bucket INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What was taken in before this form is still to be shown in it.
INSERT INTO meta (key, value) SELECT 'unshown', 'catalog' WHERE EXISTS (SELECT 1 FROM doc)
    ON CONFLICT DO NOTHING;
