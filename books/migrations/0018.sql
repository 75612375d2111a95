-- What was paid with stored value, less what was issued.
ALTER TABLE day ADD COLUMN paid_stored_value INTEGER NOT NULL DEFAULT 0;

-- Read model: what each fact changes of a member's stored value. `letter` is the letter that it answers; `pool` is
-- the history of head office whose pool it moved, where it moved rights.
CREATE TABLE value_entry (
    store INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    member TEXT NOT NULL,
    kind TEXT NOT NULL,
    date INTEGER NOT NULL,
    balance INTEGER NOT NULL,
    rights INTEGER NOT NULL,
    letter TEXT,
    pool INTEGER,
    PRIMARY KEY (store, epoch, seq, member)
) STRICT, WITHOUT ROWID;
CREATE INDEX value_entry_member ON value_entry(member, store, epoch);
CREATE INDEX value_entry_letter ON value_entry(letter) WHERE letter IS NOT NULL;

-- Read model: what head office has written about stored value, a row for each member that a letter names; and
-- what stores have asked for, which bears no pool (0).
CREATE TABLE value_letter (
    letter TEXT NOT NULL,
    member TEXT NOT NULL,
    purpose TEXT NOT NULL,
    store TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    pool INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (letter, member)
) STRICT, WITHOUT ROWID;
CREATE INDEX value_letter_member ON value_letter(member);
CREATE INDEX value_letter_holder ON value_letter(store, epoch, member);
