-- The least that one unit of a product may be sold for; null where there is no such bound.
ALTER TABLE product ADD COLUMN floor_price INTEGER;
