//! JSON Patch (RFC 6902) over the flat objects of a facade: what is left of it is the fields it touched.

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value as Json};

use super::body::ParsedBody;
use super::error::FacadeError;
use crate::Resource;

#[derive(Deserialize)]
struct Operation {
    op: String,
    path: String,
    from: Option<String>,
    #[serde(default, deserialize_with = "present")]
    value: Option<Json>,
}

/// A null that was written is a value.
fn present<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(reader).map(Some)
}

/// What is left of a patch.
#[derive(Debug, Default)]
pub(super) struct Patched {
    /// The fields that it leaves changed.
    pub sent: ParsedBody,
    /// The fields that it tests, and what they must be right before the change.
    pub tests: Vec<(usize, Json)>,
    /// Whether it copied from the item as it was read: then that is tested, too.
    pub has_read: bool,
}

/// A patch, before it meets an item.
pub(super) struct Patch(Vec<Operation>);

impl Patch {
    /// From the body of a request.
    pub fn read(bytes: &[u8]) -> Result<Self, FacadeError> {
        let operations = serde_json::from_slice(bytes);
        operations.map(Self).map_err(|error| FacadeError::malformed(format!("no JSON Patch: {error}")))
    }

    /// Whether it copies or moves anything, for which an item must be read first.
    pub fn needs_item(&self) -> bool {
        self.0.iter().any(|operation| matches!(operation.op.as_str(), "copy" | "move"))
    }

    /// What it comes to, where an item is `shown` so; that counts only for what it copies and moves.
    pub fn apply(&self, of: &Resource, shown: &Map<String, Json>) -> Result<Patched, FacadeError> {
        let mut patched = Patched::default();
        for operation in &self.0 {
            step(operation, of, shown, &mut patched)?;
        }
        Ok(patched)
    }
}

fn step(
    operation: &Operation,
    of: &Resource,
    shown: &Map<String, Json>,
    patched: &mut Patched,
) -> Result<(), FacadeError> {
    let Operation { op, path, from, value } = operation;
    let needed = || FacadeError::malformed(format!("the operation {op:?} at {path:?} lacks what it needs"));
    let at = match (place(path, of)?, op.as_str()) {
        (Some(at), _) => at,
        // Nobody is shown an id, so nothing can be said of it.
        (None, "test") => return Err(unknown(path)),
        (None, _) => return Ok(()),
    };
    match op.as_str() {
        "add" | "replace" => patched.sent.set(at, value.clone().ok_or_else(needed)?),
        "remove" => patched.sent.set(at, Json::Null),
        "test" => {
            let value = value.clone().ok_or_else(needed)?;
            match touched(at, &patched.sent) {
                None => patched.tests.push((at, value)),
                Some(now) if *now == value => {}
                Some(_) => return Err(FacadeError::test(&of.fields[at].name)),
            }
        }
        "copy" | "move" => {
            let from = place(from.as_deref().ok_or_else(needed)?, of)?.ok_or_else(needed)?;
            let value = match touched(from, &patched.sent) {
                Some(now) => now.clone(),
                None => {
                    let read = shown.get(&of.fields[from].name).cloned().unwrap_or_default();
                    patched.tests.push((from, read.clone()));
                    patched.has_read = true;
                    read
                }
            };
            if op == "move" {
                patched.sent.set(from, Json::Null);
            }
            patched.sent.set(at, value);
        }
        _ => return Err(FacadeError::malformed(format!("there is no operation {op:?}"))),
    }
    Ok(())
}

/// Where the field of a path stands; `None` for the id, which no patch changes.
fn place(path: &str, of: &Resource) -> Result<Option<usize>, FacadeError> {
    let name = path.strip_prefix('/').unwrap_or_default();
    match of.position(name) {
        None if name != "id" => Err(unknown(path)),
        place => Ok(place),
    }
}

fn unknown(path: &str) -> FacadeError {
    FacadeError::malformed(format!("there is no field at {path:?}"))
}

/// What a patch has made of a field so far, if it has.
fn touched(at: usize, sent: &ParsedBody) -> Option<&Json> {
    sent.fields.iter().find(|(place, _)| *place == at).map(|(_, json)| json)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Kind;

    type Named = Vec<(String, Json)>;

    /// What a patch changes, and what it tests.
    fn applied(patch: &Json) -> Option<(Named, Named)> {
        let show = crate::shipped().unwrap().remove(0);
        let of = show.resource(Kind::Offering).unwrap();
        let shown = json!({"showName": "a", "stock": 10});
        let patch = Patch::read(patch.to_string().as_bytes()).ok()?;
        let patched = patch.apply(of, shown.as_object().unwrap()).ok()?;
        let named = |fields: Vec<(usize, Json)>| -> Named {
            fields.into_iter().map(|(at, json)| (of.fields[at].name.clone(), json)).collect()
        };
        Some((named(patched.sent.fields), named(patched.tests)))
    }

    fn patched(patch: Json) -> Option<Named> {
        applied(&patch).map(|(sent, _)| sent)
    }

    fn fields(expected: &[(&str, Json)]) -> Option<Vec<(String, Json)>> {
        Some(expected.iter().map(|(name, json)| ((*name).to_owned(), json.clone())).collect())
    }

    #[test]
    fn every_operation_does_what_it_says() {
        let table = [
            (json!([{"op": "replace", "path": "/showName", "value": "b"}]), fields(&[("showName", json!("b"))])),
            (json!([{"op": "add", "path": "/amount", "value": null}]), fields(&[("amount", json!(null))])),
            (json!([{"op": "remove", "path": "/showName"}]), fields(&[("showName", json!(null))])),
            (json!([{"op": "copy", "path": "/amount", "from": "/stock"}]), fields(&[("amount", json!(10))])),
            (
                json!([{"op": "move", "path": "/amount", "from": "/stock"}]),
                fields(&[("stock", json!(null)), ("amount", json!(10))]),
            ),
            (
                json!([{"op": "test", "path": "/stock", "value": 10}, {"op": "add", "path": "/stock", "value": 9}]),
                fields(&[("stock", json!(9))]),
            ),
            (json!([{"op": "replace", "path": "/id", "value": 7}]), fields(&[])),
            (json!([]), fields(&[])),
        ];
        for (patch, expected) in table {
            assert_eq!(patched(patch.clone()), expected, "{patch}");
        }
    }

    #[test]
    fn what_is_no_patch_is_refused() {
        for patch in [
            json!([{"op": "replace", "path": "/nosuch", "value": 1}]),
            json!([{"op": "replace", "path": "", "value": {}}]),
            json!([{"op": "replace", "path": "/stock/0", "value": 1}]),
            json!([{"op": "replace", "path": "/stock"}]),
            json!([{"op": "test", "path": "/id", "value": 1}]),
            json!([{"op": "add", "path": "/stock", "value": 9}, {"op": "test", "path": "/stock", "value": 10}]),
            json!([{"op": "copy", "path": "/stock"}]),
            json!([{"op": "dance", "path": "/stock"}]),
            json!({"op": "remove", "path": "/stock"}),
        ] {
            assert_eq!(patched(patch.clone()), None, "{patch}");
        }
    }

    #[test]
    fn what_a_patch_tests_and_copies_must_still_be_so_at_the_change() {
        let tests = |patch| applied(&patch).map(|(_, tests)| tests);
        let stock = json!([{"op": "test", "path": "/stock", "value": 11}, {"op": "add", "path": "/stock", "value": 9}]);
        assert_eq!(tests(stock), fields(&[("stock", json!(11))]));
        assert_eq!(
            tests(json!([{"op": "copy", "path": "/amount", "from": "/stock"}])),
            fields(&[("stock", json!(10))])
        );
        let own = json!([{"op": "add", "path": "/stock", "value": 9}, {"op": "test", "path": "/stock", "value": 9}]);
        assert_eq!(tests(own), fields(&[]));
    }
}
