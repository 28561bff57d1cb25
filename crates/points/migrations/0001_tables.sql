CREATE TABLE points_accounts (
    customer TEXT PRIMARY KEY,
    number   INTEGER,                  -- the customer as a number, where it is one
    balance  INTEGER NOT NULL,
    version  INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX points_accounts_number ON points_accounts (number);
CREATE TABLE points_ledger (
    id       INTEGER PRIMARY KEY,      -- four times the order, 1 more where points were taken back; by hand: from 2^60 on
    customer TEXT NOT NULL,
    owner    INTEGER,                  -- the order
    points   INTEGER NOT NULL,         -- below zero where they are taken back
    balance  INTEGER NOT NULL,         -- after it
    at       INTEGER NOT NULL          -- milliseconds since 1970
);
CREATE INDEX points_ledger_customer ON points_ledger (customer);
CREATE TABLE points_counters (
    id   INTEGER PRIMARY KEY,
    next INTEGER NOT NULL
);
