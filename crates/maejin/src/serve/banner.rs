//! What is said when the shop is open: what to open, what to call and what to type. Never a token: how to get at it.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;

use service::Listening;
use storefronts::{Kind, Storefront};

use crate::settings::Settings;

/// Where the command line looks if it is not told otherwise.
const USUAL_PORT: u16 = 8088;

/// Prints it to standard output. Nobody need be there to read it.
pub fn print(
    listening: &[(String, Listening)],
    shown: &[Arc<Storefront>],
    alone: bool,
    open: bool,
    settings: &Settings,
) {
    let Some(door) = listening.first().map(|(_, door)| door.address) else { return };
    let mut text = head(door, open, settings);
    text.push_str(&calls(door, shown, token(open, settings)));
    text.push_str(&command_line(door, open, settings));
    text.push_str("As the systems that the storefronts stand for:\n");
    for storefront in shown {
        let prefix = if alone { String::new() } else { format!("/{}", storefront.recipe.name) };
        for kind in [Kind::Offering, Kind::Order, Kind::MyPage, Kind::ConfirmedList] {
            if let Some(resource) = storefront.resource(kind) {
                text.push_str(&format!("  {} http://{door}{prefix}/{}\n", http(open), resource.path));
            }
        }
    }
    for (service, listening) in &listening[1..] {
        text.push_str(&format!("  {} http://{}/   {service}\n", http(open), listening.address));
    }
    let _ = std::io::stdout().write_all(text.as_bytes());
}

fn head(door: SocketAddr, open: bool, settings: &Settings) -> String {
    let version = env!("MAEJIN_VERSION");
    let data = settings.location().map_or_else(|why| why, |location| location.to_string());
    let who = if open {
        "It is OPEN: everyone on this machine may buy, sell and look at everything. Never use this for real customers.\n"
    } else {
        "Every call needs the token, but for /docs, /openapi.json, the probes and /metrics.\n"
    };
    format!(
        "maejin {version} is ready on http://{door}   (data in {data})\n{who}Open in a browser:\n\
         \x20 http://{door}/docs   v1: its calls, its problems, its events\n"
    ) + &if open { format!("  http://{door}/\n") } else { String::new() }
}

/// The command that makes the variable `TOKEN` of the token; empty where none is needed. It names where the token is, not what it is.
fn token(open: bool, settings: &Settings) -> String {
    match (&settings.token, &settings.token_file) {
        _ if open => String::new(),
        (None, Some(file)) => format!("  TOKEN=$(cat {})\n", file.display()),
        _ => "  TOKEN=$MAEJIN_TOKEN\n".to_owned(),
    }
}

/// HTTPie, with the token where one is needed.
fn http(open: bool) -> &'static str {
    if open { "http" } else { "http -A bearer -a \"$TOKEN\"" }
}

fn calls(door: SocketAddr, shown: &[Arc<Storefront>], token: String) -> String {
    let http = http(token.is_empty());
    let v1 = format!("http://{door}{}", v1::PREFIX);
    let Some(first) = shown.first().map(|storefront| &storefront.recipe) else { return String::new() };
    let (name, wish) = (&first.name, if first.seated { "seats:='[\"A-1\"]'" } else { "quantity:=1" });
    format!(
        "Call v1 (with HTTPie):\n{token}\
         \x20 {http} {v1}\n\
         \x20 {http} {v1}/storefronts/{name}/offerings\n\
         \x20 {http} POST {v1}/storefronts/{name}/orders offering=1 {wish} customer=kim Idempotency-Key:first\n\
         \x20 {http} {v1}/customers/kim/orders\n"
    )
}

fn command_line(door: SocketAddr, open: bool, settings: &Settings) -> String {
    let mut with = String::new();
    if let (false, None, Some(file)) = (open, &settings.token, &settings.token_file) {
        with.push_str(&format!(" --token-file {}", file.display()));
    }
    if !(door.ip().is_loopback() && door.ip().is_ipv4() && door.port() == USUAL_PORT) {
        with.push_str(&format!(" --url http://{door}"));
    }
    let verbs = ["offerings list", "orders list", "parked list"];
    let lines: String = verbs.iter().map(|verb| format!("  maejin {verb}{with}\n")).collect();
    format!("On the command line:\n{lines}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOOR: &str = "127.0.0.1:8088";

    fn told(settings: &Settings, open: bool) -> String {
        let (door, shown) = (DOOR.parse().unwrap(), storefronts::shipped().unwrap());
        let token = token(open, settings);
        head(door, open, settings) + &calls(door, &shown, token) + &command_line(door, open, settings)
    }

    #[test]
    fn an_open_shop_is_called_without_a_token() {
        let told = told(&Settings::default(), true);
        assert!(told.contains("\n  http http://127.0.0.1:8088/api/v1\n"), "{told}");
        assert!(told.contains("\n  maejin orders list\n"), "{told}");
        assert!(told.contains("OPEN") && !told.contains("TOKEN"), "{told}");
    }

    #[test]
    fn calls_show_where_the_token_is_and_never_what_it_is() {
        let by_file = Settings { token_file: Some("maejin.token".into()), ..Settings::default() };
        let shown = told(&by_file, false);
        assert!(shown.contains("\n  TOKEN=$(cat maejin.token)\n"), "{shown}");
        assert!(shown.contains("\n  maejin orders list --token-file maejin.token\n"), "{shown}");
        for line in shown.lines().filter(|line| line.trim_start().starts_with("http ")) {
            assert!(line.contains("-A bearer -a \"$TOKEN\""), "{line}");
        }
        let by_environment = Settings { token: Some("0123456789abcdef".to_owned()), ..by_file };
        let shown = told(&by_environment, false);
        assert!(shown.contains("TOKEN=$MAEJIN_TOKEN") && !shown.contains("0123456789abcdef"), "{shown}");
        assert!(shown.contains("\n  maejin orders list\n"), "{shown}");
    }
}
