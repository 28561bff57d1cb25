CREATE TABLE payments (
    owner INTEGER PRIMARY KEY,      -- the order
    storefront INTEGER NOT NULL,
    number INTEGER NOT NULL,        -- within the storefront: 1, 2, 3
    customer TEXT NOT NULL,
    offering INTEGER NOT NULL,
    amount INTEGER NOT NULL,        -- whole won
    card TEXT,                      -- the means of payment, as the provider names it
    state TEXT NOT NULL,            -- requested, paid, declined, refunding, refunded, voided
    reference TEXT,                 -- the provider's own id of the charge
    reason TEXT,                    -- why it was declined
    requested_at INTEGER NOT NULL,  -- milliseconds since 1970, as all moments
    paid_at INTEGER,
    refunded_at INTEGER,
    version INTEGER NOT NULL,
    given_back INTEGER,             -- whole won
    product TEXT NOT NULL           -- the offering, as the client named it
);
CREATE INDEX payments_number ON payments (storefront, number);
CREATE TABLE payment_counters (
    storefront INTEGER PRIMARY KEY,
    next INTEGER NOT NULL           -- the number that the storefront's next payment gets
);
