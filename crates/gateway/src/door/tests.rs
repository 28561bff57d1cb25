//! A door with one thing behind it, as a client meets it.

use http_body_util::BodyExt;
use tower::ServiceExt;
use world::{SystemClock, SystemRandom};

use super::*;

/// Answers with what it was called by, and panics where it is asked to.
struct Echo(bool);

impl Mounted for Echo {
    fn answer(&self, request: Request, _: Caller) -> BoxFuture<'_, Response<Body>> {
        Box::pin(async move {
            assert!(!request.uri().path().ends_with("panic"), "asked to");
            Response::new(Body::from(request.uri().path().to_owned()))
        })
    }
    fn title(&self) -> &str {
        "Echo"
    }
    fn paths(&self) -> Vec<String> {
        Vec::new()
    }
    fn is_for_pages(&self) -> bool {
        self.0
    }
}

fn door(origins: &[&'static str]) -> Router {
    let door = Door {
        mounts: vec![("/echo".to_owned(), Arc::new(Echo(true))), ("/inside".to_owned(), Arc::new(Echo(false)))],
        tickets: Tickets::of(&Identity::Open, Arc::new(SystemRandom::new())),
        identity: Identity::Open,
        health: Arc::new(Health::new(Vec::new())),
        requests: Requests::default(),
        turned_away: TurnedAway::default(),
        metrics: Arc::new(|_| String::new()),
        trusted_hop: false,
        origins: Origins::try_new(&origins.iter().map(|origin| (*origin).to_owned()).collect::<Vec<_>>()).unwrap(),
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom::new()),
        remotes: None,
    };
    door.router()
}

async fn ask(door: &Router, method: &str, path: &str, headers: &[(&str, &str)]) -> Response<Body> {
    let mut request = http::Request::builder().method(method).uri(path).header("host", "shop.example");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    door.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_request_that_panics_is_answered_and_the_next_one_is_served() {
    let door = door(&[]);
    let answer = ask(&door, "POST", "/echo/panic", &[("x-correlation-id", "0000000000000007")]).await;
    assert_eq!(
        (answer.status(), &answer.headers()["x-correlation-id"]),
        (StatusCode::INTERNAL_SERVER_ERROR, &"0000000000000007".parse().unwrap())
    );
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    assert!(String::from_utf8_lossy(&body).contains("\"code\":\"outcome-unknown\""), "{body:?}");
    assert_eq!(ask(&door, "GET", "/echo/on", &[]).await.status(), StatusCode::OK);
}

const PREFLIGHT: [(&str, &str); 2] = [("origin", "https://page.example"), ("access-control-request-method", "POST")];

#[tokio::test]
async fn pages_of_others_call_only_from_where_they_may() {
    let speaks_of_it = |answer: &Response<Body>| {
        answer.headers().keys().any(|name| name.as_str().starts_with("access-control") || name == "vary")
    };
    let closed = door(&[]);
    for method in ["GET", "OPTIONS"] {
        let answer = ask(&closed, method, "/echo/x", &PREFLIGHT).await;
        assert!(!speaks_of_it(&answer), "{answer:?}");
    }
    let open = door(&["https://page.example"]);
    let answer = ask(&open, "OPTIONS", "/echo/x", &PREFLIGHT).await;
    assert_eq!(answer.headers()["access-control-allow-origin"], "https://page.example");
    for (path, origin) in [("/echo/x", "https://other.example"), ("/inside/x", "https://page.example")] {
        for method in ["GET", "OPTIONS"] {
            let asked = [("origin", origin), PREFLIGHT[1]];
            let other = ask(&open, method, path, &asked).await;
            assert!(!other.headers().contains_key("access-control-allow-origin"), "{other:?}");
        }
    }
    let below = ask(&open, "GET", "/echo", &PREFLIGHT).await;
    assert_eq!(below.headers()["access-control-allow-origin"], "https://page.example");
    let body = ask(&open, "GET", "/echo/x", &PREFLIGHT).await.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(&body[..], b"/echo/x");
}
