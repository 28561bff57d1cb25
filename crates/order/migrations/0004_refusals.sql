-- Why an order was refused that is not kept as one: docs/adr/0030-doors-ask-by-data.md
CREATE TABLE order_refusals (
    owner   INTEGER PRIMARY KEY, -- the order
    code    TEXT NOT NULL,
    field   TEXT,                -- what it is about
    message TEXT NOT NULL
);
