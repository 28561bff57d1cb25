//! The five storefronts that are shipped, each through its own facade and by its own recipe, paid by the sandbox provider where it pays.

use std::io::Write;
use std::time::Duration;

use super::catalogue::{self, PLENTY, SEATS, free_seat};
use super::orders::{CUSTOMERS, posts};
use super::{Counts, SEATS_PER_SECOND, Scenario, shop};
use crate::call;
use crate::load::Requests;
use crate::server::Server;

/// The five, in the order of their numbers.
pub fn all() -> [Scenario; 5] {
    let recipe = |name, title, done, prepare, requests| Scenario {
        done,
        counts: Counts::Confirmed(name),
        ..shop(name, title, prepare, requests)
    };
    [
        recipe("show", "show: points", "Reservation Completed", show, show_orders),
        Scenario {
            at_most_per_second: Some(SEATS_PER_SECOND),
            ..recipe("musical", "musical: seats, paid, told", "", musical, musical_orders)
        },
        recipe("movie", "movie: told", "예약완료", movie, movie_orders),
        recipe("coupon", "coupon: paid", "", coupon, coupon_orders),
        recipe("shop", "shop: paid, delivered", "", goods, goods_orders),
    ]
}

fn sell(server: &Server, path: &str, offering: &str) -> Result<(), String> {
    call::make(server.address, path, offering).map(drop)
}

fn show(server: &Server, _: Duration) -> Result<(), String> {
    let ticket = format!(r#"{{"id":1,"showId":1,"showName":"Jekyll & Hyde","stock":{PLENTY},"amount":150000}}"#);
    sell(server, "/show/tickets", &ticket)
}

fn show_orders() -> Requests {
    posts("/show/reservations", |count, body| {
        let _ = write!(body, r#"{{"userId":{},"showId":1,"qty":1}}"#, count % CUSTOMERS + 1);
    })
}

fn musical(server: &Server, lasts: Duration) -> Result<(), String> {
    catalogue::halls(server, "musical", lasts)
}

fn musical_orders() -> Requests {
    posts("/musical/reservations", |count, body| {
        let ((hall, seat), user) = (free_seat(count), count % CUSTOMERS + 1);
        let number = (hall - 1) * SEATS + seat + 1;
        let _ = write!(body, r#"{{"userId":{user},"musicalId":{hall},"seatId":{number}}}"#);
    })
}

fn movie(server: &Server, _: Duration) -> Result<(), String> {
    sell(server, "/movie/movies", &format!(r#"{{"movieName":"Parasite","qty":{PLENTY}}}"#))
}

fn movie_orders() -> Requests {
    posts("/movie/reservations", |count, body| {
        let _ = write!(body, r#"{{"userId":{},"movieId":1,"count":1}}"#, count % CUSTOMERS + 1);
    })
}

fn coupon(server: &Server, _: Duration) -> Result<(), String> {
    let coupon = format!(r#"{{"couponId":1,"couponName":"Coffee","amt":15000,"stock":{PLENTY}}}"#);
    sell(server, "/coupon/coupons", &coupon)
}

fn coupon_orders() -> Requests {
    posts("/coupon/orders", |count, body| {
        let _ = write!(body, r#"{{"couponId":1,"customerId":{},"qty":1}}"#, count % CUSTOMERS + 1);
    })
}

fn goods(server: &Server, _: Duration) -> Result<(), String> {
    sell(server, "/shop/inventories", &format!(r#"{{"id":1,"stock":{PLENTY},"price":15000}}"#))
}

fn goods_orders() -> Requests {
    posts("/shop/orders", |count, body| {
        let _ = write!(body, r#"{{"productId":"1","qty":1,"customerId":"{}"}}"#, count % CUSTOMERS + 1);
    })
}
