//! What the shop says on standard output once it is open: where.

/// The addresses that a shop listens on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Addresses {
    /// The public door's, as `http://ADDR`.
    pub door: String,
    /// The services' of the one storefront that is served alone, in the order of the services' names.
    pub services: Vec<String>,
}

/// The addresses, once the text is there in full: with as many services as are `expected`.
pub(crate) fn read(text: &str, expected: usize) -> Option<Addresses> {
    let whole_lines = &text[..text.rfind('\n')? + 1];
    let door = whole_lines.lines().find_map(|line| line.split_once("is ready on ")).map(|(_, rest)| first_url(rest))?;
    let services = whole_lines.lines().filter(|line| line.starts_with("  ")).filter_map(root_url);
    let services: Vec<String> = services.filter(|url| *url != door).collect();
    (services.len() == expected).then_some(Addresses { door, services })
}

/// The URL of a line that names the root of an address, without the slash at its end.
fn root_url(line: &str) -> Option<String> {
    let url = line.split_whitespace().find(|word| word.starts_with("http://"))?.strip_suffix('/')?;
    Some(url.to_owned())
}

fn first_url(text: &str) -> String {
    text.split_whitespace().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::read;

    const TEXT: &str = "maejin 0.1.0 is ready on http://127.0.0.1:1   (data in d)\nOpen in a browser:  http://127.0.0.1:1/\n\
                        Call:\n  http http://127.0.0.1:1/tickets\n  http http://127.0.0.1:2/\n  http http://127.0.0.1:3/\n";

    #[test]
    fn the_door_and_the_services_are_found() {
        let addresses = read(TEXT, 2).unwrap();
        assert_eq!(addresses.door, "http://127.0.0.1:1");
        assert_eq!(addresses.services, ["http://127.0.0.1:2", "http://127.0.0.1:3"]);
    }

    #[test]
    fn half_a_banner_is_none() {
        assert_eq!(read(&TEXT[..TEXT.len() - 1], 2), None);
        assert_eq!(read("", 0), None);
    }
}
