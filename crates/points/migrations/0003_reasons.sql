ALTER TABLE points_ledger ADD COLUMN reason TEXT; -- why, where somebody corrected it by hand
