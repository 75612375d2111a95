-- The stocktake that goes on at this store. Neither replicated nor part of the read model: it is here until it
-- ends as one fact, whatever is built again meanwhile. `epoch` is the history in which it began: in a later one
-- it may have ended already.
CREATE TABLE stocktake (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    epoch INTEGER NOT NULL,
    name TEXT NOT NULL,
    request TEXT,
    operator TEXT,
    started_at INTEGER NOT NULL,
    tolerance INTEGER NOT NULL
) STRICT;
-- What is to be counted, and what was counted beside that. Only lines of its round count.
CREATE TABLE stocktake_item (
    sku INTEGER PRIMARY KEY,
    round INTEGER NOT NULL,
    reason TEXT
) STRICT;
-- What was counted, in that order. `anchor` is the store's last fact then, `book` what was on hand after it.
CREATE TABLE stocktake_line (
    id INTEGER PRIMARY KEY,
    sku INTEGER NOT NULL,
    lot TEXT,
    bin TEXT,
    operator TEXT,
    quantity INTEGER NOT NULL,
    round INTEGER NOT NULL,
    anchor TEXT,
    book INTEGER NOT NULL,
    at INTEGER NOT NULL,
    request TEXT
) STRICT;
CREATE INDEX stocktake_line_request ON stocktake_line(request) WHERE request IS NOT NULL;
