//! A storefront file, as written: shapes only. What it means, and whether it makes sense, is decided in `check.rs`.

use std::collections::BTreeMap;

use contracts::Recipe;
use serde::Deserialize;

use crate::{FieldType, Ids, Kind, SearchAnswer, Writes};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StorefrontFile {
    pub recipe: Recipe,
    pub services: BTreeMap<String, u16>,
    pub resources: Vec<ResourceEntry>,
    #[serde(default)]
    pub checks: Vec<CheckEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResourceEntry {
    pub path: String,
    pub singular: String,
    pub service: String,
    pub kind: Kind,
    pub ids: Ids,
    pub writes: Writes,
    #[serde(default = "yes")]
    pub paged: bool,
    pub fields: Vec<FieldEntry>,
    #[serde(default)]
    pub searches: Vec<SearchEntry>,
    #[serde(default)]
    pub statuses: BTreeMap<String, String>,
    pub cancel_when: Option<CancelEntry>,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FieldEntry {
    pub name: String,
    #[serde(rename = "type")]
    pub field_type: FieldType,
    pub is: String,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub optional: bool,
    pub min: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SearchEntry {
    pub name: String,
    pub by: String,
    pub answers: SearchAnswer,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CancelEntry {
    pub field: String,
    pub equals: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckEntry {
    pub path: String,
    pub service: String,
    pub reference: String,
    pub quantity: String,
}
