//! Where calls go: below an address that a person wrote into the configuration.

use http::Uri;
use url::Url;

/// The address of `call` below `base`, with or without a slash at its end; `None` if that is no address in the web. A user, a password or a
/// query would stand in logs, so an address has none.
pub fn below(base: &str, call: &[&str]) -> Option<Uri> {
    let mut url = Url::parse(base).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    let is_bare = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if !is_web || !is_bare || url.password().is_some() {
        return None;
    }
    url.path_segments_mut().ok()?.pop_if_empty().extend(call);
    url.as_str().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::below;

    #[test]
    fn calls_go_below_the_address_with_or_without_a_slash_at_its_end() {
        for (base, call, address) in [
            ("https://pay.example/v1", &["charges"][..], "https://pay.example/v1/charges"),
            ("https://pay.example/v1/", &["charges"], "https://pay.example/v1/charges"),
            ("http://127.0.0.1:9", &["refunds"], "http://127.0.0.1:9/refunds"),
            ("http://127.0.0.1:4318/", &["v1", "traces"], "http://127.0.0.1:4318/v1/traces"),
            ("https://otlp.example/otlp", &["v1", "traces"], "https://otlp.example/otlp/v1/traces"),
        ] {
            assert_eq!(below(base, call).map(|uri| uri.to_string()).as_deref(), Some(address), "{base}");
        }
    }

    #[test]
    fn what_is_no_address_in_the_web_is_refused() {
        for wrong in [
            "",
            "nowhere",
            "pay.example",
            "http://",
            "ftp://a",
            "http://u:p@a",
            "http://u@a",
            "http://a?b=c",
            "http://a/#b",
        ] {
            assert_eq!(below(wrong, &["charges"]), None, "{wrong}");
        }
    }
}
