//! Every door reads bodies by one rule: a mark at the beginning is no part of the text, and what is compressed is not read.

use serde_json::json;
use tests::Raw;

use crate::given;

#[test]
fn a_mark_is_left_out_and_what_is_compressed_is_415_at_every_door() {
    let given = given::full();
    let won = json!({ "amount": 1, "currency": "KRW" });
    let doors = [
        ("POST", "/show/tickets", json!({ "id": 99, "stock": 1 }), 201),
        ("PUT", "/show/tickets/2", json!({ "stock": 40, "amount": 5 }), 200),
        ("PATCH", "/show/tickets/1", json!({ "stock": 2 }), 200),
        ("PATCH", "/show/points/1", json!({ "point": 2 }), 200),
        ("POST", "/api/v1/storefronts/show/offerings", json!({ "name": "x", "price": won, "stock": 1 }), 201),
        ("PATCH", "/api/v1/storefronts/show/offerings/1", json!({ "name": "y" }), 200),
        ("POST", "/operator/offerings/show/1/stock", json!({ "add": 1 }), 200),
        ("PUT", "/operator/points/1", json!({ "balance": 1 }), 200),
    ];
    for (method, path, body, right) in doors {
        let request = |mark: &[u8]| {
            let body = [mark, body.to_string().as_bytes()].concat();
            let request = Raw::new(method, path).header("Accept", "application/json").body(body);
            let request = request.header("Content-Type", "application/json");
            // v1 wants to be told that a change is meant whatever there is, and refuses to be told so of what is new.
            if method == "PATCH" { request.header("If-Match", "*") } else { request }
        };
        for coding in ["gzip", "br", "identity, deflate"] {
            let answered = request(b"").header("Content-Encoding", coding).send(&given.door);
            assert_eq!(answered.status, 415, "{coding}: {answered}");
        }
        let utf_16 = request(b"\xFF\xFE").send(&given.door);
        assert!(utf_16.status == 400 && utf_16.text.contains("UTF-16"), "{utf_16}");
        let marked = request(b"\xEF\xBB\xBF").header("Content-Encoding", "identity").send(&given.door);
        assert_eq!(marked.status, right, "{marked}");
    }
}
