//! What stands in answers by name, as pages for people: the codes of problems, and events. Made of the lists that the shop itself goes by.

use contracts::Kind;
use contracts::events::Described;

use super::page::{begin, escaped, table};

/// Where the codes of problems are: the `type` of each is its place here.
pub const PROBLEMS: &str = "/docs/problems";
/// Where events are.
pub const EVENTS: &str = "/docs/events";

/// The page of all codes.
pub fn problems() -> String {
    let mut page = begin("Problems of maejin");
    page.push_str(
        "<h1>Problems</h1><p>Every refusal is a problem (RFC 9457). Its <code>code</code> says why, for programs, and is never renamed; \
         its <code>type</code> leads here. <code>errors</code> names each field that is wrong: <code>field</code>, <code>message</code>, \
         <code>code</code>, and for a body its <code>pointer</code>. As many as are found are told at once, 32 at the most.</p>\n",
    );
    for code in edge::codes() {
        let statuses: Vec<String> = code.statuses.iter().map(u16::to_string).collect();
        page.push_str(&format!(
            "<h3 id=\"{0}\"><b>{1}</b> {0}</h3><p>{2}</p><p>{3}</p>\n",
            escaped(code.code),
            statuses.join(", "),
            marked(code.meaning),
            advice(code.statuses[0])
        ));
    }
    page.push_str("</body></html>\n");
    page
}

/// What to do about it, which follows from the status.
fn advice(status: u16) -> &'static str {
    match status {
        401 => "Send the token of this shop, then it is looked at.",
        404 => "Look at the list that it would be in.",
        409 => "The request is right, and the shop as it is now says no. Read what it is about, and decide anew.",
        410 => "Ask the operator to put them back.",
        412 | 428 => "Read it again, and send its <code>ETag</code> as <code>If-Match</code>.",
        500 => "Nothing is wrong with the request; tell the operator its <code>correlation_id</code>.",
        503 => "Send the same request again later; with an <code>Idempotency-Key</code> it is done once.",
        _ => "Sent again as it is, it is refused again: mend the request.",
    }
}

/// The page of all events.
pub fn events() -> String {
    let mut page = begin("Events of maejin");
    page.push_str(
        "<h1>Events</h1><p>What <code>GET /api/v1/events</code> tells, by the name that stands as <code>event</code>; <code>data</code> \
         holds these fields. Ids of orders and offerings are texts as everywhere in v1, and seats are called by their names, such as \
         <code>A-1</code>. A field may be null where that is said of it, and in events from before there was such a field. What must \
         not be known of the means of payment is left out.</p>\n",
    );
    for (name, event) in told() {
        let name = escaped(name);
        page.push_str(&format!("<h3 id=\"{name}\">{name}</h3><p>{}</p>\n", marked(event.about.trim())));
        let rows = event.fields.iter().map(|(field, kind, about)| (escaped(field), word(kind), marked(about.trim())));
        table(&mut page, rows);
    }
    page.push_str("</body></html>\n");
    page
}

/// The events by their names, in the order of their numbers.
fn told() -> impl Iterator<Item = (&'static str, &'static Described)> {
    Kind::NAMES.iter().filter_map(|(name, kind)| Some((*name, kind.described()?)))
}

/// What the type of a field is in JSON.
fn word(kind: &str) -> String {
    let kind: String = kind.chars().filter(|c| !c.is_whitespace()).collect();
    let within = |outer: &str| kind.strip_prefix(outer)?.strip_suffix('>').map(str::to_owned);
    if let Some(inner) = within("Option<") {
        return format!("{} or null", word(&inner));
    }
    if let Some(inner) = within("Box<") {
        return word(&inner);
    }
    if let Some(inner) = within("Vec<") {
        return format!("list of {}", word(&inner));
    }
    let word = match kind.as_str() {
        "bool" => "true or false",
        "Money" => "money",
        "u32" | "u64" | "i64" => "whole number",
        "Seats" => "list of seats",
        "OfferingNow" => "offering",
        "Details" => "what an offering says of itself",
        "OrderNow" => "order",
        "SeatNow" => "seat",
        "PaymentNow" => "payment",
        "DeliveryNow" => "delivery",
        "NoticeNow" => "notice",
        _ => "text",
    };
    word.to_owned()
}

/// `text` with what stands in backticks as code.
fn marked(text: &str) -> String {
    let parts = text.split('`').map(escaped).enumerate();
    parts.map(|(place, part)| if place % 2 == 1 { format!("<code>{part}</code>") } else { part }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_place() {
        let page = problems();
        for code in edge::codes() {
            assert_eq!(page.matches(&format!("<h3 id=\"{}\">", code.code)).count(), 1, "{}", code.code);
        }
    }

    #[test]
    fn every_event_is_there_with_every_field_and_nothing_else_is() {
        let page = events();
        let names = Kind::NAMES.iter().filter(|(_, kind)| kind.is_event());
        for (name, kind) in names {
            assert_eq!(page.matches(&format!("<h3 id=\"{name}\">")).count(), 1, "{name}");
            let event = kind.described().expect("it is an event");
            assert!(!event.fields.is_empty() && event.about.trim().ends_with('.'), "{name}: {}", event.about);
            for (field, _, about) in event.fields {
                assert!(page.contains(&format!("<td>{field}</td>")) && about.trim().ends_with('.'), "{name} {field}");
            }
        }
        assert_eq!(told().count(), Kind::NAMES.iter().filter(|(_, kind)| kind.is_event()).count());
    }

    #[test]
    fn a_type_is_said_in_words_of_json() {
        for (kind, said) in [
            ("Option<Box<OrderNow>>", "order or null"),
            ("Option < Vec < SeatNow > >", "list of seat or null"),
            ("Text", "text"),
            ("u64", "whole number"),
        ] {
            assert_eq!(word(kind), said);
        }
    }
}
