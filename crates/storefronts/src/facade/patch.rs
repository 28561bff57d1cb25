//! JSON Patch (RFC 6902) over the flat objects of a facade: what is left of it is the fields it touched.

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value as Json};

use super::body::Sent;
use super::errors::Failure;
use crate::Resource;

pub(super) const MERGE_PATCH: &str = "application/merge-patch+json";
pub(super) const JSON_PATCH: &str = "application/json-patch+json";

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

/// The fields that a patch leaves changed in an item that is `shown` so.
pub(super) fn apply(bytes: &[u8], of: &Resource, shown: &Map<String, Json>) -> Result<Sent, Failure> {
    let operations: Vec<Operation> =
        serde_json::from_slice(bytes).map_err(|error| Failure::malformed(format!("no JSON Patch: {error}")))?;
    let mut sent = Sent::default();
    for operation in operations {
        step(operation, of, shown, &mut sent)?;
    }
    Ok(sent)
}

fn step(operation: Operation, of: &Resource, shown: &Map<String, Json>, sent: &mut Sent) -> Result<(), Failure> {
    let Operation { op, path, from, value } = operation;
    let Some(at) = place(&path, of)? else { return Ok(()) };
    let needed = || Failure::malformed(format!("the operation {op:?} at {path:?} lacks what it needs"));
    match op.as_str() {
        "add" | "replace" => sent.set(at, value.ok_or_else(needed)?),
        "remove" => sent.set(at, Json::Null),
        "test" => {
            if now(at, of, shown, sent) != value.ok_or_else(needed)? {
                return Err(Failure::malformed(format!("the test of {path:?} failed")));
            }
        }
        "copy" | "move" => {
            let from = place(&from.ok_or_else(needed)?, of)?.ok_or_else(needed)?;
            let value = now(from, of, shown, sent);
            if op == "move" {
                sent.set(from, Json::Null);
            }
            sent.set(at, value);
        }
        _ => return Err(Failure::malformed(format!("there is no operation {op:?}"))),
    }
    Ok(())
}

/// Where the field of a path stands; `None` for the id, which no patch changes.
fn place(path: &str, of: &Resource) -> Result<Option<usize>, Failure> {
    let name = path.strip_prefix('/').unwrap_or_default();
    match of.position(name) {
        None if name != "id" => Err(Failure::malformed(format!("there is no field at {path:?}"))),
        place => Ok(place),
    }
}

fn now(at: usize, of: &Resource, shown: &Map<String, Json>, sent: &Sent) -> Json {
    let touched = sent.fields.iter().find(|(place, _)| *place == at).map(|(_, json)| json);
    touched.or_else(|| shown.get(&of.fields[at].name)).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Kind;

    fn patched(patch: Json) -> Option<Vec<(String, Json)>> {
        let show = crate::shipped().unwrap().remove(0);
        let of = show.resource(Kind::Offering).unwrap();
        let shown = json!({"showName": "a", "stock": 10});
        let sent = apply(patch.to_string().as_bytes(), of, shown.as_object().unwrap()).ok()?;
        Some(sent.fields.into_iter().map(|(at, json)| (of.fields[at].name.clone(), json)).collect())
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
            json!([{"op": "test", "path": "/stock", "value": 11}]),
            json!([{"op": "copy", "path": "/stock"}]),
            json!([{"op": "dance", "path": "/stock"}]),
            json!({"op": "remove", "path": "/stock"}),
        ] {
            assert_eq!(patched(patch.clone()), None, "{patch}");
        }
    }
}
