//! By which address a client called: what all links and locations in its answer begin with, never an inner address.

use std::borrow::Cow;
use std::net::Ipv6Addr;

use edge::{DoorCode, Problem};
use http::{HeaderMap, StatusCode, Uri, Version, header};

/// Stands in the place of a host that was not named.
const NO_HOST: &str = "localhost";

/// By which address a client called. All of it is safe inside JSON and inside a header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    /// Scheme, host and port, such as `https://shop.example`.
    pub origin: String,
    /// What a hop before this one took away from the path, without a slash at its end.
    pub prefix: String,
}

impl Address {
    /// Of a request to `uri` with `headers`. What hops before this one say counts if the last one is `trusted`, each header alone; where
    /// several hops have said something, the first one counts, which the client called.
    pub fn of(uri: &Uri, headers: &HeaderMap, trusted: bool) -> Self {
        let told = if trusted { Told::of(headers) } else { Told::default() };
        // RFC 9112, 3.2.2: a target that names its host is right, whatever the header says.
        let named = uri.authority().map(http::uri::Authority::as_str).or_else(|| text(headers, "host"));
        let host = told.host.as_deref().or_else(|| named.filter(|host| is_host(host))).unwrap_or(NO_HOST);
        let scheme = told.proto.unwrap_or("http");
        let (name, port) = split(host);
        let port = match told.host {
            // Who names a host with its port means it.
            Some(_) => port.or(told.port.as_deref()),
            None => told.port.as_deref().or(port),
        };
        let port = port.filter(|port| !port.is_empty() && *port != if scheme == "https" { "443" } else { "80" });
        let mut origin = String::with_capacity(scheme.len() + host.len() + 9);
        for part in [scheme, "://", name, port.map_or("", |_| ":"), port.unwrap_or_default()] {
            origin.push_str(part);
        }
        Self { origin, prefix: told.prefix.to_owned() }
    }
}

/// Refuses a request that does not say once, and rightly, which host it is for: RFC 9112, 3.2.
///
/// # Errors
/// 400, which names what is wrong.
pub(crate) fn names_one_host(version: Version, uri: &Uri, headers: &HeaderMap) -> Result<(), Problem> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let why = match (hosts.next(), hosts.next()) {
        (Some(_), Some(_)) => "it is there twice",
        (None, _) if version >= Version::HTTP_11 => "it is missing",
        (None, _) => return Ok(()),
        (Some(host), None) if host.is_empty() || host.to_str().is_ok_and(is_host) => match uri.authority() {
            Some(authority) if !is_host(authority.as_str()) => "the host in the target is none",
            _ => return Ok(()),
        },
        _ => "it is not a host, or a host and a port",
    };
    Err(Problem::of_field(StatusCode::BAD_REQUEST, DoorCode::InvalidHeader, "Host", why))
}

/// What hops say of the address that the client called.
#[derive(Default)]
struct Told<'a> {
    host: Option<Cow<'a, str>>,
    proto: Option<&'static str>,
    port: Option<Cow<'a, str>>,
    prefix: &'a str,
}

impl<'a> Told<'a> {
    fn of(headers: &'a HeaderMap) -> Self {
        let first = |name| text(headers, name).map(|value| value.split(',').next().unwrap_or_default().trim());
        let forwarded = |name| text(headers, "forwarded").and_then(|value| parameter(value, name));
        let host = forwarded("host").or_else(|| first("x-forwarded-host").map(Cow::Borrowed));
        let proto = forwarded("proto").or_else(|| first("x-forwarded-proto").map(Cow::Borrowed));
        let ssl = first("x-forwarded-ssl").is_some_and(|ssl| ssl.eq_ignore_ascii_case("on"));
        let port = first("x-forwarded-port").filter(|port| is_port(port)).map(Cow::Borrowed);
        let prefix = first("x-forwarded-prefix").filter(|prefix| is_prefix(prefix)).unwrap_or_default();
        Self {
            host: host.filter(|host| is_host(host)),
            proto: proto.and_then(|proto| scheme(&proto)).or(ssl.then_some("https")),
            port,
            prefix: prefix.trim_end_matches('/'),
        }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn scheme(text: &str) -> Option<&'static str> {
    ["https", "http"].into_iter().find(|known| text.eq_ignore_ascii_case(known))
}

/// What the first hop says of `name` in a `Forwarded` header: RFC 7239, 4.
fn parameter<'a>(value: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let first = split_outside_quotes(value, ',').next()?;
    let mut pairs = split_outside_quotes(first, ';').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(known, _)| known.trim().eq_ignore_ascii_case(name))?;
    let value = value.trim();
    match value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) {
        Some(quoted) if quoted.contains('\\') => Some(Cow::Owned(quoted.replace('\\', ""))),
        Some(quoted) => Some(Cow::Borrowed(quoted)),
        None => Some(Cow::Borrowed(value)),
    }
}

fn split_outside_quotes(text: &str, at: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |c| {
        quoted ^= c == '"';
        c == at && !quoted
    })
}

/// The name, and the port if there is one.
fn split(host: &str) -> (&str, Option<&str>) {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, Some(port)),
        _ => (host, None),
    }
}

/// Whether `host` is a name or an address, perhaps with a port.
fn is_host(host: &str) -> bool {
    let (name, port) = split(host);
    let is_name = match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_~".contains(&byte)),
    };
    is_name && port.is_none_or(|port| port.is_empty() || is_port(port))
}

fn is_port(port: &str) -> bool {
    port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0)
}

/// Whether `prefix` is the beginning of a path, and not of another host.
fn is_prefix(prefix: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/.-_~".contains(&byte);
    prefix.starts_with('/') && !prefix.contains("//") && prefix.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(told: &[(&str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&str, &str)| {
            (http::HeaderName::try_from(*name).unwrap(), http::HeaderValue::from_str(value).unwrap())
        };
        let mut headers = HeaderMap::new();
        for (name, value) in told.iter().map(pair) {
            headers.append(name, value);
        }
        headers
    }

    fn address(told: &[(&str, &str)], trusted: bool) -> String {
        let address = Address::of(&"/tickets".parse().unwrap(), &headers(told), trusted);
        address.origin + &address.prefix
    }

    /// What is said, beside `Host: inner:9000`, and what comes of it.
    const TOLD: [(&[(&str, &str)], &str); 24] = [
        (&[], "http://inner:9000"),
        (&[("x-forwarded-host", "a.example")], "http://a.example"),
        (&[("X-FORWARDED-HOST", "a.example:8443")], "http://a.example:8443"),
        (&[("x-forwarded-host", "A.Example , hop")], "http://A.Example"),
        (&[("x-forwarded-host", "[2001:db8::1]")], "http://[2001:db8::1]"),
        (&[("x-forwarded-host", "[2001:db8::1]:81")], "http://[2001:db8::1]:81"),
        (&[("x-forwarded-proto", "https")], "https://inner:9000"),
        (&[("X-Forwarded-Proto", "HTTPS, http")], "https://inner:9000"),
        (&[("x-forwarded-ssl", "On")], "https://inner:9000"),
        (&[("x-forwarded-port", "8443")], "http://inner:8443"),
        (&[("x-forwarded-port", "80")], "http://inner"),
        (&[("x-forwarded-port", "443"), ("x-forwarded-proto", "https")], "https://inner"),
        (&[("x-forwarded-prefix", "/shop/")], "http://inner:9000/shop"),
        (&[("x-forwarded-host", "a"), ("x-forwarded-port", "8443")], "http://a:8443"),
        (&[("x-forwarded-host", "[::1]"), ("x-forwarded-port", "8443")], "http://[::1]:8443"),
        (&[("x-forwarded-host", "a:81"), ("x-forwarded-port", "8443")], "http://a:81"),
        (&[("x-forwarded-host", "a:443"), ("x-forwarded-proto", "https")], "https://a"),
        (&[("forwarded", "host=a.example")], "http://a.example"),
        (&[("forwarded", "for=1.2.3.4;PROTO=https;Host=a, for=hop;host=b;proto=http")], "https://a"),
        (
            &[("forwarded", "for=\"[::1]:4,7\"; proto=\"HTTPS\" ;host=\"[2001:db8::1]:8443\"")],
            "https://[2001:db8::1]:8443",
        ),
        (&[("forwarded", "proto=https"), ("x-forwarded-host", "a"), ("x-forwarded-proto", "http")], "https://a"),
        (&[("forwarded", "for=1.2.3.4"), ("x-forwarded-proto", "https")], "https://inner:9000"),
        (&[("forwarded", "host=\"a\\.b\";proto=ftp")], "http://a.b"),
        (&[("x-forwarded-prefix", "//evil.example")], "http://inner:9000"),
    ];

    #[test]
    fn each_thing_that_a_trusted_hop_says_counts_alone() {
        for (told, wanted) in TOLD {
            let all = [&[("host", "inner:9000")][..], told].concat();
            assert_eq!(address(&all, true), wanted, "{told:?}");
        }
    }

    #[test]
    fn nothing_that_another_hop_says_counts() {
        for (told, _) in TOLD {
            let all = [&[("host", "inner:9000")][..], told].concat();
            assert_eq!(address(&all, false), "http://inner:9000", "{told:?}");
        }
    }

    #[test]
    fn what_is_no_host_does_not_get_into_an_address() {
        let none =
            ["a\"b", "a b", "a/b", "a@b", "[::1", "[::g]", "::1", "a:b", "a:65536", "a:0", "a<b>", "a,b", "é", ":80"];
        for none in none {
            let told = headers(&[("host", none)]);
            assert_eq!(address(&[("host", none)], false), "http://localhost", "{none}");
            assert!(names_one_host(Version::HTTP_11, &Uri::from_static("/"), &told).is_err(), "{none}");
            if !none.contains(',') {
                for name in ["x-forwarded-host", "x-forwarded-port", "x-forwarded-proto", "x-forwarded-prefix"] {
                    assert_eq!(address(&[("host", "in"), (name, none)], true), "http://in", "{name}: {none}");
                }
            }
        }
    }

    #[test]
    fn a_request_names_one_host() {
        let named = |version, uri: &'static str, told: &[(&str, &str)]| {
            names_one_host(version, &Uri::from_static(uri), &headers(told)).is_ok()
        };
        for fine in ["a", "a:8088", "a:", "127.0.0.1:1", "[::1]", "[::1]:8088", "a_b.example", ""] {
            assert!(named(Version::HTTP_11, "/", &[("host", fine)]), "{fine}");
        }
        assert!(named(Version::HTTP_10, "/", &[]));
        assert!(!named(Version::HTTP_11, "/", &[]));
        assert!(!named(Version::HTTP_11, "http://a/", &[]), "also where the target names it");
        for version in [Version::HTTP_10, Version::HTTP_11] {
            assert!(!named(version, "/", &[("host", "a"), ("host", "a")]));
        }
        assert!(!named(Version::HTTP_11, "http://me@a/", &[("host", "a")]));
    }

    #[test]
    fn a_target_that_names_its_host_is_right() {
        let address = Address::of(&Uri::from_static("http://a.example/x"), &headers(&[("host", "b")]), false);
        assert_eq!(address.origin, "http://a.example");
    }
}
