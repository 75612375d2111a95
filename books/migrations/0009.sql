-- Read model: suppliers and their offers, a row for each field as it stands in the documents, so that a field
-- which a later version knows is here already.
CREATE TABLE supplier_field (
    supplier TEXT NOT NULL,
    field TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (supplier, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX supplier_field_bucket ON supplier_field(bucket);
CREATE TABLE offer_field (
    sku INTEGER NOT NULL,
    supplier TEXT NOT NULL,
    field TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (sku, supplier, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX offer_field_supplier ON offer_field(supplier, sku);
CREATE INDEX offer_field_bucket ON offer_field(bucket);

-- Read model: facts that concern a supplier. What a receipt says of its supplier stands here as it was written,
-- an id or a name. Facts that undo others (of any kind) have the day on which they do.
CREATE TABLE supplier_entry (
    store INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    date INTEGER NOT NULL,
    supplier TEXT,
    amount INTEGER NOT NULL,
    number TEXT,
    due INTEGER,
    named TEXT,
    of_epoch INTEGER,
    of_seq INTEGER,
    PRIMARY KEY (store, epoch, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX supplier_entry_supplier ON supplier_entry(supplier, kind) WHERE supplier IS NOT NULL;
CREATE INDEX supplier_entry_undone ON supplier_entry(store, of_epoch, of_seq) WHERE of_seq IS NOT NULL;
-- Read model: goods of receipts. The row of the receipt itself says what came in, those of invoices take off what
-- they cover.
CREATE TABLE supplier_goods (
    store INTEGER NOT NULL,
    receipt_epoch INTEGER NOT NULL,
    receipt_seq INTEGER NOT NULL,
    sku INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    value INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    PRIMARY KEY (store, receipt_epoch, receipt_seq, sku, epoch, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX supplier_goods_sku ON supplier_goods(sku);

-- Documents and facts that were taken in before this form are still to be shown in it.
INSERT INTO meta (key, value) SELECT 'unshown', 'parties, receipts' WHERE EXISTS (SELECT 1 FROM doc)
    ON CONFLICT DO NOTHING;
