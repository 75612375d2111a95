-- The closed days of a store, of the read model: which fact closed a day, and how many facts it covers.
-- A day that was closed again after facts had come back has two rows; the later one counts.
CREATE TABLE day_close (
    store INTEGER NOT NULL,
    date INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    facts INTEGER NOT NULL,
    PRIMARY KEY (store, date, epoch, seq)
) STRICT, WITHOUT ROWID;
