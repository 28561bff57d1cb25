//! Counts requests and how long their answers took: by method, by what answered, and by the class of the status. No paths, which clients
//! choose.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::{Method, StatusCode};
use service::{Histogram, Meter, Sheet};

const SECONDS: &[f64] =
    &[0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "other"];
const STATUSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// The requests of one route.
#[derive(Debug)]
pub(crate) struct Route {
    name: String,
    /// By method, then by status.
    times: Vec<Histogram>,
}

impl Route {
    /// An answer with `status` was given after `took`.
    pub(crate) fn count(&self, method: &Method, status: StatusCode, took: Duration) {
        let method = METHODS.iter().position(|name| *name == method.as_str()).unwrap_or(METHODS.len() - 1);
        let status = usize::from(status.as_u16() / 100).clamp(1, STATUSES.len()) - 1;
        self.times[method * STATUSES.len() + status].observe(took.as_secs_f64());
    }
}

/// The requests of all routes. Doors that share a route count together.
#[derive(Debug, Clone, Default)]
pub struct Requests(Arc<Mutex<Vec<Arc<Route>>>>);

impl Requests {
    /// Where the requests of the route `name` are counted.
    pub(crate) fn route(&self, name: &str) -> Arc<Route> {
        let mut routes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = routes.iter().find(|route| route.name == name) {
            return known.clone();
        }
        let times = (0..METHODS.len() * STATUSES.len()).map(|_| Histogram::new(SECONDS)).collect();
        let route = Arc::new(Route { name: name.to_owned(), times });
        routes.push(route.clone());
        route
    }
}

impl Meter for Requests {
    fn show(&self, sheet: &mut Sheet<'_>) -> fmt::Result {
        let routes = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut labels = Vec::new();
        for route in &routes {
            for (place, times) in route.times.iter().enumerate().filter(|(_, times)| !times.is_empty()) {
                let (method, status) = (METHODS[place / STATUSES.len()], STATUSES[place % STATUSES.len()]);
                labels.push(([("method", method), ("route", route.name.as_str()), ("status", status)], times));
            }
        }
        let help = "Time from the head of a request to the head of its answer";
        sheet.histograms(
            "maejin_http_request_seconds",
            help,
            labels.iter().map(|(labels, times)| (&labels[..], *times)),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_method_route_and_class_of_status() {
        let requests = Requests::default();
        let took = Duration::from_millis(3);
        requests.route("show").count(&Method::POST, StatusCode::CREATED, took);
        requests.route("show").count(&Method::POST, StatusCode::OK, took);
        requests.route("movie").count(&Method::OPTIONS, StatusCode::NOT_FOUND, took);
        let mut meters = service::Meters::default();
        meters.add(requests);
        let page = meters.page();
        let count = |labels| format!("maejin_http_request_seconds_count{{{labels}}}");
        assert!(page.contains(&format!("{} 2\n", count(r#"method="POST",route="show",status="2xx""#))), "{page}");
        assert!(page.contains(&format!("{} 1\n", count(r#"method="other",route="movie",status="4xx""#))), "{page}");
        assert_eq!(page.matches("_count{").count(), 2, "what never came has no series: {page}");
    }
}
