ALTER TABLE offerings ADD COLUMN limit_per_customer INTEGER; -- how many one customer can have
ALTER TABLE holds ADD COLUMN counted TEXT;                   -- the customer in whose share it counts
CREATE TABLE offering_shares (
    share TEXT PRIMARY KEY,            -- offering:customer
    taken INTEGER NOT NULL             -- held and sold
) WITHOUT ROWID;
