//! What an offering says of itself to people: apart from the offering, which stands in events of every order.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use typed::Text;

use crate::{Code, Rejection, input};

/// What an offering says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct Details {
    /// When it begins, in milliseconds since the Unix epoch.
    #[n(0)]
    pub starts_at: Option<u64>,
    /// When it ends, in milliseconds since the Unix epoch.
    #[n(1)]
    pub ends_at: Option<u64>,
    /// Where it is.
    #[n(2)]
    pub venue: Option<Text>,
    /// What people read about it, of several lines perhaps.
    #[n(3)]
    pub description: Option<Text>,
    /// Where a picture of it is: an address in the web.
    #[n(4)]
    pub image: Option<Text>,
    /// What its storefront's file declares besides, as one JSON object.
    #[n(5)]
    pub extra: Option<Text>,
}

/// One of [`Details`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// When it begins.
    #[n(0)]
    StartsAt,
    /// When it ends.
    #[n(1)]
    EndsAt,
    /// Where it is.
    #[n(2)]
    Venue,
    /// What people read about it.
    #[n(3)]
    Description,
    /// Where a picture is.
    #[n(4)]
    Image,
    /// What its storefront's file declares.
    #[n(5)]
    Extra,
}

impl Detail {
    /// All of them, by their names.
    pub const NAMES: [(&str, Self); 6] = [
        ("starts_at", Self::StartsAt),
        ("ends_at", Self::EndsAt),
        ("venue", Self::Venue),
        ("description", Self::Description),
        ("image", Self::Image),
        ("extra", Self::Extra),
    ];
}

impl Details {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What the storefront's file declares besides, by name.
    pub fn extra(&self) -> Map<String, Value> {
        self.extra.as_ref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    /// In the form in which they are kept; `None` if they have that already.
    pub(crate) fn proper(&self) -> Result<Option<Self>, Rejection> {
        let mut proper = self.clone();
        if let Some(venue) = &self.venue {
            proper.venue = Some(input::name("venue", venue)?.as_ref().into());
        }
        if let Some(text) = &self.description {
            proper.description = Some(input::lines("description", text)?.as_ref().into());
        }
        if let Some(image) = &self.image {
            let address = input::lines("image", image)?;
            let is_of_the_web = ["https://", "http://"].iter().any(|scheme| address.starts_with(scheme));
            if !is_of_the_web || address.chars().any(char::is_whitespace) {
                let message = "an address in the web, such as https://example.com/poster.jpg";
                return Err(Rejection::of_field(Code::InvalidValue, "image", message));
            }
            proper.image = Some(address.as_ref().into());
        }
        if let Some(extra) = input::kept(&self.extra, "extra")? {
            proper.extra = extra;
        }
        Ok((proper != *self).then_some(proper))
    }
}

/// Refuses what is not among the fields that a storefront declares, and what is no single value.
///
/// # Errors
/// A refusal that names the field.
pub fn are_declared(extra: &Map<String, Value>, declared: &[String]) -> Result<(), Rejection> {
    for (name, value) in extra {
        let field = format!("extra.{name}");
        if !declared.contains(name) {
            let known = if declared.is_empty() { "none".to_owned() } else { declared.join(", ") };
            let message = format!("the storefront declares no such field; it declares {known}");
            return Err(Rejection::of_field(Code::InvalidValue, &field, message));
        }
        if value.is_array() || value.is_object() {
            return Err(Rejection::of_field(Code::InvalidValue, &field, "a text, a number, or true or false"));
        }
    }
    Ok(())
}
