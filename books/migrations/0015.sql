-- Read model: which receipts came for orders, and by when they were to. Days are numbers, as 20261122.
CREATE TABLE purchase_receipt (
    store INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    purchase TEXT NOT NULL,
    supplier TEXT,
    due INTEGER,
    sent INTEGER,
    PRIMARY KEY (store, epoch, seq, purchase)
) STRICT, WITHOUT ROWID;
CREATE INDEX purchase_receipt_purchase ON purchase_receipt(purchase);

-- Orders that were taken in before this form are still to be shown in it.
INSERT INTO meta (key, value) SELECT 'unshown', 'orders' WHERE EXISTS (SELECT 1 FROM doc)
    ON CONFLICT DO NOTHING;
