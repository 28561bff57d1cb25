//! The document as a page for people. Needs nothing from elsewhere, so that it can be read without a network.

use serde_json::{Map, Value};

use super::names::{EVENTS, PROBLEMS};
use super::operations;

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}\
h2{margin-top:2.5rem}h3{font:600 1rem/1.4 ui-monospace,monospace;border-top:1px solid #ccc;padding-top:1rem}\
h3 b{display:inline-block;min-width:4.2rem}table{border-collapse:collapse;width:100%;margin:.5rem 0}\
td,th{text-align:left;vertical-align:top;padding:.2rem .6rem .2rem 0;border-bottom:1px solid #eee}\
td:first-child{font-family:ui-monospace,monospace;white-space:nowrap}pre{background:#f5f5f5;padding:.6rem;overflow:auto}\
nav a{margin-right:1rem}@media(prefers-color-scheme:dark){body{background:#181818;color:#ddd}pre{background:#262626}a{color:#8bf}}";

/// The page of `document`.
pub fn page(document: &Value) -> String {
    let info = &document["info"];
    let mut page = begin(info["title"].as_str().unwrap_or_default());
    page.push_str(&format!(
        "<h1>{0} <small>{1}</small></h1><p>{2}</p>\
         <nav><a href=\"#calls\">Calls</a><a href=\"#shapes\">Shapes</a></nav><h2 id=\"calls\">Calls</h2>\n",
        text(&info["title"]),
        text(&info["version"]),
        text(&info["description"]),
    ));
    operations(document).for_each(|(path, method, operation)| call(&mut page, path, method, operation));
    page.push_str("<h2 id=\"shapes\">Shapes</h2>\n");
    let schemas = document["components"]["schemas"].as_object().into_iter().flatten();
    schemas.for_each(|(name, schema)| shape(&mut page, name, schema));
    page.push_str("</body></html>\n");
    page
}

/// The head of a page, and where one can go from it.
pub(super) fn begin(title: &str) -> String {
    let title = escaped(title);
    let pages = [("/docs", "v1"), (PROBLEMS, "Problems"), (EVENTS, "Events"), ("/openapi.json", "openapi.json")];
    let links: String = pages.iter().map(|(path, name)| format!("<a href=\"{path}\">{name}</a>")).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style></head><body><nav>{links}</nav>\n"
    )
}

fn call(page: &mut String, path: &str, method: &str, operation: &Map<String, Value>) {
    let (id, summary) = (text(&operation["operationId"]), text(&operation["summary"]));
    let (method, path) = (escaped(&method.to_uppercase()), escaped(path));
    page.push_str(&format!("<h3 id=\"{id}\"><b>{method}</b> {path}</h3><p>{summary}.</p>\n"));
    let body = &operation.get("requestBody").unwrap_or(&Value::Null)["content"]["application/json"]["schema"];
    if !body.is_null() {
        page.push_str(&format!("<p>Body: {}</p>", kind(body)));
    }
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    table(page, parameters.map(|one| (text(&one["name"]), kind(&one["schema"]), text(&one["description"]))));
    let answers = operation["responses"].as_object().into_iter().flatten();
    let answers = answers.map(|(status, answer)| {
        let content = answer["content"].as_object().and_then(|content| content.values().next());
        let schema = content.map(|content| kind(&content["schema"])).unwrap_or_default();
        (escaped(status), schema, text(&answer["description"]))
    });
    table(page, answers);
}

fn shape(page: &mut String, name: &str, schema: &Value) {
    let name = escaped(name);
    page.push_str(&format!("<h3 id=\"{name}\">{name}</h3><p>{}</p>\n", text(&schema["description"])));
    if schema["properties"].is_null() {
        page.push_str(&format!("<p>{}</p>", kind(schema)));
    }
    if !schema["enum"].is_null() {
        page.push_str(&format!("<pre>{}</pre>", escaped(&schema["enum"].to_string())));
    }
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let fields = schema["properties"].as_object().into_iter().flatten();
    let fields = fields.map(|(field, schema)| {
        let needed = if required.iter().any(|one| one == field) { "" } else { " (may be left out)" };
        (escaped(field), kind(schema), format!("{}{needed}", text(&schema["description"])))
    });
    table(page, fields);
}

pub(super) fn table(page: &mut String, rows: impl Iterator<Item = (String, String, String)>) {
    let rows: String = rows.map(|(a, b, c)| format!("<tr><td>{a}</td><td>{b}</td><td>{c}</td></tr>\n")).collect();
    if !rows.is_empty() {
        page.push_str(&format!("<table>{rows}</table>\n"));
    }
}

/// What a schema is, in a few words; a link where it has a name.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        return format!("<a href=\"#{0}\">{0}</a>", escaped(name));
    }
    if let Some(any) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
        return any.iter().map(kind).collect::<Vec<_>>().join(" or ");
    }
    let word = match &schema["type"] {
        Value::String(word) if word == "array" => format!("list of {}", kind(&schema["items"])),
        Value::String(word) => escaped(word),
        Value::Array(words) => words.iter().map(text).collect::<Vec<_>>().join(" or "),
        _ => String::new(),
    };
    let limits =
        [("minimum", "from"), ("maximum", "to"), ("maxLength", "at most"), ("pattern", "like"), ("enum", "of")];
    let told = limits.iter().filter_map(|(name, word)| {
        let limit = schema.get(*name)?;
        Some(format!(" {word} {}", limit.as_str().map_or_else(|| escaped(&limit.to_string()), escaped)))
    });
    format!("{word}{}", told.collect::<String>())
}

fn text(value: &Value) -> String {
    escaped(value.as_str().unwrap_or_default())
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::super::document;
    use super::page;

    #[test]
    fn the_page_shows_every_call_and_needs_nothing_from_elsewhere() {
        let document = document("1", true);
        let page = page(&document);
        for (path, _, operation) in super::operations(&document) {
            assert!(page.contains(path), "{path}");
            assert!(page.contains(&format!("id={}", operation["operationId"])));
        }
        // What a field is like may be an address.
        for elsewhere in ["href=\"http", "href=\"//", "src=", "<script", "@import", "url("] {
            assert!(!page.contains(elsewhere), "{elsewhere}");
        }
    }
}
