CREATE TABLE offerings (
    id            INTEGER PRIMARY KEY, -- the storefront's number above bit 40, its own below
    storefront    INTEGER NOT NULL,
    reference     TEXT,                -- the seller's own reference, where clients order by that
    name          TEXT,
    price         INTEGER NOT NULL,    -- of one, in minor units
    capacity      INTEGER NOT NULL,
    held          INTEGER NOT NULL,
    sold          INTEGER NOT NULL,
    seated        INTEGER NOT NULL,
    fields        TEXT,                -- what maejin only keeps and gives back, as JSON
    registered_at INTEGER NOT NULL,    -- milliseconds since 1970
    withdrawn     INTEGER NOT NULL,
    version       INTEGER NOT NULL,
    remaining     INTEGER GENERATED ALWAYS AS (capacity - held - sold) VIRTUAL
);
CREATE TABLE offering_references (
    reference TEXT PRIMARY KEY,        -- storefront:reference
    offerings TEXT NOT NULL            -- ids, separated by commas; the first is the one that is sold
) WITHOUT ROWID;
CREATE TABLE seats (
    id         INTEGER PRIMARY KEY,
    storefront INTEGER NOT NULL,
    offering   INTEGER NOT NULL,
    seat_row   TEXT,
    seat_col   INTEGER,
    grade      TEXT,
    price      INTEGER NOT NULL,
    state      TEXT NOT NULL,          -- free, held, sold, withheld
    owner      INTEGER,                -- the order that holds or bought it
    version    INTEGER NOT NULL
);
CREATE INDEX seats_offering ON seats (offering);
CREATE TABLE seat_places (
    place TEXT PRIMARY KEY,            -- offering:column:row
    seat  INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE holds (
    owner      INTEGER PRIMARY KEY,    -- the order
    offering   INTEGER NOT NULL,
    quantity   INTEGER NOT NULL,
    seats      TEXT NOT NULL,          -- ids, separated by commas
    unit_price INTEGER NOT NULL,
    total      INTEGER NOT NULL,
    state      TEXT NOT NULL,          -- held, sold, released, expired
    until      INTEGER NOT NULL,
    held_at    INTEGER NOT NULL,
    ended_at   INTEGER
);
CREATE TABLE stock_counters (
    id   INTEGER PRIMARY KEY,          -- twice the storefront's number; one more for its seats
    next INTEGER NOT NULL
);
