//! The list of charges, by which somebody else's book is compared with this one.

use std::sync::Arc;

use sandbox::Limits;
use serde_json::{Value, json};
use world::SystemClock;

use crate::running::Running;

async fn pages(provider: &Running, limit: usize) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), "0".to_owned());
    loop {
        let (status, page) = provider.get(&format!("/charges?limit={limit}&after={after}")).await;
        assert_eq!(status, 200, "{page}");
        let charges = page["charges"].as_array().expect("a list");
        assert!(charges.len() <= limit);
        all.extend(charges.iter().cloned());
        match page["next"].as_str() {
            Some(next) => after = next.to_owned(),
            None => return all,
        }
    }
}

#[tokio::test]
async fn every_charge_is_on_one_page_with_what_was_given_back() {
    let provider = Running::new().await;
    for number in 0..7 {
        provider.charge(&format!("k{number}"), if number == 3 { "decline" } else { "approve" }).await;
    }
    provider.refund("r", "k5").await;
    provider.refund("void", "never-charged").await;
    let whole = pages(&provider, 1_000).await;
    let keys: Vec<&str> = whole.iter().filter_map(|charge| charge["key"].as_str()).collect();
    assert_eq!(keys, ["k0", "k1", "k2", "k3", "k4", "k5", "k6"]);
    let of = |charge: &Value| (charge["status"].clone(), charge["amount"].clone(), charge["refunded"].clone());
    assert_eq!(of(&whole[3]), (json!("declined"), json!(1_000), json!(0)));
    assert_eq!(of(&whole[5]), (json!("approved"), json!(1_000), json!(1_000)));
    assert_eq!((of(&whole[6]), &whole[6]["currency"]), ((json!("approved"), json!(1_000), json!(0)), &json!("KRW")));
    for limit in 1..=8 {
        assert_eq!(pages(&provider, limit).await, whole, "{limit} at a time");
    }
}

#[tokio::test]
async fn a_page_that_cannot_be_is_refused_by_name() {
    let provider = Running::new().await;
    for (query, named) in
        [("limit=0", "limit"), ("limit=1001", "limit"), ("after=x", "after"), ("colour=red", "colour")]
    {
        let (status, refused) = provider.get(&format!("/charges?{query}")).await;
        assert_eq!((status, &refused["code"]), (400, &json!("invalid")), "{query}");
        assert!(refused["message"].as_str().is_some_and(|message| message.contains(named)), "{refused}");
    }
}

#[tokio::test]
async fn no_more_keys_are_kept_than_may_be_and_what_was_charged_is_still_given_back() {
    let limits = Limits { keys_max: 2, ..Limits::default() };
    let provider = Running::with(None, Arc::new(SystemClock), limits).await;
    let first = provider.charge("k1", "approve").await;
    provider.charge("k2", "approve").await;
    for (status, refused) in [provider.charge("k3", "approve").await.unwrap(), provider.refund("r3", "k3").await] {
        assert_eq!((status, &refused["code"]), (507, &json!("full")));
    }
    assert_eq!(provider.charge("k1", "approve").await, first, "what is known is answered");
    assert_eq!(provider.refund("r1", "k1").await.1["status"], "refunded");
}
