//! Clients who change one thing at the same time lose nothing.

use serde_json::json;
use storefronts::{Ids, Kind, Writes};
use tests::at_once;

use crate::given;

const CLIENTS: usize = 64;

/// A storefront whose things have a field for each client, and one that all count in.
fn booth() -> String {
    let field = |n| format!("  {{ name = \"x{n}\", type = \"int\", is = \"extra\" }},\n");
    let fields: String = (0..CLIENTS).map(field).collect();
    format!(
        "[recipe]\nname = \"booth\"\nnumber = 79\ntitle = \"Booth\"\nsteps = [\"hold\", \"sell\"]\n[services]\nbooth = 8193\n\
         [[resources]]\npath = \"tickets\"\nsingular = \"ticket\"\nservice = \"booth\"\nkind = \"offering\"\n\
         ids = \"given\"\nwrites = \"catalogue\"\nfields = [\n  {{ name = \"stock\", type = \"int\", is = \"left\", required = true }},\n\
         {{ name = \"count\", type = \"int\", is = \"extra\" }},\n{fields}]\n"
    )
}

#[test]
fn clients_who_change_different_fields_at_once_lose_none() {
    let given = given::empty(&[("booth.toml", &booth())]);
    given.send("POST /booth/tickets", &json!({ "id": 1, "stock": 5 })).is(201);
    at_once(CLIENTS, |n| given.send("PATCH /booth/tickets/1", &json!({ format!("x{n}"): n })).is(200));
    let kept = given.door.http("/booth/tickets/1").is(200);
    let lost: Vec<usize> = (0..CLIENTS).filter(|n| kept[format!("x{n}").as_str()] != json!(n)).collect();
    assert!(lost.is_empty(), "{} of {CLIENTS} changes are lost: {lost:?}", lost.len());
}

#[test]
fn a_test_and_what_follows_it_are_one() {
    let given = given::empty(&[("booth.toml", &booth())]);
    given.send("POST /booth/tickets", &json!({ "id": 1, "stock": 5, "count": 0 })).is(201);
    at_once(CLIENTS, |_| {
        loop {
            let now = given.door.http("/booth/tickets/1").is(200)["count"].as_u64().expect("a number");
            let patch = json!([
                { "op": "test", "path": "/count", "value": now },
                { "op": "replace", "path": "/count", "value": now + 1 },
            ]);
            let answered = given.send("PATCH /booth/tickets/1 Content-Type:application/json-patch+json", &patch);
            match answered.status {
                200 => break,
                409 => assert_eq!(answered["errors"][0]["field"], "count", "{answered}"),
                _ => panic!("{answered}"),
            }
        }
    });
    assert_eq!(given.door.http("/booth/tickets/1").is(200)["count"], CLIENTS);
}

#[test]
fn only_one_of_those_who_read_the_same_version_changes_it() {
    let given = given::empty(&[("booth.toml", &booth())]);
    given.send("POST /booth/tickets", &json!({ "id": 1, "stock": 5 })).is(201);
    let etag = given.door.http("/booth/tickets/1").is(200).header("etag").expect("an ETag").to_owned();
    let statuses = at_once(CLIENTS, |n| {
        given.send(&format!("PATCH /booth/tickets/1 If-Match:'{etag}'"), &json!({ "stock": 10 + n })).status
    });
    let of = |status| statuses.iter().filter(|told| **told == status).count();
    assert_eq!((of(200), of(412)), (1, CLIENTS - 1));
}

/// Whoever read something that was deleted since is not taken at his word about what has its id now.
#[test]
fn what_is_made_again_under_an_id_has_no_version_that_was_there_before() {
    let given = given::empty(&[]);
    let mut tried = Vec::new();
    for (storefront, of, path) in given.resources() {
        let is_made = [Kind::Offering, Kind::Seat, Kind::Points].contains(&of.kind) && of.writes != Writes::ReadOnly;
        if !is_made || of.ids == Ids::Assigned {
            continue;
        }
        let item = format!("{path}/1");
        let etag = || given.door.http(&item).is(200).header("etag").expect("an ETag").to_owned();
        let (mut before, fields) = (Vec::new(), ["stock", "point", "amount"]);
        for life in 0..3 {
            given.make(storefront, of, 1);
            for n in 0..3 {
                let now = etag();
                assert!(!before.contains(&now), "{item} has the ETag {now} in its life {life} that it had before");
                before.push(now);
                let field = fields.iter().find(|field| of.fields.iter().any(|has| has.name == **field));
                given.send(&format!("PATCH {item}"), &json!({ *field.expect("a number"): 100 + n })).is(200);
            }
            before.push(etag());
            for old in &before[..before.len() - 1] {
                given.door.http(&format!("DELETE {item} If-Match:'{old}'")).is(412);
            }
            given.door.http(&format!("DELETE {item}")).is(204);
        }
        tried.push(item);
    }
    assert_eq!(tried, ["/show/tickets/1", "/show/points/1", "/shop/inventories/1"], "what clients give ids to");
}
