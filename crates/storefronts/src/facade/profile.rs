//! The JSON schema of a resource, as the old systems described theirs.

use serde_json::{Map, Value as Json, json};

use crate::{FieldType, Resource};

/// The schema of one item of `of`. Fields that the old system did not have are left out.
pub(super) fn schema(of: &Resource) -> Json {
    let mut properties = Map::new();
    for place in order_of(of) {
        let field = &of.fields[place];
        let (kind, format) = match field.field_type {
            FieldType::Int | FieldType::Long => ("integer", None),
            FieldType::Bool => ("boolean", None),
            FieldType::Date => ("string", Some("date-time")),
            FieldType::Text | FieldType::Stamp | FieldType::Status => ("string", None),
        };
        let mut property = json!({"title": title(&field.name), "readOnly": false, "type": kind});
        if let Some(format) = format {
            property["format"] = json!(format);
        }
        properties.insert(field.name.clone(), property);
    }
    json!({
        "title": title(&of.singular),
        "properties": properties,
        "definitions": {},
        "type": "object",
        "$schema": "http://json-schema.org/draft-04/schema#",
    })
}

/// The places of the fields in the order in which the old systems listed them: that of a `java.util.HashMap`.
fn order_of(of: &Resource) -> Vec<usize> {
    let mut places: Vec<usize> = (0..of.fields.len()).filter(|place| !of.fields[*place].optional).collect();
    // A HashMap has 16 buckets and doubles them when three quarters are taken; the id takes part, too.
    let buckets = (16_u32).max(((places.len() as u32 + 1) * 4).div_ceil(3).next_power_of_two());
    places.sort_by_key(|place| java_hash(&of.fields[*place].name) % buckets);
    places
}

/// `HashMap.hash` of `String.hashCode`.
fn java_hash(text: &str) -> u32 {
    let hash = text.encode_utf16().fold(0_u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(u32::from(unit)));
    hash ^ (hash >> 16)
}

/// `reservationList` as `Reservation list`.
fn title(name: &str) -> String {
    let mut title = String::with_capacity(name.len() + 4);
    for (place, c) in name.char_indices() {
        match c {
            c if place == 0 => title.push(c.to_ascii_uppercase()),
            c if c.is_ascii_uppercase() => title.extend([' ', c.to_ascii_lowercase()]),
            c => title.push(c),
        }
    }
    title
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    #[test]
    fn properties_come_in_the_recorded_order() {
        let show = crate::shipped().unwrap().remove(0);
        let schema = schema(show.resource(Kind::Offering).unwrap());
        let names: Vec<_> = schema["properties"].as_object().unwrap().keys().collect();
        assert_eq!(names, ["amount", "showId", "showName", "reserveId", "stock", "userId", "status"]);
        assert_eq!(schema["properties"]["showId"]["title"], "Show id");
        assert_eq!(schema["title"], "Ticket");
    }

    #[test]
    fn a_title_is_the_name_in_words() {
        assert_eq!(title("reservationList"), "Reservation list");
    }
}
