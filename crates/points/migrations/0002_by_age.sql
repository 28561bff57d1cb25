-- A customer's entries stand in blocks of 131,072, by age: docs/adr/0009-lists-by-age.md
DROP INDEX points_ledger_customer;
ALTER TABLE points_ledger ADD COLUMN number INTEGER;  -- 1, 2, 3 as they were made; none if made before this migration
CREATE INDEX points_ledger_by_age ON points_ledger (number >> 17, customer, number);
