//! `maejin config`: every setting as it is in the end, with where it comes from, and who the store is. Secrets are hidden.

use std::process::ExitCode;

use ::store::StoreError;
use client::output::{cell, print};
use client::table;
use figment::{Figment, Source};
use host::Location;
use serde_json::{Value, json};

use super::Settings;
use crate::cli::Config;

/// Settings that are secrets themselves. The rest of them are names of files.
const SECRETS: [&str; 1] = ["token"];
const HIDDEN: &str = "(hidden)";

/// Shows them.
pub fn show(config: &Config) -> Result<ExitCode, String> {
    let layers = super::layers(&config.serve)?;
    let effective = Settings::of(&config.serve)?;
    let store = identity(&effective.location()?)?;
    let effective = serde_json::to_value(effective).map_err(|error| error.to_string())?;
    let mut settings = Vec::new();
    collect(String::new(), &effective, &layers, &mut settings);
    print(&json!({ "settings": settings, "store": store }), config.json, text)?;
    Ok(ExitCode::SUCCESS)
}

/// Who the store at `location` is to others, if there is one that knows.
fn identity(location: &Location) -> Result<Value, String> {
    match location.identity() {
        Ok(Some(identity)) => Ok(json!({ "id": identity.store, "incarnation": identity.incarnation.to_string() })),
        Ok(None) | Err(StoreError::Missing(_) | StoreError::NoStore(_)) => Ok(Value::Null),
        Err(error) => Err(error.to_string()),
    }
}

fn collect(name: String, value: &Value, layers: &Figment, into: &mut Vec<Value>) {
    if let Value::Object(fields) = value {
        for (field, value) in fields {
            let name = if name.is_empty() { field.clone() } else { format!("{name}.{field}") };
            collect(name, value, layers, into);
        }
        return;
    }
    let (kind, from) = source(&name, layers);
    into.push(json!({ "name": name, "value": fit_to_show(&name, value), "source": { "kind": kind, "name": from } }));
}

/// Where a setting comes from: what sort of place, and its name.
fn source(name: &str, layers: &Figment) -> (&'static str, Option<String>) {
    let Some(metadata) = layers.find_metadata(name) else { return ("default", None) };
    match &metadata.source {
        Some(Source::File(file)) => ("file", Some(file.display().to_string())),
        _ if metadata.name.starts_with("--") => ("flag", Some(metadata.name.to_string())),
        _ if metadata.name.starts_with("OTEL_") => ("environment", Some(metadata.name.to_string())),
        _ if metadata.name.contains("environment") => {
            ("environment", Some(format!("MAEJIN_{}", name.to_uppercase().replace('.', "__"))))
        }
        _ => ("default", None),
    }
}

/// Without what nobody should read over a shoulder: a secret, or an account in an address.
fn fit_to_show(name: &str, value: &Value) -> Value {
    match value {
        Value::Null => Value::Null,
        _ if SECRETS.contains(&name) => HIDDEN.into(),
        Value::String(text) if name == "store" => {
            text.parse::<postgres::Address>().map_or_else(|_| HIDDEN.to_owned(), |address| address.to_string()).into()
        }
        Value::String(text) => without_account(text).into(),
        other => other.clone(),
    }
}

fn without_account(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let end = rest.find('/').unwrap_or(rest.len());
    match rest[..end].rfind('@') {
        Some(at) => format!("{scheme}://{HIDDEN}{}", &rest[at..]),
        None => text.to_owned(),
    }
}

fn text(found: &Value) -> String {
    let settings = found["settings"].as_array().map(Vec::as_slice).unwrap_or_default();
    let row = |setting: &Value| {
        let (kind, name) = (cell(&setting["source"]["kind"]), setting["source"]["name"].as_str());
        let source = name.map_or(kind.clone(), |name| format!("{kind} {name}"));
        vec![cell(&setting["name"]), cell(&setting["value"]), source]
    };
    let settings = table::table(&["SETTING", "VALUE", "FROM"], settings.iter().map(row));
    match &found["store"] {
        Value::Null => settings,
        store => format!("{settings}\n\nstore {}, incarnation {}", cell(&store["id"]), cell(&store["incarnation"])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_and_accounts_are_hidden() {
        assert_eq!(fit_to_show("token", &json!("0123456789abcdef")), HIDDEN);
        assert_eq!(
            fit_to_show("payment.url", &json!("https://me:pw@pay.example/a@b")),
            "https://(hidden)@pay.example/a@b"
        );
        assert_eq!(fit_to_show("payment.url", &json!("https://pay.example/a@b")), "https://pay.example/a@b");
        assert_eq!(fit_to_show("store", &json!("postgres://me:a/b@db/shop")), "postgres://me@db:5432/shop");
        assert_eq!(fit_to_show("store", &json!("postgres://me:a/b@db:c/shop")), HIDDEN);
    }
}
