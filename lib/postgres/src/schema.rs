//! What a database has beside the tables of the services: the journal, who owns it, how far the tables are, and functions by which
//! PostgreSQL answers what the port asks as SQLite does.

use std::fmt::Write;

/// The steps by which it came to be. A step is never edited after it was released.
pub(crate) fn steps() -> Vec<String> {
    vec![format!("{TABLES}; {FUNCTIONS}; {}", folded())]
}

/// Bodies are compressed already. The row of a shard changes with its owner alone; a journal's place is never used twice.
const TABLES: &str = "
CREATE TABLE shards (
    shard   BIGINT PRIMARY KEY,
    epoch   BIGINT NOT NULL, -- of the owner who may append; each who opens the store to sell takes the next one
    owner   TEXT,            -- by which that one knows itself
    backend INTEGER          -- the process of its connection, to be ended where it waits for its client
) WITH (fillfactor = 10);
INSERT INTO shards (shard, epoch) VALUES (0, 0);
CREATE TABLE journal (
    shard BIGINT NOT NULL,
    seq   BIGINT NOT NULL, -- 1, 2, 3 without a gap
    at    BIGINT NOT NULL, -- when, in milliseconds since 1970
    sum   BIGINT NOT NULL, -- CRC-32 over the sum before, seq, at and body
    body  BYTEA NOT NULL,  -- what was said and changed
    PRIMARY KEY (shard, seq)
);
ALTER TABLE journal ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE TABLE identity (
    one         BIGINT PRIMARY KEY CHECK (one = 1),
    store       TEXT NOT NULL, -- made with the store
    incarnation TEXT NOT NULL
);
CREATE TABLE applied (
    shard BIGINT PRIMARY KEY,
    seq   BIGINT NOT NULL, -- the last journal record that the tables contain
    sum   BIGINT,          -- its sum
    epoch BIGINT NOT NULL  -- of the owner who may write them
) WITH (fillfactor = 10);
INSERT INTO applied (shard, seq, epoch) VALUES (0, 0, 0);
CREATE TABLE trail ( -- in which journal records an order, an offering or a seat is spoken of
    subject BIGINT NOT NULL,
    seq     BIGINT NOT NULL,
    PRIMARY KEY (subject, seq)
)";

/// A member of an object in JSON is a number or text: bytes that begin with 1 or 2 and are sorted as those are. Text in tables has 1 1 for
/// the character 0, and 1 2 for the character 1; so text from JSON gets that, too.
const FUNCTIONS: &str = r#"
CREATE FUNCTION maejin_member(object TEXT, name TEXT) RETURNS BYTEA LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $member$
DECLARE
    found JSON;
    number NUMERIC;
    whole NUMERIC;
BEGIN
    IF strpos(object, '\u000') > 0 THEN
        object := regexp_replace(object, '(?<!\\)((\\\\)*)\\u0001', '\1\\u0001\\u0002', 'g');
        object := regexp_replace(object, '(?<!\\)((\\\\)*)\\u0000', '\1\\u0001\\u0001', 'g');
    END IF;
    found := object::JSON -> name;
    CASE json_typeof(found)
        WHEN 'string' THEN
            RETURN '\x02'::BYTEA || convert_to(found #>> '{}', 'UTF8');
        WHEN 'boolean' THEN
            number := CASE WHEN found #>> '{}' = 'true' THEN 1 ELSE 0 END;
        WHEN 'number' THEN
            number := (found #>> '{}')::NUMERIC;
        WHEN 'object', 'array' THEN
            RETURN '\x02'::BYTEA || convert_to(found::TEXT, 'UTF8');
        ELSE
            RETURN NULL;
    END CASE;
    whole := least(greatest(floor(number), -9223372036854775808), 9223372036854775807);
    RETURN '\x01'::BYTEA || int8send(whole::BIGINT # '-9223372036854775808'::BIGINT)
        || CASE WHEN number = whole THEN ''::BYTEA
           ELSE int8send(least(greatest((number - whole) * 1000000000000000000, 0), 1000000000000000000)::BIGINT) END;
END $member$;
CREATE FUNCTION maejin_text(mixed BYTEA) RETURNS TEXT LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE AS $text$
    SELECT CASE WHEN get_byte(mixed, 0) = 1
        THEN (('x' || encode(substr(mixed, 2, 8), 'hex'))::BIT(64)::BIGINT # '-9223372036854775808'::BIGINT)::TEXT
        ELSE convert_from(substr(mixed, 2), 'UTF8') END
$text$;
CREATE FUNCTION maejin_integer(digits TEXT) RETURNS BIGINT LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE AS $integer$
    SELECT least(greatest(coalesce(
        substring(digits FROM '^[ \t\n\v\f\r]*([-+]?0*[1-9][0-9]{0,30})')::NUMERIC,
        0), -9223372036854775808), 9223372036854775807)::BIGINT
$integer$;
CREATE FUNCTION maejin_start(whole TEXT, characters BIGINT) RETURNS TEXT LANGUAGE SQL IMMUTABLE PARALLEL SAFE AS $start$
    SELECT CASE WHEN strpos(whole, E'\x01') = 0 OR whole IS NULL THEN substr(coalesce(whole, ''), 1, characters::INT)
        ELSE replace(substr(replace(split_part(whole, E'\x01\x01', 1), E'\x01\x02', E'\x01'), 1, characters::INT), E'\x01', E'\x01\x02')
        END
$start$"#;

/// A function that does what [`typed::folded`] does, with every character of that: how a database makes small letters depends on where it
/// was made. Most text has no capital letters outside ASCII, which is found out first.
fn folded() -> String {
    let (mut capital, mut small) = (String::new(), String::new());
    let mut ranges: Vec<(char, char)> = Vec::new();
    for character in ('\u{80}'..=char::MAX).filter(|character| character.to_lowercase().ne([*character])) {
        match ranges.last_mut() {
            Some((_, last)) if u32::from(character) - u32::from(*last) < 64 => *last = character,
            _ => ranges.push((character, character)),
        }
        let mut folded = character.to_lowercase();
        if let (Some(one), None) = (folded.next(), folded.next()) {
            capital.push(character);
            small.push(one);
        }
    }
    let mut class = String::new();
    for (first, last) in ranges {
        write!(class, "{first}-{last}").expect("a string takes every character");
    }
    // The only one that two come of.
    let dotted = "replace(lower(whole COLLATE \"C\"), '\u{130}', 'i\u{307}')";
    format!(
        "CREATE FUNCTION maejin_folded(whole TEXT) RETURNS TEXT LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE AS $folded$
        SELECT CASE WHEN whole COLLATE \"C\" ~ '[{class}]' THEN translate({dotted}, '{capital}', '{small}')
            ELSE lower(whole COLLATE \"C\") END
        $folded$"
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_one_character_folds_to_two() {
        let many: Vec<char> = ('\0'..=char::MAX).filter(|character| character.to_lowercase().count() > 1).collect();
        assert_eq!(many, ['\u{130}']);
    }
}
