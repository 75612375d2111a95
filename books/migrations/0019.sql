-- What one unit of a product weighs, in kilograms as text; '' for nothing said.
ALTER TABLE product ADD COLUMN weight TEXT NOT NULL DEFAULT '';

-- What was taken in before this form is still to be shown in it.
INSERT INTO meta (key, value) SELECT 'unshown', 'catalog' WHERE EXISTS (SELECT 1 FROM doc)
    ON CONFLICT DO NOTHING;
