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

-- Documents and facts that were taken in before this form are still to be shown in it.
INSERT INTO meta (key, value) SELECT 'unshown', 'parties, receipts' WHERE EXISTS (SELECT 1 FROM doc)
    ON CONFLICT DO NOTHING;
