CREATE TABLE notices (
    id INTEGER PRIMARY KEY,         -- the order's id times four, and the number of the kind
    storefront INTEGER NOT NULL,
    number INTEGER NOT NULL,        -- within the storefront: 1, 2, 3
    owner INTEGER NOT NULL,         -- the order
    customer TEXT NOT NULL,
    customer_name TEXT,
    offering INTEGER,
    offering_name TEXT,
    quantity INTEGER NOT NULL,
    kind TEXT NOT NULL,             -- confirmed, rejected, cancelled
    text TEXT NOT NULL,             -- what people read
    channel TEXT NOT NULL,          -- the furthest way it goes: inbox, mail
    state TEXT NOT NULL,            -- sent, pending, failed
    failure TEXT,                   -- why it could not be delivered
    at INTEGER NOT NULL,            -- milliseconds since 1970, as all moments
    sent_at INTEGER
);
CREATE INDEX notices_number ON notices (storefront, number);
CREATE INDEX notices_customer ON notices (customer, at, id);
CREATE TABLE notice_counters (
    storefront INTEGER PRIMARY KEY,
    next INTEGER NOT NULL           -- the number that the storefront's next notice gets
);
