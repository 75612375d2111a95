-- Read model: what is to come of purchase orders, agreed to (`on_order`) or not yet (`planned`), each line with
-- its supplier and the day on which it is to come. Only lines of which something is.
CREATE TABLE purchase_line (
    purchase TEXT NOT NULL,
    store INTEGER NOT NULL,
    sku INTEGER NOT NULL,
    supplier TEXT,
    expected TEXT,
    on_order INTEGER NOT NULL,
    planned INTEGER NOT NULL,
    PRIMARY KEY (purchase, store, sku)
) STRICT, WITHOUT ROWID;
CREATE INDEX purchase_line_sku ON purchase_line(sku, store);
-- Read model: the orders that wait for something or look wrong.
CREATE TABLE purchase_open (purchase TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
-- Read model: the deliveries that the node's own store has taken in, by the supplier's number, so that none is
-- taken in twice.
CREATE TABLE delivery (
    supplier TEXT NOT NULL,
    note TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (supplier, note)
) STRICT, WITHOUT ROWID;

-- Orders that were taken in before this form are still to be shown in it.
INSERT INTO meta (key, value) SELECT 'unshown', 'orders' WHERE EXISTS (SELECT 1 FROM doc)
    ON CONFLICT DO NOTHING;
