//! The addresses that an answer names: those by which the client came, never an inner one.

use http::{HeaderMap, request::Parts};

use super::Mount;
use crate::Resource;

/// How an answer to one request writes addresses. Everything here is safe inside JSON and inside a header.
pub(super) struct Links<'a> {
    /// Scheme, host and port, then what stands before the facade's paths.
    base: String,
    /// How much of `base` is scheme, host and port.
    origin: usize,
    path: &'a str,
    query: Option<&'a str>,
}

impl<'a> Links<'a> {
    pub fn new(parts: &'a Parts, path: &'a str, mount: &Mount, trusted_hop: bool) -> Self {
        let told = Forwarded::of(&parts.headers, trusted_hop);
        let scheme = told.proto.unwrap_or(if mount.https { "https" } else { "http" });
        let own_host =
            text(&parts.headers, "host").or_else(|| parts.uri.authority().map(|authority| authority.as_str()));
        let host = told.host.or_else(|| own_host.filter(|host| is_host(host))).unwrap_or("localhost");
        let mut base = [scheme, "://", host].concat();
        if let Some(port) = told.port {
            base.push(':');
            base.push_str(port);
        }
        let origin = base.len();
        base.push_str(told.prefix);
        base.push_str(&mount.prefix);
        Self { base, origin, path, query: parts.uri.query() }
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> &str {
        &self.base[..self.origin]
    }

    /// The address that all paths of the facade begin with, without a slash at its end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The address of the request itself, with its query.
    pub fn own(&self) -> String {
        let path = Plain(self.path);
        match self.query {
            Some(query) => format!("{}{path}?{}", self.base, Plain(query)),
            None => format!("{}{path}", self.base),
        }
    }

    /// The address of a collection.
    pub fn collection(&self, of: &Resource) -> String {
        format!("{}/{}", self.base, of.path)
    }

    /// The address of an item.
    pub fn item(&self, of: &Resource, number: u64) -> String {
        format!("{}/{}/{number}", self.base, of.path)
    }

    /// The address of a collection's schema.
    pub fn profile(&self, of: &Resource) -> String {
        format!("{}/profile/{}", self.base, of.path)
    }
}

/// What a trusted hop says of the address it was called by.
#[derive(Default)]
struct Forwarded<'a> {
    host: Option<&'a str>,
    proto: Option<&'a str>,
    port: Option<&'a str>,
    prefix: &'a str,
}

impl<'a> Forwarded<'a> {
    fn of(headers: &'a HeaderMap, trusted_hop: bool) -> Self {
        if !trusted_hop {
            return Self::default();
        }
        let first = |name| text(headers, name).and_then(|value| value.split(',').next()).map(str::trim);
        let host = first("x-forwarded-host").filter(|host| is_host(host));
        let proto = first("x-forwarded-proto").filter(|proto| matches!(*proto, "http" | "https"));
        let usual = if proto == Some("https") { "443" } else { "80" };
        let port = first("x-forwarded-port").filter(|port| {
            let named = host.is_none_or(|host| host.rsplit(']').next().is_some_and(|rest| rest.contains(':')));
            !named && *port != usual && port.parse::<u16>().is_ok() && port.bytes().all(|byte| byte.is_ascii_digit())
        });
        let prefix = first("x-forwarded-prefix").filter(|prefix| is_prefix(prefix)).unwrap_or_default();
        Self { host, proto, port, prefix: prefix.trim_end_matches('/') }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn is_host(host: &str) -> bool {
    !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte))
}

fn is_prefix(prefix: &str) -> bool {
    prefix.starts_with('/') && prefix.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/.-_~".contains(&byte))
}

/// A part of an address with whatever could end a JSON text or a header written as `%XX`.
struct Plain<'a>(&'a str);

impl std::fmt::Display for Plain<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(|c: char| !c.is_ascii_graphic() || matches!(c, '"' | '\\' | '<' | '>')) {
            let (before, after) = rest.split_at(at);
            out.write_str(before)?;
            let mut bytes = [0; 4];
            let c = after.chars().next().unwrap_or_default();
            for byte in c.encode_utf8(&mut bytes).bytes() {
                write!(out, "%{byte:02X}")?;
            }
            rest = &after[c.len_utf8()..];
        }
        out.write_str(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The address of a request itself.
    fn own(headers: &[(&str, &str)], uri: &str, mount: &Mount, trusted: bool) -> String {
        let mut request = http::Request::builder().uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        Links::new(&parts, parts.uri.path(), mount, trusted).own()
    }

    const FORWARDED: [(&str, &str); 5] = [
        ("host", "inner:9000"),
        ("x-forwarded-host", "shop.example.test, hop"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-port", "443"),
        ("x-forwarded-prefix", "/show"),
    ];

    #[test]
    fn links_name_the_host_that_the_client_called() {
        let own = own(&[("host", "localhost:8083")], "/tickets/?a=b%20c", &Mount::default(), false);
        assert_eq!(own, "http://localhost:8083/tickets/?a=b%20c");
    }

    #[test]
    fn forwarded_headers_count_from_a_trusted_hop_only() {
        assert_eq!(own(&FORWARDED, "/tickets", &Mount::default(), true), "https://shop.example.test/show/tickets");
        assert_eq!(own(&FORWARDED, "/tickets", &Mount::default(), false), "http://inner:9000/tickets");
    }

    #[test]
    fn a_port_that_is_not_the_usual_one_is_named() {
        let told = [("host", "a"), ("x-forwarded-host", "b"), ("x-forwarded-port", "8443")];
        assert_eq!(own(&told, "/", &Mount::default(), true), "http://b:8443/");
    }

    #[test]
    fn the_prefix_of_the_mount_is_part_of_every_link() {
        let mount = Mount { prefix: "/show".to_owned(), ..Mount::default() };
        assert_eq!(own(&[("host", "h")], "/tickets", &mount, false), "http://h/show/tickets");
    }

    #[test]
    fn a_host_that_is_none_does_not_get_into_links() {
        assert_eq!(own(&[("host", "a\"b")], "/", &Mount::default(), false), "http://localhost/");
    }

    #[test]
    fn quotes_in_an_address_are_escaped() {
        assert_eq!(Plain("a\"b<한").to_string(), "a%22b%3C%ED%95%9C");
    }
}
