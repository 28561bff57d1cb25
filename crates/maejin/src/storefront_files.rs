//! `maejin storefronts`: what the files of storefronts say, and whether they can be served.

use std::path::Path;
use std::process::ExitCode;

use service::output;
use storefronts::Storefront;

use crate::cli::{Storefronts, StorefrontsVerb};

/// Does what is asked.
pub fn run(args: &Storefronts) -> Result<ExitCode, String> {
    match &args.what {
        StorefrontsVerb::Check { file, storefronts } => {
            let checked = storefronts::load_one(file, storefronts.as_deref()).map_err(|error| error.to_string())?;
            output::print(&summary(&checked, file))?;
        }
        StorefrontsVerb::Show { name, storefronts } => {
            let found = storefronts::text_of(name, storefronts.as_deref()).map_err(|error| error.to_string())?;
            let text = found.ok_or_else(|| unknown(name, storefronts.as_deref()))?;
            output::print(text.trim_end())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn summary(checked: &Storefront, file: &Path) -> String {
    let (recipe, resources) = (&checked.recipe, &checked.resources);
    let steps: Vec<String> = recipe.steps.iter().map(|step| format!("{step:?}").to_lowercase()).collect();
    let paths: Vec<&str> = resources.iter().map(|resource| resource.path.as_str()).collect();
    format!(
        "{}: storefront {} with number {} can be served\n  steps: {}\n  resources: {}",
        file.display(),
        recipe.name,
        recipe.number.0,
        steps.join(", "),
        paths.join(", ")
    )
}

fn unknown(name: &str, directory: Option<&Path>) -> String {
    let known = storefronts::load(directory).unwrap_or_default();
    let names: Vec<&str> = known.iter().map(|storefront| storefront.recipe.name.as_str()).collect();
    format!("there is no storefront {name}; there are {}", names.join(", "))
}
