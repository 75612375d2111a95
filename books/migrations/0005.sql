-- Read model: the transfers that wait for something or look wrong, so that whoever asks for them reads
-- no order that is over.
CREATE TABLE transfer_open (transfer INTEGER PRIMARY KEY) STRICT;

-- Orders that were taken in before this form are still to be shown in it.
INSERT INTO meta (key, value) SELECT 'unshown', 'orders' WHERE EXISTS (SELECT 1 FROM doc)
    ON CONFLICT DO NOTHING;
