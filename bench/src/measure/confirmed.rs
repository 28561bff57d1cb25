//! What became of orders by the server's own count: of what is paid, the answer only says that it was taken.

use std::time::{Duration, Instant};

use crate::call;
use crate::process::pause;
use crate::server::Server;

/// How long orders may take to be confirmed.
const PATIENCE: Duration = Duration::from_secs(240);
/// The distance of two looks.
const LOOK: Duration = Duration::from_millis(10);

/// Waits until all orders of `storefront` are confirmed, at least `answered`; how many there are.
///
/// # Errors
/// If one of them is not.
pub fn wait_for(server: &Server, storefront: &str, answered: u64) -> Result<u64, String> {
    let start = Instant::now();
    loop {
        let page = call::get(server.address, "/metrics")?.1;
        let of = |outcome| outcome_of(&page, storefront, outcome);
        let (placed, confirmed, rejected) = (of("placed")?, of("confirmed")?, of("rejected")?);
        if rejected > 0 {
            return Err(format!("{storefront}: {rejected} of {placed} orders were rejected"));
        }
        if confirmed == placed && placed >= answered {
            return Ok(confirmed);
        }
        if start.elapsed() > PATIENCE {
            return Err(format!("{storefront}: {confirmed} of {placed} orders were confirmed within {PATIENCE:?}"));
        }
        pause(LOOK);
    }
}

fn outcome_of(page: &str, storefront: &str, outcome: &str) -> Result<u64, String> {
    let series = format!("maejin_orders_total{{storefront=\"{storefront}\",outcome=\"{outcome}\"}} ");
    let value = page.lines().find_map(|line| line.strip_prefix(&series));
    let value = value.and_then(|value| value.trim().parse::<f64>().ok());
    value.map(|value| value as u64).ok_or(format!("/metrics does not count {series}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_is_read_of_the_storefront_that_is_meant() {
        let page = "# TYPE maejin_orders counter\n\
            maejin_orders_total{storefront=\"show\",outcome=\"placed\"} 7\n\
            maejin_orders_total{storefront=\"shop\",outcome=\"placed\"} 12.0\n";

        assert_eq!(outcome_of(page, "shop", "placed"), Ok(12));
        assert!(outcome_of(page, "coupon", "placed").is_err());
    }
}
