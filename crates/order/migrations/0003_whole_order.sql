-- The row is the whole order: docs/adr/0027-the-orders-row-is-the-whole-order.md
ALTER TABLE orders ADD COLUMN whole INTEGER;    -- none in a row from before that was not filled in
ALTER TABLE orders ADD COLUMN balance INTEGER;  -- the customer's points after what it earned, or after that was taken back
ALTER TABLE orders ADD COLUMN payment TEXT;     -- an object in JSON
ALTER TABLE orders ADD COLUMN delivery TEXT;    -- an object in JSON
CREATE INDEX orders_to_fill_in ON orders (storefront, state, id) WHERE whole IS NULL;
