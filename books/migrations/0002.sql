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

-- Documents that were taken in before this form are still to be shown in its tables.
INSERT INTO meta (key, value) SELECT 'unshown', 'orders' WHERE EXISTS (SELECT 1 FROM doc);
