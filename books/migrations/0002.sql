-- Read model: what transfers have promised and not sent (`reserved`, at the source), and what is on
-- its way. Only lines of which one or the other is so.
CREATE TABLE transfer_line (
    transfer INTEGER NOT NULL,
    sku INTEGER NOT NULL,
    source INTEGER NOT NULL,
    target INTEGER NOT NULL,
    reserved INTEGER NOT NULL,
    in_transit INTEGER NOT NULL,
    PRIMARY KEY (transfer, sku)
) STRICT, WITHOUT ROWID;
CREATE INDEX transfer_line_source ON transfer_line(source, sku);
CREATE INDEX transfer_line_target ON transfer_line(target, sku);

-- No part of the read model. At the hub: what it tells stores of each other, every row under the
-- number of its last change. At a store: what the hub has told.
CREATE TABLE availability (
    store INTEGER NOT NULL,
    sku INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (store, sku)
) STRICT, WITHOUT ROWID;
CREATE INDEX availability_version ON availability(store, version);
-- At a store: of when what was told of another one is.
CREATE TABLE availability_as_of (store INTEGER PRIMARY KEY, as_of INTEGER NOT NULL) STRICT;

-- What a store keeps of a product when it gives to others.
ALTER TABLE product ADD COLUMN min_stock INTEGER;

-- Documents that were taken in before this form are still to be shown in its tables.
INSERT INTO meta (key, value) SELECT 'unshown', 'orders, catalog' WHERE EXISTS (SELECT 1 FROM doc);
