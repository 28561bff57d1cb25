//! Servers that refuse, cut, ramble, or are not there: none of them declines a customer.

use std::net::SocketAddr;

use provider::{HttpSettings, Outcome, Provider, RefundOutcome, Token};
use tokio::net::TcpListener;

use crate::running::{answering, charge, client, client_with, refund};

async fn why_unknown(at: SocketAddr) -> String {
    match client(at).charge(charge("k", "approve")).await {
        Outcome::Unknown { why } => why,
        known => panic!("{known:?} of {at}"),
    }
}

#[tokio::test]
async fn a_provider_that_is_not_there_is_unknown() {
    let at = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert!(why_unknown(at).await.contains("cannot be reached"));
    assert!(matches!(client(at).refund(refund("k")).await, RefundOutcome::Unknown { .. }));
}

#[tokio::test]
async fn an_answer_cut_in_the_middle_is_unknown() {
    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"id\":\"ch_1\",\"status\":\"approved\"";
    for bytes in ["", "HTTP/1.1 20", cut] {
        let (at, call) = answering(bytes).await;
        assert!(why_unknown(at).await.contains("was cut"), "{bytes}");
        call.await.unwrap();
    }
}

#[tokio::test]
async fn trouble_and_misconfiguration_are_unknown_and_say_which() {
    for (status, text) in
        [(500, "in trouble"), (503, "in trouble"), (429, "in trouble"), (401, "token"), (403, "token")]
    {
        let (at, _call) = answering(format!("HTTP/1.1 {status} Oh\r\ncontent-length: 0\r\n\r\n")).await;
        assert!(why_unknown(at).await.contains(text), "{status}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let location = "HTTP/1.1 307 Elsewhere\r\nlocation: http://127.0.0.1:1/charges\r\ncontent-length: 0\r\n\r\n";
    let (at, _call) = answering(location).await;
    assert_eq!(why_unknown(at).await, "the provider answers 307: check its address");
}

#[tokio::test]
async fn an_answer_without_end_is_not_read_to_its_end() {
    let mut bytes = b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n{\"id\":\"".to_vec();
    bytes.resize(bytes.len() + 256 * 1024, b'x');
    let (at, _call) = answering(bytes).await;
    assert!(why_unknown(at).await.contains("not understood"));
}

#[tokio::test]
async fn the_key_and_the_token_go_with_the_call() {
    let body = r#"{"id":"ch_1","status":"approved","reason":null,"amount":150000}"#;
    let (at, call) = answering(format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())).await;
    let provider = client_with(at, |settings| HttpSettings { token: Some(Token::new("s3cret")), ..settings });
    let outcome = provider.charge(charge("k-1", "approve")).await;
    assert_eq!(outcome, Outcome::Approved { reference: "ch_1".to_owned() });
    let call = call.await.unwrap().to_lowercase();
    assert!(call.starts_with("post /charges http/1.1\r\n"), "{call}");
    assert!(call.contains("idempotency-key: k-1\r\n") && call.contains("authorization: bearer s3cret\r\n"), "{call}");
    assert!(
        call.ends_with(r#"{"amount":150000,"currency":"krw","card":"approve","description":"a ticket"}"#),
        "{call}"
    );
}

#[tokio::test]
async fn https_speaks_tls_and_believes_nothing_in_the_clear() {
    let (at, call) = answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let provider = client_with(at, |settings| HttpSettings { base_url: format!("https://{at}"), ..settings });
    let outcome = provider.charge(charge("k", "approve")).await;
    assert!(matches!(&outcome, Outcome::Unknown { why } if why.contains("cannot be reached")), "{outcome:?}");
    assert!(call.await.unwrap().starts_with('\x16'), "a TLS handshake was sent, and nothing else");
}
