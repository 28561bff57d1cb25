//! Storefronts, with their recipes.

use contracts::Recipe;
use serde::Serialize;
use utoipa::ToSchema;

/// One leg of an order's course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Set stock aside.
    Hold,
    /// Take the money.
    Pay,
    /// Make the hold final.
    Sell,
    /// Grant points.
    Earn,
    /// Begin the delivery.
    Deliver,
}

/// A shop front with its own recipe.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Storefront {
    /// Its name, as in paths.
    #[schema(example = "show")]
    pub name: String,
    /// What people read.
    pub title: String,
    /// The steps of an order, in their order.
    pub steps: Vec<Step>,
    /// Whether it sells numbered seats only.
    pub seated: bool,
    /// Points for an order, in percent of what was paid.
    pub points_percent: u32,
    /// Whether the customer is told when an order ends.
    pub notify: bool,
    /// How long stock is set aside for an order, in seconds.
    pub hold_s: u64,
    /// How long a payment may take, in seconds.
    pub pay_s: u64,
    /// The further fields that its offerings can have, in `extra`.
    pub extra: Vec<String>,
}

impl From<&Recipe> for Storefront {
    fn from(recipe: &Recipe) -> Self {
        let step = |step: &contracts::Step| match step {
            contracts::Step::Hold => Step::Hold,
            contracts::Step::Pay => Step::Pay,
            contracts::Step::Sell => Step::Sell,
            contracts::Step::Earn => Step::Earn,
            contracts::Step::Deliver => Step::Deliver,
        };
        Self {
            name: recipe.name.clone(),
            title: recipe.title.clone(),
            steps: recipe.steps.iter().map(step).collect(),
            seated: recipe.seated,
            points_percent: recipe.points_percent,
            notify: recipe.notify,
            hold_s: recipe.hold_s,
            pay_s: recipe.pay_s,
            extra: recipe.extra.clone(),
        }
    }
}
