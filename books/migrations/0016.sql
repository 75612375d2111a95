-- Read model: promotions, a field each, so that a later version's field is on disk before it is known.
CREATE TABLE promotion_field (
    promotion TEXT NOT NULL,
    field TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (promotion, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX promotion_field_bucket ON promotion_field(bucket);

-- What was taken in before this form is still to be shown in it.
INSERT INTO meta (key, value) SELECT 'unshown', 'catalog' WHERE EXISTS (SELECT 1 FROM doc)
    ON CONFLICT DO NOTHING;
