CREATE TABLE deliveries (
    owner INTEGER PRIMARY KEY,      -- the order
    storefront INTEGER NOT NULL,
    number INTEGER NOT NULL,        -- within the storefront: 1, 2, 3
    customer TEXT NOT NULL,
    offering INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    product TEXT NOT NULL,          -- the seller's reference to the offering, or its number
    state TEXT NOT NULL,            -- started, dispatched, completed, cancelled
    started_at INTEGER NOT NULL,    -- milliseconds since 1970, as all moments
    ended_at INTEGER,
    version INTEGER NOT NULL
);
CREATE INDEX deliveries_number ON deliveries (storefront, number);
CREATE TABLE delivery_counters (
    storefront INTEGER PRIMARY KEY,
    next INTEGER NOT NULL           -- the number that the storefront's next delivery gets
);
