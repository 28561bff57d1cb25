//! A storefront: its recipe and its facade.

use std::collections::BTreeMap;

use contracts::Recipe;

use crate::{Attribute, Kind, Resource};

/// A storefront as its file declares it and as loading has checked it.
#[derive(Debug, Clone, PartialEq)]
pub struct Storefront {
    /// What its orders go through.
    pub recipe: Recipe,
    /// The services of the old system, each with the port it listened on.
    pub services: BTreeMap<String, u16>,
    /// Its resources, in the order in which its root lists them.
    pub resources: Vec<Resource>,
    /// Its plain questions.
    pub checks: Vec<Check>,
}

impl Storefront {
    /// Its first resource of this kind.
    pub fn resource(&self, kind: Kind) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.kind == kind)
    }

    /// Whether clients refer to offerings by [`Attribute::Reference`] instead of by number.
    pub fn by_reference(&self) -> bool {
        self.resource(Kind::Offering).is_some_and(|offering| offering.name_of(&Attribute::Reference).is_some())
    }
}

/// A plain question, answered `true` or `false` on the port of its own service only: is so much left?
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its path below the root.
    pub path: String,
    /// The service on whose port it is.
    pub service: String,
    /// The parameter that names the offering.
    pub reference: String,
    /// The parameter that says how many.
    pub quantity: String,
}
