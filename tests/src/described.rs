//! The calls of v1 as its own document describes them, so that a new one is held to what all are held to without being named.

use serde_json::{Value, json};

use crate::{Paths, Raw};

/// What fills a name in a path: the name, and the value.
pub type Filling<'a> = &'a [(&'a str, &'a str)];

/// A call.
#[derive(Debug, Clone)]
pub struct Described {
    /// Its method, in capitals.
    pub method: String,
    /// Its path, with names in braces.
    pub path: String,
    /// What the document says of it.
    pub operation: Value,
}

/// The document of v1.
#[track_caller]
fn document(at: &Paths) -> Value {
    at.http("/openapi.json").is(200).json().clone()
}

/// Every call.
///
/// # Panics
/// If there are no such calls.
#[track_caller]
pub fn described(at: &Paths) -> Vec<Described> {
    let document = document(at);
    let mut calls = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let (method, path, operation) = (method.to_uppercase(), path.clone(), resolved(operation, &document, 0));
            calls.push(Described { method, path, operation });
        }
    }
    assert!(calls.len() >= 17, "the document describes {} calls", calls.len());
    calls
}

/// `value` with what its references lead to in their places, so far as anybody looks.
fn resolved(value: &Value, document: &Value, depth: usize) -> Value {
    match value {
        _ if depth > 20 => Value::Null,
        Value::Object(fields) => match fields.get("$ref").and_then(Value::as_str) {
            Some(to) => resolved(&document.pointer(&to[1..]).cloned().unwrap_or_default(), document, depth + 1),
            None => fields.iter().map(|(name, value)| (name.clone(), resolved(value, document, depth + 1))).collect(),
        },
        Value::Array(items) => items.iter().map(|item| resolved(item, document, depth + 1)).collect(),
        other => other.clone(),
    }
}

impl Described {
    /// Its name.
    pub fn name(&self) -> &str {
        self.operation["operationId"].as_str().unwrap_or_default()
    }

    /// The names of its parameters that stand in `place`.
    pub fn parameters(&self, place: &str) -> Vec<&str> {
        let all = self.operation["parameters"].as_array().into_iter().flatten();
        all.filter(|one| one["in"] == place).filter_map(|one| one["name"].as_str()).collect()
    }

    /// Whether it takes a parameter.
    pub fn takes(&self, place: &str, name: &str) -> bool {
        self.parameters(place).contains(&name)
    }

    /// What a parameter may be, if it must be one of some.
    pub fn one_of(&self, name: &str) -> Vec<String> {
        let all = self.operation["parameters"].as_array().into_iter().flatten();
        let values = all.filter(|one| one["name"] == name).filter_map(|one| one["schema"]["enum"].as_array()).flatten();
        values.filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// The schema of its answer with `status`.
    pub fn answers(&self, status: &str) -> &Value {
        &self.operation["responses"][status]["content"]["application/json"]["schema"]
    }

    /// Its path, filled.
    ///
    /// # Panics
    /// If it has a name that is not filled.
    #[track_caller]
    pub fn filled(&self, with: Filling<'_>) -> String {
        let filled = with.iter().fold(self.path.clone(), |path, (name, value)| {
            path.replace(&format!("{{{name}}}"), &value.replace('%', "%25").replace(' ', "%20"))
        });
        assert!(!filled.contains('{'), "{filled} is not filled");
        filled
    }

    /// A request of this call in which nothing is wrong, but that nothing is said of a version.
    #[track_caller]
    pub fn raw(&self, with: Filling<'_>) -> Raw {
        let accept = if self.name() == "listen" { "text/event-stream" } else { "application/json" };
        let raw = Raw::new(&self.method, self.filled(with)).header("Accept", accept);
        match self.body() {
            Some(body) => raw.header("Content-Type", "application/json").body(body.to_string()),
            None => raw,
        }
    }

    /// A body as it takes one: its required fields alone, each as its example, or as little as may be.
    fn body(&self) -> Option<Value> {
        let schema = &self.operation["requestBody"]["content"]["application/json"]["schema"];
        (!schema.is_null()).then(|| least(schema))
    }
}

fn least(schema: &Value) -> Value {
    if let Some(example) = schema.get("example") {
        return example.clone();
    }
    if let Some(first) = schema["oneOf"].get(0) {
        return least(first);
    }
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    match schema["type"].as_str() {
        Some("integer") => schema.get("minimum").cloned().unwrap_or(json!(1)),
        Some("string") => json!("1"),
        Some("boolean") => json!(false),
        Some("array") => json!([least(&schema["items"])]),
        _ => {
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            required.map(|name| (name.to_owned(), least(&schema["properties"][name]))).collect()
        }
    }
}

/// Every value within `value` that has no parts, with where it stands.
pub fn leaves(value: &Value) -> Vec<(String, &Value)> {
    let below = |name: &str, value| {
        let inner = leaves(value).into_iter();
        inner
            .map(move |(path, leaf)| (if path.is_empty() { name.to_owned() } else { format!("{name}.{path}") }, leaf))
            .collect::<Vec<_>>()
    };
    match value {
        Value::Object(fields) => fields.iter().flat_map(|(name, value)| below(name, value)).collect(),
        Value::Array(items) => items.iter().enumerate().flat_map(|(at, item)| below(&at.to_string(), item)).collect(),
        leaf => vec![(String::new(), leaf)],
    }
}
