//! A place in a JSON document: as people write it, `seats[0].price`, and as a pointer, `#/seats/0/price` (RFC 6901).

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

/// What cannot stand in a fragment as it is: RFC 3986, 3.5.
const FRAGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A place; the whole document if it has no parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Key(String),
    Index(usize),
}

impl Place {
    /// Where `path` leads.
    pub fn of(path: &Path) -> Self {
        let part = |segment: &Segment| match segment {
            Segment::Seq { index } => Some(Part::Index(*index)),
            Segment::Map { key } => Some(Part::Key(key.clone())),
            Segment::Enum { .. } | Segment::Unknown => None,
        };
        Self(path.iter().filter_map(part).collect())
    }

    /// The place that is written as `text`.
    pub fn read(text: &str) -> Self {
        let part = |text: &str| match text.strip_suffix(']').map(str::parse) {
            Some(Ok(index)) => Part::Index(index),
            _ => Part::Key(text.to_owned()),
        };
        Self(text.split(['.', '[']).filter(|text| !text.is_empty()).map(part).collect())
    }

    /// The field `name` of what is here, unless this is that already.
    pub fn then(mut self, name: &str) -> Self {
        let name = Part::Key(name.to_owned());
        if self.0.last() != Some(&name) {
            self.0.push(name);
        }
        self
    }

    /// Whether it is the whole document.
    pub fn is_whole(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it is `other`, or something in it.
    pub fn is_in(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }

    /// As people write it.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Index(index) => text.push_str(&format!("[{index}]")),
                Part::Key(key) if text.is_empty() => text.push_str(key),
                Part::Key(key) => text.push_str(&format!(".{key}")),
            }
        }
        if text.is_empty() { "body".to_owned() } else { text }
    }

    /// As a pointer in the form of a fragment.
    pub fn pointer(&self) -> String {
        let mut pointer = "#".to_owned();
        for part in &self.0 {
            pointer.push('/');
            match part {
                Part::Index(index) => pointer.push_str(&index.to_string()),
                Part::Key(key) => {
                    let key = key.replace('~', "~0").replace('/', "~1");
                    pointer.extend(utf8_percent_encode(&key, FRAGMENT));
                }
            }
        }
        pointer
    }

    /// Takes what is here out of an object of `tree`. `false` if it cannot be.
    pub fn take_from(&self, tree: &mut Value) -> bool {
        let Some((Part::Key(key), parent)) = self.0.split_last() else { return false };
        let parent = found(parent, tree).and_then(Value::as_object_mut);
        parent.is_some_and(|parent| parent.shift_remove(key).is_some())
    }

    /// Puts `value` here in `tree`. `false` if it cannot be.
    pub fn put_into(&self, tree: &mut Value, value: Value) -> bool {
        let Some((last, parent)) = self.0.split_last() else { return false };
        match (last, found(parent, tree)) {
            (Part::Key(key), Some(Value::Object(fields))) => {
                fields.insert(key.clone(), value);
                true
            }
            (Part::Index(index), Some(Value::Array(items))) => {
                items.get_mut(*index).map(|item| *item = value).is_some()
            }
            _ => false,
        }
    }
}

fn found<'t>(parts: &[Part], tree: &'t mut Value) -> Option<&'t mut Value> {
    parts.iter().try_fold(tree, |value, part| match part {
        Part::Key(key) => value.get_mut(key),
        Part::Index(index) => value.get_mut(index),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_written_for_people_and_as_a_pointer() {
        for (text, pointer) in
            [("seats[0].price", "#/seats/0/price"), ("customer", "#/customer"), ("seats[12]", "#/seats/12")]
        {
            let place = Place::read(text);
            assert_eq!((place.text().as_str(), place.pointer().as_str()), (text, pointer));
        }
        let odd = Place(vec![Part::Key("a/b~ c%ü".to_owned())]);
        assert_eq!(odd.pointer(), "#/a~1b~0%20c%25%C3%BC");
        assert_eq!((Place(Vec::new()).text().as_str(), Place(Vec::new()).pointer().as_str()), ("body", "#"));
    }
}
