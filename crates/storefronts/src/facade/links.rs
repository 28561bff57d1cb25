//! The addresses that an answer names: those by which the client came, never an inner one.

use http::request::Parts;

use super::Mount;
use crate::Resource;
use crate::port::CallContext;

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
    pub fn new(parts: &'a Parts, path: &'a str, mount: &Mount, context: &CallContext) -> Self {
        let base = [context.origin.as_str(), &context.prefix, &mount.prefix].concat();
        Self { base, origin: context.origin.len(), path, query: parts.uri.query() }
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
    fn own(uri: &str, mount: &Mount, prefix: &str) -> String {
        let (parts, ()) = http::Request::builder().uri(uri).body(()).unwrap().into_parts();
        let (origin, prefix) = ("https://h:8083".to_owned(), prefix.to_owned());
        let context = CallContext { origin, prefix, ..CallContext::default() };
        Links::new(&parts, parts.uri.path(), mount, &context).own()
    }

    #[test]
    fn links_begin_with_the_address_that_the_client_called() {
        assert_eq!(own("/tickets/?a=b%20c", &Mount::default(), ""), "https://h:8083/tickets/?a=b%20c");
        assert_eq!(own("/tickets", &Mount::default(), "/shop"), "https://h:8083/shop/tickets");
    }

    #[test]
    fn the_prefix_of_the_mount_is_part_of_every_link() {
        let mount = Mount { prefix: "/show".to_owned(), ..Mount::default() };
        assert_eq!(own("/tickets", &mount, ""), "https://h:8083/show/tickets");
        assert_eq!(own("/tickets", &mount, "/shop"), "https://h:8083/shop/show/tickets");
    }

    #[test]
    fn quotes_in_an_address_are_escaped() {
        assert_eq!(Plain("a\"b<한").to_string(), "a%22b%3C%ED%95%9C");
    }
}
