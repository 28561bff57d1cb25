ALTER TABLE offerings ADD COLUMN described INTEGER; -- whether there is a row below
CREATE TABLE offering_descriptions (
    id          INTEGER PRIMARY KEY,   -- the offering
    starts_at   INTEGER,               -- milliseconds since 1970
    ends_at     INTEGER,               -- milliseconds since 1970
    venue       TEXT,
    description TEXT,
    image       TEXT,
    extra       TEXT                   -- what the storefront's file declares, as JSON
);
