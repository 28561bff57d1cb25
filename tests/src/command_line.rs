//! Requests written as commands of httpie, the way the storefronts' own walk-throughs are: `POST :8083/tickets id=1 stock=10`.

use serde_json::{Map, Value};

/// A request as it is written.
#[derive(Debug, PartialEq)]
pub(crate) struct CommandLine {
    pub method: String,
    /// The port that is named, if one is.
    pub port: Option<u16>,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<Value>,
}

impl CommandLine {
    /// Reads `[METHOD] [:PORT]/PATH [FIELD=TEXT | FIELD:=JSON | HEADER:TEXT]...`. Quotes hold a text with blanks together.
    pub(crate) fn parse(line: &str) -> Self {
        let mut words = words(line).into_iter().peekable();
        let method = words.next_if(|word| word.chars().all(|c| c.is_ascii_uppercase()));
        let (port, path) = target(&words.next().unwrap_or_default());
        let (mut headers, mut fields) = (Vec::new(), Map::new());
        for word in words {
            match item(&word) {
                Item::Header(name, value) => headers.push((name, value)),
                Item::Field(name, value) => drop(fields.insert(name, value)),
            }
        }
        let body = (!fields.is_empty()).then_some(Value::Object(fields));
        let method = method.unwrap_or_else(|| if body.is_some() { "POST" } else { "GET" }.to_owned());
        Self { method, port, path, headers, body }
    }
}

enum Item {
    Header(String, String),
    Field(String, Value),
}

fn item(word: &str) -> Item {
    let at = word.find([':', '=']).unwrap_or_else(|| panic!("{word}: say field=text, field:=json or header:text"));
    let (name, rest) = (word[..at].to_owned(), &word[at..]);
    if let Some(json) = rest.strip_prefix(":=") {
        return Item::Field(name, serde_json::from_str(json).unwrap_or_else(|error| panic!("{word}: {error}")));
    }
    match rest.strip_prefix('=') {
        Some(text) => Item::Field(name, text.into()),
        None => Item::Header(name, rest[1..].to_owned()),
    }
}

fn target(word: &str) -> (Option<u16>, String) {
    let Some(rest) = word.strip_prefix(':') else { return (None, word.to_owned()) };
    let (port, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    (Some(port.parse().unwrap_or_else(|_| panic!("{word}: that is no port"))), path.to_owned())
}

fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for c in line.chars() {
        match (quote, c) {
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None, c) if c.is_whitespace() => words.push(std::mem::take(&mut word)),
            (_, c) => word.push(c),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CommandLine;

    #[test]
    fn fields_are_texts_unless_they_are_said_to_be_json() {
        let line =
            CommandLine::parse("POST :8083/tickets id=1 showName=\"지킬 앤 하이드\" stock:=10 Idempotency-Key:a:b");
        assert_eq!((line.method.as_str(), line.port, line.path.as_str()), ("POST", Some(8083), "/tickets"));
        assert_eq!(line.body, Some(json!({"id": "1", "showName": "지킬 앤 하이드", "stock": 10})));
        assert_eq!(line.headers, [("Idempotency-Key".to_owned(), "a:b".to_owned())]);
    }

    #[test]
    fn without_a_method_it_is_a_get_or_with_fields_a_post() {
        let line = CommandLine::parse("/mypages?page=1");
        assert_eq!((line.method.as_str(), line.port, line.path.as_str()), ("GET", None, "/mypages?page=1"));
        assert_eq!(CommandLine::parse(":1/a b=c").method, "POST");
    }
}
