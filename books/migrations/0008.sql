-- More of a product. Texts that list something are as in the documents.
ALTER TABLE product ADD COLUMN more_barcodes TEXT NOT NULL DEFAULT '';
ALTER TABLE product ADD COLUMN packs TEXT NOT NULL DEFAULT '';
ALTER TABLE product ADD COLUMN spec TEXT NOT NULL DEFAULT '';
ALTER TABLE product ADD COLUMN model TEXT NOT NULL DEFAULT '';
ALTER TABLE product ADD COLUMN brand TEXT NOT NULL DEFAULT '';
ALTER TABLE product ADD COLUMN mnemonic TEXT NOT NULL DEFAULT '';
ALTER TABLE product ADD COLUMN purchase_price INTEGER;
ALTER TABLE product ADD COLUMN wholesale_price INTEGER;
ALTER TABLE product ADD COLUMN member_price INTEGER;
ALTER TABLE product ADD COLUMN shelf_life_days INTEGER;
ALTER TABLE product ADD COLUMN max_stock INTEGER;
-- Read model: what a scanner reads on a product, and how many units it stands for.
CREATE TABLE product_code (
    code TEXT NOT NULL,
    sku INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (code, sku)
) STRICT, WITHOUT ROWID;
CREATE INDEX product_code_bucket ON product_code(bucket);
DROP INDEX product_barcode;

-- Products that were taken in before this form are still to be shown in it.
INSERT INTO meta (key, value) SELECT 'unshown', 'catalog' WHERE EXISTS (SELECT 1 FROM doc)
    ON CONFLICT DO NOTHING;
