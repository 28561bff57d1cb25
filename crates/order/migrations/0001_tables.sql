CREATE TABLE orders (
    id             INTEGER PRIMARY KEY, -- the storefront's number above bit 40, its own below
    storefront     INTEGER NOT NULL,
    wanted         TEXT NOT NULL,       -- the offering, as the client named it
    offering       INTEGER,
    name           TEXT,
    customer       TEXT NOT NULL,
    quantity       INTEGER NOT NULL,
    seats          TEXT NOT NULL,       -- ids, separated by commas
    seat_row       TEXT,
    seat_col       INTEGER,
    expected_price INTEGER,
    unit_price     INTEGER,             -- minor units
    total          INTEGER,             -- minor units
    points         INTEGER NOT NULL,
    card           TEXT,
    fields         TEXT,                -- what maejin only keeps and gives back, as JSON
    state          TEXT NOT NULL,       -- placed, held, paid, confirmed, rejected, cancelling, cancelled
    reason         TEXT,
    explanation    TEXT,
    course         INTEGER NOT NULL,    -- 0 ended; the leg, counted from 1, that is asked for; below zero: undone
    attempts       INTEGER NOT NULL,
    parked         TEXT,                -- why it waits for an operator
    delivered      INTEGER NOT NULL,
    shown          INTEGER NOT NULL,    -- whether a facade shows it
    correlation    INTEGER NOT NULL,
    placed_at      INTEGER NOT NULL,    -- milliseconds since 1970
    decided_at     INTEGER,
    cancelled_at   INTEGER,
    version        INTEGER NOT NULL,
    field          TEXT                 -- what the reason is about
);
CREATE INDEX orders_parked ON orders (id) WHERE parked IS NOT NULL;
CREATE TABLE order_counters (
    storefront INTEGER PRIMARY KEY,
    next       INTEGER NOT NULL
);
