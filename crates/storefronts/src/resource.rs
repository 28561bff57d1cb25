//! A resource of a facade, as its storefront file declares it and as loading has checked it.

use std::sync::Arc;

use contracts::StorefrontNo;
use serde::Deserialize;

use crate::{Attribute, Kind, State};

/// A collection that a facade serves.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// The storefront it belongs to.
    pub storefront: StorefrontNo,
    /// Its path below the root, also the name of its collection: `tickets`.
    pub path: String,
    /// The name of one item: `ticket`.
    pub singular: String,
    /// The service that served it in the old system; its port serves only this service's resources.
    pub service: String,
    /// What it shows.
    pub kind: Kind,
    /// Who gives its items their numbers.
    pub ids: Ids,
    /// Who may write what.
    pub writes: Writes,
    /// Whether its list comes in pages.
    pub paged: bool,
    /// Its fields, in the order in which they are written.
    pub fields: Vec<Field>,
    /// The attributes of `fields`, in the same order.
    pub attributes: Arc<[Attribute]>,
    /// Its search methods.
    pub searches: Vec<Search>,
    /// Its words for states.
    pub statuses: Statuses,
    /// Which PATCH of an order cancels it.
    pub cancel_when: Option<CancelWhen>,
}

impl Resource {
    /// Where the field called `name` stands.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// The name of the field that shows `attribute`.
    pub fn name_of(&self, attribute: &Attribute) -> Option<&str> {
        self.fields.iter().find(|field| field.attribute == *attribute).map(|field| field.name.as_str())
    }

    /// Whether the client's word counts for `field`.
    pub fn is_clients(&self, field: &Field) -> bool {
        field.attribute.is_clients(self.kind)
    }
}

/// One field of a resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name in JSON.
    pub name: String,
    /// How it is read and written.
    pub field_type: FieldType,
    /// What it stands for.
    pub attribute: Attribute,
    /// Whether a create must give it a value; a change cannot empty it.
    pub required: bool,
    /// Whether it is left out where it is null or 0. For what the old system did not have.
    pub optional: bool,
    /// The smallest number it takes.
    pub min: Option<i64>,
}

impl Field {
    /// Whether an item cannot be without it: then null is no value for it, and a PUT says it, unless it is one of those that the old
    /// system did not have.
    pub fn always_has_value(&self) -> bool {
        self.required
            || matches!(self.attribute, Attribute::Price | Attribute::Left | Attribute::Sold | Attribute::Points)
    }
}

/// How a field is read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldType {
    /// A whole number of 32 bits.
    Int,
    /// A whole number of 64 bits.
    Long,
    /// A text.
    Text,
    /// Yes or no.
    Bool,
    /// A moment as `2024-11-22T01:46:40.000+00:00`.
    Date,
    /// A moment as `yyyyMMddHHmmss` in Seoul.
    Stamp,
    /// A state, in the resource's words.
    Status,
}

/// Who gives numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ids {
    /// The client, always.
    Given,
    /// The client, or the shop where the client does not.
    GivenOrAssigned,
    /// The shop.
    Assigned,
}

/// Who may write what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Writes {
    /// Sellers: everything.
    Catalogue,
    /// Points accounts: everything; a new balance is an entry of its own in the ledger.
    Points,
    /// Customers: place and cancel.
    Customer,
    /// Nobody: the shop itself concludes it.
    ReadOnly,
}

/// A search method: `/things/search/findByX?x=`.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// Its name, the last part of its path.
    pub name: String,
    /// Where the field stands that it searches by, also the name of its parameter.
    pub by: usize,
    /// What it answers.
    pub answers: SearchAnswer,
}

/// What a search method answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SearchAnswer {
    /// One item, or 404.
    One,
    /// A list, maybe empty.
    List,
    /// 405: it is only listed among the links.
    Refusal,
}

/// A resource's words for states. A state without a word is shown as null.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Statuses(Vec<(State, String)>);

impl Statuses {
    /// The given words.
    pub fn new(words: Vec<(State, String)>) -> Self {
        Self(words)
    }

    /// The word for `state`.
    pub fn word(&self, state: State) -> Option<&str> {
        self.0.iter().find(|(of, _)| *of == state).map(|(_, word)| word.as_str())
    }

    /// Whether it has no word at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Which PATCH of an order cancels it.
#[derive(Debug, Clone, PartialEq)]
pub struct CancelWhen {
    /// Where the field stands that must be sent.
    pub field: usize,
    /// What it must say; anything but null where this is `None`.
    pub equals: Option<String>,
}
