CREATE TABLE my_page (
    owner        INTEGER PRIMARY KEY,  -- the order
    storefront   INTEGER NOT NULL,
    number       INTEGER,              -- 1, 2, 3 within the storefront; none as long as no facade shows it
    list_number  INTEGER,              -- 1, 2, 3 among those that were confirmed; none unless it is confirmed
    customer     TEXT NOT NULL,
    wanted       TEXT NOT NULL,        -- the offering, as the client named it
    offering     INTEGER,
    name         TEXT,
    quantity     INTEGER NOT NULL,
    unit_price   INTEGER,              -- minor units
    total        INTEGER,              -- minor units
    state        TEXT NOT NULL,        -- placed, held, paid, confirmed, rejected, cancelling, cancelled
    reason       TEXT,
    points       INTEGER,              -- the balance after what it earned
    paid         INTEGER,              -- minor units
    paid_at      INTEGER,              -- milliseconds since 1970
    refunded_at  INTEGER,
    delivery     TEXT,
    fields       TEXT,                 -- what maejin only keeps and gives back, as JSON
    placed_at    INTEGER NOT NULL,
    cancelled_at INTEGER,
    version      INTEGER NOT NULL
);
CREATE INDEX my_page_number ON my_page (storefront, number) WHERE number IS NOT NULL;
CREATE INDEX my_page_list ON my_page (storefront, list_number) WHERE list_number IS NOT NULL;
CREATE INDEX my_page_customer ON my_page (customer, owner);
CREATE TABLE my_page_counters (
    id   INTEGER PRIMARY KEY,          -- twice the storefront's number; one more for the list of those confirmed
    next INTEGER NOT NULL
);
