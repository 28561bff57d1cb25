//! Who is told of the end of an order, and by which ways.

use contracts::{Numbered, OrderId, Recipe, Recipes};

use crate::addresses::Addresses;

/// The storefronts that notify, and the customers who get mail.
#[derive(Debug)]
pub(crate) struct Audience {
    recipes: Recipes,
    mail: Option<Addresses>,
}

impl Audience {
    /// That of the storefronts of `recipes`. With `mail`, customers who have an address there get a mail besides.
    pub(crate) fn new(recipes: Recipes, mail: Option<Addresses>) -> Self {
        Self { recipes, mail }
    }

    /// The recipe of the order's storefront, if it notifies.
    pub(crate) fn notifying(&self, order: OrderId) -> Option<&Recipe> {
        self.recipes.get(&order.storefront()).filter(|recipe| recipe.notify)
    }

    /// Whether `customer` gets mail.
    pub(crate) fn has_mail_for(&self, customer: &str) -> bool {
        self.mail.as_ref().is_some_and(|addresses| addresses.of(customer).is_some())
    }
}
