-- Read model: why goods came to a store's shelf or left it on a day. `flow` is the ledger's number of the reason;
-- `paid` is what customers paid, or were paid back, and `tax` what of it is tax.
CREATE TABLE day_flow (
    store INTEGER NOT NULL,
    date INTEGER NOT NULL,
    sku INTEGER NOT NULL,
    flow INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    value INTEGER NOT NULL,
    paid INTEGER NOT NULL,
    tax INTEGER NOT NULL,
    PRIMARY KEY (store, date, sku, flow)
) STRICT, WITHOUT ROWID;
-- A product's deliveries backwards, for the age of what is on hand: few of the rows.
CREATE INDEX day_flow_came ON day_flow(store, sku, date) WHERE flow IN (1, 2, 4, 5);

-- What was booked before this form is still to be sorted into it.
INSERT INTO meta (key, value) SELECT 'unsorted', 'days'
    WHERE EXISTS (SELECT 1 FROM run) OR EXISTS (SELECT 1 FROM pending_fact);
