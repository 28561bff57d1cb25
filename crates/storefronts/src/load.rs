//! Loads the five storefronts that are part of the program, and an operator's own from a directory.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use contracts::Recipes;

use crate::{Storefront, check, file::StorefrontFile};

const SHIPPED: [(&str, &str); 5] = [
    ("show.toml", include_str!("../shipped/show.toml")),
    ("musical.toml", include_str!("../shipped/musical.toml")),
    ("movie.toml", include_str!("../shipped/movie.toml")),
    ("coupon.toml", include_str!("../shipped/coupon.toml")),
    ("shop.toml", include_str!("../shipped/shop.toml")),
];

/// Why a storefront file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {}{message}", if .field.is_empty() { String::new() } else { format!("{}: ", .field) })]
pub struct LoadError {
    /// The file.
    pub file: String,
    /// Where in it, as `resources.tickets.fields.stock.is`; empty where the message says so itself.
    pub field: String,
    /// What is wrong.
    pub message: String,
}

/// How many storefronts a shop has at the most: a cursor of a customer's list says of each how far it was read.
pub const STOREFRONTS_MAX: usize = 256;

/// The storefronts that are part of the program.
pub fn shipped() -> Result<Vec<Arc<Storefront>>, LoadError> {
    load(None)
}

/// The storefronts that are part of the program, then those of the `*.toml` files of `directory`, by file name.
pub fn load(directory: Option<&Path>) -> Result<Vec<Arc<Storefront>>, LoadError> {
    let mut loaded: Vec<(String, Arc<Storefront>)> = Vec::new();
    for (file, text) in texts(directory)? {
        add(&mut loaded, file, &text)?;
    }
    Ok(loaded.into_iter().map(|(_, storefront)| storefront).collect())
}

/// The storefront in the file `path`, as it would be loaded beside those that are part of the program and those of `directory`.
pub fn load_one(path: &Path, directory: Option<&Path>) -> Result<Arc<Storefront>, LoadError> {
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(&file, &error))?;
    let itself = path.canonicalize().ok();
    let mut loaded: Vec<(String, Arc<Storefront>)> = Vec::new();
    for (file, text) in texts(directory)? {
        // It may be one of them already.
        if itself.is_none() || Path::new(&file).canonicalize().ok() != itself {
            add(&mut loaded, file, &text)?;
        }
    }
    add(&mut loaded, file, &text)?;
    let (_, storefront) = loaded.pop().expect("it was added last");
    Ok(storefront)
}

/// The file of the storefront called `name`, as it is written.
pub fn text_of(name: &str, directory: Option<&Path>) -> Result<Option<String>, LoadError> {
    for (file, text) in texts(directory)? {
        if parse(&file, &text)?.recipe.name == name {
            return Ok(Some(text));
        }
    }
    Ok(None)
}

/// The storefront that `text` declares; `file` names it in errors.
pub fn parse(file: &str, text: &str) -> Result<Storefront, LoadError> {
    let written: StorefrontFile = toml::from_str(text).map_err(|error| LoadError {
        file: file.to_owned(),
        field: String::new(),
        message: error.to_string().trim_end().to_owned(),
    })?;
    check::storefront(written).map_err(|wrong| LoadError {
        file: file.to_owned(),
        field: wrong.field,
        message: wrong.message,
    })
}

/// The files of the program, then those of `directory`, each with what it says.
fn texts(directory: Option<&Path>) -> Result<Vec<(String, String)>, LoadError> {
    let mut texts: Vec<_> = SHIPPED.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect();
    for path in directory.map_or(Ok(Vec::new()), files_of)? {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&file, &error))?;
        texts.push((file, text));
    }
    Ok(texts)
}

fn add(loaded: &mut Vec<(String, Arc<Storefront>)>, file: String, text: &str) -> Result<(), LoadError> {
    let storefront = parse(&file, text)?;
    for (other_file, other) in loaded.iter() {
        let twice = if other.recipe.number == storefront.recipe.number {
            Some(("recipe.number", storefront.recipe.number.0.to_string()))
        } else if other.recipe.name == storefront.recipe.name {
            Some(("recipe.name", storefront.recipe.name.clone()))
        } else {
            None
        };
        if let Some((field, value)) = twice {
            let message = format!("{value} is already taken by {other_file}");
            return Err(LoadError { file, field: field.to_owned(), message });
        }
    }
    if loaded.len() == STOREFRONTS_MAX {
        let message =
            format!("a shop has at most {STOREFRONTS_MAX} storefronts, those included that are part of the program");
        return Err(LoadError { file, field: String::new(), message });
    }
    loaded.push((file, Arc::new(storefront)));
    Ok(())
}

fn files_of(directory: &Path) -> Result<Vec<PathBuf>, LoadError> {
    let name = directory.display().to_string();
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(|error| unreadable(&name, &error))? {
        let path = entry.map_err(|error| unreadable(&name, &error))?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn unreadable(file: &str, error: &std::io::Error) -> LoadError {
    LoadError { file: file.to_owned(), field: String::new(), message: format!("cannot be read: {error}") }
}

/// The recipes of `storefronts`, by their numbers.
pub fn recipes(storefronts: &[Arc<Storefront>]) -> Recipes {
    Arc::new(storefronts.iter().map(|s| (s.recipe.number, s.recipe.clone())).collect())
}
