//! A storefront's recipe: which steps an order goes through, and how a refusal is told.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::StorefrontNo;

/// One leg of an order's course, in the order in which they are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Set stock aside.
    Hold,
    /// Take the money; skipped for an order that costs nothing.
    Pay,
    /// Make the hold final.
    Sell,
    /// Grant points.
    Earn,
    /// Begin the delivery.
    Deliver,
}

/// How a facade tells that an order was refused for want of stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusals {
    /// The order is taken (201) and its row shows that it failed.
    #[default]
    Row,
    /// The request itself is refused (409), and the order is not shown.
    Answer,
}

/// The recipes of all storefronts, by their numbers.
pub type Recipes = Arc<BTreeMap<StorefrontNo, Recipe>>;

/// What makes one storefront differ from another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Its name, in paths and on the command line: lower-case letters, digits and `-`.
    pub name: String,
    /// Its number in ids, 1 to [`crate::STOREFRONT_MAX`]; never changed once something was sold.
    pub number: StorefrontNo,
    /// What people read.
    pub title: String,
    /// The steps of an order. `hold` and `sell` are always among them.
    pub steps: Vec<Step>,
    /// Whether an offering is sold by numbered seats.
    #[serde(default)]
    pub seated: bool,
    /// Points for an order, in percent of what was paid.
    #[serde(default)]
    pub points_percent: u32,
    /// Whether the customer gets a message when an order ends.
    #[serde(default)]
    pub notify: bool,
    /// How a facade tells a refusal for want of stock.
    #[serde(default)]
    pub refusals: Refusals,
    /// How long stock is set aside for an order, in seconds.
    #[serde(default = "hold_s")]
    pub hold_s: u64,
    /// How long a payment may take before the order is undone, in seconds. Shorter than `hold_s`.
    #[serde(default = "pay_s")]
    pub pay_s: u64,
    /// Further fields that an offering can have, each a text, a number, or yes or no: lower-case letters, digits and `_`.
    #[serde(default)]
    pub extra: Vec<String>,
}

fn hold_s() -> u64 {
    600
}

fn pay_s() -> u64 {
    300
}

impl Recipe {
    /// Whether an order of this storefront goes through `step`.
    pub fn has(&self, step: Step) -> bool {
        self.steps.contains(&step)
    }
}
