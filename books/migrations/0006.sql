-- Own facts that count in the balances while their changes are not here: facts that a new machine was told
-- the sum of and awaits from the hub, and facts of old books that were dropped once the hub had them.
-- Balances are always the facts held plus what is carried.
--
-- Numbers first..=last of an epoch are awaited.
CREATE TABLE awaited (
    epoch INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (epoch, first)
) STRICT, WITHOUT ROWID;
-- What they come to: each fact that comes takes its part away, and nothing is left after the last.
CREATE TABLE awaited_balance (
    place INTEGER NOT NULL,
    sku INTEGER NOT NULL,
    lot INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (place, sku, lot)
) STRICT, WITHOUT ROWID;
CREATE TABLE dropped_balance (
    place INTEGER NOT NULL,
    sku INTEGER NOT NULL,
    lot INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (place, sku, lot)
) STRICT, WITHOUT ROWID;
CREATE VIEW carried AS
    SELECT place, sku, lot, quantity, value FROM awaited_balance
    UNION ALL SELECT place, sku, lot, quantity, value FROM dropped_balance;
-- The newest cost that facts which are not here tell.
CREATE TABLE carried_cost (
    sku INTEGER PRIMARY KEY,
    cost INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL
) STRICT;
-- The last change of each actor in a book that was dropped. The runs of its facts stay, with the change 0.
CREATE TABLE dropped_tail (
    doc INTEGER NOT NULL,
    actor INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    max_op INTEGER NOT NULL,
    PRIMARY KEY (doc, actor)
) STRICT, WITHOUT ROWID;
