//! Migrations are written for SQLite. What they say is said here in PostgreSQL's words, by rule: integers of 64 bits, text that is sorted by
//! its bytes, generated columns that are kept, expressions of an index in parentheses.

/// The statements of `sql`, for PostgreSQL.
pub(crate) fn statements(sql: &str) -> Vec<String> {
    let bare = without_comments(sql);
    let statements = bare.split(';').map(|statement| statement.split_whitespace().collect::<Vec<_>>().join(" "));
    statements.filter(|statement| !statement.is_empty()).map(|statement| translated(&statement)).collect()
}

fn without_comments(sql: &str) -> String {
    let lines = sql.lines().map(|line| line.split_once("--").map_or(line, |(before, _)| before));
    lines.collect::<Vec<_>>().join("\n")
}

fn translated(statement: &str) -> String {
    let statement = words(&statement.replace(" WITHOUT ROWID", ""));
    if statement.starts_with("CREATE INDEX") { index(&statement) } else { statement }
}

/// `statement` with the types of PostgreSQL. Types are in capitals, names are not.
fn words(statement: &str) -> String {
    let mut told = String::new();
    let mut word = String::new();
    for character in statement.chars().chain(std::iter::once(' ')) {
        if character.is_ascii_alphanumeric() || character == '_' {
            word.push(character);
            continue;
        }
        told.push_str(match word.as_str() {
            "INTEGER" => "BIGINT",
            "TEXT" => "TEXT COLLATE \"C\"",
            "BLOB" => "BYTEA",
            "VIRTUAL" => "STORED",
            other => other,
        });
        word.clear();
        told.push(character);
    }
    told.truncate(told.len() - 1);
    told
}

/// An index, with its expressions in parentheses.
fn index(statement: &str) -> String {
    let Some((before, rest)) = statement.split_once('(') else { return statement.to_owned() };
    let Some((items, after)) = rest.split_once(')') else { return statement.to_owned() };
    let items = items.split(", ").map(|item| if item.contains(' ') { format!("({item})") } else { item.to_owned() });
    format!("{before}({}){after}", items.collect::<Vec<_>>().join(", "))
}

/// The table and the columns of an index.
pub(crate) fn index_of(statement: &str) -> Option<(&str, Vec<&str>)> {
    let (_, rest) = statement.strip_prefix("CREATE INDEX ")?.split_once(" ON ")?;
    let (table, rest) = rest.split_once(" (")?;
    let end = rest.find(") WHERE").unwrap_or(rest.len() - 1);
    Some((table, rest[..end].split(", ").collect()))
}

/// The index `statement`, which has the nones of `nullable` columns where lists have them: before everything else.
pub(crate) fn nones_first(statement: &str, nullable: &[String]) -> String {
    let Some((_, columns)) = index_of(statement) else { return statement.to_owned() };
    let placed = columns.iter().map(|column| {
        let may_be_none = nullable.iter().any(|name| name == column);
        if may_be_none { format!("{column} NULLS FIRST") } else { (*column).to_owned() }
    });
    let placed: Vec<String> = placed.collect();
    statement.replacen(&format!("({})", columns.join(", ")), &format!("({})", placed.join(", ")), 1)
}

#[cfg(test)]
mod tests {
    use super::{index_of, nones_first, statements};

    #[test]
    fn types_and_what_only_sqlite_has_are_put_in_other_words() {
        let sql = "CREATE TABLE a (id INTEGER PRIMARY KEY, -- its (key), INTEGER
            text TEXT NOT NULL, form BLOB, left INTEGER GENERATED ALWAYS AS (id - 1) VIRTUAL) WITHOUT ROWID;
            ALTER TABLE a ADD COLUMN more TEXT; -- a note";
        let expected = [
            "CREATE TABLE a (id BIGINT PRIMARY KEY, text TEXT COLLATE \"C\" NOT NULL, form BYTEA, left BIGINT GENERATED ALWAYS AS (id - 1) STORED)",
            "ALTER TABLE a ADD COLUMN more TEXT COLLATE \"C\"",
        ];
        assert_eq!(statements(sql), expected);
    }

    #[test]
    fn an_index_has_its_expressions_in_parentheses_and_nones_first() {
        let told = statements("CREATE INDEX i ON t (a, number >> 17, b) WHERE b IS NOT NULL");
        assert_eq!(told, ["CREATE INDEX i ON t (a, (number >> 17), b) WHERE b IS NOT NULL"]);
        assert_eq!(index_of(&told[0]), Some(("t", vec!["a", "(number >> 17)", "b"])));
        let placed = nones_first(&told[0], &["b".to_owned(), "number".to_owned()]);
        assert_eq!(placed, "CREATE INDEX i ON t (a, (number >> 17), b NULLS FIRST) WHERE b IS NOT NULL");
    }
}
